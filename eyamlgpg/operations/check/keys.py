"""The keys of the repository as a check reads them: from the same tree as everything else, the index included."""

from dataclasses import dataclass

from eyamlgpg.errors import GnupgError, raise_all
from eyamlgpg.operations.tree.stored_keys import KEYS, read_all
from eyamlgpg.operations.tree_ports import Tree


@dataclass(frozen=True, slots=True)
class RepositoryKeys:
    """The public keys of a tree, armored or binary, and what was passed over among them."""

    contents: tuple[bytes, ...]
    warnings: tuple[str, ...]


def repository_keys(tree: Tree) -> RepositoryKeys:
    """Every key of `.eyamlgpg/keys`; raises what is wrong with any of them, or GnupgError where there is none."""
    stored = read_all(tree)
    raise_all(stored.errors)
    if not stored.by_fingerprint:
        raise GnupgError(
            f"--keyring repo: there is no key in {KEYS}",
            "put the recipients' keys there: eyamlgpg keys export ID...",
        )
    return RepositoryKeys(tuple(key.content for key in stored.by_fingerprint.values()), stored.warnings)
