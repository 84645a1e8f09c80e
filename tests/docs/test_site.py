"""The site: every page has a place in its menu, the moving picture is the first page's session, nothing is fetched."""

import html
import os
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from docs.site.hooks import FROM_OUTSIDE, led, taken_in
from docs.site.offline import fetched, main
from tests.docs.page import ROOT, every_page, fences, short
from tests.docs.record import COLUMNS, PAGE, PICTURE, texts

DOCS = ROOT / "docs"
NAV = DOCS / ".nav.yml"


def places(item: object) -> list[str]:
    """The paths and patterns of a menu."""
    match item:
        case str():
            return [item]
        case {"glob": str(pattern)}:
            return [pattern]
        case dict():
            return [place for inner in item.values() for place in places(inner)]
        case list():
            return [place for inner in item for place in places(inner)]
    raise AssertionError(item)


LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
ELSEWHERE = re.compile(r"[a-z]+:")
FENCE = re.compile(r"^( *)```.*?^\1```$", re.DOTALL | re.MULTILINE)

MENU = places(YAML(typ="safe").load(NAV.read_text())["nav"])


def test_every_page_is_in_the_menu() -> None:
    """A how-to that no line names is found by a pattern: `howto/from-*.md`, or at last `howto/*.md`."""
    found = {path for place in MENU for path in DOCS.glob(place)}
    found |= {page for folder in found if folder.is_dir() for page in folder.glob("*.md")}
    pages = {page for page in every_page() if DOCS in page.parents}
    assert sorted(short(page) for page in pages - found) == []


def test_the_menu_names_no_page_that_is_not_there() -> None:
    """But the two that the site takes from outside of docs/."""
    named = {place for place in MENU if "*" not in place}
    assert {place for place in named if not (DOCS / place).exists()} == {"contributing/index.md", "changes.md"}


def is_in_the_site(place: Path) -> bool:
    """True for what mkdocs copies or renders (`exclude_docs` in mkdocs.yml), and for a page from outside."""
    if not place.is_relative_to(DOCS):
        return False
    within = place.relative_to(DOCS)
    if within.as_posix() in FROM_OUTSIDE.values():
        return True
    return place.is_file() and place.suffix != ".py" and within.parts[0] != "site"


def unresolved(markdown: str, place: str) -> list[str]:
    """Links of a page at this place of the site that lead to nothing in it."""
    links = (link.partition("#")[0] for link in LINK.findall(FENCE.sub("", led(markdown, place))))
    here = DOCS / place
    return [
        link
        for link in links
        if link and not ELSEWHERE.match(link) and not is_in_the_site(Path(os.path.normpath(here.parent / link)))
    ]


PAGES = {page.relative_to(DOCS).as_posix(): page.read_text() for page in every_page() if DOCS in page.parents}
PAGES |= {place: taken_in(name) for name, place in FROM_OUTSIDE.items()}


@pytest.mark.parametrize("place", sorted(PAGES))
def test_every_link_of_a_page_leads_to_something_in_the_site(place: str) -> None:
    """A file in the repository is not enough: the site has what is in docs/, and two pages from outside."""
    assert unresolved(PAGES[place], place) == []


@pytest.mark.parametrize(
    ("link", "is_found"),
    [
        ("../../CONTRIBUTING.md#style", True),
        ("../../CHANGELOG.md", True),
        ("../howto/ci.md", True),
        ("policy.schema.json", True),
        ("https://example.org/a.md", True),
        ("#a-heading", True),
        ("../../README.md", False),
        ("../../eyamlgpg/errors.py", False),
        ("../site/hooks.py", False),
        ("generate.py", False),
        ("rules", False),
        ("none.md", False),
    ],
)
def test_the_site_has_what_is_in_docs_and_the_pages_that_it_takes_in(link: str, is_found: bool) -> None:
    assert (unresolved(f"See [this]({link}).\n", "reference/page.md") == []) is is_found


def test_the_moving_picture_shows_the_session_of_the_first_page() -> None:
    """`python -m tests.docs.record` draws it anew."""
    shown = []
    for fence in fences(PAGE):
        for command in fence.commands():
            shown += [f"$ {command.text.partition('  #')[0]}", *command.shown.splitlines()]
    rows = [line[at : at + COLUMNS].rstrip() for line in shown for at in range(0, len(line), COLUMNS)]
    assert [html.unescape(text) for text in texts(PICTURE.read_text())] == rows


@pytest.mark.parametrize("picture", sorted(DOCS.glob("assets/*.svg")), ids=lambda path: path.name)
def test_a_picture_needs_nothing_else(picture: Path) -> None:
    text = picture.read_text()
    assert fetched(picture) == []
    assert set(re.findall(r'https?://[^"\s<]+', text)) <= {"http://www.w3.org/2000/svg"}
    assert "<script" not in text


@pytest.mark.parametrize(
    ("file", "text", "bad"),
    [
        ("a.html", '<script src="https://cdn.example.org/a.js"></script>', "https://cdn.example.org/a.js"),
        ("a.html", '<link rel="stylesheet" href="//fonts.example.org/a.css">', "//fonts.example.org/a.css"),
        ("a.html", '<img src="http://example.org/a.png">', "http://example.org/a.png"),
        ("a.css", "@font-face { src: url('https://fonts.example.org/a.woff2') }", "https://fonts.example.org/a.woff2"),
        ("a.html", '<a href="https://example.org">fine</a> <script src="a.js"></script>', ""),
        ("a.html", '<link rel="canonical" href="https://example.org/a.html">', ""),
    ],
)
def test_a_page_that_would_fetch_something_is_refused(
    file: str, text: str, bad: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / file).write_text(text)
    assert main(tmp_path) == (1 if bad else 0)
    assert capsys.readouterr().err == (f"{file}: loads {bad}\n" if bad else "")
