"""The pre-commit framework itself: the two hooks that are declared for it, and ours beside its own."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from eyamlgpg.repo.git import Git
from eyamlgpg.repo.hooks import hooks
from eyamlgpg.repo.hooks.hooks import State
from tests.support.controlled import CLEAR, GOOD, READERS, RECIPIENTS, control_repository
from tests.support.repository import ROOT, Repository, start
from tests.support.wrapper import PRE_COMMIT, with_wrapper

pytestmark = pytest.mark.skipif(
    PRE_COMMIT is None, reason="the pre-commit framework is neither beside this Python nor on PATH"
)

NOTHING = "eyamlgpg: 1 file, 1 encrypted value: nothing found\n"
MARK = "#!/bin/sh\necho somebody was here\n"
READERS_FILE = "hieradata/hiera-eyaml-gpg.recipients"


@dataclass(frozen=True)
class Framework:
    """The framework in one repository."""

    repository: Repository
    environ: dict[str, str]

    def __call__(self, *words: str) -> tuple[int, str]:
        return self._ran([str(PRE_COMMIT), *words])

    def commit(self, *words: str) -> tuple[int, str]:
        """`git commit` with whatever hooks are installed."""
        return self.git_ran("commit", "-qm", "step", *words)

    def git_ran(self, *words: str) -> tuple[int, str]:
        """Git, with whatever hooks are installed."""
        return self._ran(["git", *words])

    def _ran(self, words: list[str]) -> tuple[int, str]:
        done = subprocess.run(
            words, cwd=self.repository.root, env=self.environ, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def declare(self, hook: str) -> None:
        """One of ours, and no other."""
        self.configure(f"repos:\n- repo: REPO\n  rev: REV\n  hooks:\n  - id: {hook}\n")

    def configure(self, config: str) -> None:
        """REPO and REV are ours, with `language: system`, so that nothing is fetched; all else is as declared."""
        clone = start(self.repository.root.parent / "eyamlgpg")
        declared = (ROOT / ".pre-commit-hooks.yaml").read_text()
        clone.commit(**{"_pre-commit-hooks_yaml": declared.replace("language: python", "language: system")})
        revision = clone.git("rev-parse", "HEAD").strip()
        config = config.replace("REPO", str(clone.root)).replace("REV", revision)
        self.repository.commit(**{"_pre-commit-config_yaml": config})

    def states(self) -> tuple[State, ...]:
        return tuple(hook.state for hook in hooks.look(self.git))

    @property
    def git(self) -> Git:
        return Git(self.repository.root, self.repository.environ)

    @property
    def names(self) -> list[str]:
        """Of the hooks that stand there, without git's samples."""
        folder = self.repository.root / ".git" / "hooks"
        return sorted(path.name for path in folder.iterdir() if path.suffix != ".sample")


@pytest.fixture
def framework(tmp_path: Path, home: Callable[[str], Path]) -> Framework:
    repository = control_repository(tmp_path / "control", home("alice"))
    environ = {**repository.environ, "PRE_COMMIT_HOME": str(tmp_path / "cache")}
    return Framework(repository, with_wrapper(tmp_path / "bin", environ))


@pytest.fixture
def empty(framework: Framework) -> Framework:
    """One that runs no hook of anybody by itself."""
    framework.repository.commit(**{"_pre-commit-config_yaml": "repos: []\n"})
    return framework


def retarget(repository: Repository, path: str, target: str) -> None:
    (repository.root / path).unlink(missing_ok=True)
    (repository.root / path).symlink_to(target)
    repository.git("add", "-A")


@pytest.mark.parametrize("hook", ["eyamlgpg-check", "eyamlgpg-check-staged"])
def test_a_secret_in_clear_text_is_refused_and_the_mended_file_is_not(framework: Framework, hook: str) -> None:
    framework.declare(hook)
    framework.repository.write("hieradata/common.eyaml", CLEAR)
    framework.repository.git("add", "-A")
    status, said = framework("run")
    assert (status, "[plaintext-key-name]" in said) == (1, True), said
    framework.repository.write("hieradata/common.eyaml", f"db::password: {GOOD}\n")
    framework.repository.git("add", "-A")
    assert framework("run")[0] == 0


