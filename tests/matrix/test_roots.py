"""Where no root folder can be had, one line tells why; the jobs of tox.ini hand on every reason."""

import configparser
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.matrix import __main__ as matrix
from tests.matrix import roots

ROOT = Path(__file__).resolve().parents[2]

Programs = Callable[..., None]


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    """`programs(unshare="exit 1")`: a PATH with these scripts alone, and what a shell needs."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("sh", "rm", "mkdir", "ln", "touch", "true", "find"):
        (folder / name).symlink_to(shutil.which(name) or name)
    monkeypatch.setenv("PATH", str(folder))

    def make(**scripts: str) -> None:
        for name, script in scripts.items():
            (folder / name).write_text(f"#!/bin/sh\n{script}\n")
            (folder / name).chmod(0o755)

    return make


def filled(root: Path) -> Path:
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin/gpg").touch()
    (root / "usr/bin/python3").symlink_to("python3.13")
    return root


PASSES_ON = 'while [ "${1#-}" != "$1" ]; do shift; done; exec "$@"'
"""As unshare does: the command behind the options runs."""
MAKES = """for root; do :; done
mkdir -p "$root/usr/bin"
touch "$root/usr/bin/gpg"
ln -s python3.13 "$root/usr/bin/python3"
"""


@pytest.mark.parametrize(
    ("scripts", "said"),
    [
        ({}, "unshare is not installed: sudo apt install util-linux"),
        (
            {"unshare": "echo 'unshare: unshare failed: Operation not permitted' >&2; exit 1"},
            "user namespaces do not work here: unshare: unshare failed: Operation not permitted",
        ),
        ({"unshare": "exit 1"}, "user namespaces do not work here: no reason was told"),
    ],
)
def test_a_machine_on_which_no_root_folder_can_be_entered(
    programs: Programs, scripts: dict[str, str], said: str
) -> None:
    programs(**scripts)
    with pytest.raises(roots.UnavailableError) as raised:
        roots.entering(1000)
    assert str(raised.value) == said


def test_root_needs_no_user_namespace(programs: Programs) -> None:
    programs(unshare=PASSES_ON)
    assert roots.entering(0) == list(roots.ENTER)
    assert roots.entering(1000) == [*roots.ENTER, *roots.AS_USER]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (None, "mmdebstrap is not installed: sudo apt install mmdebstrap"),
        (
            "echo 'I: apt-get update\nE: Could not resolve deb.debian.org\nE: mmdebstrap failed' >&2; exit 1",
            "mmdebstrap could not make Debian trixie: Could not resolve deb.debian.org",
        ),
    ],
)
def test_a_root_folder_that_cannot_be_made(programs: Programs, tmp_path: Path, script: str | None, said: str) -> None:
    if script:
        programs(mmdebstrap=f'for root; do :; done; mkdir "$root"; {script}')
    with pytest.raises(roots.UnavailableError) as raised:
        roots.made("trixie", tmp_path / "roots/trixie", ())
    assert str(raised.value) == said
    assert not list(tmp_path.glob("roots/*"))


def test_a_root_folder_is_made_once_and_not_of_an_interrupted_run(programs: Programs, tmp_path: Path) -> None:
    programs(mmdebstrap=f'echo x >>"{tmp_path}/runs"; {MAKES}')
    (tmp_path / "trixie.unfinished/usr").mkdir(parents=True)
    for _ in range(2):
        root = roots.made("trixie", tmp_path / "trixie", ())
        assert (root, roots.python_version(root)) == (tmp_path / "trixie", "3.13")
    assert (tmp_path / "runs").read_text() == "x\n"
    assert not (tmp_path / "trixie.unfinished").exists()


def test_a_folder_that_the_user_names(tmp_path: Path) -> None:
    with pytest.raises(roots.UnavailableError, match=f"TRIXIE_ROOT names {tmp_path}, which is not a root folder"):
        roots.named("TRIXIE_ROOT", tmp_path)
    assert roots.named("TRIXIE_ROOT", filled(tmp_path / "own")) == tmp_path / "own"


def test_what_cannot_be_had_is_skipped_in_one_line(
    programs: Programs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    programs(unshare=PASSES_ON)
    environ = {**os.environ, "TRIXIE_ROOT": str(tmp_path), "TOX_ENV_NAME": "debian-trixie"}
    assert matrix.main(["trixie"], environ) == 0
    reason = f"TRIXIE_ROOT names {tmp_path}, which is not a root folder with gpg and python3"
    assert capsys.readouterr().out == f"debian-trixie: skipped: {reason}\n"


def test_the_status_of_the_suite_is_that_of_the_job(
    programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure inside is never taken for a skip; the switch for keyboxd gets in, and nothing else of the user's."""
    told = f'echo "$*" >"{tmp_path}/said"'
    programs(unshare=f'case "$*" in *inside.sh*) {told}; exit 7;; esac; {PASSES_ON}')
    monkeypatch.setattr(matrix, "install", lambda site, version: None)
    environ = {"TRIXIE_ROOT": str(filled(tmp_path / "own")), "SECRET": "x", "TERM": "dumb"}
    assert matrix.main(["trixie", "--keyboxd", "--", "-q"], environ) == 7
    inside = "env TERM=dumb EYAMLGPG_TEST_KEYBOXD=1 /venv/bin/python -m pytest -p no:cacheprovider -q\n"
    assert (tmp_path / "said").read_text().endswith(f"/tmp {inside}")


def test_a_missing_python_skips_jobs_of_the_matrix_alone() -> None:
    """CI must fail where its oldest Python is gone."""
    jobs = configparser.RawConfigParser()
    jobs.read(ROOT / "tox.ini")
    assert jobs["testenv:matrix-3.{11,12,13,14}"]["skip_missing_interpreters"] == "true"
    assert jobs["testenv:tests-oldest"]["skip_missing_interpreters"] == "false"
