"""How the machine stands: the terminal, the place for plaintext and the editor, only looked at."""

import os
import pwd
import shutil
from collections.abc import Mapping
from pathlib import Path

from eyamlgpg.errors import EditorError
from eyamlgpg.host.editing import editor
from eyamlgpg.host.editing.left_behind import dead_folders
from eyamlgpg.host.editing.places import is_in_memory, places
from eyamlgpg.model.health import EditorFacts, ScratchFacts, TerminalFacts


class MachineHealth:
    """The machine, as the environment of a run describes it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def terminal(self) -> TerminalFacts:
        """Where a pinentry could ask."""
        environ = self._environ
        named = environ.get("GPG_TTY") or None
        return TerminalFacts(
            _own_terminal(),
            named,
            None if named is None else _fault(named),
            kind=environ.get("TERM", ""),
            display=environ.get("WAYLAND_DISPLAY") or environ.get("DISPLAY") or None,
            is_remote=bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY")),
            multiplexer="tmux" if environ.get("TMUX") else "screen" if environ.get("STY") else None,
        )

    def scratch(self) -> ScratchFacts:
        """Where the plaintext of an edit would lie, and what killed edits left."""
        usable = (place for place in places(self._environ) if place.is_dir() and os.access(place, os.W_OK | os.X_OK))
        place = next(usable, None)
        in_memory = place is not None and is_in_memory(place)
        return ScratchFacts(place, in_memory, dead_folders(self._environ))

    def editor(self) -> EditorFacts:
        """The editor that `edit` would start."""
        try:
            argv = editor.choose(self._environ)
        except EditorError as error:
            return EditorFacts("", is_there=False, reason=error.sentence)
        chosen = editor.Editor(argv, self._environ)
        is_there = shutil.which(argv[0], path=self._environ.get("PATH")) is not None
        return EditorFacts(chosen.name, is_known=is_there and chosen.is_known, is_there=is_there)


def _own_terminal() -> str | None:
    for descriptor in (0, 1, 2):
        try:
            return os.ttyname(descriptor)
        except OSError:
            continue
    return None


def _fault(terminal: str) -> str | None:
    """Why a terminal cannot be asked on; None where it can."""
    try:
        owner = Path(terminal).stat().st_uid
    except OSError:
        return "does not exist"
    if owner not in (os.geteuid(), 0):
        return f"belongs to {_name(owner)}"
    return None if os.access(terminal, os.R_OK | os.W_OK) else "may not be used by you"


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"the user ID {uid}"
