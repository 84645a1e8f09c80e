"""The eyaml config files that were read, and which setting won."""

from collections.abc import Iterator

from eyamlgpg.model.diagnosis import Area, Diagnosis, State
from eyamlgpg.model.health import SettingsFacts
from eyamlgpg.operations.doctor.mending import edit_command

_AREA = Area.SETTINGS


def examine_settings(facts: SettingsFacts) -> Iterator[Diagnosis]:
    """Each file, and each setting with the place that decided it."""
    if facts.error is not None:
        yield Diagnosis(
            "config",
            _AREA,
            State.PROBLEM,
            facts.error,
            " ".join(("Every other command stops at this.", *(f"{hint}." for hint in facts.hints))),
            edit_command(facts.error),
        )
    if facts.read:
        yield Diagnosis("config", _AREA, State.GOOD, f"config files, a later one wins: {', '.join(facts.read)}")
    elif facts.error is None:
        yield Diagnosis("config", _AREA, State.GOOD, "there is no config file of eyaml, so the defaults hold")
    for setting in facts.settings:
        yield Diagnosis("setting", _AREA, State.GOOD, f"{setting.name} is {setting.value}, from {setting.where}")
    for warning in facts.warnings:
        yield Diagnosis("config-warning", _AREA, State.NOTE, warning)
