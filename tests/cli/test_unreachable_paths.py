"""Paths in a circle, too long, shut or gone are told in one sentence, with status 3: none of them is a bug."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.keyrings import known
from tests.support.ordinary import as_ordinary_user
from tests.support.tool import Ran, Tool

Home = Callable[[str], Path]

LONG = "x" * 300
ALICE = ("--gpg-recipients", known("alice").fingerprint)
SHUT = "cannot be looked at: Permission denied"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["recipients", "list", "circle"], "circle: cannot be looked at: Too many levels of symbolic links"),
        (["recipients", "list", LONG], "{long}: cannot be looked at: File name too long"),
        (["recipients", "lint", "circle"], "circle: cannot be looked at: Too many levels of symbolic links"),
        (["recipients", "add", "x", "--at", LONG], "{long}: cannot be looked at: File name too long"),
        (["encrypt", "-s", "x", *ALICE, "--for", "circle"], "circle: its links lead in a circle"),
        (["encrypt", "-s", "x", *ALICE, "--for", LONG], "{folder}/{long}: cannot be looked at: File name too long"),
        (["set", "circle", "key", "-s", "x", *ALICE], "circle: cannot be looked at: Too many levels of symbolic links"),
        (["check", "circle"], "circle: cannot be looked at: Too many levels of symbolic links"),
        (["keys", "list", "--gpg-gnupghome", "~nosuch/x"], "~nosuch/x: there is no such user"),
        (["recipients", "list", "--gpg-recipients-file", "~nosuch/x"], "~nosuch/x: there is no such user"),
        (["keys", "generate", "a", "--homedir", "~nosuch/x"], "~nosuch/x: there is no such user"),
    ],
)
def test_a_path_that_leads_nowhere_is_told(tool: Tool, home: Home, tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "circle").symlink_to("circle")
    told = said.format(folder=tmp_path, long=LONG)
    assert tool(*words, home=home("alice"), cwd=tmp_path) == Ran(3, b"", f"eyamlgpg: {told}\n")


@pytest.mark.parametrize("words", [["get", "a", "b"], ["recipients", "list"], ["check"], ["hook", "status"]])
def test_a_working_directory_that_was_removed_is_told(home: Home, tmp_path: Path, words: list[str]) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    program = f"import os, sys; os.rmdir({str(gone)!r}); from eyamlgpg.cli.main import main; sys.exit(main())"
    ran = as_ordinary_user("-c", program, *words, cwd=gone, environ={"GNUPGHOME": str(home("alice"))})
    assert (ran.returncode, ran.stdout, ran.stderr) == (
        3,
        "",
        "eyamlgpg: the working directory: cannot be looked at: No such file or directory\n",
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["edit", "shut/a.eyaml"], f"shut/a.eyaml: {SHUT}"),
        (["set", "shut/a.eyaml", "key", "--stdin"], f"shut/a.eyaml: {SHUT}"),
        (["recipients", "list", "shut/a.eyaml"], f"shut/a.eyaml: {SHUT}"),
        (["recipients", "lint", "shut/a.eyaml"], f"shut/a.eyaml: {SHUT}"),
        (["encrypt", "--stdin", "--for", "shut/a.eyaml"], f"{{folder}}/shut/a.eyaml: {SHUT}"),
        (["check", "shut/a.eyaml"], f"shut/a.eyaml: {SHUT}"),
    ],
)
def test_a_path_below_a_folder_that_is_shut_is_told(home: Home, tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "shut").mkdir(0)
    environ = {"GNUPGHOME": str(home("alice")), "EDITOR": "true"}
    ran = as_ordinary_user("-m", "eyamlgpg", *words, cwd=tmp_path, environ=environ)
    assert (ran.returncode, ran.stdout, ran.stderr) == (3, "", f"eyamlgpg: {said.format(folder=tmp_path)}\n")


@pytest.mark.parametrize(
    ("shut", "environ"),
    [(".eyaml", {}), ("home", {"HOME": "{folder}/home"}), ("other", {"EYAML_CONFIG": "{folder}/other/config.yaml"})],
)
def test_a_place_of_config_files_that_is_shut_is_told(
    home: Home, tmp_path: Path, shut: str, environ: dict[str, str]
) -> None:
    (tmp_path / shut).mkdir(0)
    given = {name: text.format(folder=tmp_path) for name, text in environ.items()}
    ran = as_ordinary_user(
        *("-m", "eyamlgpg", "keys", "list"), cwd=tmp_path, environ={"GNUPGHOME": str(home("alice")), **given}
    )
    [line] = ran.stderr.splitlines()
    assert (ran.returncode, ran.stdout) == (3, "")
    assert line.startswith(f"eyamlgpg: {tmp_path / shut}")
    assert line.endswith(SHUT)
