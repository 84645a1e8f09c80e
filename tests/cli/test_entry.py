"""The first moments of a run, and what no command takes."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tool import Tool

ROOT = Path(__file__).parents[2]


def test_ctrl_c_during_the_start_leaves_no_traceback(tmp_path: Path) -> None:
    """Before there is anything to clean up it ends us as it ends any program."""
    (tmp_path / "click.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    ran = subprocess.run(
        [sys.executable, "-c", "from eyamlgpg.__main__ import main; main()"],
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}"},
        capture_output=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (-signal.SIGINT, b"", b"")


@pytest.mark.parametrize("words", [["set", "-", "k", "-s", "x"], ["edit", "-"], ["recrypt", "-"]], ids=lambda w: w[0])
def test_standard_input_cannot_be_written_back(
    tool: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = tool(*words)
    assert ran.status == 2
    assert "standard input cannot be written back" in ran.err
    assert list(tmp_path.iterdir()) == []
