"""What the site does with pages beside Markdown itself: pages from outside of docs/, and pictures for both schemes."""

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
FROM_OUTSIDE = {"CHANGELOG.md": "changes.md", "CONTRIBUTING.md": "contributing/index.md"}
"""Pages that stand in the root of the repository, and where the site has them."""

PICTURE = re.compile(r"^!\[([^\]]+)\]\((\S+-in-both-schemes\.svg)\)$", re.MULTILINE)


def on_files(files: Files, config: Any) -> Files:
    """Take in the pages from outside."""
    for name, place in FROM_OUTSIDE.items():
        up = "../" * place.count("/")
        text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", f"]({up}")
        files.append(File.generated(config, place, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Lead links to where the site has a page, and show the picture of the reader's scheme."""
    up = "../" * page.file.src_uri.count("/")
    for name, place in FROM_OUTSIDE.items():
        markdown = re.sub(rf"\]\((?:\.\./)+{re.escape(name)}", f"]({up}{place}", markdown)
    return PICTURE.sub(r"![\1](\2#only-light)\n![\1](\2#only-dark)", markdown)
