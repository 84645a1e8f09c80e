"""`git install`, `uninstall` and `status`: which lines .gitattributes should have, and what git makes of them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.gitattributes import own_lines, pattern_of, with_lines, without_lines
from eyamlgpg.formats.text import decode, encode
from eyamlgpg.model.drivers import (
    FOR_RECIPIENTS,
    FOR_VALUES,
    Drivers,
    FoundLine,
    FoundSetting,
    Line,
    LineState,
    OtherFile,
)
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.tree.selection import IF_ENCRYPTED, SIGNS

ATTRIBUTES = ".gitattributes"
LARGEST = 1 << 20
"""Bytes of a .gitattributes that is edited."""

_PROBE = "eyamlgpg-probe"
_UNSPECIFIED = "unspecified"
_STANDARD = (
    Line("*.eyaml", FOR_VALUES, f"{_PROBE}.eyaml"),
    Line(RECIPIENTS_FILE, FOR_RECIPIENTS, RECIPIENTS_FILE),
)
_ENDS = tuple(" ".join(f"{name}={value}" for name, value in one.items()) for one in (FOR_VALUES, FOR_RECIPIENTS))

Attributes = Callable[[Collection[str]], Mapping[str, Mapping[str, str]]]
"""Of paths from the root of the tree, as git tells them."""


@dataclass(frozen=True, slots=True)
class TreeNames:
    """The files that matter to git, by their paths from the root of the tree."""

    files: tuple[str, ...]
    """All of them."""
    with_values: frozenset[str]
    """Those of .yaml and .yml that hold a value."""
    recipients: tuple[str, ...] = ()
    """Recipients files of another name, by a setting."""

    @property
    def always(self) -> tuple[str, ...]:
        """Those that the standard lines are for."""
        return tuple(one for one in self.files if one.endswith(".eyaml") or _name(one) == RECIPIENTS_FILE)


def names_of(places: Sequence[Path], read: Callable[[Path], str], recipients: Sequence[str]) -> TreeNames:
    """What stands in a tree; `read` gives the text of one of its files."""
    names = tuple(place.as_posix() for place in places)
    held = (name for name in names if PurePosixPath(name).suffix.lower() in IF_ENCRYPTED)
    return TreeNames(names, frozenset(name for name in held if SIGNS.search(read(Path(name)))), tuple(recipients))


def lines_for_yaml(names: TreeNames, covered: Collection[str]) -> tuple[Line, ...]:
    """A line for each file of .yaml that holds values and is not covered; for a folder in which all of several do."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in sorted(names.with_values):
        found[PurePosixPath(name).parent.as_posix(), PurePosixPath(name).suffix].append(name)
    lines: list[Line] = []
    for (folder, suffix), inside in found.items():
        every = {one for one in names.files if _is_in(one, folder, suffix)}
        left = [one for one in inside if one not in covered]
        if left and len(inside) > 1 and every == set(inside):
            place = "" if folder == "." else folder
            probe = f"{place}/{_PROBE}{suffix}".lstrip("/")
            lines.append(Line(pattern_of(place, folder_of=suffix), FOR_VALUES, probe))
        else:
            lines += [Line(pattern_of(one), FOR_VALUES, one) for one in left]
    return tuple(lines)


def standard_lines(names: TreeNames) -> tuple[Line, ...]:
    """The lines that every tree gets."""
    others = (Line(pattern_of(one), FOR_RECIPIENTS, one) for one in names.recipients)
    return (*_STANDARD, *others)


