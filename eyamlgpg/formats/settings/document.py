"""The one strict reader of YAML files that eyamlgpg itself is told things by: mappings, lists and texts, by line."""

from collections.abc import Sequence
from difflib import get_close_matches

from eyamlgpg.errors import ConfigError
from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.structure import Mapping, Node, NotYaml, Scalar, Structure
from eyamlgpg.formats.yaml.structure import Sequence as SequenceNode

_QUOTED = 64


def structure_of(text: str, source: str, *, only_first: bool = False) -> Structure:
    """The structure of a file; ConfigError with its line where the text is not YAML.

    `only_first` stops behind the first document, as Ruby does; it leaves the C parser aside.
    """
    found = locate(text, pure=only_first, only_first=only_first)
    if isinstance(found, NotYaml):
        raise ConfigError(f"{source}:{found.line}: not YAML: {found.reason}")
    return found


def quoted(text: str) -> str:
    """A text as somebody wrote it, cut where it is longer than anything that belongs here."""
    return ascii(text if len(text) <= _QUOTED else f"{text[:_QUOTED]}...")


class DocumentReader:
    """One reading of one file; whatever is wrong is gathered, so that all of it is told at once."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.errors: list[ConfigError] = []

    def root(self, text: str, what: str) -> Node | None:
        """The root of the only document; None for a file without any, or that is not YAML."""
        try:
            structure = structure_of(text, self.source)
        except ConfigError as error:
            self.errors.append(error)
            return None
        for document in structure.documents[1:]:
            self.wrong(document.root.line, f"{what} is one YAML document, and here a second one begins")
        return structure.root

    def version(self, node: Node | None, root: Node, known: str) -> None:
        """Hold the version that a root names against the one that is known."""
        if node is None:
            if isinstance(root, Mapping):
                self.wrong(root.line, "says no version", f"begin with `version: {known}`")
        elif not isinstance(node, Scalar) or node.style or node.value != known:
            self.wrong(node.line, f"version is {known}, as a plain number", "a newer eyamlgpg may know others")

    def mapping(self, node: Node, what: str, known: Sequence[str] | None) -> dict[str, Node]:
        """The fields of a mapping, each known and there once; all of them where `known` is None."""
        if not isinstance(node, Mapping):
            self.wrong(node.line, f"{what} is a mapping")
            return {}
        found: dict[str, Node] = {}
        for key, value in node.entries:
            name = self.text(key, f"a name in {what}")
            if name is None:
                continue
            if known is not None and name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
                self.wrong(key.line, f"{quoted(name)} means nothing in {what}", hint)
            elif name in found:
                # A merge leaves this behind, and YAML takes the last one without a word.
                self.wrong(key.line, f"{quoted(name)} stands here a second time", "join the two by hand")
            else:
                found[name] = value
        return found

    def items(self, node: Node | None, what: str, *, may_be_empty: bool = False) -> Sequence[Node]:
        """The items of a list; none where it is not there."""
        if node is None:
            return ()
        if may_be_empty and isinstance(node, Scalar) and not node.value:
            return ()
        if not isinstance(node, SequenceNode):
            self.wrong(node.line, f"{what} is a list")
            return ()
        if not node.nodes and not may_be_empty:
            self.wrong(node.line, f"{what} is an empty list")
        return node.nodes

    def text(self, node: Node, what: str, *, may_be_block: bool = False) -> str | None:
        """One text that is not blank, on one line unless it may be a block."""
        if (
            isinstance(node, Scalar)
            and node.value.strip()
            and node.tag is None
            and (may_be_block or node.style not in ("|", ">"))
        ):
            return node.value
        self.wrong(node.line, f"{what} is one text on a line of its own, without anchors or tags")
        return None

    def texts(self, node: Node | None, what: str) -> list[tuple[str, int]]:
        """One text, or a list of them, each with its line."""
        if node is None:
            return []
        nodes = self.items(node, what) if isinstance(node, SequenceNode) else [node]
        return [(text, one.line) for one in nodes if (text := self.text(one, what)) is not None]

    def wrong(self, line: int, sentence: str, *hints: str) -> None:
        """Add an error about a line."""
        self.errors.append(ConfigError(f"{self.source}:{line}: {sentence}", *hints))
