"""The recorded cases of fixtures/corpus; fixtures/corpus/README.md tells what stands in them."""

import json
import re
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from tests.support import keyrings

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "corpus"
KINDS = ("decrypt", "encrypt", "edit", "recrypt")

TOKEN = re.compile(rb"ENC\[(\w+,)?([A-Za-z0-9+/=\s]+?)\]")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case came to; None stands for what does not matter, or what such a case does not have."""

    done: bool
    """Whether the exit status was 0."""
    output: bytes | None = None
    outline: bytes | None = None
    """The encrypted text with each token described, as `outline` makes it."""
    readers: tuple[tuple[str, ...], ...] | None = None
    """The key IDs that each new value is encrypted to, in order."""
    file: str | None = None
    """`unchanged`, `changed` or `absent` afterwards."""

    @classmethod
    def load(cls, written: dict[str, Any]) -> "Outcome":
        """From JSON, where texts stand in files of their own."""
        texts = {name: (FOLDER / written[name]).read_bytes() for name in ("output", "outline") if name in written}
        readers = tuple(map(tuple, written["readers"])) if "readers" in written else None
        return cls(written["done"], readers=readers, file=written.get("file"), **texts)

    def agrees(self, wanted: "Outcome") -> bool:
        """Whether this is what was wanted, in all that was said of it."""
        names = (field.name for field in fields(wanted))
        return all(getattr(wanted, name) in (None, getattr(self, name)) for name in names)


@dataclass(frozen=True, slots=True)
class Case:
    """One recorded case."""

    id: str
    kind: str
    home: str
    args: tuple[str, ...]
    recorded: Outcome
    better: Outcome | None
    ours: Outcome | None
    """What we do, where that is neither as recorded nor the better that was recorded beside it."""
    cwd: str = "."
    stdin: str = ""
    env: tuple[tuple[str, str], ...] = ()
    input: str | None = None
    recipients_file: str | None = None
    sessions: tuple[Any, ...] = ()
    quirk: str | None = None
    """A name for what the real tool does wrong here; None where it does nothing wrong."""

    @property
    def content(self) -> bytes | None:
        """Of the file that is edited or re-encrypted; None where there is none yet."""
        return None if self.input is None else (FOLDER / self.input).read_bytes()


@cache
def cases(kind: str) -> tuple[Case, ...]:
    """The cases of one kind, in the order in which they were recorded."""
    return tuple(_case(kind, written) for written in json.loads((FOLDER / f"{kind}.json").read_text()))


def _case(kind: str, written: dict[str, Any]) -> Case:
    recorded, better, ours = (
        Outcome.load(written.pop(name)) if name in written else None for name in ("recorded", "better", "ours")
    )
    assert recorded is not None
    return Case(
        kind=kind,
        args=tuple(written.pop("args")),
        recorded=recorded,
        better=better,
        ours=ours,
        env=tuple(written.pop("env", {}).items()),
        sessions=tuple(written.pop("sessions", ())),
        **written,
    )


def outline(text: bytes, before: bytes, home: Path) -> tuple[bytes, tuple[tuple[str, ...], ...]]:
    """The text with each token as `<<ENC GPG …>>`, and the key IDs that each new one is encrypted to.

    `=2` is the third token of the text before, `=2(rewrapped)` the same in other lines; `+BASE64` is a new one with
    this plaintext, `+!` one that the home cannot open, `+?` one of PKCS7; then its layout, if it has several lines.
    """
    old = [match[2] for match in TOKEN.finditer(before)]
    pieces, readers, position = [], [], 0
    for match in TOKEN.finditer(text):
        scheme = (match[1] or b"").rstrip(b",")
        told = _kept(match[2], old)
        if told is None and scheme.upper() == b"PKCS7":
            told = b"+?"
        if told is None:
            plaintext, key_ids = open_message(b64decode(match[2]), home)
            told = b"+!" if plaintext is None else b"+" + b64encode(plaintext)
            readers.append(tuple(sorted(set(key_ids))))
        pieces += [text[position : match.start()], b"<<ENC %s %s%s>>" % (scheme, told, _layout(match[0]))]
        position = match.end()
    return b"".join([*pieces, text[position:]]), tuple(readers)


def _kept(base64: bytes, old: Sequence[bytes]) -> bytes | None:
    same = [at for at, other in enumerate(old) if other.split() and b"".join(other.split()) == b"".join(base64.split())]
    if not same:
        return None
    return b"=%d" % same[0] + (b"" if old[same[0]] == base64 else b"(rewrapped)")


def _layout(token: bytes) -> bytes:
    first, *others = token.split(b"\n")
    if not others:
        return b" block width=%d indent=''" % len(first) if re.search(rb"\s", token) else b""
    indent = others[0][: len(others[0]) - len(others[0].lstrip())]
    widths = {len(first), *(len(line) - len(indent) for line in others[:-1])}
    return b" block width=%s indent=%r" % (b"/".join(b"%d" % width for width in sorted(widths)), indent.decode())


def open_message(message: bytes, home: Path) -> tuple[bytes | None, list[str]]:
    """The plaintext, by gpg alone, and the key IDs that gpg sees the message encrypted to."""
    argv = ["gpg", "--homedir", str(home), "--batch", "--no-tty", "--status-fd", "2", "--decrypt"]
    ran = subprocess.run(argv, input=message, capture_output=True, check=False, env=keyrings.environment())
    key_ids = re.findall(rb"^\[GNUPG:\] ENC_TO ([0-9A-F]{16}) ", ran.stderr, re.MULTILINE)
    return (ran.stdout if ran.returncode == 0 else None), [key_id.decode() for key_id in key_ids]


def every_case() -> Iterator[Case]:
    """All kinds."""
    for kind in KINDS:
        yield from cases(kind)
