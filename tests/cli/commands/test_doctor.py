"""`doctor` on set-ups that are broken in one way each, with real gpg, git, agents and files."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.support import keyrings
from tests.support.commands import REPOSITORY
from tests.support.keyrings import NewKey, known
from tests.support.pinentry import install_program
from tests.support.repository import start
from tests.support.tool import Ran, Tool


@dataclass
class Patient:
    """Somebody's home and tree, and the environment that they work in."""

    home: Path
    folder: Path
    environ: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str) -> Ran:
        return Tool()("doctor", *words, home=self.home, cwd=self.folder, environ=self.environ)

    def lines(self) -> dict[str, list[dict[str, Any]]]:
        """The lines of the report by their ids, which also hold status and summary to each other."""
        ran = self.run("--format", "json")
        document = json.loads(ran.text)
        assert document["schema_version"] == 1
        assert ran.status == (1 if document["states"]["problem"] else 0)
        found: dict[str, list[dict[str, Any]]] = {}
        for line in document["diagnoses"]:
            found.setdefault(line["id"], []).append(line)
        return found

    def states(self) -> dict[str, str]:
        """The worst state of each id."""
        order = ("problem", "unknown", "note", "ok")
        return {name: min((one["state"] for one in lines), key=order.index) for name, lines in self.lines().items()}

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path


@pytest.fixture
def patient(home_copy: Callable[[str], Path], tmp_path: Path) -> Patient:
    """Alice, whose set-up is in order."""
    home = home_copy("alice")
    (home / "gpg-agent.conf").write_text("auto-expand-secmem\n")
    editor = tmp_path / "vim"
    editor.write_text("#!/bin/sh\n")
    editor.chmod(0o755)
    patient = Patient(home, start(tmp_path / "tree").root, {"EDITOR": str(editor)})
    patient.write("data/hiera-eyaml-gpg.recipients", f"{known('alice').fingerprint}\n{known('bob').fingerprint}\n")
    return patient


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_nothing_is_changed_and_no_agent_is_started(patient: Patient) -> None:
    before = contents(patient.home), contents(patient.folder)
    ran = patient.run()
    assert (contents(patient.home), contents(patient.folder)) == before
    assert not (patient.home / "S.gpg-agent").exists()
    assert "your secret key is Alice " in ran.text
    assert f"({known('alice').fingerprint})\n" in ran.text
    assert "data/hiera-eyaml-gpg.recipients names 2 readers, you among them" in ran.text
    assert ran.err == "eyamlgpg: no problem, 4 notes\n", ran.text
    assert ran.status == 0


def test_an_empty_home_stays_empty(patient: Patient, fresh_home: Path) -> None:
    patient.home = fresh_home
    before = contents(fresh_home)
    assert patient.states()["own-key"] == "problem"
    assert contents(fresh_home) == before


def test_an_agent_that_runs_tells_how_the_key_is_kept(patient: Patient) -> None:
    keyrings.gpg(patient.home, "--list-secret-keys")
    found = patient.lines()
    assert "is running and answers" in found["agent"][0]["message"]
    assert (found["own-key-passphrase"][0]["state"], found["own-key-passphrase"][0]["commands"]) == (
        "problem",
        [f"gpg --passwd {known('alice').fingerprint}"],
    )


def no_gpg(patient: Patient) -> None:
    (patient.folder.parent / "bin").mkdir()
    found = next(Path(folder, "git") for folder in os.environ["PATH"].split(":") if Path(folder, "git").exists())
    (patient.folder.parent / "bin" / "git").symlink_to(found)
    patient.environ["PATH"] = str(patient.folder.parent / "bin")


def old_gpg(patient: Patient) -> None:
    program = patient.folder.parent / "bin" / "gpg"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho 'gpg (GnuPG) 2.0.22'\n")
    program.chmod(0o755)
    patient.environ["PATH"] = f"{program.parent}:{os.environ['PATH']}"


def no_home(patient: Patient) -> None:
    patient.home = patient.home.parent / "none"


def open_home(patient: Patient) -> None:
    patient.home.chmod(0o755)


def wrong_conf(patient: Patient) -> None:
    (patient.home / "gpg-agent.conf").write_text("auto-expand-secmem\nno-such-option\n")


def long_home(patient: Patient) -> None:
    deep = patient.folder.parent / ("d" * 60) / ("e" * 60)
    deep.parent.mkdir()
    patient.home = keyrings.copy(patient.home, deep)


def no_pinentry(patient: Patient) -> None:
    install_program(patient.home, Path("/nowhere/pinentry"))


def no_editor(patient: Patient) -> None:
    patient.environ["EDITOR"] = "no-such-editor --wait"


def bad_config(patient: Patient) -> None:
    patient.environ["EYAML_CONFIG"] = str(patient.write("config.yaml", "gpg_recipients: [a, b]\n"))


