"""What operations need of the world, as Protocols; the gateways in `gpg` and `host` fulfil them."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from eyamlgpg.formats.gnupg.status import Imported
from eyamlgpg.model.keys import Fingerprint, Key, Protection, Subkey
from eyamlgpg.model.messages import Decrypted, Order, Recrypted


class Keyring(Protocol):
    """The public keys at hand, with what is known of their validity."""

    def keys(self) -> Sequence[Key]:
        """One listing a run, in gpg's order; the same object when asked again."""
        ...


class Decrypter(Protocol):
    """Opens messages of one method, OpenPGP or PKCS7, with the secret keys at hand."""

    def decrypt(self, message: bytes) -> bytes:
        """The exact plaintext of one binary message; raises DecryptionError."""
        ...

    def decrypt_many(self, messages: Iterable[bytes]) -> Iterator[Decrypted]:
        """One result a message, in order, started lazily: a bounded number is under way at a time."""
        ...


class Encrypter(Protocol):
    """Makes OpenPGP messages."""

    def encrypt(self, plaintext: bytes, subkeys: Sequence[Subkey]) -> bytes:
        """A binary OpenPGP message to exactly these subkeys, integrity-protected, key IDs shown; raises GnupgError."""
        ...


class Encrypters(Encrypter, Protocol):
    """Makes messages that stand in no file, and has an encrypter for each file."""

    def for_file(self, path: Path, standing: Callable[[], Iterable[bytes]] = tuple) -> Encrypter:
        """An encrypter for values of one file, which may share a session key where the tree's policy says so.

        `standing`: the messages that the file holds already, asked for only if they matter.
        """
        ...


class Pkcs7Opener(Decrypter, Protocol):
    """Opens messages of PKCS7 with one private key; raises ConfigError where the key is missing or wrong."""

    @property
    def opens(self) -> bool:
        """Whether a private key was named, or lies in its usual place: else values of PKCS7 are left as they are."""
        ...


class Pkcs7(Pkcs7Opener, Protocol):
    """Opens and makes messages of PKCS7 with one key pair."""

    def encrypt(self, plaintext: bytes) -> bytes:
        """A message that hiera-eyaml opens with the private key."""
        ...


class Files(Protocol):
    """The user's files, whole before and after."""

    def read(self, path: Path, *, limit: int | None = None) -> bytes:
        """All of a file; raises FileProblem that names it, also for one of more than `limit` bytes."""
        ...

    def leads_out(self, path: Path) -> bool:
        """Whether the path is a link to what is no plain file of the tree that it stands in."""
        ...

    def turn(self, path: Path) -> AbstractContextManager[None]:
        """One writer at a time: held from the last look at a file until it is replaced; raises LockError.

        Nobody is asked anything inside, since other runs wait.
        """
        ...

    def replace(self, path: Path, content: bytes, *, expected: bytes | None) -> None:
        """Put the content in place atomically, keeping mode, owner and symlinks.

        `expected` is what the file held when it was read (None: it did not exist); anything else now is a
        FileProblem, and the file stays as somebody else left it.
        """
        ...

    def exists(self, path: Path) -> bool:
        """Whether something stands at this path, links followed."""
        ...

    def nearest_upwards(self, folder: Path, name: str) -> Path | None:
        """The nearest file of that name in the folder's real path or above it; raises FileProblem if unreadable."""
        ...

    def below(self, folder: Path, name: str) -> Sequence[Path]:
        """Files of that name not far below a folder, the nearest first, for a hint: what cannot be read is not told."""
        ...


class BoundedFiles(Protocol):
    """Files that come from others: listed, read with a bound."""

    def names(self, folder: Path) -> Sequence[str]:
        """The names in a folder, sorted; none for a folder that is not there; raises FileProblem for a link."""
        ...

    def read_bounded(self, path: Path, limit: int, *, follow_link: bool) -> bytes:
        """A plain file of at most `limit` bytes; raises FileProblem for anything else."""
        ...

    def make(self, folder: Path) -> None:
        """The folder with its parents, where they are not there yet."""
        ...


class Certificates(Protocol):
    """Whole public keys, out of the keyring and into it."""

    def whole(self, fingerprints: Sequence[Fingerprint]) -> bytes:
        """These keys with every exportable signature on them; raises GnupgError where one is not there."""
        ...

    def minimal(self, fingerprint: Fingerprint, copies: Sequence[bytes]) -> bytes:
        """One key from several copies: of each part the newest valid self-signature, and nobody else's."""
        ...

    def take(self, certificate: bytes) -> Imported:
        """Put one public key on the keyring, or what is new about it; never certifies it, never sets ownertrust."""
        ...


class SecretKeys(Protocol):
    """What is known of the secret keys at hand without opening one."""

    def protections(self, keys: Sequence[Key]) -> Mapping[Fingerprint, Protection]:
        """How the secret part of each of these keys is kept; no entry for one that is not here."""
        ...

    def passphrase_seconds(self) -> float | None:
        """What the agent takes to hash a passphrase, which it does at each operation; None where it does not tell."""
        ...


class Recrypter(Protocol):
    """Opens messages and encrypts them anew, many of them at the speed of the machine."""

    def recrypt_many(self, orders: Iterable[Order]) -> Generator[Recrypted, None, None]:
        """One result an order, in order. Orders are taken lazily: a bounded number is under way at a time.

        To close the iterator ends all that is under way. Raises GnupgError where gpg cannot work at all.
        """
        ...


class Voice(Protocol):
    """What a use case tells while it goes on."""

    def say(self, sentence: str) -> None:
        """What was done."""
        ...

    def warn(self, *sentences: str) -> None:
        """What the user should know."""
        ...


class Editor(Protocol):
    """Shows a text to the user and gives back what was saved."""

    def edit(self, content: bytes) -> bytes:
        """The content after the user left the editor; raises EditorError, Interrupted."""
        ...
