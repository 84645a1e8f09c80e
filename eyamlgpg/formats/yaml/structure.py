"""The nodes of a YAML file with their places in its text: `formats.yaml.parse` finds them, everything else asks."""

from bisect import bisect_right
from dataclasses import dataclass, field

from eyamlgpg.formats.yaml.key_path import KeyPath

MERGE_KEY = "<<"
"""Brings the entries of other mappings into its own (YAML 1.1, `tag:yaml.org,2002:merge`)."""

BYTE_ORDER_MARK = "\ufeff"

BLOCK_STYLES = ("|", ">")
"""Those of `Scalar.style` that start with a header line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """The place of a node; offsets are code points of the text."""

    node_start: int
    """Where the anchor or tag starts; `start` where there is none."""
    start: int
    end: int
    """Of a block mapping or sequence: where the parser saw it end, which is behind the comments after it."""
    line: int
    """Of `start`, from 1, counted by LF."""
    path: KeyPath | None
    """Of a key: the path that it opens. None inside a key that is itself a mapping or sequence."""
    document: int
    """From 0; Puppet reads only the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar(Located):
    """A scalar as written; `start` and `end` are those of its content.

    Quotes and block headers belong to the content; an anchor, a tag and the line breaks behind a block scalar do not.
    An empty value is an empty span right after its `:` or `-`.
    """

    reach: int
    """Where a block scalar's trailing line breaks end, which `|+` and `>+` keep; `end` for other scalars."""
    value: str = field(repr=False)
    """As the parser reads it: folded, unescaped."""
    style: str
    """`'`, `"`, `|` or `>`; empty for a plain scalar."""
    anchor: str | None
    tag: str | None
    """As the parser resolves it: `tag:yaml.org,2002:str` for `!!str`; None where none is written."""
    is_key: bool
    in_flow: bool
    """Whether the innermost collection around it is written with brackets or braces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias(Located):
    """A `*x`; `target` numbers the anchored nodes of the structure, in order."""

    name: str
    target: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection(Located):
    """A mapping or sequence with the nodes right below it."""

    is_flow: bool
    anchor: str | None
    tag: str | None
    nodes: tuple["Node", ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping(Collection):
    """Its nodes are keys and values by turns."""

    @property
    def entries(self) -> tuple[tuple["Node", "Node"], ...]:
        """The keys with their values, in order, duplicates included."""
        return tuple(zip(self.nodes[::2], self.nodes[1::2], strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence(Collection):
    """Its nodes are its items."""


Target = Scalar | Mapping | Sequence
"""What an alias can stand for."""

Node = Target | Alias


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the stream: its root, and where its text ends (before `...`, the next `---`, or at the end)."""

    root: Node
    end: int


@dataclass(frozen=True, slots=True)
class NotYaml:
    """Why a text has no structure, and on which line."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Structure:
    """All documents of a file; no document for a file of comments only."""

    documents: tuple[Document, ...]
    scalars: tuple[Scalar, ...]
    """Every scalar once, keys included, in the order of the text."""
    duplicates: tuple[Scalar, ...]
    """Each key that its mapping already had."""
    anchored: tuple[Target, ...] = field(repr=False)

    @property
    def root(self) -> Node | None:
        """The root of the first document, which is all that Puppet reads; None in a file of comments only."""
        return self.documents[0].root if self.documents else None

    def scalar_around(self, start: int, end: int) -> Scalar | None:
        """The scalar whose content holds these characters whole."""
        place = bisect_right(self.scalars, start, key=lambda scalar: scalar.start) - 1
        if place < 0 or self.scalars[place].end < end:
            return None
        return self.scalars[place]

    def target(self, node: Node) -> Target:
        """The node that an alias stands for; any other node itself."""
        return self.anchored[node.target] if isinstance(node, Alias) else node
