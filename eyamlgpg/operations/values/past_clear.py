"""Whether values stood in clear text in the commits of a file: git keeps them, so they must be changed as well.

The values are compared here, with what git gives of each version: no secret is ever part of a command line.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from eyamlgpg.formats.text import decode, encode
from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.structure import NotYaml
from eyamlgpg.model.history import Commit, FileChange
from eyamlgpg.operations.values.in_place import ClearValue

SHORTEST_ANYWHERE = 6
"""Characters of a value that is looked for at every key: shorter ones stand everywhere and mean something else."""

_WORD = re.compile(rb"[A-Za-z0-9_]+")


class History(Protocol):
    """A repository's past."""

    @property
    def commits(self) -> Sequence[Commit]:
        """All that a ref or HEAD reaches, parents before children."""
        ...

    @property
    def staged(self) -> Sequence[FileChange]:
        """What the index changes against HEAD."""
        ...

    def contents(
        self, object_ids: Iterable[str], *, wanted: Callable[[bytes], bool] | None = None
    ) -> Iterator[tuple[str, bytes | None]]:
        """Each blob that is wanted, once; None for one that cannot be had."""
        ...


@dataclass(frozen=True, slots=True)
class InClear:
    """Where a value stood in clear text."""

    value: ClearValue = field(repr=False)
    first: Commit | None
    """The oldest commit that holds it; None for the index alone."""
    versions: int
    """How many versions of the file hold it."""
    is_staged: bool
    """Whether what is staged holds it still."""


def in_clear(history: History, path: str, values: Sequence[ClearValue]) -> list[InClear]:
    """Those of the values that a commit of the file held, or what is staged of it; `path` is from the root.

    The file is followed over renames. A value counts at its own key, and if it is not short at any other as well.
    """
    versions = _versions(history.commits, path)
    staged = [change.object_id for change in history.staged if change.path == path and change.object_id]
    held = _held(history, [*versions, *staged], values)
    found = []
    for value in values:
        places = sorted(versions[one] for one in held if value in held[one] and one in versions)
        is_staged = any(value in held.get(one, ()) for one in staged)
        if places or is_staged:
            first = history.commits[places[0]] if places else None
            found.append(InClear(value, first, len(places), is_staged))
    return found


def _versions(commits: Sequence[Commit], path: str) -> Mapping[str, int]:
    """Each content that the file had, and the place of the first commit with it."""
    names, found = {path}, dict[str, int]()
    for place in range(len(commits) - 1, -1, -1):
        for change in commits[place].changes:
            if change.path in names:
                if change.object_id is not None:
                    found[change.object_id] = place
                if change.renamed_from is not None:
                    names.add(change.renamed_from)
    return found


def _held(
    history: History, object_ids: Sequence[str], values: Sequence[ClearValue]
) -> Mapping[str, tuple[ClearValue, ...]]:
    """Which of the values each content holds."""
    longest = [max(_WORD.findall(encode(value.value)), key=len, default=b"") for value in values]

    def may_hold(content: bytes) -> bool:
        return any(word in content for word in longest)

    held = {}
    for object_id, content in history.contents(object_ids, wanted=may_hold):
        if content is not None:
            held[object_id] = _held_by(decode(content), values)
    return held


def _held_by(text: str, values: Sequence[ClearValue]) -> tuple[ClearValue, ...]:
    structure = locate(text)
    if isinstance(structure, NotYaml):
        return tuple(value for value in values if _is_long(value) and value.value.strip() in text)
    at_keys = {(scalar.path, scalar.value.strip()) for scalar in structure.scalars}
    anywhere = {value for _, value in at_keys}
    return tuple(
        value
        for value in values
        if (value.key, value.value.strip()) in at_keys
        or (_is_long(value) and (value.value.strip() in anywhere or value.value.strip() in text))
    )


def _is_long(value: ClearValue) -> bool:
    return len(value.value.strip()) >= SHORTEST_ANYWHERE
