"""One browser for the tests of a module, where there is one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eyamlgpg.render.audit.page import single_as_page
from tests.support import browser
from tests.support.audits import large

if TYPE_CHECKING:
    from selenium.webdriver import Chrome


@pytest.fixture(scope="module")  # other tests count the processes that they leave behind
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Chrome"]:
    reason = browser.absent()
    if reason is not None:
        pytest.skip(reason)
    with browser.started(tmp_path_factory.mktemp("chromium")) as driver:
        yield driver


@pytest.fixture
def shown(chromium: "Chrome", tmp_path: Path) -> Iterator[Callable[..., "Chrome"]]:
    """`shown(page, width=…, scheme=…)`: the page in the browser; at the end it must have broken no policy."""
    file = tmp_path / "page.html"

    def show(page: str, *, width: int = 1280, scheme: str = "light", media: str = "") -> "Chrome":
        file.write_text(page)
        browser.looked_at(chromium, width=width, scheme=scheme, media=media)
        chromium.get(file.as_uri())
        return chromium

    yield show
    assert browser.run(chromium, "return window.violations") == []
    assert browser.run(chromium, "return performance.getEntriesByType('resource').map((one) => one.name)") == []
    assert chromium.get_log("browser") == []  # type: ignore[no-untyped-call]


@pytest.fixture(scope="session")
def large_page() -> str:
    """60 people and keys, 2,000 values."""
    return single_as_page(large())
