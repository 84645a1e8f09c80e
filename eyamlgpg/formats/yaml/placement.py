"""Which edits of a text put one token at a Hiera key path.

An existing token keeps its layout where Puppet can read it so (it takes ciphertext over several lines of a `|` block
for plain text, and hands it out). Everything else is written as `entries` has it.
"""

from dataclasses import dataclass, field

from eyamlgpg.errors import KeyPathError
from eyamlgpg.formats.eyaml.tokens import Token
from eyamlgpg.formats.splice import Edit
from eyamlgpg.formats.yaml.entries import Entries
from eyamlgpg.formats.yaml.indentation import STEP, Indentation
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.lookup import follow, is_key, no_single_value, upto, whole_token
from eyamlgpg.formats.yaml.structure import BLOCK_STYLES, Alias, Mapping, Node, Scalar, Sequence, Structure, Target

HARMLESS_TAGS = (None, "!", "tag:yaml.org,2002:str")
"""With any other, Ruby would make something else than a string of the token."""


def place(
    text: str,
    structure: Structure,
    path: KeyPath,
    message: bytes,
    scheme: str = "GPG",
    *,
    prefers_block: bool = False,
) -> tuple[list[Edit], KeyPath]:
    """The edits that put a message at a path, and the topmost path that they change; some may change nothing.

    KeyPathError where there is no way, as `assign` tells.
    """
    indentation = Indentation(text, structure)
    entries = Entries(indentation, message, scheme, prefers_block)
    return _Placement(text, structure, path, indentation, entries).edits()


@dataclass(frozen=True, slots=True)
class _Placement:
    """How one message gets to one path of one text."""

    text: str = field(repr=False)
    structure: Structure = field(repr=False)
    path: KeyPath
    indentation: Indentation
    entries: Entries

    def edits(self) -> tuple[list[Edit], KeyPath]:
        """The edits, and the topmost path that they change."""
        parent: Mapping | Sequence | None = None
        node, here = self.structure.root, KeyPath()
        for depth, segment in enumerate(self.path.segments):
            holder = self._own(node, depth)
            found = follow(self.structure, holder, self.path, depth)
            if found is None or (found.is_merged and self._may_override(holder, depth)):
                return self._created(holder, parent, depth, here)
            parent = holder if isinstance(holder, Mapping | Sequence) else None
            here = here.child(segment if isinstance(holder, Sequence) else str(segment))
            node = found.value
        target = self._own(node, len(self.path.segments))
        if not isinstance(target, Scalar):
            raise no_single_value(target, self.path)
        return self._replaced(target, parent), here

    def _own(self, node: Node | None, depth: int) -> Target | None:
        if isinstance(node, Alias):
            raise KeyPathError(
                f"{upto(self.path, depth)}: is the alias *{node.name}, whose value stands on line "
                f"{self.structure.target(node).line}",
                "set the value there, for all that use it, or write a value in place of the alias by hand",
            )
        return node

    def _may_override(self, holder: Target | None, depth: int) -> bool:
        """Whether a new key behind the `<<` does it; a new parent would hide what else the old one holds."""
        keys = holder.nodes[::2] if isinstance(holder, Mapping) else ()
        name = str(self.path.segments[depth])
        if depth + 1 == len(self.path.segments) and not any(is_key(self.structure, key, name) for key in keys):
            return True
        raise KeyPathError(
            f"{upto(self.path, depth + 1)}: comes through the merge key <<",
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
            return [Edit(start, end, self.entries.token(kept.layout))]
        is_block = scalar.style in BLOCK_STYLES
        first_end, last_end = self.indentation.line_end(scalar.start), self.indentation.line_end(scalar.end)
        header = self.text[scalar.start : first_end].split() if is_block else []
        comment = header[1:] if is_block else self.text[scalar.end : last_end].split()
        written = self.entries.value(
            None if scalar.in_flow or comment else self.indentation.column_inside(parent), last_end
        )
        pad = " " if scalar.start == scalar.end and not self.text[scalar.start - 1].isspace() else ""
        if written.startswith(">"):
            return [Edit(scalar.start, last_end, pad + written)]
        if is_block:
            return [Edit(scalar.start, scalar.start + len(header[0]), written), Edit(first_end, last_end, "")]
        quote = scalar.style or ('"' if scalar.in_flow else "")
        return [Edit(scalar.start, scalar.end, f"{pad}{quote}{written}{quote}")]

    def _kept(self, scalar: Scalar) -> Token | None:
        """The token whose layout can stay; its offsets count from the scalar's start."""
        tokens = whole_token(self.text, scalar)
        return tokens[1] if tokens and tokens[0].payload == tokens[1].payload else None

    def _created(
        self, holder: Target | None, parent: Mapping | Sequence | None, depth: int, here: KeyPath
    ) -> tuple[list[Edit], KeyPath]:
        """A key, with the parents that are missing, in a mapping, an empty value or a file without any document."""
        names = self._names(depth)
        if holder is None:
            return [self.entries.lines_at(len(self.text), names, 0, STEP)], here
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
            return Edit(last.end, last.end, comma + self.entries.in_braces(names))
        while isinstance(last, Mapping | Sequence) and not last.is_flow:
            last = last.nodes[-1]
        is_kept = (
            isinstance(last, Scalar) and last.style in BLOCK_STYLES and "+" in self.text[last.start : last.start + 3]
        )
        end = last.reach if isinstance(last, Scalar) and is_kept else last.end
        return self.entries.lines_at(
            end, names, self.indentation.column_of(mapping) or 0, self.indentation.step_of(mapping)
        )

    def _filled(self, empty: Target, parent: Mapping | Sequence | None, names: list[str]) -> list[Edit]:
        """In place of a null or an empty mapping."""
        column, step = 0 if parent is None else self.indentation.column_inside(parent), self.indentation.step_of(parent)
        written = self.text[empty.start : empty.end]
        if column is None or (isinstance(empty, Mapping) and written.strip("{} \t\r\n")):
            inside = self.entries.in_braces(names)
            if isinstance(empty, Mapping):
                return [Edit(empty.start + 1, empty.start + 1, inside)]
            pad = " " if not written and not self.text[empty.start - 1].isspace() else ""
            return [Edit(empty.start, empty.end, f"{pad}{{{inside}}}")]
        line_start, line_end = self.indentation.line_start(empty.start), self.indentation.line_end(empty.end)
        before, is_last = self.text[line_start : empty.start], not self.text[empty.end : line_end].strip()
        if written and is_last and not before.strip():
            lines = self.entries.lines(names, len(before), step, line_end)
            return [Edit(empty.start, empty.end, lines.lstrip(" "))]
        start = line_start + len(before.rstrip()) if is_last else empty.start
        end = self.structure.documents[0].end if parent is None else line_end
        return [Edit(start, empty.end, ""), self.entries.lines_at(max(end, empty.end), names, column, step)]
