"""The pages of docs/reference/rules as the rules describe themselves; `python -m tests.support.pages` writes them."""

from pathlib import Path

from eyamlgpg.rules.catalogue import RULES, index, page

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference" / "rules"


def pages() -> dict[str, str]:
    """Each page by its file name."""
    return {"index.md": index(), **{f"{rule.id}.md": page(rule) for rule in RULES}}


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text)
