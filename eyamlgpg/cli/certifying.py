"""gpg as it certifies keys for a command, and the keyring that changes by it."""

from collections.abc import Sequence

from eyamlgpg.cli.world import World
from eyamlgpg.gpg import certify as certifying
from eyamlgpg.model.certifications import Certification
from eyamlgpg.model.keys import Key, OwnerTrust
from eyamlgpg.operations.keys.sign import Pair


class Certifier:
    """gpg, and the keyring that it changes."""

    def __init__(self, world: World) -> None:
        self._world = world

    def certifications_of(self, key: Key) -> Sequence[Certification]:
        """Who certified a key."""
        return certifying.certifications_of(self._world.session, key)

    def sign(self, pair: Pair, *, exportable: bool) -> None:
        """Certify a key, and list the keyring anew."""
        certifying.sign(self._world.session, pair.key, signer=pair.signer, exportable=exportable)
        self._world.keyring.refresh()

    def set_ownertrust(self, key: Key, ownertrust: OwnerTrust) -> None:
        """Say how far a key's owner is believed, and list the keyring anew."""
        certifying.set_ownertrust(self._world.session, key, ownertrust)
        self._world.keyring.refresh()
