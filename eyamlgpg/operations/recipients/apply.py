"""Changed lists, and the values that they govern: written and re-encrypted as one operation.

Asked and refused is before anything is written. The lock of every tree concerned is held from before the lists change
until the values are in line, so that no other run encrypts to the old readers in between.
"""

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError, FileProblem, RecipientError, Several, raise_all
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.text import encode
from eyamlgpg.model.recipients import Resolved
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.operations.approvals.ports import NO_APPROVALS, Approvals
from eyamlgpg.operations.ports import Files, Voice
from eyamlgpg.operations.readers.recrypt import Recryption
from eyamlgpg.operations.readers.recrypt_plan import Plan, RecryptRequest, make_plan
from eyamlgpg.operations.recipients.add import name_of
from eyamlgpg.operations.recipients.afterwards import FilesAfterwards
from eyamlgpg.operations.recipients.approve import Approved, approve, refuse_unapproved
from eyamlgpg.operations.recipients.change import ListChange, SettingsChange, expiry_note, write
from eyamlgpg.operations.recipients.folders import governed_folders
from eyamlgpg.operations.recipients.stored_copies import keys_to_store_or_drop
from eyamlgpg.operations.tree.governance import DiskLists, Governance
from eyamlgpg.operations.tree.selection import select_files
from eyamlgpg.operations.tree.source import RecipientsRequest
from eyamlgpg.operations.tree_ports import Trees


@dataclass(frozen=True, slots=True)
class ApplyRequest:
    """Planned changes, and what becomes of the values."""

    changes: tuple[ListChange, ...]
    recipients: RecipientsRequest
    reencrypt: bool = True
    default: Method | None = None
    settings: tuple[SettingsChange, ...] = ()
    """Written before the lists, which follow from them."""
    speaks_of_keys: bool = True
    """Whether to tell what is left to do about the keys that the repository keeps."""

    @property
    def reencrypts(self) -> bool:
        """True if values are re-encrypted: not where told otherwise, and not for a file that may govern anything."""
        return self.reencrypt and all(change.place.folder is not None for change in self.changes)


@dataclass(frozen=True, slots=True)
class ApplyPorts:
    """The world of one change."""

    files: Files
    trees: Trees
    resolver: Resolver
    here: Path
    """The working directory, links resolved."""
    ask: Callable[[str], bool]
    tell: Voice
    carry_out: Callable[[Plan, RecryptRequest], Recryption]
    """Re-encrypts what a plan says and shows how far it is; the lock is held."""
    approvals: Approvals = NO_APPROVALS


