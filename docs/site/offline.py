"""Fail where a page of the built site would fetch something: `python docs/site/offline.py site`.

A link that a reader may follow is fine. A script, style, font, picture or frame that a browser loads by itself is not.
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

LOADED = {"script": "src", "img": "src", "iframe": "src", "link": "href", "source": "src", "object": "data"}
ELSEWHERE = re.compile(r"^(?:https?:)?//")
IN_STYLE = re.compile(r"""(?:url\(|@import\s+)['"]?((?:https?:)?//[^'")\s]+)""")
NOT_LOADED = {"canonical", "next", "prev", "alternate"}


class Page(HTMLParser):
    """Collects the addresses that a browser loads."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        address = given.get(LOADED.get(tag, "")) or ""
        if ELSEWHERE.match(address) and given.get("rel") not in NOT_LOADED:
            self.fetched.append(address)


def fetched(file: Path) -> list[str]:
    """Addresses elsewhere that this file of the site would load."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".html":
        return IN_STYLE.findall(text)
    page = Page()
    page.feed(text)
    return page.fetched + IN_STYLE.findall(text)


def main(site: Path) -> int:
    """Print each such address; 1 where there is one."""
    found = [
        f"{file.relative_to(site)}: loads {address}"
        for kind in ("html", "css", "svg")
        for file in sorted(site.rglob(f"*.{kind}"))
        for address in fetched(file)
    ]
    sys.stderr.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
