"""`recipients sign`: which files lack the user's approval, what is new in them, and the signatures."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from eyamlgpg.errors import ConfigError, RecipientError
from eyamlgpg.formats.eyaml import recipients_file
from eyamlgpg.formats.settings import policy as policy_format
from eyamlgpg.formats.settings.mentions import may_name_approvers
from eyamlgpg.formats.text import decode
from eyamlgpg.model.keys import Fingerprint, Key
from eyamlgpg.model.recipients import Resolution
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.operations.approvals.disk import DiskApprovals
from eyamlgpg.operations.approvals.signers import names_of, own_approver
from eyamlgpg.operations.approvals.standing import Standing
from eyamlgpg.operations.approvals.targets import SETTINGS
from eyamlgpg.operations.check.changes import without
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.tree.settings import LARGEST_POLICY, POLICY
from eyamlgpg.operations.tree_ports import Trees


class Agreed(Protocol):
    """The last commit of the default branch."""

    @property
    def name(self) -> str:
        """As it is told."""
        ...

    def read(self, path: str) -> bytes | None:
        """What a file held; None where it was not there."""
        ...

    def at_parting(self, path: str) -> bytes | None:
        """The same at the commit where the branch that is checked out left."""
        ...

    def policy(self, path: str) -> bytes | None:
        """As `read`, for one file alone."""
        ...


@dataclass(frozen=True, slots=True)
class SignRequest:
    """The files that are meant, and whether they were named."""

    files: tuple[Path, ...]
    are_named: bool


@dataclass(frozen=True, slots=True)
class SignPorts:
    """The world of signing."""

    approvals: DiskApprovals
    files: Files
    root: Path
    keys: Sequence[Key]
    now: datetime
    agreed: Agreed | None
    resolver: Resolver


@dataclass(frozen=True, slots=True)
class FileToSign:
    """One file, as it is and as it was agreed on."""

    path: Path
    name: str
    content: bytes = field(repr=False)
    before: str | None
    """On the default branch; None where it is new, or where no approver signed it there."""
    standing: Standing = field(repr=False)
    added: tuple[Resolution, ...] = ()
    """Of a recipients file, whom it names anew, by their keys."""
    removed: tuple[Resolution, ...] = ()
    doubt: str | None = None
    """Why it is not approved as it is on the default branch; None where it is, or is not there."""

    @property
    def text(self) -> str:
        """As it is."""
        return decode(self.content)

    @property
    def is_list(self) -> bool:
        """Whether it is a recipients file."""
        return self.name not in [one.as_posix() for one in SETTINGS]


@dataclass(frozen=True, slots=True)
class SignPlan:
    """What is to be signed, and by whom."""

    signer: Fingerprint
    files: tuple[FileToSign, ...]
    since: str | None
    """What the files are compared with."""
    awaited: tuple[Fingerprint, ...] = ()
    """The approvers on the default branch, of whom one must sign the policy as well."""


def approvers_in(content: bytes | None, source: str) -> tuple[Fingerprint, ...]:
    """The approvers that a policy names; none for one that is not there. ConfigError for a broken one."""
    if content is None or not may_name_approvers(content):
        return ()
    return policy_format.parse(decode(content), source).signed_by


def approvers_agreed_on(agreed: Agreed | None) -> tuple[Fingerprint, ...]:
    """The approvers on the default branch. ConfigError for a broken policy there."""
    if agreed is None:
        return ()
    path = POLICY.as_posix()
    return approvers_in(agreed.policy(path), f"{agreed.name}:{path}")


def plan_sign(request: SignRequest, ports: SignPorts) -> SignPlan:
    """The files that the user has yet to sign; RecipientError where they are not an approver."""
    standing = ports.approvals.of_tree(ports.root)
    now = () if standing is None else tuple(standing.terms.approvers)
    before = approvers_agreed_on(ports.agreed)
    if not now and not before:
        raise ConfigError(
            f"{POLICY.as_posix()}: names no approvers, so nothing must be signed",
            "name them first: `recipients: {signed_by: [FINGERPRINT]}`",
        )
    approvers = _Approvers(
        now, before, own_approver(now, ports.keys, ports.now), own_approver(before, ports.keys, ports.now)
    )
    files = tuple(_due(request, ports, approvers))
    others = [one for one in files if one.path != ports.root / POLICY]
    if files and approvers.signer is None and (approvers.former is None or others):
        names = ", ".join(one.name for one in (files if approvers.former is None else others))
        raise RecipientError(
            f"{names}: must be signed by an approver, and you are not one",
            f"approvers: {names_of(now or before, ports.keys)}",
        )
    signer = approvers.signer or approvers.former or Fingerprint("")
    is_theirs = not before or set(before) == set(now) or approvers.former is not None
    awaited = () if is_theirs or _is_done(before, POLICY.as_posix(), _policy(ports), ports) else before
    return SignPlan(signer, files, None if ports.agreed is None else ports.agreed.name, awaited)


def _policy(ports: SignPorts) -> bytes:
    path = ports.root / POLICY
    return ports.files.read(path, limit=LARGEST_POLICY) if ports.files.exists(path) else b""


def write_signed(plan: SignPlan, ports: SignPorts, trees: Trees) -> Iterator[str]:
    """Sign all of it, then write; the names of the files, as each is done."""
    made = [(one.name, ports.approvals.sign(one.path, one.content, plan.signer, one.standing)) for one in plan.files]
    with trees.locked([ports.root]):
        for name, signature in made:
            ports.files.replace(signature.path, signature.content, expected=signature.expected)
            yield name


@dataclass(frozen=True, slots=True)
class _Approvers:
    """Those of the policy now and on the default branch, and which of them the user is."""

    now: tuple[Fingerprint, ...]
    before: tuple[Fingerprint, ...]
    signer: Fingerprint | None
    former: Fingerprint | None


def _due(request: SignRequest, ports: SignPorts, approvers: _Approvers) -> Iterator[FileToSign]:
    for path in request.files:
        name = path.relative_to(ports.root).as_posix()
        is_policy = path == ports.root / POLICY
        if not is_policy and not approvers.now:
            continue  # the policy names nobody any more, and says so by a signature of its own
        content = ports.files.read(path, limit=LARGEST_POLICY)
        wanted = [approvers.now, *([approvers.before] if is_policy else [])]
        if request.are_named and (own := approvers.signer or approvers.former):
            wanted.append((own,))
        if all(_is_done(one, name, content, ports) for one in wanted if one):
            continue
        every = (*approvers.now, *approvers.before) if is_policy else approvers.now
        before = None if ports.agreed is None else ports.agreed.read(name)
        doubt = None if before is None else _doubt(name, before, approvers.before, ports)
        file = FileToSign(
            path,
            name,
            content,
            None if before is None or doubt else decode(before),
            ports.approvals.standing_with(ports.root, every),
            doubt=doubt,
        )
        yield _with_readers(file, ports.resolver) if file.is_list else file


def _doubt(name: str, content: bytes, approvers: Collection[Fingerprint], ports: SignPorts) -> str | None:
    """Why the default branch must not be built upon: somebody may have pushed a line there past everybody."""
    if not approvers or ports.agreed is None:
        return None  # nothing had to be signed
    standing = ports.approvals.standing_with(ports.root, approvers)
    return Standing(standing.terms, standing.signatures, ports.agreed.read).of(name, content).problem


def _is_done(approvers: Collection[Fingerprint], name: str, content: bytes, ports: SignPorts) -> bool:
    """Whether one of these has signed the file as it is."""
    return ports.approvals.standing_with(ports.root, approvers).of(name, content).is_good


def _with_readers(file: FileToSign, resolver: Resolver) -> FileToSign:
    """The same with the keys that came and went: comments beside them may say anything."""
    now, before = (_named(text, file.name, resolver) for text in (file.text, file.before or ""))
    return replace(file, added=without(now, before), removed=without(before, now))


def _named(text: str, name: str, resolver: Resolver) -> tuple[Resolution, ...]:
    recipients = recipients_file.parse(text, name).recipients
    return resolver.resolve(recipients) if recipients else ()
