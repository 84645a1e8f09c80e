"""The merge of a file with values: the text by git, each value by itself.

A word stands for each value while git merges the text; then the merged value takes its place. A value that both sides
changed is a conflict on that value alone: ours stays, and theirs goes into a comment above it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from eyamlgpg.formats.eyaml import conflict_marks
from eyamlgpg.formats.splice import Edit, splice
from eyamlgpg.formats.text import decode, encode
from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.structure import NotYaml, Structure
from eyamlgpg.operations.merge.choice import Chosen, choose, is_changed
from eyamlgpg.operations.merge.held import Comparison, Opener, held_in
from eyamlgpg.operations.merge.slots import Slots, slots_of
from eyamlgpg.operations.merge.standins import Side, Words, newline_of, parts, rare_width
from eyamlgpg.operations.merge.told import called, conflict_sentences, readers_sentence
from eyamlgpg.operations.merge.versions import Merged, TextMerge, Versions

_BLOCK = re.compile(r"[|>][-+0-9]*+[ \t\r]*+\n[ \t\r\n]*+\Z")


def merge_values(
    versions: Versions, name: str, text_merge: TextMerge, opener: Callable[[], Opener | None], run_key: bytes
) -> Merged | None:
    """Merge a file that is called `name`; None for what git does not take for text."""
    base, ours, theirs = texts = tuple(map(decode, (versions.base, versions.ours, versions.theirs)))
    in_base, in_ours, in_theirs = map(held_in, texts)
    known = Comparison(opener, run_key)
    slots = slots_of(in_base, in_ours, in_theirs, known)
    run = _Run(name, slots, known, newline_of(ours), versions.width)
    words = Words.absent_from(texts)
    changed = run.changed_and_gone()
    marked = rare_width(texts, versions.width)
    with_words = Versions(
        encode(words.put_in(base, in_base, slots.base, ())),
        encode(words.put_in(ours, in_ours, slots.ours, changed)),
        encode(words.put_in(theirs, in_theirs, slots.theirs, changed)),
        marked,
    )
    merged = text_merge.merge(with_words)
    if merged is None:
        return None
    return run.put_together(parts(decode(merged), marked, versions.width), words, (ours, theirs))


@dataclass(slots=True)
class _Run:
    """One merge."""

    name: str
    slots: Slots
    known: Comparison
    newline: str
    width: int
    _chosen: dict[int, Chosen] = field(default_factory=dict)

    def changed_and_gone(self) -> frozenset[int]:
        """Values that one side changed, or may have changed, and the other took out."""
        return frozenset(
            number
            for number, slot in enumerate(self.slots.slots)
            for side, other in ((slot.ours, slot.theirs), (slot.theirs, slot.ours))
            if slot.base is not None and side is not None and other is None and is_changed(slot, side, self.known)
        )

    def put_together(self, found: Sequence[tuple[Side | None, str]], words: Words, sides: Sequence[str]) -> Merged:
        """The merged text with its values."""
        pieces: list[str] = []
        conflicts: list[tuple[Chosen, int]] = []
        stands: list[int] = []
        length = regions = 0
        for side, part in found:
            if side is None:
                regions += part.startswith("<")
                piece = part
            else:
                piece, placed = words.replace(part, partial(self._written, side))
                if side is Side.MERGED:
                    choices = [(self._choice(slot), length + at) for slot, at in placed]
                    stands += [slot for slot, _ in placed]
                    conflicts += [(chosen, at) for chosen, at in choices if chosen.theirs is not None]
            pieces.append(piece)
            length += len(piece)
        text = self._with_comments("".join(pieces), conflicts)
        broken = [*self._doubtful(stands), *([] if regions else _broken(text, sides))]
        said = (
            *conflict_sentences(self.name, [chosen for chosen, _ in conflicts], regions),
            *(f"{self.name}: {what}" for what in broken),
            *readers_sentence(self.name, self.slots.slots, [self._choice(slot).held for slot in stands]),
        )
        return Merged(encode(text), not (conflicts or regions or broken), said)

    def _doubtful(self, stands: Sequence[int]) -> Iterator[str]:
        """Where git merged a moved line as one that is gone and one that is new."""
        for number, count in Counter(stands).items():
            slot, name = self.slots.slots[number], called(self._choice(number).held)
            if count > 1:
                yield f"{name} was moved on both sides, and now stands twice"
            elif slot.base is not None and (slot.ours is None or slot.theirs is None):
                yield f"{name} was removed on one side and moved on the other, and stays"

    def _choice(self, slot: int) -> Chosen:
        if slot not in self._chosen:
            self._chosen[slot] = choose(self.slots.slots[slot], self.known)
        return self._chosen[slot]

    def _written(self, side: Side, number: int) -> str:
        """The value in a part; where git sees a conflict and there is one in the value too, it is that side's."""
        chosen, slot = self._choice(number), self.slots.slots[number]
        own = {Side.OURS: slot.ours, Side.BASE: slot.base, Side.THEIRS: slot.theirs}.get(side)
        if own is None:
            return chosen.written
        if side is Side.BASE or chosen.theirs is not None:
            return own.written
        return chosen.held.laid_out(own.token.layout)

    def _with_comments(self, text: str, conflicts: Sequence[tuple[Chosen, int]]) -> str:
        if not conflicts:
            return text
        before = locate(text)
        for place_of in (_line_of_value, _beginning):
            edits: dict[int, str] = {}
            for chosen, at in conflicts:
                place = place_of(text, at, before)
                edits[place] = edits.get(place, "") + self._comment(chosen, text, place)
            new = splice(text, [Edit(place, place, edits[place]) for place in sorted(edits)])
            if isinstance(before, NotYaml) or _reads_alike(before, locate(new)):
                return new
        return new

    def _comment(self, chosen: Chosen, text: str, place: int) -> str:
        assert chosen.theirs is not None  # noqa: S101 - only conflicts have a comment
        indent = re.compile(r"[ \t]*+").match(text, place)
        return conflict_marks.comment(
            called(chosen.held),
            chosen.theirs.laid_out(None),
            indent=indent.group() if indent else "",
            newline=self.newline,
            width=self.width,
        )


