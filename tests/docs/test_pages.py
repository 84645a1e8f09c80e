"""Every command of every page does what the page says; `python -m tests.docs.write PAGE` writes outputs anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.page import every_page, fences, short
from tests.docs.play import play
from tests.docs.setups import SETUPS, Worlds

PAGES = [page for page in every_page() if any(fence.console for fence in fences(page))]

NOT_RUN = {
    "CONTRIBUTING.md": ["makes an environment, or installs packages"] * 6,
    "README.md": ["makes an environment from a package index"] * 2 + ["installs for the user"],
    "docs/contributing/matrix.md": ["makes an environment, or installs packages"],
    "docs/contributing/page.md": ["runs the tests themselves", "writes a file of the repository"],
    "docs/contributing/rule.md": ["runs the tests themselves"],
    "docs/howto/broken-into-master.md": [
        "needs root, on the server",
        "needs the revocation certificate of the old key",
    ],
    "docs/howto/expiring-key.md": ["needs root, on the server"],
    "docs/howto/from-pkcs7.md": ["installs for the user", "would move the values already", "needs Puppet and the gems"],
    "docs/howto/keys.md": ["needs root, on the server"] * 2,
    "docs/howto/puppet.md": ["needs root, on the server", "needs root, on the server"],
    "docs/howto/python-api.md": ["needs Ansible"],
    "docs/howto/release.md": ["installs for the user", "builds for minutes", "needs docker"],
    "docs/howto/yubikey.md": ["needs a smart card", "needs two machines", "needs two machines"],
    "docs/tutorial.md": ["needs Puppet and the gems"],
}
"""The fences that no test runs, by page, with their reasons. A new one needs a line here, so that they stay few."""


@pytest.fixture(scope="session")
def worlds() -> Iterator[Worlds]:
    made = Worlds()
    yield made
    made.close()


@pytest.mark.parametrize("page", PAGES, ids=short)
def test_a_page_shows_what_its_commands_do(page: Path, worlds: Worlds) -> None:
    if objections := [played.objection for played in play(page, worlds) if played.objection]:
        pytest.fail("\n\n".join([short(page), *objections]), pytrace=False)


def test_what_is_not_run_is_known_and_has_a_reason() -> None:
    found = {
        short(page): reasons
        for page in PAGES
        if (reasons := [fence.comments["not run"] for fence in fences(page) if "not run" in fence.comments])
    }
    assert found == NOT_RUN


def test_every_set_up_that_a_page_names_is_there() -> None:
    named = {fence.comments.get("runs in") for page in PAGES for fence in fences(page)}
    assert named - {None} <= set(SETUPS)
