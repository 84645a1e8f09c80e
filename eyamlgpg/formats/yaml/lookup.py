"""Looking up the one value at a Hiera key path, as Puppet does.

That is in the first document; of a key that stands twice the last counts, aliases are followed, and merge keys are
taken as Ruby's YAML takes them, where `<<` overrides the keys before it and is overridden by those after it.
"""

from dataclasses import dataclass

from eyamlgpg.errors import FormatError, KeyPathError
from eyamlgpg.formats.eyaml.tokens import Token, find, find_wider
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.structure import MERGE_KEY, Mapping, Node, NotYaml, Scalar, Sequence, Structure, Target

NULLS = ("", "~", "null", "Null", "NULL")


def read(text: str, path: KeyPath) -> Scalar:
    """The scalar that Puppet finds at a path; KeyPathError where there is none, FormatError where this is no YAML."""
    return scalar_at(structure_of(text), path)


def scalar_at(structure: Structure, path: KeyPath) -> Scalar:
    """The same in a structure; KeyPathError where there is none."""
    target = target_at(structure, path)
    if not isinstance(target, Scalar):
        raise no_single_value(target, path)
    return target


def target_at(structure: Structure, path: KeyPath) -> Target | None:
    """What Puppet finds at a path, be it a mapping; None in a file of comments only, KeyPathError for no such key."""
    node = structure.root
    for depth in range(len(path.segments)):
        holder = structure.target(node) if node else None
        found = follow(structure, holder, path, depth)
        if found is None:
            raise no_such_key(structure, holder, path, depth)
        node = found.value
    return structure.target(node) if node else None


def whole_token(text: str, scalar: Scalar) -> tuple[Token, Token] | None:
    """The one token that is all of a scalar, as Puppet reads it and as it is written; None where there is none.

    The offsets of the first count from the start of the value, those of the second from the scalar's.
    """
    value = scalar.value.removesuffix("\n")
    read_tokens, written = _tokens(value), _tokens(text[scalar.start : scalar.end])
    if not len(read_tokens) == len(written) == 1 or "\n" in value:
        return None
    token = read_tokens[0]
    return (token, written[0]) if token.end - token.start == len(value) else None


def structure_of(text: str) -> Structure:
    """The structure of a text, or FormatError with the line where it is no YAML."""
    structure = locate(text)
    if isinstance(structure, NotYaml):
        raise FormatError(f"line {structure.line}: the file cannot be read as YAML: {structure.reason}")
    return structure


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A value, and whether it is there only through a merge key."""

    value: Node
    is_merged: bool = False


def follow(structure: Structure, holder: Target | None, path: KeyPath, depth: int) -> LookedUp | None:
    """What the segment of a path at a depth leads to from its holder, the node that the segments before it lead to.

    None for a key that a mapping, an empty value or an empty file does not have; KeyPathError for an item that a
    sequence does not have, and below a single value.
    """
    segment = path.segments[depth]
    match holder:
        case Mapping():
            return _entry(structure, holder, str(segment))
        case Sequence():
            return LookedUp(_item(holder, path, depth))
        case Scalar() if not _is_null(holder):
            what = upto(path, depth) or "the document"
            raise KeyPathError(f"{upto(path, depth + 1)}: there is no such key, since {what} holds a single value")
    return None


def _entry(structure: Structure, mapping: Mapping, name: str) -> LookedUp | None:
    """The value of a key, or what the merge keys give for it; psych's order (ToRuby#revive_hash): the last one wins."""
    visited: set[int] = set()
    stack: list[Mapping | tuple[Node, Node, bool]] = [mapping]
    while stack:
        top = stack.pop()
        if isinstance(top, Mapping):
            # An alias bomb of merge keys names the same mappings again and again.
            if id(top) not in visited:
                visited.add(id(top))
                stack += [(key, value, top is not mapping) for key, value in top.entries]
            continue
        key, value, is_merged = top
        sources = _merged(structure, key, value)
        if sources:
            stack += reversed(sources)
        elif is_key(structure, key, name):
            return LookedUp(value, is_merged)
    return None


def _merged(structure: Structure, key: Node, value: Node) -> list[Mapping]:
    """The mappings that a `<<` brings in, the strongest first; none for any other key."""
    if not is_key(structure, key, MERGE_KEY):
        return []
    target = structure.target(value)
    sources = target.nodes if isinstance(target, Sequence) else (target,)
    return [source for source in map(structure.target, sources) if isinstance(source, Mapping)]


def is_key(structure: Structure, key: Node, name: str) -> bool:
    """Whether a node is the key of this name, or an alias of it."""
    target = structure.target(key)
    return isinstance(target, Scalar) and target.value == name


def _item(sequence: Sequence, path: KeyPath, depth: int) -> Node:
    segment, count = path.segments[depth], len(sequence.nodes)
    if isinstance(segment, int) and segment < count:
        return sequence.nodes[segment]
    items = f"items 0 to {count - 1}" if count else "no items"
    raise KeyPathError(
        f"{upto(path, depth + 1)}: there is no such item, {upto(path, depth) or 'the document'} has {items}"
    )


def _is_null(node: Scalar) -> bool:
    return not node.style and node.tag is None and node.value in NULLS


def upto(path: KeyPath, depth: int) -> str:
    """The first segments of a path, as messages show them."""
    return str(KeyPath(path.segments[:depth]))


def no_such_key(structure: Structure, holder: Target | None, path: KeyPath, depth: int) -> KeyPathError:
    """The error for a segment that its holder does not have, with the nearest names."""
    keys = holder.nodes[::2] if isinstance(holder, Mapping) else ()
    names = [target.value for target in map(structure.target, keys) if isinstance(target, Scalar)]
    within, rest = KeyPath(path.segments[:depth]), path.segments[depth:]
    # A key that holds dots, or a name of Puppet's that was written with dots.
    whole = [name for name in (".".join(map(str, rest)), "::".join(map(str, rest))) if name in names]
    close = whole or _nearest(str(rest[0]), names)
    hints = [f"did you mean {' or '.join(str(within.child(name)) for name in close)}?"] if close else []
    return KeyPathError(f"{upto(path, depth + 1)}: there is no such key", *hints)


def _nearest(name: str, names: list[str]) -> list[str]:
    """The names that a typo may mean: the nearest one, and those that are as good as equally near."""
    from difflib import SequenceMatcher, get_close_matches

    close = get_close_matches(name, names, 3)
    ratios = [SequenceMatcher(None, one, name).ratio() for one in close]
    return [one for one, ratio in zip(close, ratios, strict=True) if ratio > ratios[0] - 0.05]


def no_single_value(target: Target | None, path: KeyPath) -> KeyPathError:
    """The error for a path at which a mapping or a sequence stands."""
    what = "sequence" if isinstance(target, Sequence) else "mapping"
    return KeyPathError(f"{path}: holds a {what}, not a single value", "name one key or item inside it")


def _tokens(text: str) -> list[Token]:
    return [*find(text), *find_wider(text)]
