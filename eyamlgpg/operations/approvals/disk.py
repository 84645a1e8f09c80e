"""Signed recipients on the disk: by the policy of the tree that a file stands in, read once a tree and run."""

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from eyamlgpg.errors import ConfigError, EyamlgpgError, FileProblem, GnupgError, NotApproved, RecipientError
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.openpgp import detached
from eyamlgpg.formats.settings import policy as policy_format
from eyamlgpg.formats.settings.mentions import may_name_approvers
from eyamlgpg.formats.text import decode, encode
from eyamlgpg.model.approval import LARGEST_SIGNATURE, Terms, signature_of
from eyamlgpg.model.keys import Fingerprint, Key
from eyamlgpg.operations.approvals.left_out import LeftOut, SparseTrees
from eyamlgpg.operations.approvals.ports import NewSignature, Signatures
from eyamlgpg.operations.approvals.signers import names_of, own_approver
from eyamlgpg.operations.approvals.standing import Standing, refusal
from eyamlgpg.operations.paths import short_path
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.tree.settings import LARGEST_POLICY, PEOPLE, POLICY
from eyamlgpg.operations.tree_ports import Trees

_ROOT_MARKS = (".git", POLICY.parent.as_posix())
"""What may begin a tree of its own."""


@dataclass(frozen=True, slots=True)
class ApprovalPorts:
    """The world of signed recipients."""

    files: Files
    trees: Trees
    signatures: Callable[[], Signatures]
    keys: Callable[[], Sequence[Key]]
    now: datetime
    working: Path
    agreed: Callable[[Path], Collection[Fingerprint]]
    """The approvers of a tree on its default branch; none where there is no such branch."""
    signs: bool | None = None
    """Whether the user wants to sign what they change; None: if they are an approver."""
    left_out: LeftOut = lambda _root: {}


