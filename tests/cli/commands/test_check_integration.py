"""The hook and the CI jobs of the guide, each run for real."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.controlled import CLEAR, GOOD, READERS, control_repository
from tests.support.repository import ROOT, Repository
from tests.support.tool import Tool
from tests.support.wrapper import with_wrapper


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    return control_repository(tmp_path / "control", home("alice"))


def test_the_installed_hook_refuses_a_commit_and_lets_the_mended_one_through(
    tool: Tool, repository: Repository
) -> None:
    assert tool("hook", "status", cwd=repository.root, environ=repository.environ).status == 1
    assert tool("hook", "install", cwd=repository.root, environ=repository.environ).status == 0
    repository.write("hieradata/common.eyaml", CLEAR)
    refused = repository.tried("commit", "-qam", "oops")
    assert (refused.returncode, "[plaintext-key-name]" in refused.stdout + refused.stderr) == (1, True)
    repository.write("hieradata/common.eyaml", f"db::password: {GOOD}\n")
    assert repository.tried("commit", "-qam", "mended").returncode == 0
    ran = tool("hook", "uninstall", cwd=repository.root, environ=repository.environ)
    folder = repository.root / ".git" / "hooks"
    said = f"{folder}/pre-commit: not installed\n{folder}/pre-merge-commit: not installed\n"
    assert (ran.status, ran.out.decode()) == (0, said)


def test_a_merge_brings_no_secret_in_clear_text(tool: Tool, repository: Repository) -> None:
    """`git merge` runs no pre-commit hook for a merge that it commits itself."""
    assert tool("hook", "install", cwd=repository.root, environ=repository.environ).status == 0
    repository.git("checkout", "-qb", "side")
    repository.commit(**{"hieradata/side.eyaml": CLEAR})
    repository.git("checkout", "-q", "main")
    refused = repository.tried("merge", "--no-ff", "--no-edit", "side")
    assert (refused.returncode, "[plaintext-key-name]" in refused.stdout + refused.stderr) == (1, True)
    repository.write("hieradata/side.eyaml", f"db::password: {GOOD}\n")
    repository.git("add", "-A")
    repository.git("commit", "-qm", "merged and mended")
    assert repository.git("log", "-1", "--format=%p").count(" ") == 1


def test_the_scripts_of_the_ci_jobs_in_the_guide_run_as_they_stand(
    repository: Repository, tmp_path: Path, fresh_home: Path
) -> None:
    for reader in READERS:
        repository.write(f".eyamlgpg/keys/{reader.fingerprint}.asc", reader.public.decode())
    environ = with_wrapper(tmp_path / "bin", {**repository.environ, "GNUPGHOME": str(fresh_home)})
    guide = (ROOT / "docs" / "howto" / "ci.md").read_text()
    github = re.findall(r"^ +(?:- )?run: (eyamlgpg .*)$", guide, re.MULTILINE)
    gitlab = "\n".join(re.findall(r"^    - (eyamlgpg .*|exit .*)$", guide, re.MULTILINE))
    assert (len(github), gitlab.count("\n")) == (2, 2)

    def statuses() -> list[int]:
        return [
            subprocess.run(
                ["bash", "-ec", script], cwd=repository.root, env=environ, capture_output=True, check=False
            ).returncode
            for script in (*github, gitlab)
        ]

    assert statuses() == [0, 0, 0]
    assert json.loads((repository.root / "gl-code-quality-report.json").read_text()) == []
    repository.write("hieradata/common.eyaml", CLEAR)
    assert statuses() == [1, 0, 1]
    report = json.loads((repository.root / "eyamlgpg.sarif").read_text())
    assert [one["ruleId"] for one in report["runs"][0]["results"]] == ["plaintext-key-name"]


def test_the_hook_runs_no_code_of_the_repository(tool: Tool, repository: Repository) -> None:
    """Where eyamlgpg is not on PATH, Python starts it, and Python would look for modules in the working directory."""
    assert tool("hook", "install", cwd=repository.root, environ=repository.environ).status == 0
    for name in ("eyamlgpg/__init__.py", "eyamlgpg/__main__.py", "click.py", "json.py"):
        repository.write(name, "raise SystemExit(0)\n")
    repository.write("hieradata/common.eyaml", CLEAR)
    repository.git("add", "-A")
    refused = repository.tried("commit", "-qm", "oops")
    assert (refused.returncode, "[plaintext-key-name]" in refused.stdout + refused.stderr) == (1, True)
