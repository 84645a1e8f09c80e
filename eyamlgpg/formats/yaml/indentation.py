"""How the text of a YAML file is indented, so that new lines can be like those around them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from eyamlgpg.formats.yaml.structure import BYTE_ORDER_MARK, Mapping, Sequence, Structure

STEP = 2
"""Spaces by which a level is indented where no neighbour shows another number."""


@dataclass(frozen=True, slots=True)
class Indentation:
    """The columns and line ends of one text; columns count from 0, places are code points of the text."""

    text: str = field(repr=False)
    structure: Structure = field(repr=False)

    def column_inside(self, parent: Mapping | Sequence | None) -> int | None:
        """Where what stands inside a block mapping or sequence is indented to; None between braces or if unknown."""
        own = None if parent is None else self.column_of(parent)
        return None if parent is None or own is None else own + self.step_of(parent)

    def step_of(self, collection: Mapping | Sequence | None) -> int:
        """By how much a level is indented, as the other values of the mapping show it, or those at the top."""
        mappings = [node for node in (collection, self.structure.root) if isinstance(node, Mapping)]
        return next((step for mapping in mappings for step in self._steps(mapping)), STEP)

    def _steps(self, mapping: Mapping) -> Iterator[int]:
        own = self.column_of(mapping)
        for node in mapping.nodes[1::2]:
            column = self.column_of(node) if isinstance(node, Mapping) else None
            if own is not None and column is not None and column > own:
                yield column - own

    def column_of(self, collection: Mapping | Sequence) -> int | None:
        """The column of a block mapping's keys, or of a sequence's dashes; None between braces or if unknown."""
        if collection.is_flow:
            return None
        first = collection.nodes[0].node_start
        before = self.text[self.line_start(first) : first]
        indicator = "?" if isinstance(collection, Mapping) else "-"
        if before.rstrip().endswith(indicator):
            return len(before.rstrip()) - 1
        return len(before) if isinstance(collection, Mapping) else None

    def line_start(self, place: int) -> int:
        """Where the line of a place starts, behind a byte order mark."""
        start = self.text.rfind("\n", 0, place) + 1
        return start or len(BYTE_ORDER_MARK) * self.text.startswith(BYTE_ORDER_MARK)

    def line_end(self, place: int) -> int:
        """Where the line break starts that ends the line of a place, or the text ends."""
        end = self.text.find("\n", place)
        if end < 0:
            return len(self.text)
        return end - 1 if end > place and self.text[end - 1] == "\r" else end

    @property
    def newline(self) -> str:
        """What ends the first line, and so is to end new ones."""
        first = self.text.find("\n")
        return "\r\n" if first > 0 and self.text[first - 1] == "\r" else "\n"