class DiskApprovals:
    """`operations.approvals.ports.Approvals`."""

    def __init__(self, ports: ApprovalPorts) -> None:
        self._ports = ports
        self._trees: dict[Path, Standing | None] = {}
        self._objections: dict[tuple[Path, Path | None, str, str | None], EyamlgpgError | None] = {}
        self._sparse = SparseTrees(ports.left_out, ports.trees, self._shown)

    def of_tree(self, root: Path) -> Standing | None:
        """How the files of a tree stand; None where its policy names no approvers. ConfigError for a broken policy."""
        if root not in self._trees:
            self._trees[root] = self._standing(root)
        return self._trees[root]

    def standing_with(self, root: Path, approvers: Collection[Fingerprint]) -> Standing:
        """How the files of a tree stand with other approvers than those of its policy."""
        terms = Terms(tuple(dict.fromkeys(approvers)), self._ports.now)
        return Standing(terms, self._ports.signatures(), lambda name: self._read(root / name))

    def objection(self, folder: Path, name: str, text: str | None) -> EyamlgpgError | None:
        """Why the files of a folder must not be encrypted by this list; None where they may."""
        root = self._root(folder)
        standing = self.of_tree(root)
        if standing is None and not self._sparse.is_any(root):
            return None
        usual = self._ports.files.nearest_upwards(folder, RECIPIENTS_FILE)
        absent = self._sparse.absent_list(folder, usual, root)
        if absent is not None or standing is None:
            return absent
        key = (root, usual, name, text)
        if key not in self._objections:
            elsewhere = self._elsewhere(folder, usual, root, name)
            self._objections[key] = elsewhere or self._objection(root, standing, name, text)
        return self._objections[key]

    def _elsewhere(self, folder: Path, usual: Path | None, root: Path, name: str) -> EyamlgpgError | None:
        """Why a list that an option or a config file names does not count: it is approved for other files."""
        if not name or (usual is not None and self._place(Path(name)) == self._place(usual)):
            return None
        is_governed = usual is not None and self._place(usual).is_relative_to(root)
        if not is_governed and Path(name).name != RECIPIENTS_FILE:
            return None
        governs = f"{self._shown(usual)} governs {self._shown(folder)}" if usual else "it is for its own folder"
        return NotApproved(
            f"{self._shown(Path(name))}: is not approved for {self._shown(folder)}, since {governs}",
            "leave out --gpg-recipients-file, and take gpg_recipients_file out of the config file",
        )

    def _objection(self, root: Path, standing: Standing, name: str, text: str | None) -> EyamlgpgError | None:
        unsigned = self._settings(root, standing, POLICY)
        if unsigned:
            return unsigned[0]
        if not name or text is None:
            return NotApproved(
                f"{self._shown(root / POLICY)}: recipients must be signed, and those of an option or a config file "
                "are not",
                "leave out --gpg-recipients, and take gpg_recipients out of the config file",
            )
        return self._of_file(Path(name), encode(text), root, standing)

    def are_asked_for(self, path: Path) -> bool:
        """Whether the policy of the tree around a file names approvers."""
        return self.of_tree(self._root(path.parent)) is not None

    def objections(self, path: Path, content: bytes | None) -> Sequence[EyamlgpgError]:
        """All that is not approved of a file of a tree and of its settings; a file that is to be made needs nothing."""
        root = self._root(path.parent)
        standing = self.of_tree(root)
        absent = self._absent_list(path, root)
        if absent is not None:
            return (absent,)
        if standing is None:
            return ()
        own = None if content is None else self._of_file(path, content, root, standing)
        return (*self._settings(root, standing, POLICY, PEOPLE), *(() if own is None else (own,)))

    def _absent_list(self, path: Path, root: Path) -> EyamlgpgError | None:
        """Why a list must not be written: a sparse checkout leaves it out, or the one above that it would follow."""
        if path.name != RECIPIENTS_FILE or not self._sparse.is_any(root):
            return None
        usual = self._ports.files.nearest_upwards(path.parent, RECIPIENTS_FILE)
        return self._sparse.absent_list(path.parent, usual, root)

    def left_out(self, path: Path) -> Sequence[str]:
        """The lists of the tree around a file that a sparse checkout leaves out, by their paths from its root."""
        return self._sparse.lists(self._root(path.parent))

    def signed(self, path: Path, content: bytes) -> NewSignature | None:
        """The signature for what a file will hold, proved; what others signed of the same is kept."""
        root = self._root(path.parent)
        standing = self.of_tree(root)
        if standing is None or self._ports.signs is False:
            return None
        signer = own_approver(standing.terms.approvers, self._ports.keys(), self._ports.now)
        if signer is None:
            if self._ports.signs:
                raise RecipientError(
                    "--sign: none of the approvers' secret keys is on this keyring",
                    f"one of them signs it: {self.who(path)}",
                )
            return None
        self._require_agreed(root, standing)
        return self.sign(path, content, signer, standing)

    def _require_agreed(self, root: Path, standing: Standing) -> None:
        """Raise where the approvers are those of a stranger's branch.

        What a list holds already would be signed unseen, and the signature would count elsewhere.
        """
        agreed = self._ports.agreed(root)
        if not agreed or set(agreed) == set(standing.terms.approvers):
            return
        if not self.standing_with(root, agreed).of(POLICY.as_posix()).is_good:
            raise NotApproved(
                f"{self._shown(root / POLICY)}: names other approvers than on the default branch, and none of those "
                "signed it, so nothing is signed without a look at all of it",
                "look at it, and sign it: eyamlgpg recipients sign; or propose your change: --no-sign",
            )

    def sign(self, path: Path, content: bytes, signer: Fingerprint, standing: Standing) -> NewSignature:
        """A file of signatures with a new one of this approver."""
        place = self._place(path)
        name = place.relative_to(self._root(path.parent)).as_posix()
        before = standing.signature(name)
        others = () if before is None else self._others(content, before, signer, name, standing)
        made = standing.signatures.sign(content, signer, name)
        whole = detached.joined((*others, made))
        proved = Standing(standing.terms, standing.signatures, lambda _: whole).of(name, content)
        if proved.by is None:
            raise GnupgError(f"{self._shown(path)}: gpg made a signature that does not count: it {proved.problem}")
        return NewSignature(Path(signature_of(str(place))), whole, before, signer)

    def who(self, path: Path) -> str:
        """The approvers, for a sentence."""
        standing = self.of_tree(self._root(path.parent))
        return "" if standing is None else names_of(standing.terms.approvers, self._ports.keys())

    def _others(
        self, content: bytes, before: bytes, signer: Fingerprint, name: str, standing: Standing
    ) -> tuple[bytes, ...]:
        """Signatures of other approvers that still count."""
        kept = []
        for one in detached.parted(before) if standing.of(name, content).is_good else ():
            alone = Standing(standing.terms, standing.signatures, lambda _, one=one: detached.joined((one,)))  # type: ignore[misc]
            judged = alone.of(name, content)
            if judged.by is not None and judged.by.primary != signer:
                kept.append(one)
        return tuple(kept)

    def _settings(self, root: Path, standing: Standing, *files: Path) -> list[EyamlgpgError]:
        """What is not approved of the settings that are there."""
        found: list[EyamlgpgError] = []
        for file in files:
            path = root / file
            if self._ports.files.exists(path):
                content = self._ports.files.read(path, limit=LARGEST_POLICY)
                problem = self._of_file(path, content, root, standing)
                found += [] if problem is None else [problem]
        return found

    def _of_file(self, path: Path, content: bytes, root: Path, standing: Standing) -> EyamlgpgError | None:
        place = self._place(path)
        if not place.is_relative_to(root):
            return NotApproved(
                f"{self._shown(path)}: stands outside of {root}, whose lists must be signed, so that no approver could "
                "sign it",
                "copy it into the tree, and have it signed: eyamlgpg recipients sign FILE",
            )
        judged = standing.of(place.relative_to(root).as_posix(), content)
        if judged.is_good:
            return None
        absent = self._sparse.absent_signature(root, judged.path)
        return absent or refusal(judged, self._shown(path), names_of(standing.terms.approvers, self._ports.keys()))

    def _standing(self, root: Path) -> Standing | None:
        path = root / POLICY
        if not self._stands(path):
            self._sparse.require_policy(root)
            return None
        content = self._ports.files.read(path, limit=LARGEST_POLICY)
        if not may_name_approvers(content):
            return None
        policy = policy_format.parse(decode(content), self._shown(path))
        if not policy.signed_by:
            return None
        if self._ports.trees.real(path) != self._ports.trees.real(root) / POLICY:
            raise ConfigError(
                f"{self._shown(path)}: is a link, or stands behind one, and the policy that names approvers must not",
                "a link of the default branch is not followed there; put the file itself in its place",
            )
        return self.standing_with(root, policy.signed_by)

    def _stands(self, path: Path) -> bool:
        """A policy that cannot be looked at is an error: without one, nothing needs a signature."""
        try:
            path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise FileProblem(f"{self._shown(path)}: cannot be looked at: {error.strerror}") from None
        return True

    def _read(self, path: Path) -> bytes | None:
        files = self._ports.files
        # A byte more than a signature may have, so that a larger one is told and not an error of its own.
        limit = LARGEST_SIGNATURE if path.name.endswith(".sig") else LARGEST_POLICY
        return files.read(path, limit=limit) if files.exists(path) else None

    def _root(self, folder: Path) -> Path:
        """The root of the tree around a folder; a known one, where nothing on the way to it begins another."""
        real = self._ports.trees.real(folder)
        for place in (real, *real.parents):
            if place in self._trees:
                return place
            if any(os.path.lexists(place / mark) for mark in _ROOT_MARKS):
                break
        return self._ports.trees.root(folder)

    def _place(self, path: Path) -> Path:
        """Where a file stands, links resolved but for its own: a list that is a link is approved for its own place."""
        return self._ports.trees.real(path.parent) / path.name

    def _shown(self, path: Path) -> str:
        return short_path(path, self._ports.working)
