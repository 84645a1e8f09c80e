"""Each file is judged by itself, whatever it holds: a file that no parser can read hides nothing that is in others."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from eyamlgpg.rules.reading.subject import Subject
from tests.formats.yaml.test_events import ODD
from tests.support.controlled import CLEAR, control_repository
from tests.support.repository import Repository
from tests.support.tool import Ran, Tool


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    made = control_repository(tmp_path / "control", home("alice"))
    made.write("hieradata/plain.yaml", CLEAR)
    made.git("add", "-A")
    return made


def rules(ran: Ran) -> set[tuple[str, str]]:
    return {(one["rule"], Path(one["path"]).name) for one in json.loads(ran.out)["findings"]}


@pytest.mark.parametrize("words", [(), ("--staged",)])
@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_data_is_a_finding_beside_those_in_other_files(
    tool: Tool, repository: Repository, text: str, words: tuple[str, ...]
) -> None:
    repository.write("hieradata/a.eyaml", text)
    repository.git("add", "-A")
    ran = tool("check", "--format", "json", *words, home=repository.home, cwd=repository.root)
    assert ran.status == 1, ran.err
    assert {("format-invalid-yaml", "a.eyaml"), ("plaintext-key-name", "plain.yaml")} <= rules(ran)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
@pytest.mark.parametrize(
    "words", [("get", "k"), ("set", "k", "-s", "x"), ("decrypt", "-e"), ("encrypt", "-e"), ("who",), ("recrypt",)]
)
def test_no_command_falls_over_odd_data(tool: Tool, repository: Repository, words: tuple[str, ...], text: str) -> None:
    name, *more = words
    repository.write("hieradata/a.eyaml", f"{text}k: DEC::GPG[x]!\n")
    file = [*more, "hieradata/a.eyaml"] if more[:1] == ["-e"] else ["hieradata/a.eyaml", *more]
    ran = tool(name, *file, home=repository.home, cwd=repository.root)
    assert ran.status in (0, 3), ran.err


@pytest.mark.parametrize("file", [".eyaml/config.yaml", ".eyamlgpg/policy.yaml", ".eyamlgpg/baseline.yaml"])
def test_odd_settings_are_an_error_that_names_them(tool: Tool, repository: Repository, file: str) -> None:
    for text in list(ODD.values())[:4]:
        repository.write(file, text)
        ran = tool("check", home=repository.home, cwd=repository.root)
        assert (ran.status, file in ran.err, "unexpected" in ran.err) == (3, True, False), ran.err


def test_a_policy_of_megabytes_is_refused_unread(tool: Tool, repository: Repository) -> None:
    repository.write(".eyamlgpg/policy.yaml", "version: 1\n" + "# a\n" * 300_000)
    ran = tool("check", home=repository.home, cwd=repository.root)
    assert (ran.status, ".eyamlgpg/policy.yaml: is larger than 1,048,576 bytes" in ran.err) == (3, True)


@pytest.mark.parametrize(
    ("raised", "status", "told"),
    [
        (KeyError, 70, "eyamlgpg: hieradata/common.eyaml: unexpected KeyError\n"),
        (RecursionError, 70, "eyamlgpg: hieradata/common.eyaml: unexpected RecursionError\n"),
        (OSError, 3, "eyamlgpg: hieradata/common.eyaml: cannot be read: the system refuses it\n"),
        (MemoryError, 3, "eyamlgpg: hieradata/common.eyaml: to look into it takes more memory than there is\n"),
    ],
)
def test_what_nobody_foresaw_is_told_with_its_file_and_the_others_are_looked_at(
    tool: Tool,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    raised: type[Exception],
    status: int,
    told: str,
) -> None:
    sound = Subject.read

    def read(path: str, text: str) -> Subject:
        if path.endswith("common.eyaml"):
            raise raised("Kirschkuchen")
        return sound(path, text)

    monkeypatch.setattr(Subject, "read", read)
    ran = tool("check", "--format", "json", home=repository.home, cwd=repository.root)
    assert (ran.status, told in ran.err, "Kirsch" in ran.err + ran.out.decode()) == (status, True, False)
    assert {("format-not-judged", "common.eyaml"), ("plaintext-key-name", "plain.yaml")} <= rules(ran)
