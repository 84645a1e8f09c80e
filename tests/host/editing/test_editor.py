import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from eyamlgpg.errors import EditorError, Interrupted
from eyamlgpg.host.editing import editor as editor_module
from eyamlgpg.host.editing.editor import FALLBACKS, Editor, choose, descendants
from eyamlgpg.host.signals import interruptible
from tests.host.conftest import FORKS

pytestmark = FORKS

SESSION = Path(__file__).with_name("edit_session.py")
Script = Callable[[str], Path]


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Makes an editor of a few words of shell."""

    def make(words: str) -> Path:
        path = tmp_path / "an-editor"
        path.write_text(f"#!/bin/sh\n{words}\n")
        path.chmod(0o755)
        return path

    return make


# choosing


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """An environment with an empty PATH."""
    (tmp_path / "bin").mkdir()
    return {"PATH": str(tmp_path / "bin")}


@pytest.mark.parametrize(
    ("variables", "argv"),
    [
        ({"VISUAL": "vim -g", "EDITOR": "ed"}, ["vim", "-g"]),
        ({"VISUAL": "", "EDITOR": "ed"}, ["ed"]),
        ({"VISUAL": "  ", "EDITOR": "emacs -nw --eval '(a b)'"}, ["emacs", "-nw", "--eval", "(a b)"]),
    ],
)
def test_visual_goes_before_editor_and_both_may_hold_arguments(
    bare: dict[str, str], variables: dict[str, str], argv: list[str]
) -> None:
    assert choose(bare | variables) == argv


def test_a_path_with_blanks_is_one_program(bare: dict[str, str], tmp_path: Path) -> None:
    program = tmp_path / "My Editor"
    program.touch(mode=0o755)
    assert choose(bare | {"EDITOR": str(program)}) == [str(program)]


@pytest.mark.parametrize(
    ("written", "words"),
    [("-w", ["-w"]), ("-w --name 'a b'", ["-w", "--name", "a b"]), ("  -w", ["-w"]), ("\t-w", ["-w"])],
)
def test_a_path_with_blanks_may_have_arguments_though_nobody_quoted_it(
    bare: dict[str, str], tmp_path: Path, written: str, words: list[str]
) -> None:
    """As hiera-eyaml takes it; a quoted one and one with backslashes mean the same."""
    folder = tmp_path / "of two words"
    folder.mkdir()
    program = folder / "my editor.sh"
    program.touch(mode=0o755)
    escaped = str(program).replace(" ", "\\ ")
    for spelling in (str(program), f'"{program}"', escaped):
        assert choose(bare | {"EDITOR": f"{spelling} {written}"}) == [str(program), *words]


@pytest.mark.parametrize("written", ["vim '", "''x\""])
def test_an_editor_with_a_lonely_quote_is_an_error(bare: dict[str, str], written: str) -> None:
    with pytest.raises(EditorError) as error:
        choose(bare | {"EDITOR": written})
    assert (error.value.sentence, error.value.hints) == (
        f"EDITOR is not a command: {written}",
        ("its quotes must come in pairs",),
    )


def test_the_first_of_the_usual_editors_is_taken(bare: dict[str, str]) -> None:
    found = []
    for name in reversed(FALLBACKS):
        (Path(bare["PATH"]) / name).touch(mode=0o755)
        found.append(choose(bare))
    assert found == [[name] for name in reversed(FALLBACKS)]


def test_without_any_editor_there_is_a_hint(bare: dict[str, str]) -> None:
    with pytest.raises(EditorError) as error:
        choose(bare)
    assert (error.value.sentence, error.value.hints) == (
        "there is no editor: VISUAL and EDITOR are not set, and none of the usual ones is installed",
        ("set EDITOR to yours, for instance EDITOR=nano",),
    )


# running


def test_an_editor_gets_its_arguments_and_the_file(script: Script, tmp_path: Path) -> None:
    path = tmp_path / "values.yaml"
    Editor([str(script('for word; do echo "$word"; done > "$3"')), "-a", "b c"], os.environ).run(path)
    assert path.read_text() == f"-a\nb c\n{path}\n"


def test_a_known_editor_keeps_its_temporary_files_beside_the_scratch_file(script: Script, tmp_path: Path) -> None:
    """Such as those of vim's `:%!sort`; another editor may need TMPDIR to find its server."""
    seen = []
    for name in ("nano", "other"):
        program = shutil.move(script('for file; do :; done; echo "$TMPDIR" > "$file"'), tmp_path / name)
        Editor([str(program)], {**os.environ, "TMPDIR": "/users/own"}).run(tmp_path / "values.yaml")
        seen.append((tmp_path / "values.yaml").read_text())
    assert seen == [f"{tmp_path}\n", "/users/own\n"]


@pytest.mark.parametrize(
    ("name", "seconds", "waited"),
    [("other", 0, False), ("other", 1.2, True), ("vim", 0, True), ("subl", 0, True), ("xdg-open", 0, False)],
)
def test_an_editor_that_comes_back_at_once_may_have_a_window_open(
    script: Script, tmp_path: Path, name: str, seconds: float, waited: bool
) -> None:
    """Unless it is one that waits, or is told to."""
    program = shutil.move(script(f"sleep {seconds}"), tmp_path / name)
    (tmp_path / "values.yaml").touch()
    assert Editor([str(program)], os.environ).run(tmp_path / "values.yaml") is waited


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("exit 3", "ended with status 3"), ("kill -KILL $$", "was killed by SIGKILL")],
)
def test_an_editor_that_fails_is_named(script: Script, tmp_path: Path, words: str, sentence: str) -> None:
    program = script(words)
    with pytest.raises(EditorError) as error:
        Editor([str(program), "a b"], os.environ).run(tmp_path / "values.yaml")
    assert error.value.sentence == f"the editor ({program} 'a b') {sentence}"


