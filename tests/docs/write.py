"""Write the outputs of a run into pages: `python -m tests.docs.write docs/tutorial.md …`, then read the diff.

An output that agrees already stays as it is, cuts (`…`) included.
"""

import sys
from pathlib import Path

from tests.docs.play import play
from tests.docs.setups import Worlds


def written(page: Path, worlds: Worlds) -> str:
    """The page with the outputs of this run."""
    lines = page.read_text().splitlines()
    for played in reversed([one for one in play(page, worlds) if not one.agrees]):
        command, indent = played.command, played.fence.indent
        first = command.line + 1 + command.text.count("\n")
        blank = [""] if lines[command.end - 1] == "" and command.end > first else []
        lines[first : command.end] = [f"{indent}{line}".rstrip() for line in played.on_the_page.splitlines()] + blank
    return "".join(f"{line}\n" for line in lines)


def main(pages: list[Path]) -> None:
    """Write these pages."""
    worlds = Worlds()
    try:
        for page in pages:
            page.write_text(written(page, worlds))
    finally:
        worlds.close()


if __name__ == "__main__":
    main([Path(word) for word in sys.argv[1:]])
