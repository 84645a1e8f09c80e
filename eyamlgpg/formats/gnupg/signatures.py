"""What gpg says of one detached signature (gpg's doc/DETAILS), and the note in it that says which file it is for.

    [GNUPG:] GOODSIG 3CC8BB9D45D82637 Alice <alice@example.com>
    [GNUPG:] NOTATION_NAME path@eyamlgpg
    [GNUPG:] NOTATION_DATA prod/hiera-eyaml-gpg.recipients
    [GNUPG:] VALIDSIG 6F2C… 2026-11-29 1795915879 0 4 0 22 8 00 6F2C…

A path stands in the note percent-encoded, so that it is ASCII whatever the path is; gpg encodes that a second time.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from os import fsdecode, fsencode
from urllib.parse import quote, unquote_to_bytes

from eyamlgpg.formats.gnupg.status import Keyword, Status, Statuses
from eyamlgpg.model.approval import Judgement, Signed
from eyamlgpg.model.keys import Fingerprint

NOTATION = "path@eyamlgpg"
"""The name of the note; gpg wants an `@` in it (RFC 9580, 5.2.3.24)."""

_JUDGEMENTS = {
    Keyword.GOODSIG: Judgement.GOOD,
    Keyword.BADSIG: Judgement.CHANGED,
    Keyword.EXPKEYSIG: Judgement.EXPIRED_KEY,
    Keyword.REVKEYSIG: Judgement.REVOKED_KEY,
    Keyword.EXPSIG: Judgement.EXPIRED,
    Keyword.ERRSIG: Judgement.NO_KEY,
}
_NO_KEY = 9
"""ERRSIG's code for a key that is not there."""


def note_for(path: str) -> str:
    """The value of `--sig-notation` that binds a signature to a path; gpg expands what follows a percent sign."""
    return f"{NOTATION}={quote(fsencode(path), safe='/').replace('%', '%%')}"


def judged(statuses: Statuses) -> Signed:
    """What gpg said of the one signature of a run."""
    said = [line for line in statuses.lines if line.keyword in tuple(_JUDGEMENTS)]
    if len(said) != 1:
        return Signed(Judgement.UNREADABLE)
    line = said[0]
    judgement = _JUDGEMENTS[Keyword(line.keyword)]
    if judgement is Judgement.NO_KEY:
        if line.number(5) != _NO_KEY:
            return Signed(Judgement.UNREADABLE, line.argument(0))
        return Signed(judgement, line.argument(6) or line.argument(0))
    user_id = _unquoted(" ".join(line.arguments[1:]))
    valid = next(statuses.having(Keyword.VALIDSIG), None)
    if judgement is Judgement.CHANGED or valid is None:
        is_changed = judgement is Judgement.CHANGED
        return Signed(judgement if is_changed else Judgement.UNREADABLE, line.argument(0), user_id=user_id)
    return Signed(
        judgement,
        valid.argument(0),
        Fingerprint(valid.argument(9)),
        user_id,
        datetime.fromtimestamp(valid.number(2), UTC),
        valid.number(7),
        valid.argument(8),
        _path(statuses),
    )


def _path(statuses: Statuses) -> str | None:
    """The path that the note names; None where there is none, or more than one."""
    notes = list(_notes(statuses.lines))
    return fsdecode(unquote_to_bytes(notes[0])) if len(notes) == 1 else None


def _notes(lines: tuple[Status, ...]) -> Iterator[str]:
    """The values of our notes; gpg writes a long one in pieces."""
    pieces: list[str] | None = None
    for line in lines:
        if line.keyword == Keyword.NOTATION_DATA and pieces is not None:
            pieces.append(line.argument(0))
            continue
        if line.keyword == "NOTATION_FLAGS":
            continue
        if pieces is not None:
            yield _unquoted("".join(pieces))
        is_ours = line.keyword == Keyword.NOTATION_NAME and line.argument(0) == NOTATION
        pieces = [] if is_ours else None
    if pieces is not None:
        yield _unquoted("".join(pieces))


def _unquoted(text: str) -> str:
    return unquote_to_bytes(text).decode("utf-8", "replace")
