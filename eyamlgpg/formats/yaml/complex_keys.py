"""Scalars in and under keys that are mappings or sequences: `? [db, password]`, `? {password: x}`.

They have no key path, since no Hiera key leads to them, but words stand there that tell what they are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from eyamlgpg.formats.yaml import structure as nodes
from eyamlgpg.formats.yaml.structure import Alias, Collection, Node, Scalar, Sequence, Structure

ROOT = "?"
"""Stands for the keys above the key that is a mapping or sequence."""

MOST_WORDS = 20
"""Words that are taken from one such key."""


@dataclass(frozen=True, slots=True)
class Pathless:
    """What is known of a scalar without a key path."""

    is_in_key: bool
    """Whether it stands inside the key itself, where Puppet decrypts nothing."""
    segments: tuple[str | int, ...] = (ROOT,)
    """In place of its path: the last word of the key that has none, and what leads on from there."""
    words: tuple[str, ...] = ()
    """The other words of the innermost such key above."""

    def child(self, segment: str | int) -> "Pathless":
        """One level further in."""
        return Pathless(self.is_in_key, (*self.segments, segment), self.words)


def pathless(structure: Structure) -> Mapping[int, Pathless]:
    """Each scalar without a path that is no key, by where it starts; nothing is walked where every scalar has one."""
    if all(scalar.path is not None for scalar in structure.scalars):
        return {}
    found: dict[int, Pathless] = {}
    waiting: list[tuple[Node, Pathless | None]] = [(document.root, None) for document in structure.documents]
    while waiting:
        node, known = waiting.pop()
        match node:
            case Scalar() if known is not None:
                found[node.start] = known
            case nodes.Mapping():
                for key, value in node.entries:
                    if isinstance(key, Collection):
                        waiting.append((key, Pathless(is_in_key=True)))
                    waiting.append((value, _under(key, known, structure)))
            case Sequence():
                waiting += [(item, known and known.child(place)) for place, item in enumerate(node.nodes)]
    return found


def _under(key: Node, known: Pathless | None, structure: Structure) -> Pathless | None:
    """What is known of the value of a key."""
    target = structure.target(key)
    if isinstance(target, Scalar):
        return known and known.child(target.value)
    *others, last = [*_words(target, structure)] or [""]
    above = known or Pathless(is_in_key=False)
    return Pathless(above.is_in_key, (*above.segments, last), tuple(others))


def _words(node: Node, structure: Structure) -> Iterator[str]:
    """The first scalars of a node that are items or values, in order.

    Of aliases those to scalars alone, so that no circle is walked.
    """
    waiting, left = [node], MOST_WORDS
    while waiting and left:
        one = waiting.pop()
        target = structure.target(one)
        if isinstance(target, Scalar):
            left -= 1
            yield target.value
        elif not isinstance(one, Alias):
            parts = target.nodes[1::2] if isinstance(target, nodes.Mapping) else target.nodes
            waiting += reversed(parts[:MOST_WORDS])
