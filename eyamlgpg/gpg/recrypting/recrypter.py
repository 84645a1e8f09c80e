"""Opening messages and encrypting them anew, or for more readers, one after another in this process.

gpg-agent does one private-key operation at a time. To seal the last message in a thread while the agent opens the next
one brought nothing that could be measured (docs/decisions/17-recrypt-in-one-process.md).
"""

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol

from eyamlgpg.errors import EyamlgpgError, GnupgError, NoSecretKey
from eyamlgpg.formats.openpgp.session_key import SessionKey
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.model.keys import Subkey
from eyamlgpg.model.messages import Decrypted, Order, Recrypted


class Opener(Protocol):
    """Opens messages: `gpg.opening.direct.DirectDecrypter`, or gpg alone."""

    def decrypt(self, message: bytes) -> bytes:
        """As `operations.ports.Decrypter.decrypt`."""
        ...

    def open_each(self, messages: Iterable[bytes]) -> Generator[Decrypted, None, None]:
        """As `GnupgDecrypter.open_each`."""
        ...

    def session_key(self, message: bytes) -> SessionKey | None:
        """As `DirectDecrypter.session_key`."""
        ...

    def foreign(self, message: bytes) -> NoSecretKey | None:
        """As `GnupgDecrypter.foreign`."""
        ...


class Sealer(Protocol):
    """Seals messages: `gpg.sealing.sealer.OpenpgpEncrypter`, or the one for a file."""

    def encrypt(self, plaintext: bytes, subkeys: Sequence[Subkey]) -> bytes:
        """As `OpenpgpEncrypter.encrypt`."""
        ...

    def extend(
        self, message: bytes, key: SessionKey, newcomers: Sequence[Subkey], subkeys: Sequence[Subkey]
    ) -> bytes | None:
        """As `OpenpgpEncrypter.extend`."""
        ...


class Sealing(Protocol):
    """Has a sealer for each file."""

    def for_file(self, path: Path) -> Sealer:
        """As `operations.ports.Encrypter.for_file`."""
        ...


@dataclass(frozen=True, slots=True)
class Effort:
    """How a run is to work."""

    verify: bool = False
    """Open each new message again and compare (`--verify`)."""


class GnupgRecrypter:
    """`operations.ports.Recrypter` by gpg-agent and OpenSSL, with gpg behind them."""

    def __init__(self, keyring: GnupgKeyring, decrypter: Opener, encrypter: Sealing, effort: Effort) -> None:
        self._keyring = keyring
        self._decrypter = decrypter
        self._sealing = encrypter
        self._file: Path | None = None
        self._encrypter: Sealer | None = None
        self._effort = effort

    def recrypt_many(self, orders: Iterable[Order]) -> Generator[Recrypted, None, None]:
        """One result an order, in order. A few messages are open at a time where gpg opens them, else one.

        Who is asked for a passphrase, and how often, is as the opener has it: once for each key.
        """
        source = iter(orders)
        for first in source:
            with closing(self._until_foreign(chain([first], source))) as opened:
                for order, result in opened:
                    yield self._recrypted(order, result)

    def _until_foreign(self, orders: Iterable[Order]) -> Generator[tuple[Order, Decrypted], None, None]:
        """What is in the messages, up to the first that certainly no key here opens, for which gpg is not started."""
        given: deque[Order] = deque()
        last: list[tuple[Order, Decrypted]] = []

        def messages() -> Iterator[bytes]:
            for order in orders:
                foreign = self._decrypter.foreign(order.message)
                if foreign is not None:
                    last.append((order, Decrypted(None, foreign)))
                    return
                given.append(order)
                yield order.message

        with closing(self._decrypter.open_each(messages())) as results:
            for result in results:
                yield given.popleft(), result
        yield from last

    def _recrypted(self, order: Order, opened: Decrypted) -> Recrypted:
        try:
            plaintext = opened.value()
            encrypter = self._encrypter_for(order)
            extended = self._extended(order, encrypter)
            made = tuple(
                encrypter.encrypt(plaintext, readers) if message is None else message
                for readers, message in zip(order.recipient_sets, extended, strict=True)
            )
            verify = self._verifiable(order)
            ours = [message for message, is_ours in zip(made, verify, strict=False) if is_ours]
            if any(self._decrypter.decrypt(one) != plaintext for one in ours):
                raise GnupgError("the new message does not hold what the old one did, so it is not used")
        except EyamlgpgError as error:
            return Recrypted((), error)
        return Recrypted(made, verified=verify, extended=tuple(message is not None for message in extended))

    def _encrypter_for(self, order: Order) -> Sealer:
        """The encrypter of the order's file; the orders of a file come one behind another."""
        if self._encrypter is None or order.file is None or order.file != self._file:
            self._file = order.file
            self._encrypter = self._sealing.for_file(order.file or Path())
        return self._encrypter

    def _extended(self, order: Order, encrypter: Sealer) -> list[bytes | None]:
        """For each set of readers the message with its newcomers added; None where it is to be made anew."""
        key = self._decrypter.session_key(order.message) if any(order.newcomers) else None
        return [
            encrypter.extend(order.message, key, newcomers, readers) if key is not None and newcomers else None
            for readers, newcomers in order.wanted
        ]

    def _verifiable(self, order: Order) -> tuple[bool, ...]:
        """Of each new message whether we are among those who can read it; empty where nobody asked for that."""
        if not self._effort.verify:
            return ()
        own = self._keyring.own_key_ids()
        return tuple(any(subkey.key_id in own for subkey in readers) for readers in order.recipient_sets)
