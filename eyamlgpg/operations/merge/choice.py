"""One value, three-way: whose plaintext counts, for whose readers, and how it is laid out."""

from dataclasses import dataclass

from eyamlgpg.formats.eyaml.tokens import Layout
from eyamlgpg.operations.merge.held import Comparison, Held
from eyamlgpg.operations.merge.slots import Slot


@dataclass(frozen=True, slots=True)
class Chosen:
    """What becomes of a value."""

    held: Held
    layout: Layout | None
    theirs: Held | None = None
    """Where both sides changed it: theirs, while `held` is ours."""
    is_known: bool = True
    """False for a conflict where nobody could tell whether the two are the same."""

    @property
    def written(self) -> str:
        """The token for the merged file."""
        return self.held.laid_out(self.layout)


def choose(slot: Slot, known: Comparison) -> Chosen:
    """The merged value; of one that stands in one version alone, that one."""
    base, ours, theirs = slot.base, slot.ours, slot.theirs
    if ours is None or theirs is None:
        held = ours or theirs or base
        assert held is not None  # noqa: S101 - a slot holds something
        return Chosen(held, held.token.layout)
    layout = _layout(base, ours, theirs)
    if base is not None and (base.packet == ours.packet) != (base.packet == theirs.packet):
        # One side did not touch it, or gave it other readers and no other content.
        changed, other = (theirs, ours) if base.packet == ours.packet else (ours, theirs)
        if other.key_ids != base.key_ids and known.same(base, changed):
            return Chosen(_better_readers(base, ours, theirs), layout)
        return Chosen(changed, layout)
    same = known.same(ours, theirs)
    if same:
        return Chosen(_better_readers(base, ours, theirs), layout)
    if base is not None:
        if known.same(base, ours):
            return Chosen(theirs, layout)
        if known.same(base, theirs):
            return Chosen(ours, layout)
    return Chosen(ours, layout, theirs, is_known=same is not None)


def is_changed(slot: Slot, side: Held, known: Comparison) -> bool:
    """Whether a side's plaintext is another one than the base's, or may be."""
    return slot.base is not None and not known.same(slot.base, side)


def _better_readers(base: Held | None, ours: Held, theirs: Held) -> Held:
    """Of two messages of one plaintext: the side that changed the readers, and of two that did, the one that removed.

    Where neither did, the side that encrypted it anew, as git takes the side that changed something.
    """
    if base is None:
        return theirs if theirs.key_ids < ours.key_ids else ours
    if ours.key_ids == base.key_ids:
        return theirs if theirs.key_ids != base.key_ids or ours.message == base.message else ours
    if theirs.key_ids == base.key_ids:
        return ours
    return theirs if base.key_ids - theirs.key_ids and not base.key_ids - ours.key_ids else ours


def _layout(base: Held | None, ours: Held, theirs: Held) -> Layout | None:
    """That of the side that changed it. Where both did: one line if either has it on one, which fits any place."""
    mine, other = ours.token.layout, theirs.token.layout
    if base is not None and mine == base.token.layout:
        return other
    if mine == other or (base is not None and other == base.token.layout):
        return mine
    return None if other is None else mine
