"""What a page of the documentation gives to be run: its fences, and the HTML comments that say how.

| comment | means |
| --- | --- |
| `<!-- runs in: a team of three -->` | from here on a new session, in a set-up of `tests/docs/setups.py` |
| `<!-- not run: REASON -->` | the next fence is not run; `tests/docs/test_pages.py` holds the list of these |
| `<!-- outputs left out -->` | the next fence shows commands alone: they are run, and their exit statuses count |
| `<!-- beforehand: COMMAND -->` | run before the next fence, not shown |
| `<!-- editor: s/a/b/ -->` | in the next fence the editor is `sed` with this script |
| `<!-- types: a, b -->` | in the next fence, what is typed where nothing is echoed |
| `<!-- save as: PATH -->` | the next fence is the text of this file |
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

COMMENT = re.compile(r"^<!-- (runs in|not run|outputs left out|beforehand|editor|types|save as)(?:: (.*?))? -->$")
OPENING = re.compile(r"^( *)```(\w*)")
STATUS = re.compile(r"\bstatus (\d+)")
OF_A_RULE = {"runs in": "a tree with findings", "outputs left out": "", "types": "s3cret-typed, s3cret-typed"}
"""The pages of rules are written from the rules themselves, without such comments; each has at most one console."""


@dataclass(frozen=True, slots=True)
class Command:
    """What is typed at one prompt, and what the page shows below it."""

    line: int
    """Of the page, from 0: that of the prompt."""
    text: str
    shown: str
    end: int
    """Of the page: the line behind the output."""

    @property
    def statuses(self) -> set[int]:
        """Exit statuses that the comment behind the command allows; 0 where it names none."""
        _, _, comment = self.text.partition("  #")
        named = {int(number) for number in STATUS.findall(comment)}
        perhaps = {0} if re.search(r"\b(?:if|where|while)\b", comment) else set()
        return named | perhaps or {0}


@dataclass(frozen=True, slots=True)
class Fence:
    """A block of code with the comments above it."""

    line: int
    language: str
    indent: str
    text: str
    comments: dict[str, str] = field(default_factory=dict)

    @property
    def console(self) -> bool:
        return self.language == "console"

    def commands(self) -> Iterator[Command]:
        """Each `$ ` with its `> ` lines of continuation, and the output up to the next one."""
        lines = self.text.splitlines() if self.console else []
        starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
        for start, end in pairwise([*starts, len(lines)]):
            typed, below = [lines[start][2:]], start + 1
            while below < end and lines[below].startswith("> "):
                typed.append(lines[below][2:])
                below += 1
            first = self.line + 1
            yield Command(first + start, "\n".join(typed), "\n".join(lines[below:end]).strip("\n"), first + end)


def every_page() -> list[Path]:
    """Every page of the repository."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def short(page: Path) -> str:
    """The page's path inside the repository."""
    return page.relative_to(ROOT).as_posix()


def fences(page: Path) -> Iterator[Fence]:
    """Every fence of a page, in order."""
    usual = OF_A_RULE if page.parent.name == "rules" else {}
    return fences_of(page.read_text(encoding="utf-8"), usual)


def fences_of(text: str, usual: Mapping[str, str] = {}) -> Iterator[Fence]:
    """Every fence of a text; `usual` are the comments of a fence that has none."""
    comments: dict[str, str] = {}
    lines = iter(enumerate(text.splitlines()))
    for number, line in lines:
        if comment := COMMENT.match(line.strip()):
            name, words = comment.group(1), comment.group(2) or ""
            comments[name] = f"{comments[name]}\n{words}" if name == "beforehand" and name in comments else words
        elif opening := OPENING.match(line):
            indent, language = opening.groups()
            inside = []
            for _, inner in lines:
                if inner.strip() == "```":
                    break
                inside.append(inner.removeprefix(indent))
            yield Fence(number, language, indent, "".join(f"{one}\n" for one in inside), comments or dict(usual))
            comments = {}
