"""Each recorded case of the real eyaml: as recorded, or the better beside it, or a difference of differences.py."""

import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import corpus, corpus_editor
from tests.support.corpus import Case, Outcome
from tests.support.tool import Tool

Home = Callable[[str], Path]

EDITOR = (sys.executable, "-I", "-S", corpus_editor.__file__)


def judge(case: Case, came: Outcome) -> None:
    """As recorded or the better beside it; where a difference is listed, exactly as listed and neither of the two."""
    good = came.agrees(case.recorded) or (case.better is not None and came.agrees(case.better))
    if case.ours is not None:
        assert not good, "the difference that is listed is none any more"
        assert came == case.ours
    elif not good:
        assert came == case.recorded


def each(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", corpus.cases(kind), ids=lambda case: case.id)


@each("decrypt")
def test_decrypt(case: Case, tool: Tool, home: Home, recorded_files: Path) -> None:
    ran = tool(*case.args, home=home(case.home), cwd=recorded_files / case.cwd, stdin=case.stdin.encode())
    judge(case, Outcome(ran.status == 0, output=ran.out))


@each("encrypt")
def test_encrypt(case: Case, tool: Tool, home: Home, recorded_files: Path) -> None:
    folder = recorded_files / case.cwd
    environ = {name: str(recorded_files / value) for name, value in case.env}
    ran = tool(*case.args, home=home(case.home), cwd=folder, stdin=case.stdin.encode(), environ=environ)
    if ran.status != 0:
        assert ran.out == b""
        judge(case, Outcome(done=False))
        return
    before = (folder / case.args[case.args.index("-e") + 1]).read_bytes() if "-e" in case.args else b""
    outline, readers = corpus.outline(ran.out, before, home("admin"))
    judge(case, Outcome(done=True, outline=outline, readers=readers))


@each("recrypt")
def test_recrypt(case: Case, tool: Tool, home: Home, tmp_path: Path) -> None:
    folder = prepared(case, tmp_path)
    ran = tool(*case.args, home=home(case.home), cwd=folder)
    judge(case, after(case, folder, ran.status, home("admin")))


@each("edit")
def test_edit(case: Case, tool: Tool, home: Home, tmp_path: Path) -> None:
    folder, log = prepared(case, tmp_path), tmp_path / "log"
    log.mkdir()
    sessions = tmp_path / "sessions.json"
    sessions.write_text(json.dumps(case.sessions))
    environ = {"EDITOR": shlex.join([*EDITOR, str(sessions), str(log)])}
    ran = tool(*case.args, home=home(case.home), cwd=folder, stdin=case.stdin.encode(), environ=environ)

    assert not (log / "missed").exists(), (log / "missed").read_text()
    assert [path.read_text() for path in log.glob("mode.*")] == ["600 700"] * len(list(log.glob("shown.*")))
    left = [path.read_text() for path in log.glob("path.*") if Path(path.read_text()).parent.exists()]
    assert left == [], "the clear text was left behind"
    judge(case, after(case, folder, ran.status, home("admin")))


def prepared(case: Case, tmp_path: Path) -> Path:
    """A folder with the case's file and recipients file."""
    folder = tmp_path / "d"
    folder.mkdir()
    if case.content is not None:
        (folder / "input.eyaml").write_bytes(case.content)
    if case.recipients_file is not None:
        (folder / "hiera-eyaml-gpg.recipients").write_bytes(case.recipients_file.encode())
    return folder


def after(case: Case, folder: Path, status: int, admin: Path) -> Outcome:
    """What became of the case's file; nothing else may have come into its folder."""
    assert {path.name for path in folder.iterdir()} <= {"input.eyaml", "hiera-eyaml-gpg.recipients"}
    file = folder / "input.eyaml"
    if not file.exists():
        return Outcome(status == 0, file="absent")
    if file.read_bytes() == case.content:
        return Outcome(status == 0, file="unchanged")
    outline, readers = corpus.outline(file.read_bytes(), case.content or b"", admin)
    return Outcome(status == 0, outline=outline, readers=readers, file="changed")
