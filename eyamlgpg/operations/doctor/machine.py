"""The clock, the place for plaintext, and the editor."""

import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from eyamlgpg.model.diagnosis import Area, Diagnosis, State
from eyamlgpg.model.health import EditorFacts, ScratchFacts
from eyamlgpg.model.keys import Key

_AREA = Area.MACHINE
_LEEWAY = timedelta(days=1)
"""How far the clocks of two machines may be apart without a word."""


def examine_clock(now: datetime, keys: Sequence[Key], last_commit: datetime | None) -> Iterator[Diagnosis]:
    """The clock, against what surely lies in the past: the making of keys, and the last commit."""
    past = [(part.created, f"the key of {key.user_id} was made") for key in keys for part in key.parts]
    if last_commit is not None:
        past.append((last_commit, "the last commit was made"))
    latest = max(past, default=None)
    if latest is not None and latest[0] > now + _LEEWAY:
        yield Diagnosis(
            "clock",
            _AREA,
            State.PROBLEM,
            f"the clock says {now:%Y-%m-%d %H:%M} UTC, but {latest[1]} on {latest[0]:%Y-%m-%d}",
            "gpg refuses keys and signatures from the future, and takes expired keys for good ones.",
            ("sudo timedatectl set-ntp true",),
        )
    else:
        yield Diagnosis("clock", _AREA, State.GOOD, f"the clock says {now:%Y-%m-%d %H:%M} UTC")


def examine_scratch(scratch: ScratchFacts) -> Iterator[Diagnosis]:
    """Where the plaintext of an edit lies, and what killed edits left."""
    if scratch.place is None:
        yield Diagnosis(
            "scratch",
            _AREA,
            State.PROBLEM,
            "there is no folder for the plaintext of an edit",
            "`eyamlgpg edit` cannot work.",
            ("export TMPDIR=/a/folder/that/you/may/write/to",),
        )
    elif scratch.in_memory:
        yield Diagnosis("scratch", _AREA, State.GOOD, f"the plaintext of an edit lies in memory, in {scratch.place}")
    else:
        yield Diagnosis(
            "scratch",
            _AREA,
            State.NOTE,
            f"the plaintext of an edit lies on a disk, in {scratch.place}",
            "It is overwritten afterwards, but the disk may keep a copy. XDG_RUNTIME_DIR, /dev/shm or TMPDIR on a "
            "tmpfs would keep it in memory.",
        )
    for folder in scratch.left:
        yield Diagnosis(
            "scratch-left",
            _AREA,
            State.PROBLEM,
            f"an edit that was killed left plaintext in {folder}",
            "The next other command of eyamlgpg that works on values overwrites and removes it.",
            (f"shred -u {shlex.quote(str(folder))}/* && rmdir {shlex.quote(str(folder))}",),
        )


def examine_editor(editor: EditorFacts) -> Iterator[Diagnosis]:
    """The editor, and what it leaves behind."""
    if editor.reason is not None:
        yield Diagnosis(
            "editor", _AREA, State.PROBLEM, editor.reason, "`eyamlgpg edit` cannot work.", ("export EDITOR=nano",)
        )
    elif not editor.is_there:
        yield Diagnosis(
            "editor",
            _AREA,
            State.PROBLEM,
            f"the editor {editor.name} is not on PATH",
            "`eyamlgpg edit` cannot work.",
            ("export EDITOR=nano",),
        )
    elif editor.is_known:
        yield Diagnosis("editor", _AREA, State.GOOD, f"the editor is {editor.name}, which is told to leave no copies")
    else:
        yield Diagnosis(
            "editor",
            _AREA,
            State.NOTE,
            f"the editor is {editor.name}",
            "It may leave backup, swap or history files with plaintext behind. eyamlgpg prevents that for vim, nvim, "
            "nano and emacs only.",
            ("export EDITOR=vim",),
        )