@pytest.mark.parametrize("hook", ["eyamlgpg-check", "eyamlgpg-check-staged"])
def test_a_link_that_leads_to_another_list_is_seen(framework: Framework, hook: str) -> None:
    repository = framework.repository
    repository.write("shared/all", RECIPIENTS)
    repository.write("shared/fewer", "".join(f"{one.fingerprint}\n" for one in READERS[1:]))
    retarget(repository, READERS_FILE, "../shared/all")
    framework.declare(hook)
    retarget(repository, READERS_FILE, "../shared/fewer")
    status, said = framework("run")
    assert (status, "[access-unexpected]" in said) == (1, True), said


@pytest.mark.parametrize("stage", ["pre-commit", "pre-merge-commit"])
def test_what_is_staged_includes_a_deletion(framework: Framework, stage: str) -> None:
    framework.declare("eyamlgpg-check-staged")
    framework.repository.git("rm", "-q", READERS_FILE)
    status, said = framework("run", "--hook-stage", stage)
    assert (status, "[access-no-recipients]" in said) == (1, True), said


def test_all_files_are_handed_over_links_included(framework: Framework) -> None:
    """The link's name tells that it is ours; that of the list which it leads to does not."""
    framework.declare("eyamlgpg-check")
    framework.repository.write("shared/readers", f"{RECIPIENTS}nobody@example.com\n")
    retarget(framework.repository, READERS_FILE, "../shared/readers")
    (framework.repository.root / "hieradata/common.eyaml").unlink()
    framework.repository.commit()
    status, said = framework("run", "--all-files")
    assert (status, f"{READERS_FILE}:4:" in said) == (1, True), said


def test_every_yaml_file_that_is_handed_over_is_taken_for_hiera_data(framework: Framework) -> None:
    framework.declare("eyamlgpg-check")
    framework.repository.write("docker-compose.yml", CLEAR)
    framework.repository.git("add", "-A")
    status, said = framework("run")
    assert (status, "docker-compose.yml:1:" in said) == (1, True), said


def test_the_configuration_of_the_guide_refuses_a_deletion_in_a_commit_and_in_a_merge(framework: Framework) -> None:
    guide = (ROOT / "docs" / "howto" / "pre-commit.md").read_text()
    first, more, _ = re.findall(
        r"^```yaml\n((?:# .pre-commit-config.yaml\n| +- id: ).*?)^```", guide, re.DOTALL | re.MULTILINE
    )
    config = first.replace("https://github.com/OWNER/eyamlgpg", "REPO").replace("v1.0.0rc1", "REV")
    framework.configure(config + more)
    framework.repository.commit(**{"docker-compose_yml": CLEAR})
    assert framework("run", "--all-files", "--hook-stage", "manual")[0] == 0
    assert framework("install")[0] == 0
    framework.repository.git("checkout", "-qb", "side")
    framework.repository.git("rm", "-q", READERS_FILE)
    status, said = framework.commit()
    assert (status, "[access-no-recipients]" in said) == (1, True), said
    framework.repository.commit()
    framework.repository.git("checkout", "-q", "main")
    status, said = framework.git_ran("merge", "--no-ff", "--no-edit", "side")
    assert (status, "[access-no-recipients]" in said) == (1, True), said


def test_a_framework_that_comes_later_runs_ours(empty: Framework) -> None:
    hooks.install(empty.git, sys.executable)
    assert empty("install")[0] == 0
    assert empty.states() == (State.LEGACY, State.INSTALLED)
    installed = empty.names
    assert tuple(hook.state for hook in hooks.install(empty.git, sys.executable)) == empty.states()
    assert empty.names == installed == ["pre-commit", "pre-commit.legacy", "pre-merge-commit"]
    empty.repository.write("hieradata/common.eyaml", CLEAR)
    status, said = empty.commit("-a")
    assert (status, said.count("[plaintext-key-name]")) == (1, 1), said
    empty.repository.write("hieradata/common.eyaml", f"db::password: {GOOD}\n")
    assert empty.commit("-a")[0] == 0
    assert tuple(hook.state for hook in hooks.uninstall(empty.git)) == (State.FOREIGN, State.ABSENT)
    assert empty.names == ["pre-commit"]


