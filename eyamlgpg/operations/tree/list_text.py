"""The text of a recipients file, with a look at where it comes from: a repository may hold a link to anything."""

from pathlib import Path

from eyamlgpg.errors import FileProblem, RecipientError
from eyamlgpg.formats.eyaml import recipients_lines
from eyamlgpg.formats.text import decode
from eyamlgpg.operations.ports import Files

LARGEST = 1 << 20
"""Bytes that a recipients file may have: some ten thousand people."""


def read_text(path: Path, name: str, files: Files, *, chosen: bool = False) -> str:
    """The text of a recipients file, shown as `name`; FileProblem for one that is larger than LARGEST.

    RecipientError for one that a link out of its tree leads to and that says other things than recipients, unless the
    user has chosen this very file: what it says is not repeated, since it may be a secret.
    """
    text = require_small(files.read(path, limit=LARGEST), name)
    if not chosen and files.leads_out(path):
        refuse_strange(text, name)
    return text


def require_small(content: bytes, name: str) -> str:
    """The text of what was read already; FileProblem for more than LARGEST."""
    if len(content) > LARGEST:
        raise FileProblem(f"{name}: is larger than {LARGEST:,} bytes, which is more than any file of this kind needs")
    return decode(content)


def refuse_strange(text: str, name: str) -> None:
    """RecipientError for the first line that is no fingerprint, key ID or address."""
    for line in recipients_lines.read(text.removeprefix(recipients_lines.BOM)):
        if not all(map(recipients_lines.is_like_a_recipient, line.names)):
            raise RecipientError(
                f"{name}:{line.number}: is no fingerprint, key ID or address; what stands there is not shown, "
                "since the file is a link out of its tree",
                "if the file is meant, name it: --gpg-recipients-file",
            )
