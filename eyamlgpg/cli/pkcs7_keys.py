"""The key pair of PKCS7 as the gems take it: from an environment variable, a file that was named, or `./keys`."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from eyamlgpg.errors import ConfigError
from eyamlgpg.host import paths

if TYPE_CHECKING:
    from eyamlgpg.cli.messages import Messages
    from eyamlgpg.cli.settings import Settings
    from eyamlgpg.model.messages import Decrypted
    from eyamlgpg.pkcs7.keys import Pem
    from eyamlgpg.pkcs7.pair import KeyPair

LARGEST = 1 << 20
"""Bytes that a key's file may have."""

PRIVATE, PUBLIC = "private", "public"


class Pkcs7Keys:
    """`operations.ports.Pkcs7`; nothing is imported or read before the first message."""

    def __init__(self, settings: "Settings", messages: "Messages", environ: Mapping[str, str]) -> None:
        self._settings = settings
        self._messages = messages
        self._environ = environ

    @property
    def opens(self) -> bool:
        """Whether a private key was named, or lies in its usual place and the extra is installed."""
        if self._is_named(PRIVATE):
            return True
        from eyamlgpg.pkcs7.keys import has_extra

        return paths.exists(_usual(PRIVATE)) and has_extra()

    def decrypt(self, message: bytes) -> bytes:
        """As `KeyPair.decrypt`."""
        return self._pair.decrypt(message)

    def decrypt_many(self, messages: Iterable[bytes]) -> "Iterator[Decrypted]":
        """As `KeyPair.decrypt_many`."""
        for message in messages:
            yield from self._pair.decrypt_many([message])

    def encrypt(self, plaintext: bytes) -> bytes:
        """As `KeyPair.encrypt`."""
        return self._pair.encrypt(plaintext)

    @property
    def certificate_source(self) -> str:
        """Where the certificate is read, for people."""
        return self._source(PUBLIC)

    def require_private_key(self) -> None:
        """Read and judge the private key now; raises ConfigError, FileProblem."""
        self._pair.require_private_key()

    def require_public_key(self) -> None:
        """Read and judge the certificate now; raises ConfigError, FileProblem."""
        self._pair.require_public_key()

    @cached_property
    def _pair(self) -> "KeyPair":
        from eyamlgpg.pkcs7.pair import KeyPair

        return KeyPair(
            lambda: self._read(PRIVATE),
            lambda: self._read(PUBLIC),
            has_public=self._belongs(PUBLIC, PRIVATE),
            has_private=self._belongs(PRIVATE, PUBLIC),
        )

    def _belongs(self, kind: str, other: str) -> bool:
        """Whether one key is at hand that must be of one pair with the other.

        That is one that was named; and the one in its usual place, unless only the other was named.
        """
        return self._is_named(kind) or (not self._is_named(other) and paths.exists(_usual(kind)))

    def _is_named(self, kind: str) -> bool:
        return self._variable(kind) is not None or self._settings.text(f"pkcs7_{kind}_key") is not None

    def _variable(self, kind: str) -> str | None:
        """The environment variable that holds a key; a file that the command line names goes before a config's."""
        option = f"pkcs7_{kind}_key_env_var"
        name = self._settings.text(option)
        if name is None or not self._environ.get(name):
            return None
        overruled = self._settings.is_option(f"pkcs7_{kind}_key") and not self._settings.is_option(option)
        return None if overruled else name

    def _source(self, kind: str) -> str:
        name = self._variable(kind)
        return f"${name}" if name is not None else str(self._settings.path(f"pkcs7_{kind}_key") or _usual(kind))

    def _read(self, kind: str) -> "Pem":
        from eyamlgpg.host.bounded_files import BoundedDiskFiles
        from eyamlgpg.pkcs7.keys import Pem

        name = self._variable(kind)
        if name is not None:
            return Pem(f"${name}", self._environ[name].encode("utf-8", "surrogateescape"))
        named = self._settings.path(f"pkcs7_{kind}_key")
        path = named or _usual(kind)
        if named is None and not paths.exists(path):
            raise self._missing(kind, path)
        pem = Pem(str(path), BoundedDiskFiles().read_bounded(path, LARGEST, follow_link=True))
        if b"PRIVATE KEY" in pem.content and paths.lets_others_in(path):
            self._messages.warn(f"{path}: other users can read this private key; chmod 600 '{path}'")
        self._messages.note(f"using the PKCS7 {kind} key {path}")
        return pem

    def _missing(self, kind: str, path: Path) -> ConfigError:
        what = "private key" if kind == PRIVATE else "certificate"
        variable = self._settings.text(f"pkcs7_{kind}_key_env_var")
        unset = "" if variable is None else f"; ${variable} is not set"
        return ConfigError(
            f"no PKCS7 {what} was found: there is no {path} here, and no other was named{unset}",
            f"--pkcs7-{kind}-key FILE names one, or pkcs7_{kind}_key in an eyaml config file",
        )


def _usual(kind: str) -> Path:
    return Path("keys", f"{kind}_key.pkcs7.pem")
