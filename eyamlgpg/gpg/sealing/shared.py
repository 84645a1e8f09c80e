"""One session key for the values of a file that are for the same readers, where the tree's policy says so.

Each value is a whole message all the same: the packets of the shared session key, then data of its own. See
docs/decisions/19-one-session-key-a-file.md for what that gives, and what it gives up.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from eyamlgpg.formats.openpgp.data_packet import data_packet
from eyamlgpg.formats.openpgp.session_key import SessionKey
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter, names_exactly
from eyamlgpg.model.keys import Fingerprint, Subkey


class OwnHeaders(Protocol):
    """The headers that this user has made: `host.own_headers.OwnHeaders`."""

    def has(self, header: bytes) -> bool:
        """Whether a header is one of them."""
        ...

    def add(self, header: bytes) -> None:
        """Remember a header."""
        ...


class Policies(Protocol):
    """What the trees say of session keys."""

    def is_shared(self, path: Path) -> bool:
        """Whether the values of this file are to share one."""
        ...


class SessionKeySource(Protocol):
    """`gpg.opening.direct.DirectDecrypter`."""

    def session_key(self, message: bytes) -> SessionKey | None:
        """As `DirectDecrypter.session_key`."""
        ...


@dataclass(frozen=True, slots=True)
class Block:
    """A session key, and its packets for the readers."""

    header: bytes
    key: SessionKey = field(repr=False)


class FileEncrypters:
    """`operations.ports.Encrypter` that knows which files share a session key."""

    def __init__(
        self, encrypter: OpenpgpEncrypter, policies: Policies, source: Callable[[], SessionKeySource], own: OwnHeaders
    ) -> None:
        """`source` is called when a file has a session key to go on with."""
        self._encrypter = encrypter
        self._policies = policies
        self._source = source
        self._own = own

    def encrypt(self, plaintext: bytes, subkeys: Sequence[Subkey]) -> bytes:
        """As `OpenpgpEncrypter.encrypt`: a value that stands in no file."""
        return self._encrypter.encrypt(plaintext, subkeys)

    def for_file(
        self, path: Path, standing: Callable[[], Iterable[bytes]] = tuple
    ) -> "OpenpgpEncrypter | SharingEncrypter":
        """As `operations.ports.Encrypter.for_file`."""
        if not self._policies.is_shared(path):
            return self._encrypter
        return SharingEncrypter(self._encrypter, self._source, self._own, standing)


class SharingEncrypter:
    """Encrypts the values of one file, those for the same readers with one session key.

    It goes on with a session key that the file has already, if exactly these readers have it and this user made it:
    anybody who may write to the file could put one there that they know, and would read what is encrypted with it.
    """

    def __init__(
        self,
        encrypter: OpenpgpEncrypter,
        source: Callable[[], SessionKeySource],
        own: OwnHeaders,
        standing: Callable[[], Iterable[bytes]],
    ) -> None:
        self._encrypter = encrypter
        self._source = source
        self._own = own
        self._standing = standing
        self._blocks: dict[frozenset[Fingerprint], Block | None] = {}

    def encrypt(self, plaintext: bytes, subkeys: Sequence[Subkey]) -> bytes:
        """As `OpenpgpEncrypter.encrypt`."""
        from eyamlgpg.gpg.sealing.data import encrypted

        chosen = frozenset(subkey.fingerprint for subkey in subkeys)
        if chosen not in self._blocks:
            self._blocks[chosen] = self._block_of_file(subkeys) or self._new_block(subkeys)
        block = self._blocks[chosen]
        if block is not None:
            message = block.header + encrypted(plaintext, block.key)
            if names_exactly(message, subkeys):
                return message
        return self._encrypter.encrypt(plaintext, subkeys)

    def extend(
        self, message: bytes, key: SessionKey, newcomers: Sequence[Subkey], subkeys: Sequence[Subkey]
    ) -> bytes | None:
        """As `OpenpgpEncrypter.extend`; what was ours stays so."""
        extended = self._encrypter.extend(message, key, newcomers, subkeys)
        if extended is not None and self._own.has(_header(message)):
            self._own.add(_header(extended))
        return extended

    def _block_of_file(self, subkeys: Sequence[Subkey]) -> Block | None:
        """The one that most values of the file share."""
        candidates: Counter[bytes] = Counter()
        examples: dict[bytes, bytes] = {}
        for message in self._standing():
            if names_exactly(message, subkeys):
                header = _header(message)
                candidates[header] += 1
                examples.setdefault(header, message)
        for header, _ in candidates.most_common():
            if self._own.has(header):
                key = self._source().session_key(examples[header])
                return None if key is None else Block(header, key)
        return None

    def _new_block(self, subkeys: Sequence[Subkey]) -> Block | None:
        from eyamlgpg.gpg.sealing.data import new_session_key

        if not subkeys:
            return None
        key = new_session_key()
        header = self._encrypter.header(key, subkeys)
        if header is None:
            return None
        self._own.add(header)
        return Block(header, key)


def _header(message: bytes) -> bytes:
    return message[: len(message) - len(data_packet(message))]
