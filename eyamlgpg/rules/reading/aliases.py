"""What aliases hand on: `passwords: *people` and `<<: *common` bring values to names that they do not stand under."""

from collections.abc import Iterator
from itertools import islice

from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.structure import MERGE_KEY, Alias, Collection, Mapping, Node, Scalar, Sequence, Structure

MOST_OF_ONE = 2_000
"""Nodes below one alias that are looked at, and of one file `MOST`: aliases of aliases make billions of a few lines."""
MOST = 20_000
DEEPEST = 100


def handed_on(structure: Structure) -> Iterator[tuple[Alias, KeyPath, Scalar]]:
    """Each alias with the scalars that it stands for, and under which path; no more of them than the bounds allow."""
    left = MOST
    for alias in _aliases(structure):
        spent = 0
        for path, scalar in _below(structure, alias, min(left, MOST_OF_ONE)):
            spent += 1
            if scalar is not None:
                yield alias, path, scalar
        left = max(left - spent, 1)  # what an alias stands for itself is always looked at


def without_merges(path: KeyPath) -> KeyPath:
    """The path under which an entry counts: `passwords.<<.alice` and `passwords.<<.0.alice` are `passwords.alice`."""
    if MERGE_KEY not in path.segments:
        return path
    kept: list[str | int] = []
    is_merge = False
    for segment in path.segments:
        if segment != MERGE_KEY and not (is_merge and isinstance(segment, int)):
            kept.append(segment)
        is_merge = segment == MERGE_KEY
    return KeyPath(tuple(kept))


def entries(structure: Structure, node: Node) -> Iterator[tuple[Scalar, Node]]:
    """The entries of a mapping, or of the one that an alias stands for, with those that it merges; none of others."""
    waiting, seen = [node], 0
    while waiting and seen < MOST_OF_ONE:
        target = structure.target(waiting.pop())
        seen += 1
        for key, value in target.entries if isinstance(target, Mapping) else ():
            if isinstance(key, Scalar) and key.value != MERGE_KEY:
                yield key, value
            elif isinstance(key, Scalar):
                merged = structure.target(value)
                waiting.extend(merged.nodes if isinstance(merged, Sequence) else (value,))


def _aliases(structure: Structure) -> Iterator[Alias]:
    waiting: list[Node] = [document.root for document in reversed(structure.documents)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Collection):
            waiting.extend(reversed(node.nodes))
        elif isinstance(node, Alias) and node.path is not None:
            yield node


def _below(structure: Structure, alias: Alias, most: int) -> Iterator[tuple[KeyPath, Scalar | None]]:
    """The nodes that an alias stands for, each with its path; None in the place of a node that is no scalar.

    A collection is entered once: a second alias of it says nothing new, and has an entry of its own where it stands.
    """
    assert alias.path is not None  # noqa: S101 - its only caller asked
    waiting: list[tuple[KeyPath, Node]] = [(alias.path, alias)]
    entered: set[int] = set()
    while waiting and most > 0:
        path, node = waiting.pop()
        most -= 1
        target = structure.target(node)
        if isinstance(target, Scalar):
            yield without_merges(path), target
            continue
        yield path, None
        if len(path.segments) < DEEPEST and target.node_start not in entered:
            entered.add(target.node_start)
            waiting.extend(reversed([*islice(_entries(path, target), most)]))


def _entries(path: KeyPath, node: Collection) -> Iterator[tuple[KeyPath, Node]]:
    if isinstance(node, Mapping):
        for key, value in node.entries:
            if isinstance(key, Scalar):
                yield path.child(key.value), value
    else:
        yield from ((path.child(number), item) for number, item in enumerate(node.nodes))
