"""A long worklist in short: how much there is in which folder, and where to begin."""

from collections import Counter
from collections.abc import Iterator, Sequence
from posixpath import dirname

from eyamlgpg.model.rotation import Due
from eyamlgpg.render.words import counted

LONG = 20
"""Values to change; with fewer than that the list itself is all that there is to see."""

_MOST_ROWS = 10


def overview(work: Sequence[Due]) -> Iterator[str]:
    """A table of the folders with the most values to change, so that it stands on the first screen."""
    values = Counter(dirname(value.place.path) for value in work)
    files = Counter(map(dirname, {value.place.path for value in work}))
    folders = sorted(values, key=lambda folder: (-values[folder], folder))
    shown = folders[: _MOST_ROWS if len(folders) > _MOST_ROWS + 1 else None]
    yield f"{counted(len(work), 'value')} to change, in {counted(files.total(), 'file')}:"
    yield ""
    yield "  values  files  folder"
    for folder in shown:
        yield f"  {values[folder]:>6,} {files[folder]:>6,}  {folder or '.'}"
    rest = folders[len(shown) :]
    if rest:
        more, in_files = sum(values[one] for one in rest), sum(files[one] for one in rest)
        yield f"  {more:>6,} {in_files:>6,}  {len(rest):,} more folders"
    yield ""
    is_largest = len(folders) == 1 or values[folders[0]] > values[folders[1]]
    begin = f"{shown[0] or 'the top of the tree'}{', where most are' if is_largest else ''}"
    yield f"Begin with {begin}. The next run lists only what is left."
    yield "To hand the list around, as a table: --format csv"
