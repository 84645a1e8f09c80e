"""A page, played: its commands typed in order, and each place where the run and the page differ."""

import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from tests.docs.likeness import Names
from tests.docs.page import Command, Fence, fences
from tests.docs.setups import Worlds, session
from tests.docs.terminal import Printed, Terminal

FIRST_SETUP = "an empty home"


@dataclass(frozen=True, slots=True)
class Played:
    """One command of a page, and what it did."""

    fence: Fence
    command: Command
    printed: Printed
    agrees: bool
    """Whether the output is the one of the page, or the page leaves outputs out."""

    on_the_page: str
    """The output as the page may show it."""

    @property
    def objection(self) -> str:
        """What is wrong; empty if nothing is."""
        said = []
        if self.printed.status not in self.command.statuses:
            said.append(f"exit status {self.printed.status}:\n{self.printed.text}")
        if not self.agrees:
            lines = unified_diff(
                self.command.shown.splitlines(), self.on_the_page.splitlines(), "the page", "the run", lineterm=""
            )
            said.append("\n".join(lines))
        return "\n".join([f"line {self.command.line + 1}: $ {self.command.text}", *said]) if said else ""


def play(page: Path, worlds: Worlds) -> Iterator[Played]:
    """Play a page from its first fence to its last."""
    names = Names()
    with ExitStack() as stack:
        terminal: Terminal | None = None
        for fence in fences(page):
            if terminal is None or "runs in" in fence.comments:
                if not _is_played(fence) and "runs in" not in fence.comments:
                    continue
                stack.close()
                names = Names()
                terminal = stack.enter_context(session(fence.comments.get("runs in", FIRST_SETUP), worlds))
            if "not run" not in fence.comments:
                yield from _fence(fence, terminal, names)


def _is_played(fence: Fence) -> bool:
    return "not run" not in fence.comments and (fence.console or "save as" in fence.comments)


def _fence(fence: Fence, terminal: Terminal, names: Names) -> Iterator[Played]:
    for unseen in fence.comments.get("beforehand", "").splitlines():
        done = terminal.type(names.in_command(unseen))
        assert done.status == 0, f"beforehand: {unseen}\n{done.text}"
    if path := fence.comments.get("save as"):
        _save(fence.text, path, terminal, names)
    if not fence.console:
        return
    if script := fence.comments.get("editor"):
        terminal.type(f"export EDITS={shlex.quote(script)}")
    hidden = [word.strip() for word in fence.comments.get("types", "").split(",") if word.strip()]
    for command in fence.commands():
        printed = terminal.type(names.in_command(command.text), command.shown, hidden)
        agrees = "outputs left out" in fence.comments or names.agree(command.shown, printed.text)
        yield Played(fence, command, printed, agrees, names.on_the_page(printed.text))


def _save(text: str, path: str, terminal: Terminal, names: Names) -> None:
    """Write a file where the shell stands, through the shell: it knows where that is."""
    folder = shlex.quote(str(Path(path).parent))
    here = terminal.type(f"mkdir -p {folder} && cd {folder} && pwd -P && cd - > /dev/null")
    assert here.status == 0, here.text
    (terminal.real(here.text) / Path(path).name).write_text(names.in_command(text))
