from collections.abc import Callable
from pathlib import Path

import pytest

from eyamlgpg.host.editing import editor_options
from eyamlgpg.host.editing.editor_options import Family, family, quiet

Program = Callable[..., Path]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "bin").mkdir()
    return {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}


@pytest.fixture
def program(environ: dict[str, str]) -> Program:
    """Puts a program on PATH: a script of the given words, or a link to another program."""
    folder = Path(environ["PATH"])

    def put(name: str, *, script: str = "exit 1", link: str | None = None) -> Path:
        path = folder / name
        if link is None:
            path.write_text(f"#!/bin/sh\n{script}\n")
            path.chmod(0o755)
        else:
            path.symlink_to(link)
        return path

    return put


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("vim", Family.VIM),
        ("vim.basic", Family.VIM),
        ("vim-huge", Family.VIM),
        ("gvim", Family.VIM),
        ("mvim", Family.VIM),
        ("/opt/x/bin/vim", Family.VIM),
        ("nvim", Family.NVIM),
        ("nvim.appimage", Family.NVIM),
        ("nano", Family.NANO),
        ("nano-tiny", Family.NANO),
        ("rnano", Family.NANO),
        ("emacs", Family.EMACS),
        ("emacs-29.1", Family.EMACS),
        ("emacs-nox", Family.EMACS),
        ("emacsclient", None),
        ("ed", None),
        ("code", None),
        ("vi", None),
        ("sensible-editor", None),
    ],
)
def test_an_editor_is_known_by_its_name(name: str, known: Family | None, environ: dict[str, str]) -> None:
    assert family([name], environ) is known


def test_an_editor_is_known_by_what_its_name_links_to(environ: dict[str, str], program: Program) -> None:
    program("vim.basic")
    program("alternative", link="vim.basic")
    program("editor", link="alternative")
    assert family(["editor"], environ) is Family.VIM


def test_what_is_behind_a_name_goes_before_the_name(environ: dict[str, str], program: Program) -> None:
    program("nvim")
    program("vim", link="nvim")
    assert family(["vim"], environ) is Family.NVIM


def test_a_wrapper_behind_a_name_does_not_hide_the_name(environ: dict[str, str], program: Program) -> None:
    """As snap does."""
    program("snap")
    program("nvim", link="snap")
    assert family(["nvim"], environ) is Family.NVIM


@pytest.mark.parametrize(
    ("script", "known"),
    [
        ('echo "VIM - Vi IMproved 9.1"', Family.VIM),
        ("echo nvi; exit 1", None),
        ("read line; echo $line", None),
        ("sleep 30", None),
    ],
)
def test_a_vi_is_asked_what_it_is(
    environ: dict[str, str], program: Program, monkeypatch: pytest.MonkeyPatch, script: str, known: Family | None
) -> None:
    monkeypatch.setattr(editor_options, "ASKED_SECONDS", 1)
    environ["PATH"] += ":/usr/bin:/bin"
    program("vi", script=f"exec 2>&1; {script.replace('sleep', 'exec sleep')}")
    assert family(["vi"], environ) is known


def test_a_vi_that_cannot_be_started_is_not_known(environ: dict[str, str], program: Program) -> None:
    program("vi").write_bytes(b"#!/absent/interpreter\n")
    assert family(["vi"], environ) is None


@pytest.mark.parametrize("words", [("gvim", "--remote-wait"), ("vim", "--servername", "A", "--remote")])
def test_a_call_to_an_editor_that_runs_already_is_not_known(words: tuple[str, ...], environ: dict[str, str]) -> None:
    assert (family(words, environ), quiet(words, environ)) == (None, list(words))


@pytest.mark.parametrize(
    ("words", "call"),
    [
        (("code",), ["code", "--wait"]),
        (("/usr/bin/code", "-n"), ["/usr/bin/code", "--wait", "-n"]),
        (("code", "--wait"), ["code", "--wait"]),
        (("subl", "-w"), ["subl", "-w"]),
        (("kate",), ["kate", "--block"]),
        (("ed", "-s"), ["ed", "-s"]),
    ],
)
def test_a_windowed_editor_is_told_to_wait(words: tuple[str, ...], call: list[str], environ: dict[str, str]) -> None:
    assert quiet(words, environ) == call


def test_our_options_stand_between_the_program_and_the_user_s_own(environ: dict[str, str]) -> None:
    assert quiet(["nano", "-l"], environ) == ["nano", "--restricted", "-l"]
    assert quiet(["emacs", "-nw"], environ)[0::4] == ["emacs", "-nw"]
    vim, nvim = quiet(["vim", "-R"], environ), quiet(["nvim", "-R"], environ)
    assert (vim[:5], vim[5::2], nvim[1:]) == (
        ["vim", "-f", "-n", "-i", "NONE"],
        ["--cmd", "-c", "-R"],
        vim[2:],
    )


# sensible-editor


def test_the_editor_that_the_user_selected_for_debian_s_script_is_run_itself(
    environ: dict[str, str], program: Program
) -> None:
    program("sensible-editor")
    (Path(environ["HOME"]) / ".selected_editor").write_text('# by select-editor\nSELECTED_EDITOR="/usr/bin/nano -l"\n')
    assert quiet(["sensible-editor"], environ) == ["/usr/bin/nano", "--restricted", "-l"]


def test_without_a_selection_the_script_would_run_editor(environ: dict[str, str], program: Program) -> None:
    program("nano")
    program("editor", link="nano")
    assert quiet(["/usr/bin/sensible-editor"], environ) == ["editor", "--restricted"]


def test_where_nothing_can_be_told_the_script_itself_is_run(environ: dict[str, str]) -> None:
    assert quiet(["sensible-editor", "-x"], environ) == ["sensible-editor", "-x"]