STILL_READABLE = (
    "what they could read until now stays readable to them in git's history and in copies: change those secrets"
)


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it; the values of the lists are in line, unless they were to be left."""

    written: tuple[Path, ...]
    recryption: Recryption | None
    """None where the values were left as they are."""
    proposed: tuple[str, ...] = ()
    """The files that an approver has yet to sign, before the values can follow."""


def apply(request: ApplyRequest, ports: ApplyPorts) -> Applied:
    """Ask what must be asked, write the lists, then re-encrypt what they govern, nested lists excepted.

    Raises RecipientError, and nothing is changed, where an answer is no. Whatever cannot be re-encrypted is raised in
    the end with the command that does the rest.
    """
    refuse_links_out(request.changes, ports)
    refuse_unapproved(request.changes, request.settings, ports.approvals, ports.files)
    folders = governed_folders(request.changes, ports.trees, ports.files, ports.here)
    for change in request.changes:
        ports.tell.warn(*change.warnings)
    for question in (question for change in request.changes for question in change.questions):
        if not ports.ask(question):
            raise RecipientError("nothing was changed")
    by_hand = f"eyamlgpg recrypt {shlex.join(map(str, folders)) or 'PATH'}"
    # Signed before anything is written: whoever gives no passphrase has changed nothing.
    approved = approve(request.changes, request.settings, ports.approvals)
    places = [*(change.place.path.parent for change in request.changes), *folders]
    with ports.trees.locked([*places, *(setting.path.parent.parent for setting in request.settings)]):
        _write_settings(request.settings, ports)
        written = write(request.changes, ports.files, by_hand)
        write_signatures(approved, ports)
        _tell_all(request, ports)
        tell_of_signatures(approved, ports)
        if approved.proposed:
            tell_of_proposal(approved, by_hand if request.changes else None, ports)
            return Applied(written, None, approved.proposed)
        if not request.changes:
            return Applied(written, None)
        if not request.reencrypts:
            ports.tell.say(f"the values are as they were; bring them in line with: {by_hand}")
            return Applied(written, None)
        try:
            plan = _plan(request, folders, ports.files, ports)
            ports.tell.warn(*plan.warnings)
            recryption = ports.carry_out(plan, _recrypt_request(request, ports.trees))
            raise_all(recryption.errors)
        except EyamlgpgError as error:
            again = EyamlgpgError("the recipients are changed, some values are not", f"for the rest: {by_hand}")
            again.status = error.status
            raise Several([error, again]) from None
    return Applied(written, recryption)


def _write_settings(settings: tuple[SettingsChange, ...], ports: ApplyPorts) -> None:
    for setting in settings:
        ports.files.replace(setting.path, encode(setting.text), expected=setting.content)
        ports.tell.say(setting.note)


def write_signatures(approved: Approved, ports: ApplyPorts) -> None:
    """Put the signatures beside what was written."""
    for one in approved.signatures:
        ports.files.replace(one.path, one.content, expected=one.expected)


def tell_of_signatures(approved: Approved, ports: ApplyPorts) -> None:
    """Say what was signed."""
    for one in approved.signatures:
        ports.tell.say(f"{one.name}: signed by {one.by}")


def tell_of_proposal(approved: Approved, by_hand: str | None, ports: ApplyPorts) -> None:
    """Say who can approve what was written; `by_hand` brings the values in line then."""
    names = " ".join(shlex.quote(name) for name in approved.proposed)
    then = "" if by_hand is None else f", then: {by_hand}"
    left = (
        "" if by_hand is None else "; until then no value is encrypted by it, and those that are there stay as they are"
    )
    ports.tell.say(f"proposed, and waits for an approver ({approved.approvers}){left}")
    ports.tell.say(f"to approve it: eyamlgpg recipients sign {names}{then}")


def foresee(request: ApplyRequest, ports: ApplyPorts) -> Plan | None:
    """What would be due once the changes are written; None where the values would be left as they are."""
    refuse_links_out(request.changes, ports)
    refuse_unapproved(request.changes, request.settings, ports.approvals, ports.files)
    for change in request.changes:
        ports.tell.warn(*change.warnings)
    if not request.reencrypts or not request.changes:
        return None
    content = {ports.trees.real(change.place.path): encode(change.text) for change in request.changes}
    folders = governed_folders(request.changes, ports.trees, ports.files, ports.here)
    return _plan(request, folders, FilesAfterwards(ports.files, ports.trees, content), ports)


def refuse_links_out(changes: tuple[ListChange, ...], ports: ApplyPorts) -> None:
    """Raise for a list that is a link to one of another tree, which is not this tree's to change."""
    trees = ports.trees
    errors = []
    for place in (change.place for change in changes):
        real = trees.real(place.path)
        roots = [] if place.folder is None else [trees.root(place.folder), trees.root(ports.here)]
        if roots and not any(real.is_relative_to(root) for root in roots):
            hint = f"change it in its own tree, from the folder {real.parent}"
            errors.append(FileProblem(f"{place.name}: is a link out of the tree, to {real}; nothing was changed", hint))
    raise_all(errors)


def who(resolved: Resolved, now: datetime) -> str:
    """A person with the fingerprint, and when the key expires."""
    return f"{name_of(resolved)}, {resolved.key.fingerprint}{expiry_note(resolved, now)}"


def _plan(request: ApplyRequest, folders: list[Path], files: Files, ports: ApplyPorts) -> Plan:
    # What is foreseen is not signed yet.
    guard = ports.approvals if files is ports.files else None
    governance = Governance(DiskLists(request.recipients, files), ports.resolver, guard=guard)
    return make_plan(
        select_files(folders, ports.trees, files), _recrypt_request(request, ports.trees), governance, files
    )


def _recrypt_request(request: ApplyRequest, trees: Trees) -> RecryptRequest:
    lists = frozenset(trees.real(change.place.path) for change in request.changes)
    return RecryptRequest(default=request.default, governed_by=lists)


def _tell_all(request: ApplyRequest, ports: ApplyPorts) -> None:
    for change in request.changes:
        _tell(change, ports)
    if any(change.removed for change in request.changes):
        ports.tell.say(STILL_READABLE)
    left_out = dict.fromkeys(name for change in request.changes for name in ports.approvals.left_out(change.place.path))
    if left_out:
        ports.tell.warn(
            "a sparse checkout leaves out recipients files, which stay as they are: "
            f"{', '.join(left_out)}; run the command again in a full checkout"
        )
    if request.speaks_of_keys:
        for sentence in keys_to_store_or_drop(request.changes, ports.here, ports.trees, ports.files):
            ports.tell.say(sentence)


def _tell(change: ListChange, ports: ApplyPorts) -> None:
    name, path = change.place.name, change.place.path
    real = ports.trees.real(path)
    if real != ports.trees.real(path.parent) / path.name:
        ports.tell.warn(f"{name}: is a link to {real}, which other folders may use, too")
    if change.is_copy:
        ports.tell.say(f"{name}: is new, and began as a copy of {change.place.above}, which no longer governs here")
    for note in change.notes:
        ports.tell.say(note)
    for resolved in change.added:
        ports.tell.say(f"{name}: added {who(resolved, ports.resolver.now)}")
    for line in change.removed:
        ports.tell.say(f"{name}: removed {line.person}, {line.entry.recipient.shown}")
