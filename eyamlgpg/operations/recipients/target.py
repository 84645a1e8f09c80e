"""Which recipients file a change is meant for: the one that governs a folder, or a new one of the folder's own."""

from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import RecipientError
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.text import encode
from eyamlgpg.operations.paths import short_path
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.tree.list_text import read_text
from eyamlgpg.operations.tree.source import RecipientsRequest


@dataclass(frozen=True, slots=True)
class TargetList:
    """A recipients file, there or to be made."""

    path: Path
    name: str
    """As it is shown."""
    folder: Path | None
    """Whose values it governs, with those below; None for a file that the configuration names, which may be any."""
    content: bytes | None
    """What it holds now; None where it is to be made."""
    text: str
    """What a change begins with: the file's text, or that of the file that governs the folder until now."""
    question: str | None = None
    """What the user must agree to before it is made."""
    above: str | None = None
    """The file that governs the folder until now, where a new one is to be made."""


def find_place(
    request: RecipientsRequest, at: Path | None, working: Path, files: Files, *, only: bool = False
) -> TargetList:
    """The recipients file of the folder `at`, or the one that governs the working directory.

    `at` means that very folder: where a file above governs it until now, a new one there begins as its copy, so that
    nobody gains or loses access but who is named; `only`: unless it is to name nobody else. Both paths are absolute.
    Raises RecipientError where the configuration overrules every recipients file.
    """
    if request.file is not None and request.listed is None and at is None:
        return standing(request.file, None, request.working, files)
    refuse_overruled(request)
    folder = (at or working).resolve()
    governing = files.nearest_upwards(folder, RECIPIENTS_FILE)
    if governing is None:
        return _first(folder, request.working, asked_for=at is not None)
    if at is None or governing.parent == folder:
        return standing(governing, governing.parent, request.working, files)
    return _copy(governing, folder, request.working, files, only=only)


def standing(path: Path, folder: Path | None, working: Path | None, files: Files) -> TargetList:
    """A file that is there."""
    name = short_path(path, working)
    text = read_text(path, name, files, chosen=folder is None)
    return TargetList(path, name, folder, encode(text), text)


def _first(folder: Path, working: Path | None, *, asked_for: bool) -> TargetList:
    path = folder / RECIPIENTS_FILE
    name = short_path(path, working)
    question = None if asked_for else f"no recipients file governs {folder} yet. Make {name}?"
    return TargetList(path, name, folder, None, "", question)


def _copy(governing: Path, folder: Path, working: Path | None, files: Files, *, only: bool) -> TargetList:
    path = folder / RECIPIENTS_FILE
    above, name = short_path(governing, working), short_path(path, working)
    begins = "with nobody from it" if only else "beginning as a copy of it"
    question = (
        f"{above} governs {short_path(folder, working)} until now. Make {name}, {begins}? "
        f"Later changes of {above} will then not reach this folder."
    )
    return TargetList(path, name, folder, None, read_text(governing, above, files), question, above)


def refuse_overruled(request: RecipientsRequest) -> None:
    """Raise RecipientError where the configuration names the recipients, so that no recipients file counts."""
    if request.listed is not None:
        where, setting = request.listed_in, "gpg_recipients"
    elif request.file is not None:
        where, setting = str(request.file), "gpg_recipients_file"
    else:
        return
    raise RecipientError(
        f"{where}: the setting {setting} overrules every {RECIPIENTS_FILE}, so nothing would come of the change",
        "change the recipients there, or take the setting out",
    )
