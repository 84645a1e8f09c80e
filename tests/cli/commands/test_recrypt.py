"""`recrypt` as a user runs it: real gpg, real git, real signals."""

import fcntl
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pexpect
import pytest

from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.formats.openpgp.data_packet import data_packet
from eyamlgpg.gpg.opening.decrypter import GnupgDecrypter
from eyamlgpg.gpg.opening.direct import DirectDecrypter
from eyamlgpg.gpg.session import Session
from tests.support.commands import Desk

FILES = 12
MORE = 150
"""Enough that a run can be cut short."""

VALUES = 5
"""In each file."""


@pytest.fixture
def desk(home: Callable[[str], Path], tmp_path: Path) -> Desk:
    """Alice at a tree for her and Bob."""
    made = Desk(home("alice"), tmp_path / "tree")
    made.governs("data", "alice", "bob")
    return made


@pytest.fixture
def drifted(desk: Desk) -> Desk:
    """The same, with values that Bob cannot read."""
    return _with_drift(desk, FILES)


@pytest.fixture
def long(desk: Desk) -> Desk:
    """The same with many more files."""
    return _with_drift(desk, MORE)


def _with_drift(desk: Desk, files: int) -> Desk:
    for number in range(files):
        tokens = desk.values([f"secret {number}.{place}" for place in range(VALUES)], "alice")
        lines = "".join(f"app{number}::key{place}: {token}\n" for place, token in enumerate(tokens))
        desk.write(f"data/app{number:03}.eyaml", f"---\n{lines}")
    return desk


def plain(desk: Desk) -> list[str]:
    """What every value holds, for us."""
    texts = [path.read_text() for path in sorted(desk.folder.glob("data/app*.eyaml"))]
    messages = [value.token.message() for text in texts for value in find_values(text).values]
    session = Session(desk.home, desk.environ)
    opened = DirectDecrypter(session, GnupgDecrypter(session)).decrypt_many(messages)
    return [result.value().decode() for result in opened]


def secrets(files: int) -> list[str]:
    return [f"secret {number}.{place}" for number in range(files) for place in range(VALUES)]


def test_a_drifted_tree_is_brought_in_line_and_then_left_alone(drifted: Desk) -> None:
    check = drifted.run("recrypt", "--check")
    assert (check.status, check.stderr) == (1, "")
    assert check.stdout.endswith("60 of 60 values in 12 of 12 files are due\n")
    done = drifted.run("recrypt")
    assert (done.status, done.stdout) == (0, "")
    told = "60 values in 12 files re-encrypted, in the header only, 0 in line already"
    assert done.stderr == f"eyamlgpg: {told}\n"
    before = {path: path.stat().st_mtime_ns for path in drifted.folder.rglob("*")}
    again = drifted.run("recrypt")
    assert (again.status, again.stderr) == (0, "eyamlgpg: 60 values in 12 files in line, nothing is due\n")
    assert {path: path.stat().st_mtime_ns for path in drifted.folder.rglob("*")} == before
    assert drifted.run("recrypt", "--check").status == 0
    assert plain(drifted) == secrets(FILES)


def data(desk: Desk) -> list[bytes]:
    """The encrypted data of every value, without who can read it."""
    texts = [path.read_text() for path in sorted(desk.folder.glob("data/app*.eyaml"))]
    return [data_packet(value.token.message()) for text in texts for value in find_values(text).values]


def test_who_only_lacks_a_value_is_added_to_its_header(drifted: Desk) -> None:
    before = data(drifted)
    assert drifted.run("recrypt", "--verify").status == 0
    assert data(drifted) == before
    assert drifted.run("recrypt", "--check").status == 0
    all_again = drifted.run("recrypt", "--all")
    assert all_again.stderr == "eyamlgpg: 60 values in 12 files re-encrypted, 0 in line already\n"
    assert not set(data(drifted)) & set(before)


def test_fresh_makes_every_message_anew(drifted: Desk) -> None:
    before = data(drifted)
    ran = drifted.run("recrypt", "--fresh")
    assert ran.stderr == "eyamlgpg: 60 values in 12 files re-encrypted, 0 in line already\n"
    assert not set(data(drifted)) & set(before)
    assert plain(drifted) == secrets(FILES)


def test_to_add_somebody_changes_headers_and_to_remove_somebody_all(drifted: Desk) -> None:
    """Who could read the old message knows its session key."""
    drifted.run("recrypt")
    before = data(drifted)
    added = drifted.run("recipients", "add", "carol@example.com", "--at", "data", "-y")
    assert (added.status, "in the header only" in added.stderr) == (0, True)
    assert data(drifted) == before
    removed = drifted.run("recipients", "remove", "bob@example.com", "--at", "data", "-y")
    assert (removed.status, "in the header only" in removed.stderr) == (0, False)
    assert not set(data(drifted)) & set(before)
    assert plain(drifted) == secrets(FILES)


