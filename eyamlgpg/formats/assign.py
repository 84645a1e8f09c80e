"""Reading and setting the one value at a Hiera key path, by edits of the text; every other character stays.

`read` sees what Puppet sees: the first document, of a key that stands twice the last, aliases followed, and merge keys
as Ruby's YAML takes them, where `<<` overrides the keys before it and is overridden by those after it.

`assign` puts one token there. An existing token keeps its layout where Puppet can read it so (it takes ciphertext over
several lines of a `|` block for plain text, and hands it out). Everything else becomes one line, or a `>` block where
the line would be longer than 4 kB and a block can stand: not between braces, not before a comment (`> # …`) and not
with CRLF, since the gems' command line takes neither for a block.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from eyamlgpg.errors import FormatError, KeyPathError
from eyamlgpg.formats.key_path import KeyPath
from eyamlgpg.formats.locate import (
    BYTE_ORDER_MARK,
    MERGE_KEY,
    Alias,
    Mapping,
    Node,
    NotYaml,
    Scalar,
    Sequence,
    Structure,
    Target,
    locate,
)
from eyamlgpg.formats.splice import Edit, differs_only_inside, splice
from eyamlgpg.formats.tokens import Token, find, find_wider, render, render_block

LONGEST_LINE = 4096
"""Characters of a token that still go on one line."""

STEP = 2
"""Spaces by which a level is indented where no neighbour shows another number."""

HARMLESS_TAGS = (None, "!", "tag:yaml.org,2002:str")
"""With any other, Ruby would make something else than a string of the token."""

NULLS = ("", "~", "null", "Null", "NULL")
BLOCK_STYLES = ("|", ">")

_NEXT_INDENT = re.compile(r"(?:[ \t\r]*\n)++( *+)\S")
_PLAIN_KEY = re.compile(r"[^\W\d](?:[\w./-]|:(?!\Z))*+")
_PLAIN_FLOW_KEY = re.compile(r"[^\W\d][\w./-]*+")
_NOT_A_STRING = frozenset({"y", "yes", "n", "no", "true", "false", "on", "off", "null"})


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


def read(text: str, path: KeyPath) -> Scalar:
    """The scalar that Puppet finds at a path; KeyPathError where there is none, FormatError where this is no YAML."""
    structure = _structure(text)
    node: Node | None = structure.documents[0].root if structure.documents else None
    for depth in range(len(path.segments)):
        holder = structure.target(node) if node else None
        found = _step(structure, holder, path, depth)
        if found is None:
            raise _no_such_key(structure, holder, path, depth)
        node = found.value
    target = structure.target(node) if node else None
    if not isinstance(target, Scalar):
        raise _no_single_value(target, path)
    return target


def assign(text: str, path: KeyPath, message: bytes) -> Assignment:
    """Plan to put one OpenPGP message at a path; a missing key is made at the end of its mapping, missing parents too.

    KeyPathError where that cannot be: at an alias, a mapping or a sequence, below a single value, through a merge key,
    outside of a sequence. FormatError where the text is no YAML. Whether it can be done does not depend on the
    message, so it can be asked before there is one.
    """
    edits, changed = _Plan(text, _structure(text), path, message).made()
    edits = [edit for edit in edits if edit.start < edit.end or edit.replacement]
    return Assignment(path, message, tuple(edits), splice(text, edits), changed)


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
        or not _same_elsewhere(before, after, assignment.changed, len(text))
        or not _holds_the_message(assignment)
    ):
        raise FormatError(
            f"{assignment.path}: the value cannot be put there without a change to something else",
            "write a placeholder there by hand, such as `key: x` on a line of its own, and set it again",
        )


def _structure(text: str) -> Structure:
    structure = locate(text)
    if isinstance(structure, NotYaml):
        raise FormatError(f"line {structure.line}: the file cannot be read as YAML: {structure.reason}")
    return structure


@dataclass(frozen=True, slots=True)
class _Found:
    value: Node
    is_merged: bool = False


def _step(structure: Structure, holder: Target | None, path: KeyPath, depth: int) -> _Found | None:
    """What the segment leads to; None for a key that a mapping, an empty value or an empty file does not have."""
    segment = path.segments[depth]
    match holder:
        case Mapping():
            return _entry(structure, holder, str(segment))
        case Sequence():
            return _Found(_item(holder, path, depth))
        case Scalar() if not _is_null(holder):
            what = _upto(path, depth) or "the document"
            raise KeyPathError(f"{_upto(path, depth + 1)}: there is no such key, since {what} holds a single value")
    return None


def _entry(structure: Structure, mapping: Mapping, name: str) -> _Found | None:
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
        elif _is_key(structure, key, name):
            return _Found(value, is_merged)
    return None


def _merged(structure: Structure, key: Node, value: Node) -> list[Mapping]:
    """The mappings that a `<<` brings in, the strongest first; none for any other key."""
    if not _is_key(structure, key, MERGE_KEY):
        return []
    target = structure.target(value)
    sources = target.nodes if isinstance(target, Sequence) else (target,)
    return [source for source in map(structure.target, sources) if isinstance(source, Mapping)]


def _is_key(structure: Structure, key: Node, name: str) -> bool:
    target = structure.target(key)
    return isinstance(target, Scalar) and target.value == name


def _item(sequence: Sequence, path: KeyPath, depth: int) -> Node:
    segment, count = path.segments[depth], len(sequence.nodes)
    if isinstance(segment, int) and segment < count:
        return sequence.nodes[segment]
    items = f"items 0 to {count - 1}" if count else "no items"
    raise KeyPathError(
        f"{_upto(path, depth + 1)}: there is no such item, {_upto(path, depth) or 'the document'} has {items}"
    )


def _is_null(node: Scalar) -> bool:
    return not node.style and node.tag is None and node.value in NULLS


def _upto(path: KeyPath, depth: int) -> str:
    return str(KeyPath(path.segments[:depth]))


def _no_such_key(structure: Structure, holder: Target | None, path: KeyPath, depth: int) -> KeyPathError:
    keys = holder.nodes[::2] if isinstance(holder, Mapping) else ()
    names = [target.value for target in map(structure.target, keys) if isinstance(target, Scalar)]
    within, rest = KeyPath(path.segments[:depth]), path.segments[depth:]
    dotted = ".".join(map(str, rest))
    close = [dotted] if dotted in names else get_close_matches(str(rest[0]), names, 3)
    hints = [f"did you mean {', '.join(str(within.child(name)) for name in close)}?"] if close else []
    return KeyPathError(f"{_upto(path, depth + 1)}: there is no such key", *hints)


def _no_single_value(target: Target | None, path: KeyPath) -> KeyPathError:
    what = "sequence" if isinstance(target, Sequence) else "mapping"
    return KeyPathError(f"{path}: holds a {what}, not a single value", "name one key or item inside it")


@dataclass(frozen=True, slots=True)
class _Plan:
    """How one message gets to one path of one text."""

    text: str
    structure: Structure
    path: KeyPath
    message: bytes

    def made(self) -> tuple[list[Edit], KeyPath]:
        """The edits, and the topmost path that they change."""
        parent: Mapping | Sequence | None = None
        node, here = self._root, KeyPath()
        for depth, segment in enumerate(self.path.segments):
            holder = self._own(node, depth)
            found = _step(self.structure, holder, self.path, depth)
            if found is None or (found.is_merged and self._may_override(holder, depth)):
                return self._created(holder, parent, depth, here)
            parent = holder if isinstance(holder, Mapping | Sequence) else None
            here = here.child(segment if isinstance(holder, Sequence) else str(segment))
            node = found.value
        target = self._own(node, len(self.path.segments))
        if not isinstance(target, Scalar):
            raise _no_single_value(target, self.path)
        return self._replaced(target, parent), here

    def _own(self, node: Node | None, depth: int) -> Target | None:
        if isinstance(node, Alias):
            raise KeyPathError(
                f"{_upto(self.path, depth)}: is the alias *{node.name}, whose value stands on line "
                f"{self.structure.target(node).line}",
                "set the value there, for all that use it, or write a value in place of the alias by hand",
            )
        return node

    def _may_override(self, holder: Target | None, depth: int) -> bool:
        """Whether a new key behind the `<<` does it; a new parent would hide what else the old one holds."""
        keys = holder.nodes[::2] if isinstance(holder, Mapping) else ()
        name = str(self.path.segments[depth])
        if depth + 1 == len(self.path.segments) and not any(_is_key(self.structure, key, name) for key in keys):
            return True
        raise KeyPathError(
            f"{_upto(self.path, depth + 1)}: comes through the merge key <<",
            "set it where it is defined, or write the key below the << by hand",
        )

    def _replaced(self, scalar: Scalar, parent: Mapping | Sequence | None) -> list[Edit]:
        if scalar.tag not in HARMLESS_TAGS:
            raise KeyPathError(
                f"{self.path}: its value has the tag {scalar.tag}, with which Ruby makes something else of a string",
                "take the tag away by hand",
            )
        kept = self._kept(scalar)
        if kept is not None:
            start, end = scalar.start + kept.start, scalar.start + kept.end
            return [Edit(start, end, render(self.message, layout=kept.layout))]
        is_block = scalar.style in BLOCK_STYLES
        first_end, last_end = self._line_end(scalar.start), self._line_end(scalar.end)
        header = self.text[scalar.start : first_end].split() if is_block else []
        comment = header[1:] if is_block else self.text[scalar.end : last_end].split()
        written = self._value(None if scalar.in_flow or comment else self._column(parent), last_end)
        pad = " " if scalar.start == scalar.end and not self.text[scalar.start - 1].isspace() else ""
        if written.startswith(">"):
            return [Edit(scalar.start, last_end, pad + written)]
        if is_block:
            return [Edit(scalar.start, scalar.start + len(header[0]), written), Edit(first_end, last_end, "")]
        quote = scalar.style or ('"' if scalar.in_flow else "")
        return [Edit(scalar.start, scalar.end, f"{pad}{quote}{written}{quote}")]

    def _kept(self, scalar: Scalar) -> Token | None:
        """The token that is all of a scalar, if Puppet reads it as one; its offsets count from the scalar's start."""
        value = scalar.value.removesuffix("\n")
        read, written = _tokens(value), _tokens(self.text[scalar.start : scalar.end])
        if len(read) == len(written) == 1 and "\n" not in value and read[0].end - read[0].start == len(value):
            return written[0] if read[0].payload == written[0].payload else None
        return None

    def _created(
        self, holder: Target | None, parent: Mapping | Sequence | None, depth: int, here: KeyPath
    ) -> tuple[list[Edit], KeyPath]:
        """A key, with the parents that are missing, in a mapping, an empty value or a file without any document."""
        names = self._names(depth)
        if holder is None:
            return [self._lines_at(len(self.text), names, 0, STEP)], here
        if isinstance(holder, Mapping) and holder.nodes:
            return [self._appended(holder, names)], here.child(names[0])
        return self._filled(holder, parent, names), here

    def _names(self, depth: int) -> list[str]:
        names = [segment for segment in self.path.segments[depth:] if isinstance(segment, str)]
        if len(names) + depth < len(self.path.segments):
            raise KeyPathError(
                f"{self.path}: there is no such item, and sequences are not made or made longer",
                "a key that is a number stands in quotes: ports.'8080'",
            )
        return names

    def _appended(self, mapping: Mapping, names: list[str]) -> Edit:
        last: Node = mapping.nodes[-1]
        if mapping.is_flow:
            # `{a:, b: 1}` is no YAML for the older parser.
            comma = " , " if last.start == last.end else ", "
            return Edit(last.end, last.end, comma + self._in_braces(names))
        while isinstance(last, Mapping | Sequence) and not last.is_flow:
            last = last.nodes[-1]
        is_kept = (
            isinstance(last, Scalar) and last.style in BLOCK_STYLES and "+" in self.text[last.start : last.start + 3]
        )
        end = last.reach if isinstance(last, Scalar) and is_kept else last.end
        return self._lines_at(end, names, self._own_column(mapping) or 0, self._step_of(mapping))

    def _filled(self, empty: Target, parent: Mapping | Sequence | None, names: list[str]) -> list[Edit]:
        """In place of a null or an empty mapping."""
        column, step = 0 if parent is None else self._column(parent), self._step_of(parent)
        written = self.text[empty.start : empty.end]
        if column is None or (isinstance(empty, Mapping) and written.strip("{} \t\r\n")):
            inside = self._in_braces(names)
            if isinstance(empty, Mapping):
                return [Edit(empty.start + 1, empty.start + 1, inside)]
            pad = " " if not written and not self.text[empty.start - 1].isspace() else ""
            return [Edit(empty.start, empty.end, f"{pad}{{{inside}}}")]
        line_start, line_end = self._line_start(empty.start), self._line_end(empty.end)
        before, is_last = self.text[line_start : empty.start], not self.text[empty.end : line_end].strip()
        if written and is_last and not before.strip():
            lines = self._lines(names, len(before), step, line_end)
            return [Edit(empty.start, empty.end, lines.lstrip(" "))]
        start = line_start + len(before.rstrip()) if is_last else empty.start
        end = self.structure.documents[0].end if parent is None else line_end
        return [Edit(start, empty.end, ""), self._lines_at(max(end, empty.end), names, column, step)]

    def _lines_at(self, place: int, names: list[str], column: int, step: int) -> Edit:
        """The lines below the line of a place or, where that is the start of a line, above it."""
        head = self.text[:place].removeprefix(BYTE_ORDER_MARK)
        if not head or head.endswith("\n"):
            return Edit(place, place, self._lines(names, column, step, max(place - 1, 0)) + self._newline)
        end = self._line_end(place)
        return Edit(end, end, self._newline + self._lines(names, column, step, end))

    def _lines(self, names: list[str], column: int, step: int, line_end: int) -> str:
        """The keys one below the other from a column on, the last one with the value; they follow a line's end."""
        lines = []
        for name in names[:-1]:
            lines.append(f"{' ' * column}{_key(name, _PLAIN_KEY)}:")
            column += step
        last = f"{' ' * column}{_key(names[-1], _PLAIN_KEY)}: {self._value(column + step, line_end)}"
        return self._newline.join([*lines, last])

    def _in_braces(self, names: list[str]) -> str:
        *parents, last = (_key(name, _PLAIN_FLOW_KEY) for name in names)
        return "".join(f"{name}: {{" for name in parents) + f'{last}: "{self._value(None, 0)}"' + "}" * len(parents)

    def _value(self, column: int | None, line_end: int) -> str:
        """The token on one line; a block, indented to the column, where it is too long and a block may stand.

        A comment below that is indented as far as the block would become part of it.
        """
        line = render(self.message, layout=None)
        if len(line) <= LONGEST_LINE or column is None or self._newline != "\n":
            return line
        below = _NEXT_INDENT.match(self.text, line_end)
        return line if below and len(below.group(1)) >= column else render_block(self.message, indent=" " * column)

    def _column(self, parent: Mapping | Sequence | None) -> int | None:
        """Where what stands inside a block mapping or sequence is indented to; None between braces or if unknown."""
        own = None if parent is None else self._own_column(parent)
        return None if parent is None or own is None else own + self._step_of(parent)

    @property
    def _root(self) -> Node | None:
        return self.structure.documents[0].root if self.structure.documents else None

    def _step_of(self, collection: Mapping | Sequence | None) -> int:
        """By how much a level is indented, as the other values of the mapping show it, or those at the top."""
        mappings = [node for node in (collection, self._root) if isinstance(node, Mapping)]
        return next((step for mapping in mappings for step in self._steps(mapping)), STEP)

    def _steps(self, mapping: Mapping) -> Iterator[int]:
        own = self._own_column(mapping)
        for node in mapping.nodes[1::2]:
            column = self._own_column(node) if isinstance(node, Mapping) else None
            if own is not None and column is not None and column > own:
                yield column - own

    def _own_column(self, collection: Mapping | Sequence) -> int | None:
        """The column of a block mapping's keys, or of a sequence's dashes; None between braces or if unknown."""
        if collection.is_flow:
            return None
        first = collection.nodes[0].node_start
        before = self.text[self._line_start(first) : first]
        indicator = "?" if isinstance(collection, Mapping) else "-"
        if before.rstrip().endswith(indicator):
            return len(before.rstrip()) - 1
        return len(before) if isinstance(collection, Mapping) else None

    def _line_start(self, place: int) -> int:
        start = self.text.rfind("\n", 0, place) + 1
        return start or len(BYTE_ORDER_MARK) * self.text.startswith(BYTE_ORDER_MARK)

    def _line_end(self, place: int) -> int:
        """Where the line break starts that ends the line of a place, or the text ends."""
        end = self.text.find("\n", place)
        if end < 0:
            return len(self.text)
        return end - 1 if end > place and self.text[end - 1] == "\r" else end

    @property
    def _newline(self) -> str:
        first = self.text.find("\n")
        return "\r\n" if first > 0 and self.text[first - 1] == "\r" else "\n"


