"""What `hiera` reads of this machine: data folders outside of the tree, masters' homes, lists, and the keys at hand."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from eyamlgpg.cli.world import World
from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.host import readable
from eyamlgpg.model.hiera_check import HomeLook
from eyamlgpg.model.keys import Fingerprint, Key
from eyamlgpg.operations.audit.known_keys import repository_keys
from eyamlgpg.operations.puppet.masters import AllKeys
from eyamlgpg.operations.tree_ports import Tree

_FEWEST = 3
"""Parts of the path of a folder outside of the tree that is looked into: `/etc` with all that is in it is none."""


class DiskElsewhere:
    """`operations.puppet.ports.Elsewhere`."""

    def __init__(self, world: World) -> None:
        self._world = world

    def below(self, folder: Path) -> list[Path]:
        """Its files; none of what is not there or closed."""
        if len(folder.parts) < _FEWEST:
            return []
        try:
            below = self._world.trees.below(folder)
        except EyamlgpgError:
            return []
        return [] if below is None else [folder / place for place, _ in below.files]

    def read(self, path: Path) -> bytes:
        """All of a file."""
        return self._world.files.read(path)


class DiskHomes:
    """`operations.puppet.ports.MasterHomes`."""

    def __init__(self, user: str, environ: Mapping[str, str]) -> None:
        self._user = user
        self._environ = environ

    def look(self, home: Path) -> HomeLook:
        """The folder, whether the user can read it, and its keys."""
        try:
            if not home.is_dir():
                return HomeLook(home, exists=False)
            account = readable.account(self._user)
            closed = None if account is None else readable.unreadable_by(home, account)
        except OSError as error:
            return HomeLook(home, exists=True, closed=f"{error.filename}: {error.strerror}")
        look = HomeLook(
            home,
            exists=True,
            unreadable=None if closed is None else closed.reason,
            mend=None if closed is None else closed.command,
            user_is_known=account is not None,
        )
        # It imports what speaks with agents, and most runs find no home.
        from eyamlgpg.gpg.master_home import secret_parts

        try:
            next(iter((home / "private-keys-v1.d").iterdir()), None)
            keys, kept = secret_parts(home, self._environ)
        except FileNotFoundError:
            return look
        except OSError as error:
            return replace(look, closed=f"{error.filename}: {error.strerror}")
        except EyamlgpgError as error:
            return replace(look, closed=error.sentence)
        return replace(look, keys=keys, protections=kept)

    def is_missing(self, path: Path) -> bool:
        """Whether there is no such file."""
        try:
            path.stat()
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return False


class WorldLists:
    """`operations.puppet.ports.ListedReaders` by the lists of the tree."""

    def __init__(self, world: World) -> None:
        self._world = world

    def names(self, folder: Path, fingerprint: Fingerprint) -> bool:
        """Whether the list of a folder names the key, by its name or by the fingerprint itself."""
        try:
            governed = self._world.list_governance.of(folder)
        except EyamlgpgError:
            return False
        return any(fingerprint in (one.recipient.name.upper(), *_fingerprint(one)) for one in governed.resolutions)


def _fingerprint(resolution: object) -> tuple[Fingerprint, ...]:
    key = getattr(resolution, "key", None)
    return (key.fingerprint,) if isinstance(key, Key) else ()


def keys_at_hand(world: World, tree: Tree) -> AllKeys:
    """The keys of the keyring, then those that the tree keeps; a keyring that cannot be used is told, and left out."""
    keys: list[Key] = []
    try:
        keys += world.keyring.keys()
    except EyamlgpgError as error:
        world.messages.warn(f"the keyring is left out: {error.sentence}")
    return AllKeys([*keys, *repository_keys(tree)])