def test_a_dry_run_and_a_check_write_nothing(drifted: Desk) -> None:
    before = {path: path.read_bytes() for path in drifted.folder.rglob("*.eyaml")}
    dry = drifted.run("recrypt", "--dry-run", "data/app000.eyaml")
    assert dry.status == 0
    assert dry.stdout == (
        "data/app000.eyaml: 5 of 5 values due\n"
        "  5 missing Bob Brown <bob@example.com>\n"
        "5 of 5 values in 1 of 1 file are due\n"
    )
    assert drifted.run("recrypt", "--check").status == 1
    assert {path: path.read_bytes() for path in drifted.folder.rglob("*.eyaml")} == before
    assert drifted.run("recrypt", "--check", "--dry-run").status == 2


def test_the_report_of_a_run_as_json_is_the_whole_of_stdout(drifted: Desk) -> None:
    ran = drifted.run("recrypt", "--format", "json", "--verify")
    assert ran.status == 0
    summary = json.loads(ran.stdout)["summary"]
    assert (summary["rewritten"], summary["extended"]) == (60, 60)
    assert (summary["verified"], summary["failed"]) == (60, 0)


@pytest.mark.parametrize("copies", [1, 20])
def test_what_is_not_for_us_is_not_verified_and_counted(desk: Desk, copies: int) -> None:
    desk.governs("data/theirs", "bob")
    for number, token in enumerate(desk.values([f"secret {number}" for number in range(copies)], "alice")):
        for folder in ("data", "data/theirs"):
            desk.write(f"{folder}/{number}.eyaml", f"a: {token}\n")
    ran = desk.run("recrypt", "--verify", "--format", "json")
    summary = json.loads(ran.stdout)["summary"]
    assert (summary["rewritten"], summary["verified"], summary["unverified"]) == (2 * copies, copies, copies)
    assert f"{copies} opened again and found the same, {copies} not opened again, since no secret key" in ran.stderr


def test_where_values_are_held_up_nobody_says_that_nothing_is_due(desk: Desk) -> None:
    desk.write("data/hiera-eyaml-gpg.recipients", "nobody@example.com\n")
    desk.write("data/a.eyaml", f"a: {desk.values(['x'], 'alice')[0]}\n")
    check, ran = desk.run("recrypt", "--check"), desk.run("recrypt")
    assert (check.status, check.stdout) == (3, "0 values in 1 file in line, not all could be judged\n")
    assert (ran.status, ran.stderr.splitlines()[0]) == (
        3,
        "eyamlgpg: 0 values in 1 file in line, not all could be judged",
    )


def test_a_value_for_others_is_named_and_the_rest_is_done(desk: Desk) -> None:
    ours, theirs = desk.values(["ours"], "alice")[0], desk.values(["theirs"], "bob", "carol")[0]
    desk.write("data/a.eyaml", f"ours: {ours}\nteam:\n  theirs: {theirs}\n")
    ran = desk.run("recrypt")
    assert ran.status == 4
    assert "eyamlgpg: data/a.eyaml:3: team.theirs: no secret key here opens it; it is encrypted to Bob" in ran.stderr
    assert desk.run("recrypt", "--check").stdout.startswith("data/a.eyaml: 1 of 2 values due\n")


def test_the_worst_of_several_statuses_is_given(desk: Desk) -> None:
    token = desk.values(["x"], "alice")[0]
    desk.write("data/a.eyaml", f"a: {token}\nb: ENC[GPG,aGVsbG8=]\n")
    assert desk.run("recrypt", "--check").status == 4
    desk.write("data/bad/hiera-eyaml-gpg.recipients", "nobody@example.com\n")
    desk.write("data/bad/a.eyaml", f"a: {token}\n")
    ran = desk.run("recrypt")
    assert ran.status == 3
    assert "nobody@example.com: no such key on the keyring" in ran.stderr
    assert "hiera-eyaml-gpg.recipients: 1 value in 1 file left as before" in ran.stderr
    assert "1 value in 1 file re-encrypted" in ran.stderr
    assert desk.run("recrypt", "missing").status == 3


def test_in_git_ignored_files_and_submodules_are_left_and_a_named_path_is_taken(desk: Desk) -> None:
    git = ["git", "-c", "init.defaultBranch=main", "init", "-q"]
    subprocess.run(git, cwd=desk.folder, check=True)
    subprocess.run([*git, "data/inner"], cwd=desk.folder, check=True)
    token = desk.values(["x"], "alice")[0]
    for name in ("data/a.eyaml", "data/ignored.eyaml", "data/inner/b.eyaml", "data/c.yaml"):
        desk.write(name, f"a: {token}\n")
    desk.write("data/plain.yaml", "a: 1\n")
    desk.write(".gitignore", "ignored*\n")
    check = desk.run("recrypt", "--check").stdout
    assert re.findall(r"^(\S+):", check, re.MULTILINE) == ["data/a.eyaml", "data/c.yaml"]
    named = desk.run("recrypt", "--check", "data/ignored.eyaml").stdout
    assert named.startswith("data/ignored.eyaml: 1 of 1 value due\n")