def _line_of_value(text: str, at: int, structure: Structure | NotYaml) -> int:
    """Where the line begins on which the scalar around a value does."""
    scalar = None if isinstance(structure, NotYaml) else structure.scalar_around(at, at + 1)
    if scalar is not None:
        at = scalar.start
    elif block := _BLOCK.search(text, max(0, at - 200), at):
        at = block.start()
    return text.rfind("\n", 0, at) + 1


def _beginning(_text: str, _at: int, _structure: Structure | NotYaml) -> int:
    return 0


def _reads_alike(one: Structure, other: Structure | NotYaml) -> bool:
    if isinstance(other, NotYaml):
        return False
    return [(scalar.path, scalar.value) for scalar in one.scalars] == [
        (scalar.path, scalar.value) for scalar in other.scalars
    ]


def _broken(text: str, sides: Sequence[str]) -> Iterator[str]:
    """What is wrong with a merged text that is wrong with neither side."""
    before = [locate(side) for side in sides]
    if any(isinstance(side, NotYaml) for side in before):
        return
    after = locate(text)
    if isinstance(after, NotYaml):
        yield f"the merged text is not YAML from line {after.line} on; both sides were"
        return
    known = [Counter(twice.path for twice in side.duplicates) for side in before if not isinstance(side, NotYaml)]
    found = Counter(twice.path for twice in after.duplicates)
    for twice in after.duplicates:
        if found[twice.path] <= max(side[twice.path] for side in known):
            continue
        yield f"the key {twice.path} stands twice in the merged text, again in line {twice.line}"
        return
