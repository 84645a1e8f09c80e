"""The structure of a YAML text, built from the parser's events in one pass.

No alias is expanded, and nothing recurses. Where the content of a node stands is told by `content`.
"""

import re
from dataclasses import dataclass, field

from ruamel.yaml import events

from eyamlgpg.formats.text import Lines
from eyamlgpg.formats.yaml.content import behind_indicator, behind_properties, block_end
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.structure import (
    BLOCK_STYLES,
    MERGE_KEY,
    Alias,
    Document,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Structure,
    Target,
)

MAX_DEPTH = 200
"""Levels of nesting; Hiera data has a handful."""

_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
"""What only an escape can bring into a value, and Puppet's parser refuses: no text holds it, so none could be made."""


TOO_DEEP = f"it nests more than {MAX_DEPTH} levels deep"


class BadDocument(Exception):
    """The events are well-formed, the document is not."""

    def __init__(self, offset: int, reason: str) -> None:
        self.offset = offset
        self.reason = reason


@dataclass(slots=True)
class _Open:
    """A collection whose end is still to come."""

    event: events.CollectionStartEvent
    path: KeyPath | None
    number: int | None
    """Among the anchored nodes."""
    nodes: list[Node] = field(default_factory=list)
    """In a mapping, keys and values by turns."""
    names: set[str] = field(default_factory=set)

    @property
    def expects_key(self) -> bool:
        return isinstance(self.event, events.MappingStartEvent) and len(self.nodes) % 2 == 0


class StructureBuilder:
    """Takes the events of one stream, in order."""

    def __init__(self, text: str, mark: int) -> None:
        """`mark` is the length of the byte order mark that the events leave out."""
        self.text = text
        self.mark = mark
        self.lines = Lines(text)
        self.documents: list[Document] = []
        self.scalars: list[Scalar] = []
        self.duplicates: list[Scalar] = []
        self.anchored: list[Target | None] = []
        self.anchors: dict[str, int] = {}
        self.open: list[_Open] = []
        self.root: Node | None = None
        self.previous_end = mark

    def structure(self) -> Structure:
        """What the events that were taken make."""
        anchored = tuple(node for node in self.anchored if node is not None)
        return Structure(tuple(self.documents), tuple(self.scalars), tuple(self.duplicates), anchored)

    def take(self, event: events.Event) -> None:
        """The next event; raises BadDocument."""
        start, end = event.start_mark.index + self.mark, event.end_mark.index + self.mark
        match event:
            case events.ScalarEvent():
                self._scalar(event, start, end)
            case events.AliasEvent():
                self._alias(event, start, end)
            case events.CollectionStartEvent():
                self._start(event)
            case events.CollectionEndEvent():
                self._finish(end)
            case events.DocumentStartEvent():
                self.anchors = {}
            case events.DocumentEndEvent() if self.root is not None:
                self.documents.append(Document(self.root, start))
                self.root = None
        self.previous_end = end

    def _scalar(self, event: events.ScalarEvent, node_start: int, reach: int) -> None:
        style = event.style or ""
        if not event.value.isascii() and _HALF_A_PAIR.search(event.value):
            raise BadDocument(node_start, "it escapes half a surrogate pair, which no text holds")
        start, end = self._content(event, node_start, reach, style)
        parent = self.open[-1] if self.open else None
        scalar = Scalar(
            node_start=start if event.anchor is None and event.tag is None else node_start,
            start=start,
            end=end,
            reach=reach if style in BLOCK_STYLES else end,
            line=self.lines.line(start),
            path=self._path(event.value),
            document=len(self.documents),
            value=event.value,
            style=style,
            anchor=event.anchor,
            tag=event.tag,
            is_key=parent is not None and parent.expects_key,
            in_flow=parent is not None and bool(parent.event.flow_style),
        )
        self.scalars.append(scalar)
        if parent is not None and scalar.is_key and scalar.value != MERGE_KEY:
            if scalar.value in parent.names:
                self.duplicates.append(scalar)
            parent.names.add(scalar.value)
        number = self._number(event)
        if number is not None:
            self.anchored[number] = scalar
        self._add(scalar)

    def _content(self, event: events.ScalarEvent, start: int, end: int, style: str) -> tuple[int, int]:
        """Where the content stands, without anchor and tag and the blank lines behind a block scalar."""
        if style in BLOCK_STYLES:
            end = block_end(self.text, start, end)
        if event.anchor is None and event.tag is None:
            if style or event.value:
                return start, end
            place = behind_indicator(self.text, self.previous_end, start)
            return place, place
        if not style and not event.value:
            return end, end
        return behind_properties(self.text, start, event.anchor), end

    def _alias(self, event: events.AliasEvent, start: int, end: int) -> None:
        name = event.anchor
        number = self.anchors.get(name)
        if number is None:
            raise BadDocument(start, "an alias has no anchor before it")
        target = self.anchored[number]
        path = self._path(target.value if isinstance(target, Scalar) else None)
        line, document = self.lines.line(start), len(self.documents)
        alias = Alias(
            node_start=start, start=start, end=end, line=line, path=path, document=document, name=name, target=number
        )
        self._add(alias)

    def _start(self, event: events.CollectionStartEvent) -> None:
        if len(self.open) == MAX_DEPTH:
            raise BadDocument(event.start_mark.index + self.mark, TOO_DEEP)
        self.open.append(_Open(event, self._path(None), self._number(event)))

    def _finish(self, end: int) -> None:
        this = self.open.pop()
        event, start = this.event, this.event.start_mark.index + self.mark
        bracket = max(start, event.end_mark.index + self.mark - 1)
        kind = Mapping if isinstance(event, events.MappingStartEvent) else Sequence
        collection = kind(
            node_start=start,
            start=bracket if event.flow_style else start,
            end=end,
            line=self.lines.line(start),
            path=this.path,
            document=len(self.documents),
            is_flow=bool(event.flow_style),
            anchor=event.anchor,
            tag=event.tag,
            nodes=tuple(this.nodes),
        )
        if this.number is not None:
            self.anchored[this.number] = collection
        self._add(collection)

    def _path(self, key: str | None) -> KeyPath | None:
        """The path of the node that comes next; `key` is its text if it can be a key."""
        if not self.open:
            return KeyPath()
        parent = self.open[-1]
        if parent.path is None:
            return None
        if isinstance(parent.event, events.SequenceStartEvent):
            return parent.path.child(len(parent.nodes))
        if parent.expects_key:
            return None if key is None else parent.path.child(key)
        return parent.nodes[-1].path

    def _number(self, event: events.NodeEvent) -> int | None:
        """The number of an anchored node; known before the node is whole, since an alias inside it may name it."""
        if event.anchor is None:
            return None
        self.anchors[event.anchor] = len(self.anchored)
        self.anchored.append(None)
        return self.anchors[event.anchor]

    def _add(self, node: Node) -> None:
        if self.open:
            self.open[-1].nodes.append(node)
        else:
            self.root = node
