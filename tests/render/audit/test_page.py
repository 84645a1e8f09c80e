"""The page holds all that it needs, names its script and style by their hash, and carries strangers' text as text."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from eyamlgpg.operations.audit.difference import difference
from eyamlgpg.render.audit.page import difference_as_page, single_as_page
from eyamlgpg.render.audit.text import single_as_text
from tests.support.audits import Scene, large, roster
from tests.support.keys import ALICE, BOB, RING, key
from tests.support.trees import value

EMPTY = Scene({}, RING)


class Elements(HTMLParser):
    """Every element with its attributes, and what stands in scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem in self.raw:
            self.raw[self.cdata_elem].append(data)


@pytest.fixture(params=["single", "difference"])
def page(request: pytest.FixtureRequest) -> str:
    if request.param == "single":
        return single_as_page(large())
    return difference_as_page(difference(EMPTY.audit(), large()))


def digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def test_the_policy_allows_this_script_and_this_style_and_nothing_else(page: str) -> None:
    made = Elements(page)
    [policy] = [one["content"] for tag, one in made.found if one.get("http-equiv") == "Content-Security-Policy"]
    script, style = made.raw["script"][-1], "".join(made.raw["style"])
    assert policy == (
        f"default-src 'none'; script-src {digest(script)}; style-src {digest(style)};"
        " base-uri 'none'; form-action 'none'"
    )
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_nothing_is_loaded_from_elsewhere_and_no_handler_stands_in_the_markup(page: str) -> None:
    made = Elements(page)
    attributes = [(tag, name, text) for tag, one in made.found for name, text in one.items()]
    assert [one for one in attributes if one[1] in ("src", "action", "style") or one[1].startswith("on")] == []
    assert [text for _, name, text in attributes if name == "href" and not (text or "").startswith("#")] == []
    assert {tag for tag, _ in made.found}.isdisjoint({"link", "img", "iframe", "object", "base", "svg"})
    assert re.findall(r"https?://|url\(|@import|innerHTML|\beval\b", page) == []


@pytest.mark.parametrize("name", ["</script><script>x", "<!--<script>", "a & b\u2028\u2029", "\udc80", "'\"<b>"])
def test_data_for_the_script_can_end_no_element(name: str) -> None:
    mallory = key(f"{name} <m@example.com>")
    made = single_as_page(Scene({f"{name}.eyaml": f"a: {value('x', mallory, ALICE)}\n"}, (*RING, mallory)).audit())
    raw = Elements(made).raw["script"]
    assert len(raw) == 2
    assert set("<>&\u2028\u2029").isdisjoint(raw[0])
    data = json.loads(raw[0])
    shown = {"\u2028": "\\u2028", "\u2029": "\\u2029", "\udc80": "\\x80"}
    expected = "".join(shown.get(char, char) for char in name)
    assert f"{expected} <m@example.com>" in [one["name"] for one in data["parties"]]
    assert data["files"] == [f"{expected}.eyaml"]
    assert made.encode("utf-8")


def test_the_same_audit_makes_the_same_page_and_size_stays_small() -> None:
    made = single_as_page(large())
    assert made == single_as_page(large())
    assert len(made.encode()) < 300_000


def test_everybody_stands_in_the_table_with_their_share() -> None:
    text = f"a: {value('x', ALICE)}\nb: {value('x', ALICE, BOB)}\n"
    made = single_as_page(Scene({"a.eyaml": text}, RING, roster=roster({BOB: (("ops", "dba"), None)})).audit())
    rows = re.findall(r"<tr>\n<th scope=\"row\">(.*?)</tr>", made, re.DOTALL)
    told = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    assert told == [
        f"Alice Anders (ops) &lt;alice@example.com&gt; {ALICE.fingerprint} person 2 100 % Show",
        f"Bob Brown &lt;bob@example.com&gt; {BOB.fingerprint} person ops, dba 1 50 % Show",
    ]


def test_a_name_that_the_keyring_does_not_have_is_marked() -> None:
    scene = Scene({"a.eyaml": f"a: {value('x', ALICE, BOB)}\n"}, (ALICE,), stored=(BOB,))
    marked = "named by a key in .eyamlgpg/keys"
    assert single_as_page(scene.audit()).count(marked) == 1
    assert difference_as_page(difference(EMPTY.audit(), scene.audit())).count(marked) == 1
    told = single_as_text(scene.audit())
    assert "  Bob Brown *   person  1" in told
    assert "  * named by .eyamlgpg/keys or its history, not by the keyring\n" in told


def test_no_ciphertext_and_no_path_of_this_machine_stands_in_it(page: str) -> None:
    assert "ENC[" not in page
    assert "/tree" not in page


def test_who_made_the_report_and_what_could_not_be_told_stand_in_it() -> None:
    text = f"a: {value('x', ALICE)}\nb: ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIBajCC]\nc: ENC[GPG,aGVsbG8=]\n"
    made = single_as_page(Scene({"a.eyaml": text}, RING, own=frozenset({ALICE.fingerprint})).audit())
    assert "Who made this report can read 1 value: 100 % of all." in made
    assert "1 value of another method" in made
    assert "Could not be looked into: a.eyaml:3: c: not a whole OpenPGP message" in made
