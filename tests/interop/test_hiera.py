"""`hiera init` and `hiera check` against Puppet itself: what is written decrypts, and what is reported fails."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.interop.conftest import missing
from tests.interop.hiera_faults import EYAML, FAULTS, KEY, LEVEL, SECRET, Master, options
from tests.interop.peers import Puppet, environment
from tests.support.keyrings import known
from tests.support.tool import Tool

pytestmark = pytest.mark.interop

LOOKUPS = Path(__file__).with_name("lookups.rb")


@pytest.fixture
def master(puppet: Puppet, home: Callable[[str], Path]) -> Master:
    (puppet.environment / "hiera.yaml").unlink()
    (puppet.environment / "environment.conf").write_text("")
    return Master(puppet, home("pm-prod"), home("alice"))


@pytest.mark.parametrize("name", ["data/common.eyaml", "hieradata/sites/north.yaml"])
def test_puppet_decrypts_by_the_file_that_init_wrote(master: Master, name: str) -> None:
    """`site` is a fact of the node, and its value names the file."""
    master.encrypt(name)
    ran = Tool()("hiera", "init", "--homedir", str(master.home), cwd=master.tree)
    assert ran.status == 0, ran.err
    assert master.looked_up() == (0, SECRET)
    assert master.found("--user", "root", "--master", known("puppetmaster-prod").fingerprint) == (0, set())


def test_puppet_decrypts_by_the_global_file_of_version_3(master: Master) -> None:
    master.encrypt("data/common.eyaml")
    ran = Tool()("hiera", "init", "--version", "3", "--dry-run", "--homedir", str(master.home), cwd=master.tree)
    assert ran.status == 0, ran.err
    moved = ran.text.replace("/etc/puppetlabs/code", str(master.puppet.folder / "code"))
    (master.puppet.folder / "global.yaml").write_text(moved)
    assert master.looked_up(version_3=True) == (0, SECRET)
    ran = Tool()(
        *("hiera", "check", str(master.puppet.folder / "global.yaml"), "--user", "root"),
        home=master.writer,
    )
    assert ran.status == 0, ran.text


@dataclass(frozen=True)
class Outcome:
    """What one fault makes of a tree that decrypted before."""

    sound: tuple[int, set[str]]
    status: int
    problems: set[str]
    decrypted: bool
    said: str


@pytest.fixture(scope="module")
def outcomes(home: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """Every fault in an environment of its own, all looked up in one process; `sound` is one without any."""
    reason = missing() or (None if shutil.which("puppet") else "puppet is not installed")
    if reason is not None:
        pytest.skip(reason)
    checked: dict[str, tuple[tuple[int, set[str]], tuple[int, set[str]]]] = {}
    folders = []
    for name, fault in {"sound": None, **FAULTS}.items():
        puppet = Puppet(tmp_path_factory.mktemp("puppet"), home("alice"))
        folders.append(str(puppet.environment))
        master = Master(puppet, home("pm-prod"), home("alice"))
        master.write("environment.conf", "")
        master.encrypt("data/common.eyaml")
        master.write("hiera.yaml", LEVEL + EYAML + options(master.home))
        sound = master.found("--user", "root", "--on-master")
        if fault is not None:
            fault[0](master)
        checked[name] = sound, master.found("--user", "root", "--on-master")
    asked = json.dumps({"key": KEY, "environments": folders})
    argv = ["ruby", str(LOOKUPS), str(tmp_path_factory.mktemp("settings"))]
    ran = subprocess.run(argv, input=asked, capture_output=True, check=False, env=environment(), text=True)
    assert ran.returncode == 0, ran.stderr
    answers = json.loads(ran.stdout)
    return {
        name: Outcome(sound, status, problems, answer[0] and answer[1] == SECRET, str(answer[1]))
        for (name, (sound, (status, problems))), answer in zip(checked.items(), answers, strict=True)
    }


def test_puppet_decrypts_the_tree_that_the_faults_are_made_in(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["sound"].decrypted, outcomes["sound"].said


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_reported_fails_in_puppet(outcomes: dict[str, Outcome], name: str) -> None:
    """One thing is changed in a tree that nothing was wrong with."""
    outcome = outcomes[name]
    assert outcome.sound == (0, set())
    assert (outcome.status, name.split(maxsplit=1)[0] in outcome.problems) == (1, True), outcome.problems
    assert (outcome.decrypted, FAULTS[name][1] in outcome.said) == (False, True), outcome.said


def test_lookups_that_merge_get_the_ciphertext_of_a_plain_level(master: Master) -> None:
    """Others find the value in the level before."""
    master.encrypt("data/common.eyaml")
    plain = "  - name: Plain\n    path: common.eyaml\n    data_hash: yaml_data\n"
    master.write("hiera.yaml", LEVEL + EYAML + options(master.home) + plain)
    ran = Tool()("hiera", "check", "--format", "json", home=master.writer, cwd=master.tree)
    assert "not-decrypted-in-merges" in {one["id"] for one in json.loads(ran.text)["findings"]}
    assert master.looked_up() == (0, SECRET)
    [first, second] = master.looked_up("--merge", "unique")[1]
    assert (first, second.startswith("ENC[GPG,")) == (SECRET, True)


def test_a_key_with_a_passphrase_fails_in_puppet(master: Master, home_copy: Callable[[str], Path]) -> None:
    """Nobody is there to ask, and a pinentry that is not there cannot be asked."""
    locked = home_copy("pm-prod")
    (locked / "gpg-agent.conf").write_text("pinentry-program /bin/false\nallow-loopback-pinentry\n")
    protect(locked)
    master.encrypt("data/common.eyaml")
    master.write("hiera.yaml", LEVEL + EYAML + options(locked))
    assert master.found("--user", "root", "--on-master") == (1, {"key-passphrase"})
    status, said = master.looked_up()
    assert (status, "General exception decrypting" in said) == (1, True), said


def protect(home: Path) -> None:
    """Give the key a passphrase."""
    argv = ["gpg", "--homedir", str(home), "--no-tty", "--command-fd", "0", "--pinentry-mode", "loopback"]
    ran = subprocess.run(
        [*argv, "--change-passphrase", known("puppetmaster-prod").fingerprint],
        input=b"\nlocked\nlocked\n",
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=True)