def look(names: TreeNames, text: str, attributes: Attributes, settings: tuple[FoundSetting, ...]) -> Drivers:
    """How things are; `text` of .gitattributes at the root."""
    standard = standard_lines(names)
    known = {line.text for line in standard}
    own = [line for line in own_lines(text, _ENDS) if line not in known]
    asked = {*(line.probe for line in standard), *names.always, *names.with_values}
    told = attributes(asked)
    lines = [_found(line, told.get(line.probe, {})) for line in standard]
    lines += [FoundLine(_of_text(line), LineState.IN_PLACE) for line in own]
    counting = {line.line.pattern for line in lines if line.state is LineState.IN_PLACE}
    others: list[OtherFile] = []
    for name in sorted({*names.always, *names.with_values}):
        is_list = _name(name) == RECIPIENTS_FILE
        wanted = FOR_RECIPIENTS if is_list else FOR_VALUES
        pattern = next((line.pattern for line in _STANDARD if line.attributes == wanted), "")
        given = told.get(name, {})
        if name in names.always and pattern in counting:
            given = {**dict.fromkeys(wanted, _UNSPECIFIED), **given}
        others += [
            OtherFile(name, one, _spelled(one, given[one]))
            for one in wanted
            if given.get(one, wanted[one]) != wanted[one]
        ]
    uncovered = tuple(one for one in sorted(names.with_values) if not told.get(one))
    return Drivers(tuple(lines), settings, tuple(others), uncovered)


def with_places(found: Drivers, deciding: Callable[[str, Collection[str]], Mapping[str, str]]) -> Drivers:
    """The same, each file with the line that takes it away; `deciding` tells it of an attribute and paths."""
    names = {one.name for one in found.others}
    places = {name: deciding(name, [one.path for one in found.others if one.name == name]) for name in names}
    others = (replace(one, decided_by=places[one.name].get(one.path)) for one in found.others)
    return replace(found, others=tuple(others))


def covered(names: TreeNames, attributes: Attributes) -> Collection[str]:
    """Files of .yaml with values whose attributes somebody has decided already."""
    return attributes(names.with_values).keys() if names.with_values else ()


def write(root: Path, lines: Sequence[Line], files: Files) -> bool:
    """Put the lines into .gitattributes where they are missing; whether it was changed."""
    return _changed(root, files, lambda text: with_lines(text, (line.text for line in lines), _ENDS))


def take_away(root: Path, files: Files) -> bool:
    """Take our lines away; whether there were any. A file that holds nothing then is left empty."""
    return _changed(root, files, lambda text: without_lines(text, _ENDS))


def read_attributes(root: Path, files: Files) -> str:
    """The text of .gitattributes; empty where there is none."""
    path = root / ATTRIBUTES
    return decode(files.read(path, limit=LARGEST)) if files.exists(path) else ""


def _changed(root: Path, files: Files, change: Callable[[str], str]) -> bool:
    path = root / ATTRIBUTES
    with files.turn(path):
        before = files.read(path, limit=LARGEST) if files.exists(path) else None
        text = decode(before or b"")
        changed = change(text)
        if changed == text:
            return False
        files.replace(path, encode(changed), expected=before)
    return True


def _found(line: Line, given: Mapping[str, str]) -> FoundLine:
    wanted = line.attributes
    other = [_spelled(name, given[name]) for name in wanted if name in given and given[name] != wanted[name]]
    if other:
        return FoundLine(line, LineState.OTHER, ", ".join(other))
    is_there = all(given.get(name) == value for name, value in line.attributes.items())
    return FoundLine(line, LineState.IN_PLACE if is_there else LineState.ABSENT)


def _of_text(text: str) -> Line:
    for given, end in zip((FOR_VALUES, FOR_RECIPIENTS), _ENDS, strict=True):
        if text.endswith(f" {end}"):
            return Line(text.removesuffix(f" {end}"), given, "")
    raise ValueError(text)


def _spelled(name: str, value: str) -> str:
    """An attribute as git's files write it."""
    return {"set": name, "unset": f"-{name}", _UNSPECIFIED: f"!{name}"}.get(value, f"{name}={value}")


def _is_in(name: str, folder: str, suffix: str) -> bool:
    path = PurePosixPath(name)
    return path.parent.as_posix() == folder and path.suffix == suffix


def _name(path: str) -> str:
    return PurePosixPath(path).name