@pytest.mark.parametrize(
    ("content", "mode", "reason"),
    [
        (None, 0, "No such file or directory"),
        ("#!/bin/sh\n", 0o644, "Permission denied"),
        ("no format at all", 0o755, "Exec format error"),
    ],
)
def test_an_editor_that_cannot_be_started_is_named(tmp_path: Path, content: str | None, mode: int, reason: str) -> None:
    program = tmp_path / "an-editor"
    if content is not None:
        program.write_text(content)
        program.chmod(mode)
    with pytest.raises(EditorError) as error:
        Editor([str(program)], os.environ).run(tmp_path / "values.yaml")
    assert (error.value.sentence, error.value.hints) == (
        f"the editor ({program}) cannot be started: {reason}",
        ("set EDITOR to another one",),
    )


def test_the_environment_is_not_shown() -> None:
    assert repr(Editor(["nano"], {"TOKEN": "x"})) == "Editor(argv=['nano'])"


def test_an_editor_knows_whether_its_copies_can_be_turned_off() -> None:
    assert [Editor([name]).is_known for name in ("nano", "no-such-editor")] == [True, False]


# ending


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and waits for its parent does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


@pytest.mark.parametrize("deaf", [False, True])
def test_an_interrupted_run_leaves_neither_the_editor_nor_what_it_started(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deaf: bool
) -> None:
    """`deaf`: they do not end when they are told to."""
    monkeypatch.setattr(editor_module, "GRACE_SECONDS", 0.5 if deaf else 30)
    trap = "trap '' TERM;" if deaf else ""
    program = script(
        f"{trap} sh -c '{trap.replace(chr(39), chr(34))} echo $$ >> \"$0\"; while :; do sleep 0.1; done' $1 & "
        f"echo $$ >> $1; kill -TERM {os.getpid()}; while :; do sleep 0.1; done"
    )
    pids = tmp_path / "pids"
    naps: list[float] = []
    sleep = time.sleep

    def nap(seconds: float) -> None:
        naps.append(seconds)
        sleep(seconds)

    monkeypatch.setattr(time, "sleep", nap)
    with pytest.raises(Interrupted, match=r"SIGTERM"), interruptible():
        Editor([str(program)], os.environ).run(pids)
    assert [alive(int(pid)) for pid in pids.read_text().split()] in ([False], [False, False])
    assert sum(naps) < 10


def test_a_stopped_editor_is_ended_too(script: Script, tmp_path: Path) -> None:
    program = script(f"echo $$ > $1; kill -TERM {os.getpid()}; kill -STOP $$; exec sleep 60")
    with pytest.raises(Interrupted), interruptible():
        Editor([str(program)], os.environ).run(tmp_path / "pid")
    assert not alive(int((tmp_path / "pid").read_text()))


def test_a_signal_while_the_editor_is_started_ends_it(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []

    class Slow(subprocess.Popen[bytes]):
        def __init__(self, *arguments: object, **options: object) -> None:
            super().__init__(*arguments, **options)  # type: ignore[call-overload]
            started.append(self.pid)
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(subprocess, "Popen", Slow)
    program = script("exec sleep 60")
    with pytest.raises(Interrupted), interruptible():
        Editor([str(program)], os.environ).run(tmp_path / "values.yaml")
    monkeypatch.undo()
    assert [alive(pid) for pid in started] == [False]


@pytest.mark.parametrize("way", ["proc", "ps"])
def test_descendants_are_children_and_theirs(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    if way == "ps":
        monkeypatch.setattr(editor_module, "_parents_by_proc", dict)
    elif not Path("/proc/self/stat").exists():
        pytest.skip("there is no /proc")
    command = 'sleep 60 & sh -c "sleep 61 & echo \\$! \\$\\$; wait" & echo $!; wait'
    with subprocess.Popen(["sh", "-c", command], stdout=subprocess.PIPE, text=True) as shell:
        assert shell.stdout is not None
        printed = {int(word) for line in (shell.stdout.readline(), shell.stdout.readline()) for word in line.split()}
        found = descendants(shell.pid)
        for pid in (*found, shell.pid):
            os.kill(pid, signal.SIGKILL)
    assert (len(found), printed - set(found)) == (3, set())


def test_where_there_is_no_process_table_there_are_no_descendants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editor_module, "_parents_by_proc", dict)
    monkeypatch.setenv("PATH", "/absent")
    assert descendants(os.getpid()) == []


# at a terminal


def sit_down(editor: Path, tmp_path: Path) -> "pexpect.spawn[str]":
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "EDITOR": str(editor),
        "PLAINTEXT": "a: b\n",
        "PYTHONPATH": str(SESSION.parents[3]),
    }
    return pexpect.spawn(sys.executable, [str(SESSION)], env=environ, encoding="utf-8", timeout=30, cwd=str(tmp_path))


def test_ctrl_c_in_the_editor_belongs_to_the_editor(script: Script, tmp_path: Path) -> None:
    session = sit_down(script("trap 'echo typed; exit 0' INT; echo drawn; while :; do sleep 0.1; done"), tmp_path)
    session.expect("drawn")
    session.sendintr()
    session.expect("typed")
    session.expect(f"left: {b'a: b'.hex()}0a")
    session.expect(pexpect.EOF)


def test_after_a_killed_editor_the_terminal_is_as_before(script: Script, tmp_path: Path) -> None:
    session = sit_down(script("stty raw -echo; echo drawn; kill -KILL $$"), tmp_path)
    session.expect("drawn")
    session.expect("error: .* was killed by SIGKILL")
    session.expect("echo: True")
    session.expect(pexpect.EOF)
