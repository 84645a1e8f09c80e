"""When a plaintext counts as whole.

gpg says DECRYPTION_OKAY as soon as the integrity check holds, of a plaintext that it could not write, too; and options
of gpg.conf can send a plaintext elsewhere (`output`), cut it (`max-output`), mix gpg's words into it (`logger-fd 1`) or
leave its packets unread (`unwrap`). Not all of them can be overridden, so what came out is judged.
"""

from eyamlgpg.formats.gnupg.status import Keyword, Statuses
from eyamlgpg.gpg.session import Ran
from eyamlgpg.model import limits

_TEXT_MODES = ("74", "75", "6D")
"""Formats of a plaintext whose line ends gpg converts, so that it comes out shorter (doc/DETAILS, PLAINTEXT)."""

_WRITE_PROBLEMS = (b"error writing to ", b"handle plaintext failed")
"""What gpg says in the C locale of a plaintext that it could not write; it has no status for it."""

_ALWAYS_SAID = (b"original file name=", b"public key is ", b" encrypted data")
"""What gpg says in the C locale, with `--verbose`, of a message that it opens."""

_ANOTHER_KEY_FAILED = "pkdecrypt_failed"
"""The place of an ERROR about one recipient's key, after which gpg tries the next one's."""

_SAYS_ITS_STATUS = "gpg-exit"
"""The place of a FAILURE that tells no more than the return code."""

_SLACK = limits.MEBIBYTE
"""More than gpg holds back in its buffers: of what it cuts, more than the limit has come out before."""


def bound(limit: int) -> str:
    """The option that ends a plaintext a little after a limit, whatever gpg.conf says, so that it is seen as longer.

    For a gpg that opens one message: it counts all that it writes together.
    """
    return f"--max-output={limit + _SLACK}"


def is_whole(statuses: Statuses, words: bytes, plaintext: bytes) -> bool:
    """Whether gpg vouches for a plaintext, this one, and all of it; `words` is what it said beside the statuses.

    The return code is not in it: for that see `ended_well`.
    """
    if not statuses.has(Keyword.DECRYPTION_OKAY) or statuses.has(Keyword.DECRYPTION_FAILED):
        return False
    if statuses.has(Keyword.BADMDC) or statuses.has(Keyword.BADSIG):
        return False
    if any(problem in words for problem in _WRITE_PROBLEMS):
        return False
    if any(line.argument(0) != _SAYS_ITS_STATUS for line in statuses.having(Keyword.FAILURE)):
        return False
    return statuses.count(Keyword.PLAINTEXT) == 1 and _has_its_length(statuses, plaintext)


def ended_well(ran: Ran) -> bool:
    """Whether gpg's return code is 0, or is told by what does not touch the plaintext.

    That is a signature whose maker is unknown, and a key that could not be used before another one opened the message.
    """
    errors = tuple(ran.statuses.having(Keyword.ERROR))
    if any(line.argument(0) != _ANOTHER_KEY_FAILED for line in errors):
        return False
    return ran.returncode == 0 or bool(errors) or ran.statuses.has(Keyword.ERRSIG)


def holds_no_words(ran: Ran) -> bool:
    """Whether gpg's own words, of which `--verbose` makes some, went elsewhere than into its standard output."""
    if any(words in ran.stderr for words in _ALWAYS_SAID) or not any(words in ran.stdout for words in _ALWAYS_SAID):
        return True
    return any(line.number(0) == len(ran.stdout) for line in ran.statuses.having(Keyword.PLAINTEXT_LENGTH))


def _has_its_length(statuses: Statuses, plaintext: bytes) -> bool:
    """Whether it has the length that the message gave, if it gave one."""
    told = [line.number(0) for line in statuses.having(Keyword.PLAINTEXT_LENGTH)]
    if not told:
        return True
    [mode] = (line.argument(0) for line in statuses.having(Keyword.PLAINTEXT))
    if mode in _TEXT_MODES:
        return b"\r" not in plaintext and len(plaintext) <= told[0]
    return told == [len(plaintext)]
