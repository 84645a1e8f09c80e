"""What makes `check` fail, and the last line of a commit that a hook refuses for it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from junitparser import JUnitXml

from tests.support.controlled import CLEAR, RECIPIENTS, control_repository
from tests.support.repository import Repository
from tests.support.tool import Tool

LIST = "hieradata/hiera-eyaml-gpg.recipients"
BY_ADDRESS = "alice@example.com\n" + "".join(RECIPIENTS.splitlines(keepends=True)[1:])
"""A list of which one line is not pinned: a warning, and nothing else is wrong with it."""
POLICY = ".eyamlgpg/policy.yaml"
STRICT = "version: 1\ncheck: {fail_on: warning}\n"
ANYWAY = "commit all the same: git commit --no-verify"
BASELINE = f"in the baseline: eyamlgpg check --update-baseline, or {ANYWAY}"


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    return control_repository(tmp_path / "control", home("alice"))


@pytest.fixture
def hooked(tool: Tool, repository: Repository) -> Repository:
    assert tool("hook", "install", cwd=repository.root, environ=repository.environ).status == 0
    return repository


def refused(repository: Repository) -> str | None:
    """The last line of a commit of everything that is there; None where it was made."""
    repository.git("add", "-A")
    ran = repository.tried("commit", "-qm", "more")
    return (ran.stdout + ran.stderr).splitlines()[-1] if ran.returncode else None


OUTPUTS = ["text", "json", "sarif", "github", "gitlab", "junit"]


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize(
    ("policy", "status"),
    [("version: 1\n", 0), ("version: 1\ncheck: {fail_on: error}\n", 0), (STRICT, 1)],
    ids=["unsaid", "error", "warning"],
)
def test_warnings_fail_only_where_the_policy_says_so(
    tool: Tool, repository: Repository, output: str, policy: str, status: int
) -> None:
    repository.write(LIST, BY_ADDRESS)
    repository.write(POLICY, policy)
    ran = tool("check", "--format", output, home=repository.home, cwd=repository.root)
    assert (ran.status, "recipient-not-pinned" in ran.text, ran.err.count("0 errors, 1 warning")) == (status, True, 1)
    if output == "junit":
        [suite] = JUnitXml.fromstring(ran.out)
        assert (suite.tests, suite.failures) == (1, status)
        assert all("is not pinned" in (case.system_out or case.result[0].text) for case in suite)


@pytest.mark.parametrize("policy", ["version: 1\n", STRICT])
def test_errors_always_fail(tool: Tool, repository: Repository, policy: str) -> None:
    repository.write("hieradata/plain.yaml", CLEAR)
    repository.write(POLICY, policy)
    assert tool("check", home=repository.home, cwd=repository.root).status == 1


def test_a_commit_with_a_warning_is_made(hooked: Repository) -> None:
    hooked.write(LIST, BY_ADDRESS)
    assert refused(hooked) is None
    assert hooked.git("log", "--format=%s", "-1").strip() == "more"


REFUSED = {
    "an-error": ({"hieradata/plain.yaml": CLEAR}, f"1 error; mend it, or accept it {BASELINE}"),
    "errors-among-warnings": (
        {"hieradata/plain.yaml": f"{CLEAR}app::token: Rosinenbrot7\n", LIST: BY_ADDRESS},
        f"2 errors; mend them, or accept them {BASELINE}",
    ),
    "a-warning-by-the-policy": (
        {LIST: BY_ADDRESS, POLICY: STRICT},
        f"0 errors, 1 warning; mend it, or accept it {BASELINE}",
    ),
    "a-broken-policy": ({POLICY: "version: 2\n"}, f"not everything could be checked; mend that, or {ANYWAY}"),
}


@pytest.mark.parametrize(("files", "told"), REFUSED.values(), ids=REFUSED)
def test_a_refused_commit_ends_with_the_ways_out(hooked: Repository, files: dict[str, str], told: str) -> None:
    for path, text in files.items():
        hooked.write(path, text)
    assert refused(hooked) == f"eyamlgpg: commit refused: {told}"
    assert hooked.git("log", "--format=%s", "-1").strip() == "first"


def test_the_way_out_of_a_refused_merge_concludes_it(hooked: Repository) -> None:
    """Git leaves the merge open: `git merge --no-verify` would be refused then."""
    hooked.git("checkout", "-qb", "other")
    hooked.write("hieradata/plain.yaml", CLEAR)
    hooked.git("add", "-A")
    hooked.git("commit", "-qnm", "theirs")
    hooked.git("checkout", "-q", "-")
    hooked.commit(note_txt="ours\n")
    merged = hooked.tried("merge", "-m", "merged", "other")
    assert merged.returncode
    assert f"commit refused: 1 error; mend it, or accept it {BASELINE}\n" in merged.stderr
    assert "MERGE_HEAD exists" in hooked.tried("merge", "--no-verify", "-m", "merged", "other").stderr
    hooked.git("commit", "--no-verify", "-qm", "merged")
    assert len(hooked.git("log", "--format=%p", "-1").split()) == 2


def test_quiet_settings_do_not_silence_the_refusal(hooked: Repository) -> None:
    hooked.write(".eyaml/config.yaml", "quiet: true\n")
    hooked.write("hieradata/plain.yaml", CLEAR)
    assert str(refused(hooked)).startswith("eyamlgpg: commit refused: 1 error; ")


def test_by_hand_no_commit_is_spoken_of(tool: Tool, repository: Repository) -> None:
    repository.write("hieradata/plain.yaml", CLEAR)
    repository.git("add", "-A")
    ran = tool("check", "--staged", home=repository.home, cwd=repository.root)
    assert (ran.status, "commit refused" in ran.err) == (1, False)


def test_a_policy_that_lets_warnings_pass_again_is_seen(tool: Tool, repository: Repository) -> None:
    repository.commit(**{POLICY: STRICT})
    repository.write(POLICY, "version: 1\n")
    ran = tool("check", "--format", "json", home=repository.home, cwd=repository.root)
    assert json.loads(ran.out)["findings"] == []
    assert f"eyamlgpg: {POLICY}: a new exception: warnings no longer fail\n" in ran.err
