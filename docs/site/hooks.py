"""What the site does with pages beside Markdown itself: pages from outside of docs/, and pictures for both schemes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.structure.files import Files

ROOT = Path(__file__).resolve().parents[2]
FROM_OUTSIDE = {"CHANGELOG.md": "changes.md", "CONTRIBUTING.md": "contributing/index.md"}
"""Pages that stand in the root of the repository, and where the site has them."""

PICTURE = re.compile(r"^!\[([^\]]+)\]\((\S+-in-both-schemes\.svg)\)$", re.MULTILINE)


def on_files(files: Files, config: Any) -> Files:
    """Take in the pages from outside."""
    from mkdocs.structure.files import File

    for name, place in FROM_OUTSIDE.items():
        files.append(File.generated(config, place, content=taken_in(name)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Lead links to where the site has a page, and show the picture of the reader's scheme."""
    return PICTURE.sub(r"![\1](\2#only-light)\n![\1](\2#only-dark)", led(markdown, page.file.src_uri))


def taken_in(name: str) -> str:
    """A page from outside, its links into docs/ as they are from its place in the site."""
    up = "../" * FROM_OUTSIDE[name].count("/")
    return (ROOT / name).read_text(encoding="utf-8").replace("](docs/", f"]({up}")


def led(markdown: str, place: str) -> str:
    """A page with its links to pages from outside leading to where the site has them; `place` is its own in docs/."""
    up = "../" * place.count("/")
    for name, target in FROM_OUTSIDE.items():
        markdown = re.sub(rf"\]\((?:\.\./)+{re.escape(name)}", f"]({up}{target}", markdown)
    return markdown
