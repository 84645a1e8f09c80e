"""What signed recipients need of the world, and what others need of them, as Protocols."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.model.approval import Signed
from eyamlgpg.model.keys import Fingerprint


class Signatures(Protocol):
    """Detached signatures by the keys at hand."""

    def verify(self, content: bytes, signature_file: bytes) -> Sequence[Signed]:
        """What is said of each signature of a file over this content."""
        ...

    def sign(self, content: bytes, key: Fingerprint, path: str) -> bytes:
        """A signature over the content for this path of a tree, binary; raises GnupgError."""
        ...


class Guard(Protocol):
    """Says whether values may be encrypted by a list."""

    def objection(self, folder: Path, name: str, text: str | None) -> EyamlgpgError | None:
        """Why the files of a folder must not be encrypted by this list, which says this; None where they may.

        `name` and `text` are the option's, where that stands for every list: empty, and None.
        """
        ...


@dataclass(frozen=True, slots=True)
class NewSignature:
    """A signature file that is to be written beside its file."""

    path: Path
    content: bytes = field(repr=False)
    expected: bytes | None = field(repr=False)
    """What the signature file holds now; None where it is not there."""
    by: Fingerprint


class Approvals(Guard, Protocol):
    """The same, for those who change lists."""

    def are_asked_for(self, path: Path) -> bool:
        """Whether the policy of the tree around a file names approvers."""
        ...

    def objections(self, path: Path, content: bytes | None) -> Sequence[EyamlgpgError]:
        """Why a file of a tree, or the settings beside it, must not be built upon: all that is not approved."""
        ...

    def left_out(self, path: Path) -> Sequence[str]:
        """The lists of the tree around a file that a sparse checkout leaves out, by their paths from its root."""
        ...

    def signed(self, path: Path, content: bytes) -> NewSignature | None:
        """The signature for what a file will hold; None where the user is not an approver, or does not want to be.

        Raises GnupgError where it cannot be made.
        """
        ...

    def who(self, path: Path) -> str:
        """The approvers, for a sentence."""
        ...


class NothingAsked:
    """Where no policy names approvers."""

    def objection(self, folder: Path, name: str, text: str | None) -> EyamlgpgError | None:  # noqa: ARG002
        """None: every list counts."""
        return None

    def are_asked_for(self, path: Path) -> bool:  # noqa: ARG002
        """Nowhere."""
        return False

    def objections(self, path: Path, content: bytes | None) -> Sequence[EyamlgpgError]:  # noqa: ARG002
        """None."""
        return ()

    def left_out(self, path: Path) -> Sequence[str]:  # noqa: ARG002
        """None."""
        return ()

    def signed(self, path: Path, content: bytes) -> NewSignature | None:  # noqa: ARG002
        """None."""
        return None

    def who(self, path: Path) -> str:  # noqa: ARG002
        """Nobody."""
        return ""


NO_APPROVALS = NothingAsked()
