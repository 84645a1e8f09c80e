"""Whatever stands in a user ID, a role, a file name or a Hiera key is text in the page of an audit."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from eyamlgpg.operations.audit.difference import difference
from eyamlgpg.render.audit.page import difference_as_page, single_as_page
from tests.support.audits import Scene, governed, roster
from tests.support.browser import run
from tests.support.keys import ALICE, RING, key
from tests.support.trees import value

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

Shown = Callable[..., "Chrome"]

HOSTILE = (
    "<img src=x onerror=window.owned=1>",
    "</script><script>window.owned=1</script>",
    "\"'><svg onload=window.owned=1>",
    "{{ 7 * 7 }} ${7*7} &lt;b&gt;",
    "<!-- <script> \u2028 \u2029 \u202e",
)


ADDED = "return document.querySelectorAll('img, svg, body script:not(:nth-last-child(-n+2))').length"
"""Elements that no page of ours has."""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(shown: Shown, name: str) -> None:
    """A user ID, a role, a file, a folder and a Hiera key of somebody who may push."""
    mallory = key(f"{name} <m@example.com>")
    file = name.replace("/", "_")
    yaml_key = name.replace("'", "''").replace("\u2028", "").replace("\u2029", "").replace("\u202e", "")
    scene = Scene(
        {f"{file}/{file}.eyaml": f"'{yaml_key}': {value('x', mallory, ALICE)}\n", **governed(file, ALICE)},
        (*RING, mallory),
        roster=roster({mallory: ((name,), date(2020, 1, 1))}),
    )
    other = Scene({f"{file}/{file}.eyaml": f"'{yaml_key}': {value('x', ALICE)}\n"}, RING)
    for page in (single_as_page(scene.audit()), difference_as_page(difference(other.audit(), scene.audit()))):
        driver = shown(page)
        run(driver, "document.querySelectorAll('.fold').forEach((one) => one.click())")
        assert run(driver, "return window.owned ?? null") is None
        assert run(driver, ADDED) == 0
        told = run(driver, "return document.body.innerText")
        visible = name.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\u202e", "\\u202e")
        assert f"{visible} <m@example.com>" in told
        assert visible.replace("/", "_") in told
        keys = run(driver, "return [...document.querySelectorAll('.list .key')].map((one) => one.textContent)")
        assert [yaml_key.replace("''", "'").strip()[-6:] in one for one in keys] == [True]
