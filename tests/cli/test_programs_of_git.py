"""No command runs a program that a repository names: not in its settings, nor in those of a folder that is one."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from eyamlgpg.repo import closed, surroundings
from tests.support.canaries import PROGRAMS, Canaries, plant_own
from tests.support.controlled import CLEAR, control_repository
from tests.support.repository import Repository
from tests.support.tool import Tool

FOLDER = "hieradata"
FILE = f"{FOLDER}/common.eyaml"

LOOKING = (
    ("check",),
    ("check", FOLDER),
    ("check", FILE),
    ("check", "--staged"),
    ("check", "--staged", FOLDER),
    ("recrypt", "--check"),
    ("recrypt", "--dry-run", FOLDER),
    ("who",),
    ("who", FOLDER),
    ("recipients", "lint"),
    ("recipients", "list"),
)
"""The commands that ask git."""

ALL = (
    *LOOKING,
    ("audit",),
    ("audit", "HEAD", FOLDER),
    ("audit", "HEAD..HEAD"),
    ("diff",),
    ("diff", "--staged"),
    ("diff", "HEAD...HEAD"),
    ("recrypt", FOLDER),
    ("recipients", "add", "carol@example.com", "--at", FOLDER, "-y"),
    ("recipients", "remove", "bob@example.com", "--everywhere", "-y"),
    ("recipients", "pin"),
    ("keys", "check"),
    ("keys", "list"),
    ("keys", "export", "alice@example.com"),
    ("keys", "import"),
    ("hook", "status"),
    ("hook", "install"),
    ("hook", "uninstall"),
    ("set", f"{FOLDER}/new.eyaml", "a::b", "-s", "x"),
    ("get", FILE, "app::pepper"),
    ("encrypt", "-s", "x", "--for", FOLDER),
    ("decrypt", "-e", FILE),
    ("edit", FILE),
)


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    """Attributes ask for every driver; one file has changed, is to be staged, and looks older than git knows it."""
    made = control_repository(tmp_path / "control", home("alice"))
    made.write(".gitattributes", "* filter=canary diff=canary merge=canary\n*.yaml filter=Can.ary\n")
    made.write("hieradata/more.yaml", CLEAR)
    made.write("hieradata/other.eyaml", "a: 1\n")
    made.commit()
    made.write("hieradata/more.yaml", f"{CLEAR}a: b\n")
    made.write("hieradata/staged.eyaml", CLEAR)
    made.git("add", "hieradata/staged.eyaml")
    os.utime(made.root / "hieradata/other.eyaml", (1, 1))
    return made


@pytest.fixture
def canaries(tmp_path: Path) -> Canaries:
    return Canaries(tmp_path / "canaries")


def plant_in_folder(repository: Repository, canaries: Canaries, *names: str) -> None:
    """In those of a folder that is a bare repository, too, and says that the tree around it is its own."""
    folder = repository.root / FOLDER
    for part in ("objects", "refs"):
        repository.write(f"{FOLDER}/{part}/.keep", "")
    repository.write(f"{FOLDER}/HEAD", "ref: refs/heads/main\n")
    repository.git("config", "-f", str(folder / "config"), "core.repositoryformatversion", "0")
    for name, value in (("core.bare", "false"), ("core.worktree", "..")):
        repository.git("config", "-f", str(folder / "config"), name, value)
    for name in names:
        repository.git("config", "-f", str(folder / "config"), name, canaries.value(name))


PLACES = pytest.mark.parametrize("plant", [plant_own, plant_in_folder])


def run_everywhere(tool: Tool, repository: Repository, commands: Sequence[tuple[str, ...]]) -> None:
    """Each command from the root, and from the folder."""
    environ = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "EDITOR": "true"}
    for words in commands:
        tool(*words, home=repository.home, cwd=repository.root, environ=environ)
        within = [word.removeprefix(f"{FOLDER}/") if word != FOLDER else "." for word in words]
        tool(*within, home=repository.home, cwd=repository.root / FOLDER, environ=environ)


@PLACES
@pytest.mark.parametrize("name", [*PROGRAMS, "core.hooksPath"])
def test_no_setting_makes_a_look_run_a_program(
    tool: Tool, repository: Repository, canaries: Canaries, plant: Callable[..., None], name: str
) -> None:
    plant(repository, canaries, name)
    run_everywhere(tool, repository, LOOKING)
    assert canaries.heard() == []


@PLACES
@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_no_command_runs_a_program_of_a_repository(
    tool: Tool, repository: Repository, canaries: Canaries, plant: Callable[..., None], words: tuple[str, ...]
) -> None:
    plant(repository, canaries, *PROGRAMS)
    run_everywhere(tool, repository, [words])
    assert canaries.heard() == []


@pytest.mark.parametrize(
    "words", [("check", FOLDER), ("recrypt", "--check", FOLDER), ("who", FOLDER), ("audit", FOLDER)], ids=" ".join
)
def test_a_folder_that_is_a_bare_repository_is_refused(
    tool: Tool, repository: Repository, canaries: Canaries, words: tuple[str, ...]
) -> None:
    plant_in_folder(repository, canaries, "core.fsmonitor")
    ran = tool(*words, home=repository.home, cwd=repository.root)
    assert (ran.status, "stands in a bare git repository" in ran.err) == (3, True), ran.err


def test_older_git_finds_the_bare_repository_and_we_refuse_it(
    tool: Tool, repository: Repository, canaries: Canaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git before 2.38 passes over a setting that it does not know."""
    plant_in_folder(repository, canaries, "core.fsmonitor")
    known = tuple(setting for setting in closed.SETTINGS if setting.name != "safe.bareRepository")
    monkeypatch.setattr(closed, "SETTINGS", known)
    for words in (("check", FOLDER), ("recrypt", "--check", FOLDER), ("who", FOLDER)):
        ran = tool(*words, home=repository.home, cwd=repository.root)
        assert (ran.status, "stands in a bare git repository" in ran.err) == (3, True), ran.err
    assert canaries.heard() == []


