"""Setting the one value at a Hiera key path, by edits of the text; every other character stays.

`assign` plans to put one token there, and `verify_assignment` proves the plan before anything is written.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from eyamlgpg.errors import FormatError, KeyPathError
from eyamlgpg.formats.splice import Edit, differs_only_inside, splice
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.lookup import read, scalar_at, structure_of, whole_token
from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.placement import place
from eyamlgpg.formats.yaml.structure import BLOCK_STYLES, Alias, Mapping, Node, NotYaml, Scalar, Sequence, Structure

__all__ = ["Assignment", "assign", "read", "verify_assignment"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """A planned change; nothing is written before `verify_assignment` has passed it."""

    path: KeyPath
    message: bytes = field(repr=False)
    edits: tuple[Edit, ...] = field(repr=False)
    text: str = field(repr=False)
    """The whole text after the change."""
    changed: KeyPath
    """The topmost path that is new or holds something else now: `path`, or the first parent that was missing."""
    scheme: str = field(default="GPG", repr=False)


def assign(text: str, path: KeyPath, message: bytes, scheme: str = "GPG") -> Assignment:
    """Plan to put one message at a path; a missing key is made at the end of its mapping, missing parents too.

    KeyPathError where that cannot be: at an alias, a mapping or a sequence, below a single value, through a merge key,
    outside of a sequence. FormatError where the text is no YAML. Whether it can be done does not depend on the
    message, so it can be asked before there is one.
    """
    edits, changed = place(text, structure_of(text), path, message, scheme)
    edits = [edit for edit in edits if edit.start < edit.end or edit.replacement]
    return Assignment(path, message, tuple(edits), splice(text, edits), changed, scheme)


def verify_assignment(text: str, assignment: Assignment) -> None:
    """Prove a planned change, or raise FormatError.

    The new text differs from `text` in the planned spans only, every other node is as before, and both Puppet and the
    search for tokens find exactly the message at the path. One thing may change: where a block scalar ended the text
    without a line break, a key behind it gives it one.
    """
    before, after = locate(text), locate(assignment.text)
    if (
        isinstance(before, NotYaml)
        or isinstance(after, NotYaml)
        or not differs_only_inside(text, assignment.text, assignment.edits)
        or not same_elsewhere(before, after, {assignment.changed}, len(text))
        or not holds_message(assignment.text, after, assignment.path, assignment.message, assignment.scheme)
    ):
        raise FormatError(
            f"{assignment.path}: the value cannot be put there without a change to something else",
            "write a placeholder there by hand, such as `key: x` on a line of its own, and set it again",
        )


def holds_message(text: str, structure: Structure, path: KeyPath, message: bytes, scheme: str = "GPG") -> bool:
    """Whether both Puppet and the search for tokens find exactly this message at a path."""
    try:
        scalar = scalar_at(structure, path)
    except KeyPathError:
        return False
    tokens = whole_token(text, scalar)
    if tokens is None:
        return False
    as_read, as_written = tokens
    is_of_scheme = as_read.scheme is not None and as_read.scheme.upper() == scheme
    return is_of_scheme and as_read.message() == as_written.message() == message


def same_elsewhere(before: Structure, after: Structure, changed: Collection[KeyPath], length: int) -> bool:
    """Whether every node but those at and below the changed paths is as before, in a text that had this length."""
    old, new = list(_elsewhere(before, changed)), list(_elsewhere(after, changed))
    return len(old) == len(new) and all(
        _traits(was) == _traits(now) or _gained_its_line_end(was, now, length)
        for was, now in zip(old, new, strict=True)
    )


def _elsewhere(structure: Structure, changed: Collection[KeyPath]) -> Iterator[Node]:
    """Every node but those of the first document at and below these paths."""
    stack: list[Node] = [document.root for document in reversed(structure.documents)]
    while stack:
        node = stack.pop()
        if node.document or node.path is None or not _is_within(node.path, changed):
            yield node
        if isinstance(node, Mapping | Sequence):
            stack += reversed(node.nodes)


def _is_within(path: KeyPath, changed: Collection[KeyPath]) -> bool:
    return any(KeyPath(path.segments[:length]) in changed for length in range(len(path.segments) + 1))


def _traits(node: Node) -> tuple[object, ...]:
    named = (node.name,) if isinstance(node, Alias) else (node.anchor, node.tag)
    return type(node), node.document, node.path, *named, *_value_of(node)


def _value_of(node: Node) -> tuple[str, ...]:
    return (node.value, node.style) if isinstance(node, Scalar) else ()


def _gained_its_line_end(was: Node, now: Node, length: int) -> bool:
    """A block scalar up to the end of a text without a last line break has none in its value either."""
    return (
        isinstance(was, Scalar)
        and isinstance(now, Scalar)
        and was.style in BLOCK_STYLES
        and was.reach == length
        and (now.path, now.value) == (was.path, was.value + "\n")
    )
