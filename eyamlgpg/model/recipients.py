"""Who may read: recipients as written, resolved against one listing of the keyring to exactly one key each."""

from dataclasses import dataclass, field
from enum import StrEnum

from eyamlgpg.errors import RecipientError
from eyamlgpg.model.keys import Key, Subkey, UserId
from eyamlgpg.model.matching import Identifier
from eyamlgpg.model.showable_names import HIDDEN, is_plausible

LONGEST_SHOWN = 80
"""Characters of a name that are shown; a line of a file that is no recipients file may be of any length."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient as somebody wrote it, and where."""

    name: str
    source: str
    """A recipients file's path, `--gpg-recipients`, or a config file's path."""
    line: int | None = None
    """From 1; None where the source has no lines."""
    whole: str | None = None
    """The text that the name was cut out of, with its comment or neighbours: a user ID of that whole text wins."""
    is_repaired: bool = False
    """Whether a byte order mark was taken off; a part of somebody's name means nobody then."""
    comment: str | None = field(default=None, compare=False)
    """The comment above it, which often says whose fingerprint it is."""

    @property
    def where(self) -> str:
        """`hieradata/hiera-eyaml-gpg.recipients:3`, or the source alone."""
        return self.source if self.line is None else f"{self.source}:{self.line}"

    @property
    def shown(self) -> str:
        """The name for a sentence: cut where no name of a person goes on, and hidden in a file where it is no name.

        What a user gives on the command line is shown as given.
        """
        if self.line is not None and not is_plausible(self.name):
            return HIDDEN
        return self.known

    @property
    def described(self) -> str:
        """The same, and of a fingerprint or key ID whose it is by the comment above it."""
        comment = self.comment
        if comment is None or Identifier.read(self.name) is None or not is_plausible(comment):
            return self.shown
        return f"{self.shown} (by its comment {comment[:LONGEST_SHOWN]})"

    @property
    def known(self) -> str:
        """The same of a name that means a key: it is no secret, whatever it looks like."""
        return self.name if len(self.name) <= LONGEST_SHOWN else f"{self.name[:LONGEST_SHOWN]}…"


@dataclass(frozen=True, slots=True)
class Resolved:
    """A recipient that can be encrypted to."""

    recipient: Recipient
    key: Key
    subkey: Subkey
    """The one to encrypt to: named by `!` in the recipient, else the one that gpg would choose."""
    user_id: UserId | None
    """The user ID that was matched; None where a fingerprint or key ID was given."""
    warnings: tuple[str, ...] = ()


class Refusal(StrEnum):
    """Why a recipient cannot be encrypted to."""

    EMPTY = "an empty name"
    UNKNOWN = "not on the keyring"
    AMBIGUOUS = "matches more than one key"
    REVOKED = "revoked"
    EXPIRED = "expired"
    DISABLED = "disabled"
    INVALID = "invalid"
    NO_ENCRYPTION_SUBKEY = "no usable encryption subkey"
    VOID_USER_ID = "a user ID that is no longer valid"
    NOT_CERTIFIED = "not certified"


@dataclass(frozen=True, slots=True)
class Refused:
    """A recipient that cannot be encrypted to, with the error that says why."""

    recipient: Recipient
    error: RecipientError
    reason: Refusal
    candidates: tuple[Key, ...] = ()
    """The keys that matched, none of them usable or more than one of them."""


Resolution = Resolved | Refused


def asks_for_exactly_one_subkey(recipient: Recipient) -> bool:
    """Whether a `!` stands behind a fingerprint or key ID: this subkey and no other."""
    identifier = Identifier.read(recipient.name)
    return identifier is not None and identifier.exact
