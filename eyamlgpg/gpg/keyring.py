"""The public keys of one GnuPG home: listed once, found by key ID, imported and exported."""

from __future__ import annotations

import re
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from eyamlgpg.errors import GnupgError
from eyamlgpg.gpg.session import SEE_PATH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eyamlgpg.formats.gnupg.status import Imported
    from eyamlgpg.gpg.session import Session
    from eyamlgpg.model.keys import Key, KeyId, Subkey

_LIST = ("--with-colons", "--fixed-list-mode", "--with-fingerprint", "--with-fingerprint")
"""Twice `--with-fingerprint`, for those of subkeys (gpg's doc/DETAILS)."""

_LISTED = re.compile(rb"^(?:tru|pub):", re.MULTILINE)
"""Of a keyring without a key gpg tells the trust database, or nothing."""


class GnupgKeyring:
    """A keyring as gpg lists it. What is read is kept: `refresh` after something else changed the keyring."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keys(self) -> tuple[Key, ...]:
        """Every key in gpg's order, from one listing; the same object when asked again. Raises GnupgError."""
        return self._keys

    def find(self, key_id: KeyId) -> Key | None:
        """The key that has this key ID, its own or a subkey's; None for one that is not here."""
        return self._by_key_id.get(key_id)

    def own_key_ids(self) -> frozenset[KeyId]:
        """The key IDs whose secret key is here, on disk or on a card."""
        return self._own_key_ids

    def import_keys(self, keys: bytes) -> tuple[Imported, ...]:
        """Take the keys of a file, armored or not, and say which; GnupgError where there is none in it."""
        ran = self._session.run(["--no-auto-check-trustdb", "--import"], stdin=keys)
        self.refresh()
        if not ran.statuses.imported:
            raise GnupgError(f"no key was imported: {ran.reason}", "give a file made by `gpg --export`, armored or not")
        return ran.statuses.imported

    def export(self, subkeys: Iterable[Subkey]) -> bytes:
        """The certificates of these subkeys, binary, each reduced to the primary key and the subkeys named.

        GnupgError where gpg has one of them not.
        """
        # The exclamation mark leaves the certificate's other subkeys out (gpg(1), "How to specify a user ID").
        names = list(dict.fromkeys(f"{subkey.fingerprint}!" for subkey in subkeys))
        if not names:
            return b""
        ran = self._session.run(["--no-armor", "--output=-", "--export", *names])
        if ran.returncode != 0 or not ran.stdout:
            raise GnupgError(f"gpg could not export the recipients' keys: {ran.reason}")
        return ran.stdout

    def refresh(self) -> None:
        """Forget the listing, so that the next question lists again."""
        self.__dict__.pop("_keys", None)
        self.__dict__.pop("_by_key_id", None)
        self.__dict__.pop("_own_key_ids", None)

    @cached_property
    def _keys(self) -> tuple[Key, ...]:
        ran = self._session.run([*_LIST, "--with-secret", "--list-keys"])
        if ran.returncode != 0:
            # Without an agent gpg cannot tell which secret keys are here, but it can list.
            ran = self._session.run([*_LIST, "--list-keys"])
        if ran.returncode != 0:
            raise GnupgError(f"gpg could not list the keys of {self._session.homedir}: {ran.reason}")
        if ran.stdout and not _LISTED.search(ran.stdout):
            raise GnupgError(
                f"gpg did not list the keys of {self._session.homedir}: what it answered is not a listing",
                SEE_PATH,
            )
        from eyamlgpg.formats.gnupg import colons

        return colons.parse(ran.stdout)

    @cached_property
    def _by_key_id(self) -> Mapping[KeyId, Key]:
        return MappingProxyType({part.key_id: key for key in reversed(self.keys()) for part in key.parts})

    @cached_property
    def _own_key_ids(self) -> frozenset[KeyId]:
        return frozenset(part.key_id for key in self.keys() for part in key.parts if part.has_secret)


class AbsentKeyring(GnupgKeyring):
    """The keyring of a home that is yet to be made: nothing is on it, and gpg is not asked."""

    @cached_property
    def _keys(self) -> tuple[Key, ...]:
        return ()
