"""`eyamlgpg demo`: the whole story, on any machine that has gpg, and afterwards nothing of it."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import keyrings
from tests.support.processes import holders

ROOT = Path(__file__).parents[3]
NEEDED = ("gpg", "gpgconf", "gpg-agent")


@pytest.fixture
def runtime() -> Iterator[Path]:
    """A folder for throwaway homes, short enough for sockets."""
    folder = keyrings.short_folder()
    yield folder
    keyrings.remove(folder)


@pytest.fixture
def environ(runtime: Path, tmp_path: Path) -> dict[str, str]:
    """An environment whose PATH has gpg and nothing else, and whose own GnuPG home does not exist."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in NEEDED:
        (programs / name).symlink_to(str(shutil.which(name)))
    return {
        "PATH": str(programs),
        "HOME": str(tmp_path),
        "GNUPGHOME": str(tmp_path / "none"),
        "XDG_RUNTIME_DIR": str(runtime),
        "PYTHONPATH": str(ROOT),
        "LC_ALL": "C.UTF-8",
    }


def demo(*words: str, environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    argv = [sys.executable, "-m", "eyamlgpg", "demo", *words]
    return subprocess.run(argv, env=environ, cwd=environ["HOME"], capture_output=True, text=True, check=False)


def test_the_story_is_played_with_gpg_alone_and_nothing_is_left_behind(
    environ: dict[str, str], runtime: Path, tmp_path: Path
) -> None:
    before = sorted(tmp_path.rglob("*"))
    ran = demo(environ=environ)

    assert ran.returncode == 0, ran.stderr
    assert [line[:2] for line in ran.stdout.splitlines() if line[:1].isdigit()] == ["1.", "2.", "3.", "4.", "5.", "6."]
    assert ran.stdout.splitlines()[-1].endswith("all is cleaned up.")
    assert (list(runtime.iterdir()), sorted(tmp_path.rglob("*")), holders(runtime)) == ([], before, [])


def test_a_closed_standard_error_does_not_end_it(environ: dict[str, str]) -> None:
    argv = ["/bin/sh", "-c", 'exec "$0" -m eyamlgpg demo 2>&-', sys.executable]
    ran = subprocess.run(argv, env=environ, cwd=environ["HOME"], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.splitlines()[-1].endswith("all is cleaned up.")) == (0, True)


def test_each_command_is_shown_with_what_it_answers(environ: dict[str, str]) -> None:
    lines = demo(environ=environ).stdout.splitlines()

    def answer(command: str) -> str:
        return lines[lines.index(f"  {command}") + 1]

    app1, app2 = (f"hieradata/development/app{at}/base.eyaml" for at in (1, 2))
    assert answer(f"alice$ eyamlgpg get {app1} app1::db_password") == "black-tea"
    assert answer(f"bob$ eyamlgpg get {app1} app1::db_password") == "black-tea"
    assert answer(f"puppetmaster-dev$ eyamlgpg get {app1} app1::db_password") == "black-tea"
    assert answer("puppetmaster-prod$ eyamlgpg get hieradata/production/dc1/base.eyaml dc1::root_password") == (
        "prod-only"
    )
    refused = "  (exit status 4, as it should be)"
    assert answer("bob$ eyamlgpg get hieradata/production/dc1/base.eyaml dc1::root_password") == refused
    carol = f"carol$ eyamlgpg get {app2} app2::api_key"
    assert answer(carol) == refused
    again = len(lines) - lines[::-1].index(f"  {carol}")
    assert lines[again] == "key-of-app2"
    assert "  1 line of 22 changed; the other value kept its ciphertext." in lines


def test_what_is_kept_can_be_used(environ: dict[str, str], runtime: Path, tmp_path: Path) -> None:
    kept = runtime / "kept"
    ran = demo("--keep", str(kept), environ=environ)
    assert (ran.returncode, ran.stdout.splitlines()[-1].endswith(f"all is kept in {kept}.")) == (0, True)

    file = kept / "tree/hieradata/development/app1/base.eyaml"
    words = ["get", str(file), "app1::db_password", "--gpg-gnupghome", str(kept / "carol")]
    argv = [sys.executable, "-m", "eyamlgpg", *words]
    got = subprocess.run(argv, env=environ, capture_output=True, text=True, check=False)
    keyrings.stop(kept / "carol")
    assert (got.returncode, got.stdout) == (0, "black-tea")
    assert [path.name for path in runtime.iterdir()] == ["kept"]


def test_nothing_is_kept_in_a_folder_that_holds_something(environ: dict[str, str], tmp_path: Path) -> None:
    ran = demo("--keep", str(tmp_path), environ=environ)
    assert (ran.returncode, ran.stdout, ran.stderr) == (
        3,
        "",
        f"eyamlgpg: {tmp_path}: is not empty, so nothing is kept there\n",
    )


def test_without_gpg_it_says_so(environ: dict[str, str], runtime: Path, tmp_path: Path) -> None:
    (tmp_path / "programs" / "gpg").unlink()
    ran = demo(environ=environ)
    assert (ran.returncode, ran.stderr.splitlines()[0]) == (3, "eyamlgpg: gpg was not found on PATH")
    assert list(runtime.iterdir()) == []


STEPS = (
    "1. Everybody",
    "2. A tree",
    "  alice$ eyamlgpg recipients list",
    "3. Alice",
    "  alice$ eyamlgpg encrypt",
    "4. She",
    "  alice$ eyamlgpg edit",
    "5. Who",
    "  bob$ eyamlgpg get hieradata/production",
    "6. Carol",
    "  alice$ eyamlgpg recipients add",
    "  alice$ eyamlgpg recrypt",
)
"""How the lines begin after which a signal comes: each scene, and a command of each kind within."""


@pytest.mark.parametrize(
    ("number", "begin"),
    [*((signal.SIGINT, step) for step in STEPS), (signal.SIGTERM, STEPS[0]), (signal.SIGHUP, STEPS[-2])],
    ids=lambda one: one.name if isinstance(one, signal.Signals) else one.strip(),
)
def test_a_demo_that_is_interrupted_at_any_step_says_so_and_leaves_nothing(
    number: signal.Signals, begin: str, environ: dict[str, str], runtime: Path
) -> None:
    argv = [sys.executable, "-m", "eyamlgpg", "demo"]
    with subprocess.Popen(argv, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if line.startswith(begin):
                break
        running.send_signal(number)
        rest, said = running.communicate()

    assert (running.returncode, list(runtime.iterdir()), holders(runtime)) == (130, [], []), said
    assert "all is cleaned up" not in rest


def test_a_folder_named_from_here_is_kept_here(environ: dict[str, str], tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "eyamlgpg", "demo", "--keep", "kept"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "kept" / "tree" / "hieradata" / "common.eyaml").exists()


def test_a_folder_that_cannot_be_made_is_said_before_the_story(environ: dict[str, str]) -> None:
    ran = demo("--keep", "/proc/nope", environ=environ)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr.startswith("eyamlgpg: /proc/nope: nothing can be kept there")