def test_one_run_at_a_time_works_on_a_tree(drifted: Desk) -> None:
    subprocess.run(["git", "init", "-q"], cwd=drifted.folder, check=True)
    folder = os.open(drifted.folder, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        ran = drifted.run("recrypt", "data/app000.eyaml")
        assert (ran.status, "another run of eyamlgpg works on this tree" in ran.stderr) == (3, True)
        assert drifted.run("recrypt", "--check", "data/app000.eyaml").status == 1
    finally:
        os.close(folder)
    assert drifted.run("recrypt", "data/app000.eyaml").status == 0


def test_a_linked_file_is_replaced_where_it_stands_and_the_link_stays(desk: Desk) -> None:
    path = desk.write("data/a.eyaml", f"a: {desk.values(['x'], 'alice')[0]}\n")
    link = desk.folder / "data/b.eyaml"
    link.symlink_to("a.eyaml")
    ran = desk.run("recrypt", "data/b.eyaml", "data")
    assert ran.stderr.startswith("eyamlgpg: 1 value in 1 file re-encrypted, in the header only, 0 in line")
    assert link.is_symlink()
    assert not path.is_symlink()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_whole_files_and_says_how_far_it_came(long: Desk, number: signal.Signals) -> None:
    before = _inodes(long)
    under_way = long.start("recrypt", "--jobs", "2")
    _wait_for_a_rename(long, under_way, before)
    under_way.send_signal(number)
    _, stderr = under_way.communicate(timeout=60)
    assert under_way.returncode == 130
    said = re.search(
        r"(\d+) of 750 values re-encrypted, (\d+) of 150 files done, each file is whole; run it again", stderr
    )
    assert said
    assert int(said[1]) == VALUES * int(said[2])
    assert "Traceback" not in stderr
    assert "secret" not in stderr
    assert plain(long) == secrets(MORE)
    assert long.run("recrypt").status == 0
    assert long.run("recrypt", "--check").status == 0


def test_kill_9_at_any_moment_leaves_whole_files_and_the_next_run_finishes(long: Desk) -> None:
    original = {path: path.read_bytes() for path in long.folder.glob("data/*.eyaml")}
    for pause in (0.0, 0.01, 0.03, 0.08):
        for path, content in original.items():
            path.write_bytes(content)
        before = _inodes(long)
        under_way = long.start("recrypt")
        _wait_for_a_rename(long, under_way, before)
        time.sleep(pause)
        under_way.send_signal(signal.SIGKILL)
        under_way.communicate()
        assert plain(long) == secrets(MORE)
    assert long.run("recrypt").status == 0
    assert long.run("recrypt", "--check").status == 0
    assert plain(long) == secrets(MORE)


def test_the_number_of_jobs_is_taken_and_changes_nothing(drifted: Desk) -> None:
    assert drifted.run("recrypt", "--jobs", "13").status == 2
    assert drifted.run("recrypt", "--jobs", "12").stderr.startswith("eyamlgpg: 60 values in 12 files re-encrypted")
    assert plain(drifted) == secrets(FILES)


def _shown(words: Sequence[str], drifted: Desk, environ: Mapping[str, str]) -> str:
    """What is on the terminal afterwards."""
    shown = pexpect.run(_joined(words), cwd=str(drifted.folder), env=dict(environ), timeout=60, encoding="utf-8")
    assert isinstance(shown, str)
    return shown


def test_a_bar_is_shown_on_a_terminal_and_nowhere_else(drifted: Desk) -> None:
    environ = {**drifted.environ, "TERM": "xterm"}
    words = drifted.argv("recrypt", "--all")
    shown = _shown(words, drifted, environ)
    assert re.search(r"eyamlgpg: values .*/60", shown)
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        bare = _shown(words, drifted, {**environ, name: value})
        assert bare == "eyamlgpg: 60 values in 12 files re-encrypted, 0 in line already\r\n"
    quiet = _shown([*words, "-q"], drifted, environ)
    assert quiet == ""


def _joined(words: Sequence[str]) -> str:
    return " ".join(words)


def _inodes(desk: Desk) -> dict[Path, int]:
    """A file that was replaced is another one."""
    return {path: path.stat().st_ino for path in desk.folder.glob("data/app*.eyaml")}


def _wait_for_a_rename(desk: Desk, under_way: "subprocess.Popen[str]", before: dict[Path, int]) -> None:
    while _inodes(desk) == before:
        assert under_way.poll() is None
        time.sleep(0.002)
