"""What git is told to do with values, as text and JSON."""

import json
from collections.abc import Iterator

from eyamlgpg.model.drivers import Drivers, FoundLine, FoundSetting, LineState, OtherFile, SettingState
from eyamlgpg.render.words import escaped

SCHEMA_VERSION = 1
_MOST = 20
"""Files that are named one by one."""


def drivers_as_text(found: Drivers) -> str:
    """A line for each line of .gitattributes, each setting, and each file that is handled otherwise."""
    return "".join(f"{escaped(line)}\n" for line in _lines(found))


def drivers_as_json(found: Drivers) -> str:
    """`{schema_version, in_place, attributes: […], settings: […], others: […], uncovered: […]}`."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "in_place": found.are_in_place,
        "attributes": [
            {"line": one.line.text, "state": _word(one.state), "other": one.other or None} for one in found.lines
        ],
        "settings": [{"name": one.name, "state": _word(one.state)} for one in found.settings],
        "others": [
            {"path": one.path, "attribute": one.attribute, "decided_by": one.decided_by} for one in found.others
        ],
        "uncovered": list(found.uncovered),
    }
    return json.dumps(document, ensure_ascii=True, indent=2) + "\n"


def _word(state: LineState | SettingState) -> str:
    return state.name.lower().replace("_", "-")


def _lines(found: Drivers) -> Iterator[str]:
    yield from (_line(one) for one in found.lines)
    yield from (f"this clone: {one.name}: {one.state}" for one in found.settings)
    yield from _some([_other(one) for one in found.others])
    yield from _some([f"{path}: holds values and has no attribute" for path in found.uncovered])


def _other(one: OtherFile) -> str:
    if one.decided_by is None:
        return f"{one.path}: {one.attribute} of your own decides"
    return f"{one.path}: {one.attribute} of your own decides, by {one.decided_by}"


def _line(one: FoundLine) -> str:
    how = f"{one.state}: {one.other}" if one.other else str(one.state)
    return f".gitattributes: {one.line.text}: {how}"


def _some(lines: list[str]) -> Iterator[str]:
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield f"and {len(lines) - _MOST:,} more"


def advice(found: Drivers) -> Iterator[str]:
    """What to do about it, in sentences."""
    settings: tuple[FoundSetting, ...] = found.settings
    if found.store_plaintext:
        yield "git would store plaintext in the repository: eyamlgpg git install turns cachetextconv off in this clone"
    if found.are_half:
        yield "this repository asks for eyamlgpg, and this clone does not know it yet: run eyamlgpg git install"
    elif found.lacks_any and not any(one.state is SettingState.OTHER for one in settings):
        yield "eyamlgpg git install puts in place what is missing"
    for one in settings:
        if one.state is SettingState.OTHER:
            yield f"see who set {one.name}: git config --show-origin --get-all {one.name}"
    if found.others:
        yield (
            "git shows or merges these files without eyamlgpg: take the line away, "
            "or add one below it with diff=eyamlgpg merge=eyamlgpg"
        )
    if found.uncovered:
        yield "eyamlgpg git install --yaml adds a line for .yaml files that hold values"
