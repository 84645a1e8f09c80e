"""The single value that stands at a key path itself, so that it can be changed there and nowhere else."""

from collections.abc import Iterator
from dataclasses import dataclass

from eyamlgpg.errors import KeyPathError
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.lookup import NULLS, follow, no_single_value, no_such_key, upto
from eyamlgpg.formats.yaml.structure import Alias, Mapping, Node, Scalar, Sequence, Structure, Target

MOST_NAMED = 10
"""Values below a mapping that a hint names."""


@dataclass(frozen=True, slots=True)
class Follower:
    """An alias that holds what a scalar holds."""

    alias: Alias
    is_key: bool
    """True if the alias stands in the place of a key."""


def own_scalar(structure: Structure, path: KeyPath) -> Scalar:
    """The scalar at a path, reached without an alias and without a merge key.

    KeyPathError for an alias, with the place that it stands for; for a mapping or sequence, with the values below it;
    for a value that is empty; and where there is no such key, with the nearest names.
    """
    node = structure.root
    for depth in range(len(path.segments)):
        holder = _no_alias(structure, node, path, depth)
        found = follow(structure, holder, path, depth)
        if found is None:
            raise no_such_key(structure, holder, path, depth)
        if found.is_merged:
            raise KeyPathError(
                f"{upto(path, depth + 1)}: comes through the merge key <<",
                f"name the key where it is defined{_where(structure.target(found.value))}",
            )
        node = found.value
    target = _no_alias(structure, node, path, len(path.segments))
    if not isinstance(target, Scalar):
        raise _no_scalar(structure, target, path)
    if not target.style and target.tag is None and target.value in NULLS:
        raise KeyPathError(f"{path}: is empty, so nothing stands there to encrypt", f"set a value: set FILE {path} -p")
    return target


def below(structure: Structure, target: Target) -> Iterator[Scalar]:
    """The values at and below a node, aliases and merge keys followed; each once."""
    visited: set[int] = set()
    stack: list[Node] = [target]
    while stack:
        node = structure.target(stack.pop())
        if node.node_start in visited:
            continue
        visited.add(node.node_start)
        match node:
            case Scalar():
                yield node
            case Mapping():
                stack += reversed(node.nodes[1::2])
            case Sequence():
                stack += reversed(node.nodes)


def followers_of(structure: Structure, scalar: Scalar) -> Iterator[Follower]:
    """Every alias that leads to a scalar: aliases of the scalar itself, and of the collections around it."""
    if not structure.anchored:
        return
    stack: list[tuple[Node, bool]] = [(document.root, False) for document in structure.documents]
    while stack:
        node, is_key = stack.pop()
        if isinstance(node, Alias):
            target = structure.target(node)
            if target.node_start <= scalar.start and scalar.end <= target.end:
                yield Follower(node, is_key)
        elif isinstance(node, Mapping):
            stack += ((key, True) for key in node.nodes[::2])
            stack += ((value, False) for value in node.nodes[1::2])
        elif isinstance(node, Sequence):
            stack += ((item, False) for item in node.nodes)


def repeated_key(structure: Structure, path: KeyPath) -> Scalar | None:
    """The key that repeats a key on the way to a path, or the last one of it; None where each stands once."""
    for key in structure.duplicates:
        if not key.document and key.path and key.path.segments == path.segments[: len(key.path.segments)]:
            return key
    return None


def _no_alias(structure: Structure, node: Node | None, path: KeyPath, depth: int) -> Target | None:
    if isinstance(node, Alias):
        target = structure.target(node)
        raise KeyPathError(
            f"{upto(path, depth)}: is the alias *{node.name}, whose value stands on line {target.line}",
            f"name the key where it stands{_where(target)}; all that use it follow",
        )
    return node


def _where(target: Target) -> str:
    return f": {target.path}" if target.path is not None and target.path.segments else ""


def _no_scalar(structure: Structure, target: Target | None, path: KeyPath) -> KeyPathError:
    error = no_single_value(target, path)
    names = [] if target is None else [str(one.path) for one in below(structure, target) if one.path is not None]
    if not names:
        return error
    more = len(names) - MOST_NAMED
    listed = ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
    return KeyPathError(error.sentence, f"name single values; below it are {listed}")
