"""The proof that a new text holds what was meant, which every command asks for before a file is replaced."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.eyaml.values import Scan, find_values
from eyamlgpg.formats.splice import Edit, differs_only_inside


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text before and after a change."""

    name: str
    """As the user wrote it, for errors."""
    before: str | None = field(repr=False)
    """None for a new file."""
    after: str = field(repr=False)
    edits: Sequence[Edit] | None = field(default=None, repr=False)
    """The only places that may differ; None where a person changed the text."""


def prove(
    rewritten: Rewritten, messages: Sequence[bytes], *, line_shown: Callable[[int], int] = lambda line: line
) -> Scan:
    """Prove a new text, and give the values that stand in it; raises FormatError.

    It differs inside of the edits only, each new message stands in it as a value, and YAML that was whole still is.
    `line_shown` gives the line that the user knows for one of the new text.
    """
    name, before, after = rewritten.name, rewritten.before, rewritten.after
    if rewritten.edits is not None and not differs_only_inside(before or "", after, rewritten.edits):
        raise FormatError(f"{name}: the new text would differ outside of its values")
    scan = find_values(after)
    problem = scan.yaml_error
    if problem is not None and (before is None or find_values(before).yaml_error is None):
        line = line_shown(problem.line)
        raise FormatError(f"{name}:{line}: with this change it is no longer YAML: {problem.reason}")
    if messages and not {value.token.message() for value in scan.values}.issuperset(messages):
        raise FormatError(f"{name}: a new value does not stand in the text as it was encrypted")
    return scan