def test_ours_in_front_of_a_framework_that_is_installed_once_more_runs_in_no_circle(empty: Framework) -> None:
    assert empty("install")[0] == 0
    hooks.install(empty.git, sys.executable)
    assert empty.states() == (State.CHAINED, State.INSTALLED)
    assert empty("install")[0] == 0
    assert empty.states() == (State.LEGACY, State.INSTALLED)
    empty.repository.write("hieradata/common.eyaml", f"db::password: {GOOD}\n")
    assert empty.commit("-a") == (0, NOTHING)
    hooks.uninstall(empty.git)
    assert empty.names == ["pre-commit"]
    empty.repository.write("hieradata/common.eyaml", CLEAR)
    assert empty.commit("-a") == (0, "")


def test_ours_in_the_place_and_as_the_legacy_of_what_it_runs_ends(empty: Framework) -> None:
    """As `cp` or an older `hook install` may leave it."""
    hooks.install(empty.git, sys.executable)
    assert empty("install")[0] == 0
    folder = empty.repository.root / ".git" / "hooks"
    (folder / "pre-commit").rename(folder / "pre-commit.before-eyamlgpg")
    assert empty.states() == (State.LEFT, State.INSTALLED)
    hooks.install(empty.git, sys.executable)
    assert empty.states() == (State.CHAINED, State.INSTALLED)
    empty.repository.write("hieradata/common.eyaml", CLEAR)
    status, said = empty.commit("-a")
    assert (status, "[plaintext-key-name]" in said) == (1, True), said
    empty.repository.write("hieradata/common.eyaml", f"db::password: {GOOD}\n")
    assert empty.commit("-a")[0] == 0
    hooks.uninstall(empty.git)
    assert empty.names == ["pre-commit"]


def test_the_hook_before_ours_becomes_the_legacy_of_the_framework(empty: Framework) -> None:
    place = empty.repository.root / ".git" / "hooks" / "pre-commit"
    place.write_text(MARK)
    place.chmod(0o755)
    hooks.install(empty.git, sys.executable)
    assert empty("install")[0] == 0
    empty.repository.write("hieradata/common.eyaml", f"db::password: {GOOD}\n")
    assert empty.commit("-a") == (0, f"somebody was here\n{NOTHING}")
    hooks.uninstall(empty.git)
    assert (empty.names, place.with_name("pre-commit.legacy").read_text()) == (
        ["pre-commit", "pre-commit.legacy"],
        MARK,
    )
    assert empty.commit("--allow-empty") == (0, "somebody was here\n")


@pytest.mark.parametrize(("damage", "state"), [("chmod", State.OFF), ("edit", State.EDITED)])
def test_ours_as_the_legacy_is_looked_at_as_well(empty: Framework, damage: str, state: State) -> None:
    hooks.install(empty.git, sys.executable)
    assert empty("install")[0] == 0
    legacy = empty.repository.root / ".git" / "hooks" / "pre-commit.legacy"
    if damage == "chmod":
        legacy.chmod(0o644)
    else:
        legacy.write_text(f"{legacy.read_text()}make lint\n")
    assert next((hook.path, hook.state) for hook in hooks.look(empty.git)) == (legacy, state)
    if damage == "chmod":
        assert hooks.install(empty.git, sys.executable)[0].state is State.LEGACY
        assert empty.names == ["pre-commit", "pre-commit.legacy", "pre-merge-commit"]


def test_a_framework_that_is_taken_away_gives_ours_its_place_back(empty: Framework) -> None:
    hooks.install(empty.git, sys.executable)
    assert (empty("install")[0], empty("uninstall")[0]) == (0, 0)
    assert empty.states() == (State.INSTALLED, State.INSTALLED)
