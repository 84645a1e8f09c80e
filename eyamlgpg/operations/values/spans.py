"""Where the values at some Hiera keys stand in a text, so that they alone are opened."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from eyamlgpg.errors import EyamlgpgError, KeyPathError, raise_all
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.lookup import structure_of, target_at
from eyamlgpg.formats.yaml.own_value import below


@dataclass(frozen=True, slots=True)
class Spans:
    """Parts of a text that do not overlap, in order, each with its start and its end."""

    parts: tuple[tuple[int, int], ...]

    def hold(self, offset: int) -> bool:
        """Whether a character stands in one of them."""
        place = bisect_right(self.parts, offset, key=lambda part: part[0]) - 1
        return place >= 0 and offset < self.parts[place][1]


def spans_of(text: str, name: str, keys: Sequence[KeyPath]) -> Spans:
    """The values at these keys: all below a mapping or sequence, and those that an alias stands for.

    Raises every KeyPathError, for a key that is not there with the nearest names, or that holds nothing encrypted;
    FormatError where the text is not YAML.
    """
    try:
        structure = structure_of(text)
    except EyamlgpgError as error:
        raise error.located(name) from None
    parts: set[tuple[int, int]] = set()
    problems: list[EyamlgpgError] = []
    for key in keys:
        try:
            target = target_at(structure, key)
        except KeyPathError as error:
            problems.append(error.located(name))
            continue
        scalars = [] if target is None else below(structure, target)
        found = {(scalar.start, scalar.end) for scalar in scalars if "ENC[" in text[scalar.start : scalar.end]}
        if not found:
            problems.append(
                KeyPathError(f"{name}: {key}: holds nothing encrypted", "without --only, every value is opened")
            )
        parts |= found
    raise_all(problems)
    return Spans(tuple(sorted(parts)))
