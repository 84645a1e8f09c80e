"""The keys that a tree keeps, kept or ever held, for naming those that the keyring does not know."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from eyamlgpg.cli.world import World
from eyamlgpg.errors import FileProblem
from eyamlgpg.model.audit import Source
from eyamlgpg.model.keys import Key
from eyamlgpg.operations.audit.known_keys import FORMER, KnownKeys, repository_keys
from eyamlgpg.operations.tree.certificate_keys import keys_in
from eyamlgpg.operations.tree.stored_keys import KEYS
from eyamlgpg.operations.tree_ports import Tree
from eyamlgpg.repo.git import find_repository
from eyamlgpg.repo.past_files import past_contents
from eyamlgpg.trees.working import WorkingTree


def known_keys(tree: Tree, world: World) -> KnownKeys:
    """The keyring's keys, then the tree's own, then the former ones, then all that ever stood there."""
    return KnownKeys((Source.KEYRING, world.keyring.keys), *_stored(tree, world))


def _stored(tree: Tree, world: World) -> tuple[tuple[Source, Callable[[], Iterable[Key]]], ...]:
    return (
        (Source.REPOSITORY, lambda: repository_keys(tree)),
        (Source.FORMER, lambda: repository_keys(tree, FORMER.as_posix())),
        (Source.HISTORY, lambda: _past_keys(tree.root, world)),
    )


def _past_keys(root: Path, world: World) -> Iterator[Key]:
    """What `.eyamlgpg/keys` held in any commit, and holds in the working tree, which need not be committed."""
    git = find_repository(root, world.environ)
    if git is None:
        return
    try:
        yield from (key for content in past_contents(git, KEYS.as_posix()) for key in keys_in(content))
    except FileProblem as error:
        world.messages.warn(f"keys of the past are not known: {error.sentence}")
    tree = WorkingTree(root, git)
    try:
        yield from (key for folder in (KEYS, FORMER) for key in repository_keys(tree, folder.as_posix()))
    finally:
        tree.close()
