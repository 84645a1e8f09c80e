"""What a merge of values says: which values are in conflict, and what the merged list now wants."""

from collections.abc import Iterable, Iterator, Sequence

from eyamlgpg.operations.merge.choice import Chosen
from eyamlgpg.operations.merge.held import Held
from eyamlgpg.operations.merge.slots import Slot
from eyamlgpg.rules.rule import argument

MOST = 10
"""Values that are named."""


def called(held: Held) -> str:
    """The key of a value in a message."""
    return "a value" if held.path is None else str(held.path) or "the value"


def conflict_sentences(name: str, conflicts: Sequence[Chosen], regions: int) -> Iterator[str]:
    """Which values both sides changed, and where the text is in conflict."""
    for chosen in conflicts[:MOST]:
        why = "was changed on both sides"
        if not chosen.is_known:
            why = "differs on both sides, and no key here can tell whether it is the same secret"
        yield f"{name}: {called(chosen.held)} {why}; ours stays, theirs is in a comment above it"
    if len(conflicts) > MOST:
        yield f"{name}: and {len(conflicts) - MOST} more values were changed on both sides"
    if conflicts:
        yield f"choose by: eyamlgpg edit {argument(name)}; then git add {argument(name)}"
    if regions:
        yield f"{name}: the text around values is in conflict in {regions} {'place' if regions == 1 else 'places'}"


def readers_sentence(name: str, slots: Iterable[Slot], stands: Iterable[Held]) -> Iterator[str]:
    """How many merged values are not for the readers that one side gave the others."""
    changes = [
        (side.key_ids, slot.base.key_ids)
        for slot in slots
        for side in (slot.ours, slot.theirs)
        if slot.base is not None and side is not None
    ]
    removed = {key_id for now, before in changes for key_id in before - now}
    added = {key_id for now, before in changes for key_id in now - before} - removed
    due = len([held for held in stands if held.key_ids and (added - held.key_ids or held.key_ids & removed)])
    if due:
        values = f"{due} value is" if due == 1 else f"{due:,} values are"
        yield f"{name}: {values} not for the readers that one side changed to"
        yield f"after the merge, bring them in line: eyamlgpg recrypt {argument(name)}"
