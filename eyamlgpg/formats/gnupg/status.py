"""The `[GNUPG:]` lines of gpg's status descriptor (gpg's doc/DETAILS, "Format of the --status-fd output").

    [GNUPG:] ENC_TO 2EC071808ADB55DB 1 0
    [GNUPG:] ERROR pkdecrypt_failed 67108875

An error number is libgpg-error's: the code in the low 16 bits, above it the part of GnuPG that it comes from.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from eyamlgpg.model.key_ids import Fingerprint, KeyId

_PREFIX = b"[GNUPG:] "
_NUMBER = re.compile(r"[0-9]{1,10}")


class Keyword(StrEnum):
    """The keywords that something here depends on; gpg has many more."""

    BADMDC = "BADMDC"
    BADSIG = "BADSIG"
    DECRYPTION_FAILED = "DECRYPTION_FAILED"
    DECRYPTION_INFO = "DECRYPTION_INFO"
    DECRYPTION_OKAY = "DECRYPTION_OKAY"
    ENC_TO = "ENC_TO"
    ERROR = "ERROR"
    ERRSIG = "ERRSIG"
    EXPKEYSIG = "EXPKEYSIG"
    EXPSIG = "EXPSIG"
    FAILURE = "FAILURE"
    GOODSIG = "GOODSIG"
    IMPORT_OK = "IMPORT_OK"
    INV_RECP = "INV_RECP"
    KEY_CREATED = "KEY_CREATED"
    NODATA = "NODATA"
    NOTATION_DATA = "NOTATION_DATA"
    NOTATION_NAME = "NOTATION_NAME"
    NO_SECKEY = "NO_SECKEY"
    PLAINTEXT = "PLAINTEXT"
    PLAINTEXT_LENGTH = "PLAINTEXT_LENGTH"
    REVKEYSIG = "REVKEYSIG"
    SIG_CREATED = "SIG_CREATED"
    VALIDSIG = "VALIDSIG"


class Code(IntEnum):
    """Of libgpg-error's codes those that are told apart here; a system's errno has 32768 added."""

    BAD_PASSPHRASE = 11
    TIMEOUT = 62
    NO_PIN_ENTRY = 85
    PIN_ENTRY = 86
    BAD_PIN = 87
    CANCELED = 99
    NO_PASSPHRASE = 177
    NO_PIN = 178
    FULLY_CANCELED = 198
    WINDOW_TOO_SMALL = 301
    EOF = 16383
    EACCES = 32769
    ECONNRESET = 32794
    ENOENT = 32849
    ENOMEM = 32854
    ENOTTY = 32870
    EPIPE = 32877


WRONG = frozenset({Code.BAD_PASSPHRASE, Code.BAD_PIN})
"""The passphrase that was given is not the right one."""

CANCELLED = frozenset({Code.CANCELED, Code.FULLY_CANCELED, Code.NO_PASSPHRASE, Code.NO_PIN, Code.TIMEOUT})
"""Somebody was asked, and gave none."""

NOT_ASKED = frozenset({Code.NO_PIN_ENTRY, Code.PIN_ENTRY, Code.ENOTTY, Code.ENOENT})
"""Nobody could be asked: no pinentry program, or no terminal for it (`GPG_TTY`)."""

TOO_SMALL = frozenset({Code.WINDOW_TOO_SMALL})
"""The terminal has too few lines or columns for pinentry."""

NOT_ALLOWED = frozenset({Code.EACCES})
"""A file or a terminal that gpg-agent or its pinentry may not open."""

BROKEN_OFF = frozenset({Code.EOF, Code.ECONNRESET, Code.EPIPE, Code.ENOMEM})
"""gpg-agent ended, or its secure memory ran out since too many decryptions came at once."""


class InvalidRecipient(IntEnum):
    """Why gpg refuses a recipient: the first argument of INV_RECP."""

    UNSPECIFIED = 0
    NOT_FOUND = 1
    AMBIGUOUS = 2
    WRONG_USAGE = 3
    REVOKED = 4
    EXPIRED = 5
    NOT_TRUSTED = 10
    DISABLED = 13

    @property
    def words(self) -> str:
        """For a sentence: `the key is …`."""
        return _REFUSALS[self]


_REFUSALS = {
    InvalidRecipient.UNSPECIFIED: "unusable",
    InvalidRecipient.NOT_FOUND: "not on the keyring",
    InvalidRecipient.AMBIGUOUS: "ambiguous",
    InvalidRecipient.WRONG_USAGE: "not one to encrypt to",
    InvalidRecipient.REVOKED: "revoked",
    InvalidRecipient.EXPIRED: "expired",
    InvalidRecipient.NOT_TRUSTED: "not certified",
    InvalidRecipient.DISABLED: "disabled",
}


class ImportFlag(IntEnum):
    """Bits of IMPORT_OK's first argument; 2, 4 and 8 say what is new about a key that was known."""

    NEW_KEY = 1
    SECRET = 16


