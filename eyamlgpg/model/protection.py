"""How a secret key is kept."""

from enum import StrEnum


class Protection(StrEnum):
    """What stands between somebody who has the disk and a secret key."""

    PASSPHRASE = "passphrase"  # noqa: S105 - the word for it
    CARD = "card"
    CLEAR = "none"
    UNKNOWN = "unknown"
    """The agent does not say, as for a key that is elsewhere."""