def _key(name: str, plain: re.Pattern[str]) -> str:
    """A key as YAML text; in quotes where a plain one could be read as anything but this string."""
    if plain.fullmatch(name) and name.casefold() not in _NOT_A_STRING:
        return name
    if name.isprintable():
        return "'" + name.replace("'", "''") + "'"
    escaped = (
        character if character.isprintable() and character not in '"\\' else f"\\U{ord(character):08x}"
        for character in name
    )
    return '"' + "".join(escaped) + '"'


def _tokens(text: str) -> list[Token]:
    return [*find(text), *find_wider(text)]


def _holds_the_message(assignment: Assignment) -> bool:
    try:
        scalar = read(assignment.text, assignment.path)
    except KeyPathError:
        return False
    value = scalar.value.removesuffix("\n")
    read_tokens, written = _tokens(value), _tokens(assignment.text[scalar.start : scalar.end])
    return (
        len(read_tokens) == len(written) == 1
        and "\n" not in value
        and read_tokens[0].end - read_tokens[0].start == len(value)
        and read_tokens[0].is_gpg
        and read_tokens[0].message() == written[0].message() == assignment.message
    )


def _same_elsewhere(before: Structure, after: Structure, changed: KeyPath, length: int) -> bool:
    old, new = list(_elsewhere(before, changed)), list(_elsewhere(after, changed))
    return len(old) == len(new) and all(
        _traits(was) == _traits(now) or _gained_its_line_end(was, now, length)
        for was, now in zip(old, new, strict=True)
    )


def _elsewhere(structure: Structure, changed: KeyPath) -> Iterator[Node]:
    """Every node but those of the first document at and below a path."""
    stack: list[Node] = [document.root for document in reversed(structure.documents)]
    while stack:
        node = stack.pop()
        if node.document or node.path is None or not node.path.is_within(changed):
            yield node
        if isinstance(node, Mapping | Sequence):
            stack += reversed(node.nodes)


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
