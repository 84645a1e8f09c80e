"""The page of an audit in a real browser: filters, keyboard, schemes, a phone and paper."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from eyamlgpg.model.audit import AuditedValue
from eyamlgpg.operations.audit.difference import difference
from eyamlgpg.render.audit.page import difference_as_page, single_as_page
from tests.support.audits import Scene, governed, large
from tests.support.browser import run
from tests.support.keys import ALICE, BOB, CAROL, RING
from tests.support.trees import value

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

Shown = Callable[..., "Chrome"]

SET = """
const control = document.getElementById(arguments[0]);
control.value = arguments[1];
control.dispatchEvent(new Event(control.tagName === "SELECT" ? "change" : "input"));
"""
COUNT = "return document.getElementById('count').textContent"


def chosen(driver: "Chrome", control: str, text: str) -> str:
    """What the page counts after a control was set."""
    from selenium.webdriver.support.wait import WebDriverWait

    before = run(driver, COUNT)
    run(driver, SET, control, text)
    WebDriverWait(driver, 10).until(lambda _: run(driver, COUNT) != before)
    return str(run(driver, COUNT))


def option(driver: "Chrome", control: str, beginning: str) -> str:
    """The value of the option that begins so."""
    found = run(
        driver,
        "return [...document.getElementById(arguments[0]).options].filter((one) => one.text.startsWith(arguments[1]))"
        ".map((one) => one.value)",
        control,
        beginning,
    )
    return str(found[0])


def told(values: list[AuditedValue]) -> str:
    files = len({one.path for one in values})
    return (
        f"{len(values):,} of {len(large().values):,} {'value' if len(values) == 1 else 'values'} in"
        f" {files} {'file' if files == 1 else 'files'}"
    )


def test_the_page_is_usable_at_60_people_and_2000_values(shown: Shown, large_page: str) -> None:
    driver = shown(large_page)
    assert run(driver, COUNT) == "2,000 values in 80 files"
    assert run(driver, "return document.querySelectorAll('thead th[scope=col] .up').length") == len(large().parties)
    rows = run(driver, "return document.querySelectorAll('#matrix .group').length")
    sets = {(one.folder, one.readers, one.wanted) for one in large().values}
    assert 0 < rows < len(sets), "only the first rows are made at once"
    run(driver, "dispatchEvent(new Event('beforeprint'))")
    assert run(driver, "return document.querySelectorAll('#matrix .group').length") == len(sets)


def test_each_filter_shows_what_the_audit_tells(shown: Shown, large_page: str) -> None:
    audit = large()
    person = next(party for party in audit.parties if party.user_id.startswith("Eva Kern"))
    roles = {party.id: party.roles for party in audit.parties}
    filters: list[tuple[str, str, Callable[[AuditedValue], bool]]] = [
        ("person", "Eva Kern", lambda one: person.id in one.readers),
        ("role", "dba", lambda one: any("dba" in roles[reader] for reader in one.readers)),
        ("folder", "data/production ", lambda one: f"{one.folder}/".startswith("data/production/")),
        ("risk", f"{len(audit.risks[2].values):,} values", lambda one: one in audit.risks[2].values),
    ]
    for control, beginning, fits in filters:
        driver = shown(large_page)
        expected = [one for one in audit.values if fits(one)]
        assert chosen(driver, control, option(driver, control, beginning)) == told(expected)
    driver = shown(large_page)
    expected = [one for one in audit.values if "bind_16" in (one.key or "") and "host06" in one.path]
    assert chosen(driver, "q", "BIND_16  host06") == told(expected)
    shown_keys = run(driver, "return [...document.querySelectorAll('.list .key')].map((one) => one.textContent)")
    assert sorted(shown_keys) == sorted(one.key or "" for one in expected)
    assert chosen(driver, "person", option(driver, "person", "Eva Kern")) == told(
        [one for one in expected if person.id in one.readers]
    )
    assert chosen(driver, "q", "no such value") == "0 of 2,000 values in 0 files"
    assert "No value fits all filters." in run(driver, "return document.getElementById('matrix').textContent")


def test_a_row_tells_each_reader_and_what_is_wrong_with_it(shown: Shown) -> None:
    text = f"a: {value('x', ALICE, BOB, '0123456789ABCDEF')}\n"
    driver = shown(single_as_page(Scene({"d/a.eyaml": text, **governed("d", ALICE, CAROL)}, RING).audit()))
    cells = run(
        driver,
        "return [...document.querySelectorAll('#matrix .group td')].map((one) => [one.textContent,"
        " one.firstElementChild?.className ?? ''])",
    )
    assert cells == [
        ["reads", "m reader"],
        ["reads, not on the list", "m unexpected"],
        ["on the list, cannot read", "m missing"],
        ["unknown or hidden key reads", "m unknown"],
        ["", ""],
    ]
    names = run(driver, "return [...document.querySelectorAll('thead .up')].map((one) => one.textContent)")
    assert names == ["Alice Anders", "Bob Brown", "Carol Chen", "unknown key 0123456789ABCDEF"]


def test_a_tree_without_values_says_so(shown: Shown) -> None:
    driver = shown(single_as_page(Scene({}, RING).audit()))
    assert run(driver, COUNT) == "0 values in 0 files"
    assert run(driver, "return document.getElementById('matrix').innerText").endswith("There is no encrypted value.")


def test_the_buttons_of_risks_and_people_filter(shown: Shown, large_page: str) -> None:
    from selenium.webdriver.common.by import By

    driver = shown(large_page)
    driver.find_element(By.CSS_SELECTOR, "[data-risk='1']").click()
    assert run(driver, COUNT) == told(list(large().risks[1].values))
    driver.find_element(By.CSS_SELECTOR, "[data-person='3']").click()
    reader = large().parties[3].id
    assert run(driver, COUNT) == told([one for one in large().values if reader in one.readers])


def test_all_of_it_can_be_done_with_the_keyboard(shown: Shown, large_page: str) -> None:
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.wait import WebDriverWait

    driver = shown(large_page)

    def press(keys: str) -> Any:
        driver.switch_to.active_element.send_keys(keys)
        return run(driver, "return [document.activeElement.id, document.activeElement.getAttribute('aria-expanded')]")

    assert press("/") == ["q", None]
    press("ldap")
    WebDriverWait(driver, 10).until(lambda _: " of " in run(driver, COUNT))
    press(Keys.ESCAPE)
    assert run(driver, COUNT) == "2,000 values in 80 files"
    places = [press(Keys.TAB)[0] for _ in range(7)]
    assert places == ["person", "role", "folder", "risk", "clear", "unfold", ""]
    assert run(driver, "return document.activeElement.className") == "matrix script"
    assert press(Keys.TAB) == ["fold-0", "false"]
    assert press(Keys.ARROW_DOWN) == ["fold-1", "false"]
    assert press(Keys.ARROW_UP) == ["fold-0", "false"]
    assert press(Keys.ENTER) == ["fold-0", "true"]
    assert run(driver, "return document.getElementById('inside-0').hidden") is False
    assert press(Keys.SPACE) == ["fold-0", "false"]
    assert run(driver, "return document.getElementById('inside-0').hidden") is True


def test_a_screen_reader_is_told_what_everything_is(shown: Shown, large_page: str) -> None:
    driver = shown(large_page)
    nodes = driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    named = [
        (node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node.get("ignored")
    ]
    roles = {role for role, _ in named}
    assert {"banner", "main", "search", "navigation", "table", "columnheader", "rowheader", "status"} <= roles
    assert [
        one for one in named if one[0] in ("button", "combobox", "searchbox", "link", "region") and not one[1]
    ] == []
    assert ("searchbox", "Search") in named
    assert run(driver, "return document.getElementById('count').ariaLive") == "polite"
    assert run(driver, "return document.documentElement.lang") == "en"
    assert run(driver, "return [...document.querySelectorAll('h1, h2')].map((one) => one.tagName + one.innerText)") == [
        "H1Who can read what",
        "H2Risks",
        "H2Values",
        "H2People",
    ]


CONTRAST = """
const style = getComputedStyle(document.documentElement);
const light = (name) => {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = style.getPropertyValue(name).trim();
  probe.fillRect(0, 0, 1, 1);
  const parts = [...probe.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => part / 255);
  const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const [one, two] = [light(arguments[0]), light(arguments[1])];
return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_schemes_are_readable(shown: Shown, large_page: str, scheme: str) -> None:
    driver = shown(large_page, scheme=scheme)
    dark = run(driver, "return getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 26)"
    assert dark == (scheme == "dark")
    for ink in ("--ink", "--quiet", "--accent", "--server", "--wrong", "--doubt"):
        for ground in ("--ground", "--sheet"):
            assert run(driver, CONTRAST, ink, ground) >= 4.5, (ink, ground)  # WCAG 2.2, 1.4.3


def test_on_a_phone_names_stand_in_place_of_columns(shown: Shown, large_page: str) -> None:
    driver = shown(large_page, width=360)
    assert run(driver, "return document.documentElement.scrollWidth") <= 360
    assert run(driver, "return getComputedStyle(document.querySelector('#matrix .group td')).display") == "none"
    assert "puppetmaster-" in run(driver, "return document.querySelector('#matrix .group .names').innerText")


def test_on_paper_nothing_is_cut_off_and_no_control_stands(shown: Shown, large_page: str) -> None:
    driver = shown(large_page, media="print")
    hidden = run(
        driver,
        "return ['form', 'nav', '#keys', '.plain'].map((one) => getComputedStyle(document.querySelector(one)).display)",
    )
    assert hidden == ["none"] * 4
    assert run(driver, "return getComputedStyle(document.querySelector('.matrix')).overflow") == "visible"


def test_the_difference_can_be_searched(shown: Shown) -> None:
    def scene(*readers: Any) -> Scene:
        text = "".join(f"k{n}: {value('x', *readers)}\n" for n in range(20))
        return Scene({"a.eyaml": text, "b.eyaml": f"other: {value('x', ALICE)}\n" if len(readers) > 1 else ""}, RING)

    driver = shown(difference_as_page(difference(scene(ALICE).audit(), scene(ALICE, BOB).audit())))
    assert run(driver, COUNT) == "21 values"
    assert chosen(driver, "q", "bob") == "20 values"
    assert chosen(driver, "q", "bob k1") == "11 values"
    assert run(driver, "return [...document.querySelectorAll('.change')].filter((one) => !one.hidden).length") == 1
    assert "Bob Brown <bob@example.com>" in run(driver, "return document.getElementById('people').innerText")
