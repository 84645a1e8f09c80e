"""Putting tokens in place of several values of a text at once: planned on one structure, and proved by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.splice import Edit, differs_only_inside, splice
from eyamlgpg.formats.yaml.assign import holds_message, same_elsewhere
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.lookup import structure_of
from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.placement import place
from eyamlgpg.formats.yaml.structure import NotYaml, Structure


@dataclass(frozen=True, slots=True)
class Put:
    """One OpenPGP message for one key path, which holds a value already."""

    path: KeyPath
    message: bytes = field(repr=False)
    prefers_block: bool = False


@dataclass(frozen=True, slots=True)
class Replaced:
    """The text with all messages in place, and its structure."""

    text: str = field(repr=False)
    edits: tuple[Edit, ...] = field(repr=False)
    structure: Structure = field(repr=False)


def put_several(text: str, puts: Sequence[Put]) -> Replaced:
    """Put each message at its path, and prove it as `verify_assignment` does; raises FormatError and KeyPathError."""
    before = structure_of(text)
    edits: list[Edit] = []
    changed: set[KeyPath] = set()
    for put in puts:
        made, path = place(text, before, put.path, put.message, prefers_block=put.prefers_block)
        edits += (edit for edit in made if edit.start < edit.end or edit.replacement)
        changed.add(path)
    edits.sort(key=lambda edit: (edit.start, edit.end))
    new = splice(text, edits)
    after = locate(new)
    if (
        isinstance(after, NotYaml)
        or not differs_only_inside(text, new, edits)
        or not same_elsewhere(before, after, changed, len(text))
        or not all(holds_message(new, after, put.path, put.message) for put in puts)
    ):
        names = ", ".join(str(put.path) for put in puts)
        raise FormatError(
            f"{names}: cannot be replaced without a change to something else",
            "try one key at a time, or write `key: x` on a line of its own by hand, and set it",
        )
    return Replaced(new, tuple(edits), after)
