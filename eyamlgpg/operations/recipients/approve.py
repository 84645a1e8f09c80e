"""Changes of signed files: built upon what is approved alone, and approved at once where the user may."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, RecipientError, raise_all
from eyamlgpg.formats.text import encode
from eyamlgpg.model.approval import SIGNATURE_ENDING
from eyamlgpg.operations.approvals.ports import Approvals, NewSignature
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.recipients.change import ListChange, SettingsChange


@dataclass(frozen=True, slots=True)
class NamedSignature:
    """A signature file that is to be written, with the name to tell."""

    name: str
    path: Path
    content: bytes
    expected: bytes | None
    by: str


@dataclass(frozen=True, slots=True)
class Approved:
    """What comes of changes where lists must be signed."""

    signatures: tuple[NamedSignature, ...] = ()
    proposed: tuple[str, ...] = ()
    """The files that an approver has yet to sign, as they are shown."""
    approvers: str = ""


def refuse_unapproved(
    changes: Sequence[ListChange], settings: Sequence[SettingsChange], approvals: Approvals, files: Files
) -> None:
    """Raise for each list or setting that a change would build upon and that no approver signed as it is.

    Else whoever signs the change would approve, unseen, what somebody else put there.
    """
    found: list[EyamlgpgError] = []
    for change in changes:
        place = change.place
        found += approvals.objections(place.path, place.content)
        if place.content is None and place.above is not None:
            above = _above(place.path, files)
            if above is not None:
                found += approvals.objections(above, files.read(above))
    for setting in settings:
        found += approvals.objections(setting.path, setting.content)
    told = list({str(error): error for error in found}.values())
    if told:
        told.append(RecipientError("nothing was changed, for what is not approved must not be built upon"))
    raise_all(told)


def approve(changes: Iterable[ListChange], settings: Iterable[SettingsChange], approvals: Approvals) -> Approved:
    """The signatures of what will be written, by the user if they are an approver; else it is a proposal."""
    signatures: list[NamedSignature] = []
    proposed: list[str] = []
    approvers = ""
    for path, name, text in _written(changes, settings):
        if not approvals.are_asked_for(path):
            continue
        made = approvals.signed(path, encode(text))
        if made is None:
            proposed.append(name)
            approvers = approvals.who(path)
        else:
            signatures.append(_named(made, name))
    return Approved(tuple(signatures), tuple(proposed), approvers)


def _written(changes: Iterable[ListChange], settings: Iterable[SettingsChange]) -> Iterator[tuple[Path, str, str]]:
    yield from ((one.path, one.name, one.text) for one in settings)
    yield from ((one.place.path, one.place.name, one.text) for one in changes if one.is_due)


def _named(made: NewSignature, name: str) -> NamedSignature:
    return NamedSignature(f"{name}{SIGNATURE_ENDING}", made.path, made.content, made.expected, made.by)


def _above(path: Path, files: Files) -> Path | None:
    """The list that governs the folder of one that is to be made."""
    return files.nearest_upwards(path.parent, path.name)