@dataclass(frozen=True, slots=True)
class Status:
    """One line: its keyword, which may be one that `Keyword` does not name, and its arguments."""

    keyword: str
    arguments: tuple[str, ...] = ()

    def argument(self, index: int) -> str:
        """An argument by its index, from 0; empty where there are fewer."""
        return self.arguments[index] if index < len(self.arguments) else ""

    def number(self, index: int) -> int:
        """The number that an argument starts with (`89_BAD_DATA` is 89); 0 where there is none."""
        found = _NUMBER.match(self.argument(index))
        return int(found[0]) if found else 0


@dataclass(frozen=True, slots=True)
class Imported:
    """One key that gpg took: whether it was new or changed, and whether a secret key came with it."""

    fingerprint: Fingerprint
    is_new: bool
    is_changed: bool
    has_secret: bool


@dataclass(frozen=True, slots=True)
class Statuses:
    """All status lines of one run of gpg, in order."""

    lines: tuple[Status, ...] = ()

    def having(self, keyword: Keyword) -> Iterator[Status]:
        """The lines of one keyword."""
        return (line for line in self.lines if line.keyword == keyword)

    def has(self, keyword: Keyword) -> bool:
        """Whether gpg said this at all."""
        return any(self.having(keyword))

    def count(self, keyword: Keyword) -> int:
        """How many times gpg said this."""
        return sum(1 for _ in self.having(keyword))

    @property
    def codes(self) -> frozenset[int]:
        """The error codes of all ERROR and FAILURE lines, without their source."""
        failures = (*self.having(Keyword.ERROR), *self.having(Keyword.FAILURE))
        return frozenset(line.number(1) & 0xFFFF for line in failures)

    @property
    def encrypted_to(self) -> tuple[KeyId, ...]:
        """The key IDs that a message names, in its order."""
        return self._key_ids(Keyword.ENC_TO)

    @property
    def without_secret(self) -> tuple[KeyId, ...]:
        """Of these key IDs those whose secret key is not here, or was not needed."""
        return self._key_ids(Keyword.NO_SECKEY)

    @property
    def refused(self) -> tuple[tuple[str, InvalidRecipient], ...]:
        """The recipients that gpg would not take, as they were given, and why."""
        return tuple((line.argument(1), _reason(line.number(0))) for line in self.having(Keyword.INV_RECP))

    @property
    def imported(self) -> tuple[Imported, ...]:
        """The keys that gpg took, each once: gpg names a secret key twice, once for its public part."""
        flags: dict[str, int] = {}
        for line in self.having(Keyword.IMPORT_OK):
            flags[line.argument(1)] = flags.get(line.argument(1), 0) | line.number(0)
        return tuple(
            Imported(
                fingerprint=Fingerprint(fingerprint),
                is_new=bool(bits & ImportFlag.NEW_KEY),
                is_changed=bool(bits & ~ImportFlag.SECRET),
                has_secret=bool(bits & ImportFlag.SECRET),
            )
            for fingerprint, bits in flags.items()
        )

    def _key_ids(self, keyword: Keyword) -> tuple[KeyId, ...]:
        return tuple(KeyId(line.argument(0)) for line in self.having(keyword))


def _reason(number: int) -> InvalidRecipient:
    known: Sequence[int] = tuple(InvalidRecipient)
    return InvalidRecipient(number) if number in known else InvalidRecipient.UNSPECIFIED


def parse(written: bytes) -> Statuses:
    """The status lines among what gpg wrote to a descriptor; other lines, gpg's words for people, are passed over."""
    lines = (line[len(_PREFIX) :].split() for line in written.split(b"\n") if line.startswith(_PREFIX))
    return Statuses(
        tuple(
            Status(words[0].decode("utf-8", "replace"), tuple(word.decode("utf-8", "replace") for word in words[1:]))
            for words in lines
            if words
        )
    )