HEARD_OTHERWISE = {
    "core.fsmonitor": ("ls-files", "--others"),
    "core.hooksPath": ("update-index", "--refresh"),
    "filter.canary.clean": ("diff", "--raw", "HEAD"),
    "filter.Can.ary.clean": ("diff", "--raw", "HEAD"),
    "filter.canary.process": ("diff", "--raw", "HEAD"),
    "diff.external": ("diff", "HEAD", "hieradata/more.yaml"),
    "diff.canary.textconv": ("diff", "HEAD"),
}


@pytest.mark.parametrize("name", HEARD_OTHERWISE)
def test_the_canaries_are_heard_where_git_runs_without_the_list(
    repository: Repository, canaries: Canaries, name: str
) -> None:
    """So that the tests above show something."""
    plant_own(repository, canaries, name)
    repository.tried(*HEARD_OTHERWISE[name])
    assert len(canaries.heard()) == 1


@pytest.mark.parametrize("name", ["core.fsmonitor", "core.hooksPath", "filter.canary.clean", "diff.external"])
def test_the_hook_runs_none_of_its_own(tool: Tool, repository: Repository, canaries: Canaries, name: str) -> None:
    """As git runs it, the location of the repository and its index in variables."""
    plant_own(repository, canaries, name)
    environ = {"GIT_DIR": ".git", "GIT_INDEX_FILE": ".git/index", "GIT_EXTERNAL_DIFF": str(canaries.program("env"))}
    ran = tool("check", "--staged", home=repository.home, cwd=repository.root, environ=environ)
    assert (ran.status, canaries.heard()) == (1, []), ran.err


@pytest.mark.parametrize("url", ["ext::{canary}", "ssh://example.com/x", "file:///nowhere"])
def test_nothing_is_fetched_for_an_object_that_a_partial_clone_lacks(
    tool: Tool, repository: Repository, canaries: Canaries, url: str
) -> None:
    lacking = repository.git("rev-parse", "HEAD:hieradata/other.eyaml").strip()
    repository.write("hieradata/other.eyaml", "a: 2\n")
    (repository.root / ".git/objects" / lacking[:2] / lacking[2:]).unlink()
    canary = canaries.value("remote.origin.uploadpack")
    for name, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": url.format(canary=canary),
        "remote.origin.uploadpack": canary,
        "core.sshCommand": canary,
        "protocol.ext.allow": "always",
        "protocol.allow": "always",
    }.items():
        repository.git("config", name, value)
    repository.tried("cat-file", "-p", lacking)
    assert canaries.heard() == ["remote.origin.uploadpack"] or url.startswith("file:")
    for path in canaries.sung.iterdir():
        path.unlink()
    ran = tool("check", home=repository.home, cwd=repository.root)
    assert canaries.heard() == []
    assert (ran.status, lacking in ran.err, "git cat-file -e OBJECT" in ran.err) == (3, True, True), ran.err


def test_a_user_who_has_set_a_folder_of_hooks_still_gets_ours_there(tool: Tool, repository: Repository) -> None:
    repository.git("config", "core.hooksPath", "tools/hooks")
    assert tool("hook", "install", home=repository.home, cwd=repository.root).status == 0
    assert (repository.root / "tools/hooks/pre-commit").is_file()


def test_every_closed_setting_has_a_reason_and_reaches_git(repository: Repository) -> None:
    for setting in closed.SETTINGS:
        ran = surroundings.run(repository.root, repository.environ, "config", "--get", setting.name)
        assert (ran.stdout.decode(), bool(setting.reason)) == (f"{setting.value}\n", True)
