"""Opening messages and encrypting them anew, one after another in this process.

gpg-agent does one private-key operation at a time. To seal the last message in a thread while the agent opens the next
one brought nothing that could be measured (docs/decisions/17-recrypt-in-one-process.md).
"""

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from eyamlgpg.errors import EyamlgpgError, GnupgError, NoSecretKey
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter
from eyamlgpg.model.messages import Decrypted, Order, Recrypted


class Opener(Protocol):
    """Opens messages: `gpg.opening.direct.DirectDecrypter`, or gpg alone."""

    def decrypt(self, message: bytes) -> bytes:
        """As `operations.ports.Decrypter.decrypt`."""
        ...

    def open_each(self, messages: Iterable[bytes]) -> Generator[Decrypted, None, None]:
        """As `GnupgDecrypter.open_each`."""
        ...

    def foreign(self, message: bytes) -> NoSecretKey | None:
        """As `GnupgDecrypter.foreign`."""
        ...


@dataclass(frozen=True, slots=True)
class Effort:
    """How a run is to work."""

    verify: bool = False
    """Open each new message again and compare (`--verify`)."""


class GnupgRecrypter:
    """`operations.ports.Recrypter` by gpg-agent and OpenSSL, with gpg behind them."""

    def __init__(self, keyring: GnupgKeyring, decrypter: Opener, encrypter: OpenpgpEncrypter, effort: Effort) -> None:
        self._keyring = keyring
        self._decrypter = decrypter
        self._encrypter = encrypter
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
            made = tuple(self._encrypter.encrypt(plaintext, readers) for readers in order.recipient_sets)
            verify = self._verifiable(order)
            ours = [message for message, is_ours in zip(made, verify, strict=False) if is_ours]
            if any(self._decrypter.decrypt(one) != plaintext for one in ours):
                raise GnupgError("the new message does not hold what the old one did, so it is not used")
        except EyamlgpgError as error:
            return Recrypted((), error)
        return Recrypted(made, verified=verify)

    def _verifiable(self, order: Order) -> tuple[bool, ...]:
        """Of each new message whether we are among those who can read it; empty where nobody asked for that."""
        if not self._effort.verify:
            return ()
        own = self._keyring.own_key_ids()
        return tuple(any(subkey.key_id in own for subkey in readers) for readers in order.recipient_sets)