def unknown_recipient(patient: Patient) -> None:
    patient.write("data/web/hiera-eyaml-gpg.recipients", f"{known('alice').fingerprint}\nnobody@example.net\n")


def not_me(patient: Patient) -> None:
    patient.write("data/hiera-eyaml-gpg.recipients", f"{known('bob').fingerprint}\n")


def bad_policy(patient: Patient) -> None:
    patient.write(".eyamlgpg/policy.yaml", "version: 1\nno-such-key: 1\n")


def hook_off(patient: Patient) -> None:
    assert Tool()("hook", "install", cwd=patient.folder).status == 0
    (patient.folder / ".git/hooks/pre-commit").chmod(0o644)


def fresh_clone(patient: Patient) -> None:
    """As a colleague has it, who was told of by .gitattributes."""
    patient.write(".gitattributes", "*.eyaml diff=eyamlgpg merge=eyamlgpg\n")


def cached_plaintext(patient: Patient) -> None:
    assert Tool()("git", "install", cwd=patient.folder).status == 0
    words = ["git", "-C", str(patient.folder), "config", "diff.eyamlgpg.cachetextconv", "yes"]
    subprocess.run(words, check=True)


def keyboxd_missing(patient: Patient) -> None:
    (patient.home / "common.conf").write_text("use-keyboxd\n")


