"""The answer to all that is not an everyday message: gpg should judge this."""

from enum import StrEnum


class Unusual(StrEnum):
    """Why a message is left to gpg.

    Whatever fails a check is `DAMAGED` and nothing finer, so that nobody who can have messages opened learns from the
    answer which check it was.
    """

    ARMORED = "armor"
    HIDDEN = "a hidden recipient"
    PASSPHRASE = "a passphrase"  # noqa: S105 - the word for it
    SIGNED = "a signature"
    OLD_CIPHER = "a cipher other than AES"
    NO_INTEGRITY = "no integrity protection"
    LINE_ENDS = "text whose line ends gpg converts"
    COMPRESSION = "a compression other than zip and zlib"
    LARGE = "more than is opened at once here"
    UNKNOWN = "a version or kind that is not known here"
    DAMAGED = "a check that failed"
    NO_KEY = "no key that gpg-agent was asked about before"
    AGENT = "an agent that does not do it"


class LeftToGnupg(Exception):
    """Raised for a message that gpg is to open or refuse; never shown to anybody, and never an answer by itself."""

    def __init__(self, why: Unusual) -> None:
        super().__init__(why.value)
        self.why = why
