"""What cannot be read is told on stderr with status 3, and the report of all else is whole."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.controlled import CLEAR, GOOD, control_repository
from tests.support.ordinary import as_ordinary_user
from tests.support.repository import Repository
from tests.support.tool import Tool


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    """One finding, and two files whose recipients cannot be read."""
    made = control_repository(tmp_path / "control", home("alice"))
    made.write("hieradata/plain.yaml", CLEAR)
    for name in ("a", "b"):
        made.write(f"broken/{name}.eyaml", f"app::pepper: {GOOD}\n")
    (made.root / "broken/hiera-eyaml-gpg.recipients").symlink_to("/etc/hostname")
    made.git("add", "-A")
    return made


def rules(output: str, report: str) -> list[str]:
    """The rules that a report of this format names."""
    if output == "junit":
        return [one.get("type", "") for one in ET.fromstring(report).iter("failure")]  # noqa: S314 - our own
    document = json.loads(report)
    match output:
        case "json":
            return [one["rule"] for one in document["findings"]]
        case "sarif":
            return [one["ruleId"] for one in document["runs"][0]["results"]]
        case _:
            return [one["check_name"] for one in document]


@pytest.mark.parametrize("words", [(), ("--staged",)])
@pytest.mark.parametrize("output", ["json", "sarif", "gitlab", "junit"])
def test_a_report_is_whole_though_a_file_could_not_be_read(
    tool: Tool, repository: Repository, output: str, words: tuple[str, ...]
) -> None:
    ran = tool("check", "--format", output, *words, home=repository.home, cwd=repository.root)
    assert (ran.status, rules(output, ran.out.decode())) == (3, ["plaintext-key-name"])
    path = "broken/hiera-eyaml-gpg.recipients"
    assert [line for line in ran.err.splitlines() if "broken" in line] == [
        f"eyamlgpg: {path}: is a symbolic link that leads out of the tree, which is not followed"
    ]


@pytest.mark.parametrize("output", ["text", "github"])
def test_lines_are_printed_though_a_file_could_not_be_read(tool: Tool, repository: Repository, output: str) -> None:
    ran = tool("check", "--format", output, home=repository.home, cwd=repository.root)
    assert (ran.status, b"hieradata/plain.yaml" in ran.out) == (3, True)


def test_no_baseline_is_made_of_a_part(tool: Tool, repository: Repository) -> None:
    ran = tool("check", "--update-baseline", home=repository.home, cwd=repository.root)
    assert (ran.status, (repository.root / ".eyamlgpg").exists()) == (3, False)


@pytest.mark.parametrize("has_git", [True, False])
def test_a_closed_folder_is_an_error_and_the_others_are_looked_at(tmp_path: Path, has_git: bool) -> None:
    root = control_repository(tmp_path / "control", tmp_path / "none").root
    (root / "hieradata/plain.yaml").write_text(CLEAR)
    (root / "hieradata/common.eyaml").unlink()
    (root / "closed").mkdir(0)
    if not has_git:
        (root / ".git").rename(tmp_path / "git")
    environ = {"GIT_CEILING_DIRECTORIES": str(tmp_path), "GNUPGHOME": str(tmp_path)}
    for folder, told in ((".", True), ("hieradata", False)):
        words = ("-m", "eyamlgpg", "check", "--format", "json", folder)
        ran = as_ordinary_user(*words, cwd=root, environ=environ)
        found = [
            Path(one["path"]).name for one in json.loads(ran.stdout)["findings"] if one["rule"].startswith("plaintext")
        ]
        assert (ran.returncode, found) == (3 if told else 1, ["plain.yaml"]), ran.stderr
        assert ("closed: cannot be read: Permission denied" in ran.stderr) is told


def test_settings_that_are_closed_to_us_are_an_error(tmp_path: Path) -> None:
    root = control_repository(tmp_path / "control", tmp_path / "none").root
    (root / ".eyamlgpg").mkdir(0)
    ran = as_ordinary_user("-m", "eyamlgpg", "check", cwd=root, environ={"GNUPGHOME": str(tmp_path)})
    told = "eyamlgpg: .eyamlgpg/policy.yaml: cannot be looked at: Permission denied\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (3, "", told)