@pytest.mark.parametrize(
    ("broken", "line", "message", "command"),
    [
        (no_gpg, "gpg", "gpg was not found on PATH", "sudo apt install gnupg"),
        (old_gpg, "gpg", "gpg 2.0.22 is too old: 2.2 or newer is needed", "sudo apt install gnupg"),
        (no_home, "home", "the GnuPG home {home} does not exist, chosen by GNUPGHOME", "mkdir -m 700 -p {home}"),
        (open_home, "home-permissions", "the GnuPG home has mode 755", "chmod 700 {home}"),
        (wrong_conf, "gpg-conf", "gpg-agent.conf:2: invalid option", '"${{EDITOR:-vi}}" +2 {home}/gpg-agent.conf'),
        (no_pinentry, "pinentry", "/nowhere/pinentry does not exist or cannot be run", "gpgconf --kill gpg-agent"),
        (no_editor, "editor", "the editor no-such-editor --wait is not on PATH", "export EDITOR=nano"),
        (
            bad_config,
            "config",
            "gpg_recipients has one value, not a list or a mapping",
            '"${{EDITOR:-vi}}" +1 {folder}/config.yaml',
        ),
        (unknown_recipient, "recipient", "nobody@example.net: no such key", "eyamlgpg keys import --repo"),
        (not_me, "recipients-me", "your key is on no recipients file of this tree", "eyamlgpg keys export {alice}"),
        (bad_policy, "policy", ".eyamlgpg/policy.yaml:2", '"${{EDITOR:-vi}}" +2 .eyamlgpg/policy.yaml'),
        (fresh_clone, "git-drivers", "and this clone is not set up for it", "eyamlgpg git install"),
        (cached_plaintext, "git-drivers", "diff.eyamlgpg.cachetextconv is on", "eyamlgpg git install"),
        (hook_off, "hook", "pre-commit is there, but not executable", "eyamlgpg hook install"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_broken_set_up_is_named_with_the_command_that_mends_it(
    patient: Patient, broken: Callable[[Patient], None], line: str, message: str, command: str
) -> None:
    """Only that line is a problem, unless nothing else can be told without it."""
    broken(patient)
    found = patient.lines()
    problems = [one for one in found[line] if one["state"] == "problem"]
    names = {"home": patient.home, "folder": patient.folder, "alice": known("alice").fingerprint}
    assert message.format(**names) in problems[0]["message"]
    assert command.format(**names) in problems[0]["commands"]
    others = {name for name, lines in found.items() if any(one["state"] == "problem" for one in lines)}
    assert others - {line} <= ({"own-key", "recipient"} if broken is no_home else set())


def test_a_home_with_a_long_path_is_told_before_the_agent_fails(patient: Patient) -> None:
    long_home(patient)
    states = patient.states()
    is_elsewhere = any(Path(run, "user", str(os.geteuid())).is_dir() for run in ("/run", "/var/run"))
    assert states["sockets"] == ("ok" if is_elsewhere else "problem")


def test_keyboxd_that_is_asked_for_and_not_installed(patient: Patient) -> None:
    """gpg 2.2 knows nothing of it, so there it is never installed."""
    keyboxd_missing(patient)
    program = subprocess.run(["gpgconf", "--list-components"], capture_output=True, text=True, check=True).stdout
    expected = "ok" if "keyboxd" in program else "problem"
    assert patient.states()["keyboxd"] == expected


def test_a_key_that_is_about_to_expire(patient: Patient, fresh_home: Path) -> None:
    patient.home = fresh_home
    fingerprint = keyrings.make_key(fresh_home, NewKey(expires="30d"))
    found = patient.lines()
    assert found["own-key-expiry"][0]["state"] == "problem"
    assert found["own-key-expiry"][0]["commands"][0] == f"gpg --quick-set-expire {fingerprint} 2y"


@contextlib.contextmanager
def stopped_agent(home: Path) -> Iterator[int]:
    told = subprocess.run(
        ["gpg-connect-agent", "--homedir", str(home), "getinfo pid", "/bye"], capture_output=True, check=True, text=True
    )
    process = int(told.stdout.split()[1])
    os.kill(process, signal.SIGSTOP)
    try:
        yield process
    finally:
        os.kill(process, signal.SIGCONT)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do not tell who holds a socket")
def test_an_agent_that_hangs_is_told_and_not_waited_for(patient: Patient) -> None:
    with stopped_agent(patient.home) as process:
        found = patient.lines()
    assert (found["agent"][0]["state"], found["agent"][0]["message"]) == ("problem", "gpg-agent does not answer")
    assert found["agent"][0]["commands"] == [f"kill -9 {process}"]
    assert found["own-key"][0]["state"] == "ok"


SCDAEMON = """#!{python} -I
import sys, time
print("OK", flush=True)
for line in sys.stdin:
    if line.startswith("SERIALNO"):
        {serialno}
    if line.startswith("GETATTR KEY-FPR"):
        print("S KEY-FPR 2 {fingerprint}")
    print("OK", flush=True)
    if line.startswith(("BYE", "KILLSCD")):
        break
"""


@pytest.mark.parametrize(
    ("serialno", "state", "message"),
    [
        ("time.sleep(60)", "problem", "the smart card, or the agent behind it, does not answer"),
        (
            'print("S SERIALNO D276000124010304000612345678")',
            "ok",
            "the smart card D276000124010304000612345678 holds the key of Alice",
        ),
        ('print("ERR 100663408 Card not present <SCD>", flush=True); continue', "ok", "no smart card is in use"),
        ('print("ERR 100663404 Card error <SCD>", flush=True); continue', "note", "cannot be read (error 108"),
    ],
    ids=["hangs", "holds alice's key", "absent", "fails"],
)
def test_a_smart_card_is_asked_behind_the_agent(patient: Patient, serialno: str, state: str, message: str) -> None:
    program = patient.home / "scdaemon"
    fingerprint = known("alice").fingerprint
    program.write_text(SCDAEMON.format(python=sys.executable, serialno=serialno, fingerprint=fingerprint))
    program.chmod(0o700)
    (patient.home / "gpg-agent.conf").write_text(f"auto-expand-secmem\nscdaemon-program {program}\n")
    subprocess.run(["gpg-connect-agent", "--homedir", str(patient.home), "/bye"], check=True)
    [card] = patient.lines()["card"]
    assert (card["state"], message in card["message"]) == (state, True), card


@pytest.mark.parametrize(("no_color", "is_coloured"), [("", True), ("1", False)])
def test_a_terminal_of_80_columns_gets_colours_and_short_lines(
    patient: Patient, no_color: str, is_coloured: bool
) -> None:
    environ = {**os.environ, **patient.environ, "GNUPGHOME": str(patient.home), "TERM": "xterm", "NO_COLOR": no_color}
    environ["PYTHONPATH"] = str(REPOSITORY)
    (patient.home).chmod(0o755)
    words = ["-m", "eyamlgpg", "doctor"]
    with pexpect.spawn(
        sys.executable, words, cwd=str(patient.folder), env=environ, dimensions=(200, 80), encoding="utf-8", timeout=60
    ) as session:
        session.expect(pexpect.EOF)
        text = str(session.before)
    assert ("\x1b[31mproblem" in text) == is_coloured
    assert "terminal" not in text.partition("Passphrases")[0]
    assert "GPG_TTY is not set; eyamlgpg tells gpg to ask on /dev/pts/" in text.replace("\r\n" + " " * 11, " ")
    if not is_coloured:
        assert max(len(line) for line in text.splitlines() if "$ " not in line and "/" not in line) <= 80


def test_which_setting_won_is_told_with_its_place(patient: Patient) -> None:
    config = patient.write("config.yaml", f"gpg_gnupghome: {patient.home}\nverbose: true\n")
    patient.environ |= {"EYAML_CONFIG": str(config), "HIERA_EYAML_GPG_GNUPGHOME": str(patient.home)}
    found = patient.lines()
    assert [one["message"] for one in found["setting"]] == [
        f"gpg_gnupghome is {patient.home}, from {config}:1",
        f"verbose is true, from {config}:2",
    ]
    assert found["home"][0]["message"].endswith("chosen by HIERA_EYAML_GPG_GNUPGHOME")
