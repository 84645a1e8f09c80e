"""Opening messages at the speed of the agent: gpg opens the first ones, and then only what is odd.

gpg is needed for what it does with people: it asks for the passphrase, the card or its PIN, and says what is wrong.
Once it has opened a message, the agent is asked for the same key's operations directly, and nobody is asked any more:
a key that the agent would have to ask about goes back to gpg. What comes from here is a plaintext that was proved, or
nothing: every error is gpg's own, through the decrypter behind this one.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Protocol, TypeVar

from eyamlgpg.errors import FormatError, GnupgError, NoSecretKey
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.openpgp.data_packet import data_packet
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.messages import Decrypted, bounded

if TYPE_CHECKING:
    from eyamlgpg.formats.openpgp.session_key import SessionKey
    from eyamlgpg.gpg.opening.opener import Opener
    from eyamlgpg.model.keys import KeyId

Asked = TypeVar("Asked")

FEW = 3
"""Messages that gpg opens first: to learn of the keys and to load OpenSSL takes as long as these."""

HANG_UPS = 3
"""How often the agent may break a conversation off before it is no longer asked."""


class Judge(Protocol):
    """Opens what is odd, and has the words for what does not open: `GnupgDecrypter`."""

    def decrypt(self, message: bytes) -> bytes:
        """As `operations.ports.Decrypter.decrypt`."""
        ...

    def decrypt_many(self, messages: Iterable[bytes]) -> Iterator[Decrypted]:
        """As `operations.ports.Decrypter.decrypt_many`; the first message to each set of keys goes alone."""
        ...

    def open_each(self, messages: Iterable[bytes]) -> Generator[Decrypted, None, None]:
        """As `GnupgDecrypter.open_each`."""
        ...

    def foreign(self, message: bytes) -> NoSecretKey | None:
        """As `GnupgDecrypter.foreign`."""
        ...


class DirectDecrypter:
    """`operations.ports.Decrypter`: by gpg-agent and this process, with gpg as the judge of all that is odd."""

    def __init__(self, session: Session, judge: Judge, *, after: int = FEW) -> None:
        """`after`: messages that gpg opens before."""
        self._session = session
        self._judge = judge
        self._after = after
        self._judged = 0
        self._by_gpg = 0
        self._allowed: set[KeyId] = set()
        """Of the keys that a message named which gpg opened; among them is the one that it was opened with."""
        self._headers: set[bytes] = set()
        """Of the first messages that gpg opened."""
        self._opener: Opener | None = None
        self._hang_ups = 0
        self._is_refused = False
        """Whether the agent would have had to ask somebody for the last message."""

    def decrypt(self, message: bytes) -> bytes:
        """The exact plaintext of one binary OpenPGP message; raises DecryptionError, GnupgError for a missing gpg."""
        plaintext = self._directly(message)
        if plaintext is None:
            plaintext = self._judge.decrypt(message)
            self._note(message)
        return plaintext

    def decrypt_many(self, messages: Iterable[bytes]) -> Iterator[Decrypted]:
        """One result a message, in order; the plaintexts together are at most `limits.TOGETHER`."""
        return bounded(self.open_each(messages))

    def session_key(self, message: bytes) -> "SessionKey | None":
        """The session key of a message; None where the agent does not give it without asking anybody."""
        return self._asked(lambda opener, refused: opener.session_key(message, self._allowed or opener.keys, refused))

    def foreign(self, message: bytes) -> NoSecretKey | None:
        """The error for a message that certainly no secret key here opens, told without gpg; None for any other."""
        return self._judge.foreign(message)

    def open_each(self, messages: Iterable[bytes]) -> Generator[Decrypted, None, None]:
        """The same without a bound on all of them together, for a caller that lets go of each before the next few."""
        others = iter(messages)
        for message in others:
            plaintext = self._directly(message)
            if plaintext is not None:
                yield Decrypted(plaintext)
                continue
            # gpg is given this one and those behind it, several at a time, until one opens without it.
            left: deque[bytes] = deque()
            opened: list[bytes] = []
            with closing(self._judge.open_each(self._left_to_gpg(message, others, left, opened))) as results:
                for result in results:
                    given = left.popleft()
                    self._judged += 1
                    if result.error is None:
                        self._note(given)
                    yield result
            for plaintext in opened:
                yield Decrypted(plaintext)

    def _left_to_gpg(
        self, first: bytes, others: Iterator[bytes], left: deque[bytes], opened: list[bytes]
    ) -> Iterator[bytes]:
        message: bytes | None = first
        while message is not None:
            left.append(message)
            yield message
            if self._judged < self._after or self._is_refused:
                return  # what comes of it decides how the next one is opened
            message = next(others, None)
            plaintext = None if message is None else self._directly(message)
            if plaintext is not None:
                opened.append(plaintext)
                return

    def _note(self, message: bytes) -> None:
        """Remember what gpg opened: the keys of this message may be used from now on."""
        self._by_gpg += 1
        try:
            self._allowed |= set(packets.read(message).key_ids)
            if self._by_gpg < self._after:
                self._headers.add(_header(message))
        except FormatError:
            return

    def _is_like_one(self, message: bytes) -> bool:
        """Whether gpg opened one with the same session key: the agent gives that once for all of them."""
        try:
            return _header(message) in self._headers
        except FormatError:
            return False

    def _directly(self, message: bytes) -> bytes | None:
        """The plaintext; None where gpg is to judge."""
        self._is_refused = False
        if not self._allowed or (self._by_gpg < self._after and not self._is_like_one(message)):
            return None
        return self._asked(lambda opener, refused: opener.open(message, self._allowed, refused))

    def _asked(self, operation: "Callable[[Opener, set[KeyId]], Asked]") -> "Asked | None":
        """What comes of an operation; None where gpg is to judge."""
        if self._hang_ups >= HANG_UPS:
            return None
        # These load OpenSSL, which most runs have no use for.
        from eyamlgpg.formats.openpgp.unusual import LeftToGnupg
        from eyamlgpg.gpg.opening.assuan import Refused, Unexpected

        refused: set[KeyId] = set()
        try:
            if self._opener is None:
                self._opener = _opener(self._session)
            return operation(self._opener, refused)
        except LeftToGnupg:
            return None
        except (Unexpected, Refused, GnupgError):
            # gpg starts an agent that has gone; what is wrong with one that is there, gpg may know.
            self._opener = None
            self._hang_ups += 1
            return None
        finally:
            self._allowed -= refused
            self._is_refused = bool(refused)


def _header(message: bytes) -> bytes:
    """The session key packets of a message; FormatError for what is none."""
    return message[: len(message) - len(data_packet(message))]


def _opener(session: Session) -> "Opener":
    from eyamlgpg.gpg.opening.agent import Agent, socket_of
    from eyamlgpg.gpg.opening.assuan import Unexpected
    from eyamlgpg.gpg.opening.opener import Opener
    from eyamlgpg.gpg.opening.own_keys import own_keys

    socket = socket_of(session)
    if socket is None:
        raise Unexpected
    return Opener(own_keys(session), Agent(socket, session.waiting))
