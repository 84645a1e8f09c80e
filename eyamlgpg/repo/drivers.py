"""Git's settings by which it shows and merges values, in the configuration of one clone; and which attributes count."""

from collections.abc import Iterable, Mapping

from eyamlgpg.errors import FileProblem
from eyamlgpg.model.drivers import CACHE, DIFF, MERGE_RECIPIENTS, MERGE_VALUES, FoundSetting, SettingState
from eyamlgpg.repo.check_attr import check_attr
from eyamlgpg.repo.driver_command import is_ours, merging, showing
from eyamlgpg.repo.git import Git

_NAMES = {
    f"merge.{MERGE_VALUES}.name": "values of eyamlgpg, one by one",
    f"merge.{MERGE_RECIPIENTS}.name": "recipients files of eyamlgpg",
}
_TEXTCONV = f"diff.{DIFF}.textconv"
_FALSE = ("false", "no", "off", "0", "")


def settings(python: str) -> dict[str, str]:
    """Every setting with its value, `python` being the interpreter that has eyamlgpg."""
    return {
        _TEXTCONV: showing(python),
        CACHE: "false",
        f"merge.{MERGE_VALUES}.name": _NAMES[f"merge.{MERGE_VALUES}.name"],
        f"merge.{MERGE_VALUES}.driver": merging(python, "merge-values", f"merge.{MERGE_VALUES}"),
        f"merge.{MERGE_RECIPIENTS}.name": _NAMES[f"merge.{MERGE_RECIPIENTS}.name"],
        f"merge.{MERGE_RECIPIENTS}.driver": merging(python, "merge-recipients", f"merge.{MERGE_RECIPIENTS}"),
    }


def look(git: Git, python: str) -> tuple[FoundSetting, ...]:
    """Each setting as git sees it from the working tree, wherever it was made."""
    return tuple(
        FoundSetting(name, _state(name, git.asked("config", "--get", name), value))
        for name, value in settings(python).items()
    )


def install(git: Git, python: str) -> None:
    """Make the settings, in the configuration of this clone, which its worktrees share; twice is the same as once.

    FileProblem, and nothing is changed, where one of them is somebody else's.
    """
    for name in settings(python):
        for value in _own_values(git, name):
            if not _is_ours(name, value):
                raise FileProblem(
                    f"{git.root}: git's setting {name} is not ours",
                    f"see it: git config --show-origin --get-all {name}",
                    f"and take it away: git config --local --unset-all {name}",
                )
    for name, value in settings(python).items():
        git.run("config", "--local", "--replace-all", name, value)


def uninstall(git: Git, python: str) -> tuple[str, ...]:
    """Take away what `install` wrote; the names of settings that somebody else made or changed, which stay."""
    left = []
    for name in settings(python):
        values = _own_values(git, name)
        if values and all(_is_ours(name, value) for value in values):
            git.run("config", "--local", "--unset-all", name)
        elif values:
            left.append(name)
    return tuple(left)


def attributes(git: Git, paths: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """The attributes `diff` and `merge` of paths from the root of the tree, where they are specified."""
    return check_attr(git.root, git.environ, paths, "diff", "merge")


def _own_values(git: Git, name: str) -> list[str]:
    """In the configuration of this clone alone."""
    told = git.asked("config", "--local", "-z", "--get-all", name)
    return [] if told is None else told.split("\0")[:-1]


def _is_ours(name: str, value: str) -> bool:
    if name == CACHE:
        return value.lower() in _FALSE
    return value == _NAMES[name] if name in _NAMES else is_ours(value)


def _state(name: str, found: str | None, wanted: str) -> SettingState:
    if found is None:
        return SettingState.ABSENT
    if name == CACHE:
        return SettingState.SET if found.lower() in _FALSE else SettingState.CACHED
    if found == wanted:
        return SettingState.SET
    return SettingState.OLD if _is_ours(name, found) else SettingState.OTHER
