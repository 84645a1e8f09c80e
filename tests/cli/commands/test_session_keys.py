"""`session_keys: per-file` as users have it: one private-key operation a file, and one session key for its readers."""

import re
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.formats.openpgp.data_packet import data_packet
from tests.support import commands, keyrings, pinentry
from tests.support.keyrings import NewKey

POLICY = "version: 1\nsession_keys: per-file\n"
MANY = 500


@dataclass
class Desk(commands.Desk):
    """A tree whose policy says that the values of a file share a session key; its user's state is the test's own."""

    @property
    def environ(self) -> dict[str, str]:
        return {**super().environ, "XDG_STATE_HOME": str(self.folder.parent / "state"), "EDITOR": "false"}

    def encrypted(self, name: str, plaintexts: list[str]) -> Path:
        path = self.write(name, "".join(f"k{place}: DEC::GPG[{one}]!\n" for place, one in enumerate(plaintexts)))
        ran = self.run("encrypt", "-i", "-e", name)
        assert ran.status == 0, ran.stderr
        return path

    def edited(self, name: str, script: str) -> None:
        """By sed."""
        environ = {**self.environ, "EDITOR": f"sed -i {script}"}
        ran = subprocess.run(self.argv("edit", name), cwd=self.folder, env=environ, capture_output=True, check=False)
        assert ran.returncode == 0, ran.stderr

    def headers(self, name: str) -> list[bytes]:
        """Of each value of a file, what stands before its data."""
        messages = [value.token.message() for value in find_values((self.folder / name).read_text()).values]
        return [message[: -len(data_packet(message))] for message in messages]

    def shared(self, name: str) -> list[int]:
        """How many values share each session key."""
        return sorted(Counter(self.headers(name)).values())


@pytest.fixture
def desk(home: Callable[[str], Path], tmp_path: Path) -> Desk:
    made = Desk(home("alice"), tmp_path / "tree")
    made.governs(".", "alice", "bob")
    made.write(".eyamlgpg/policy.yaml", POLICY)
    return made


SECRETS = [f"secret {number}" for number in range(6)]


def test_each_command_that_writes_goes_on_with_the_session_key_of_the_file(desk: Desk) -> None:
    desk.encrypted("a.eyaml", SECRETS)
    before = desk.headers("a.eyaml")
    assert desk.shared("a.eyaml") == [6]
    assert desk.run("set", "a.eyaml", "new", "-s", "value").status == 0
    desk.edited("a.eyaml", "s/secret.3/other/")
    assert desk.shared("a.eyaml") == [7]
    assert set(desk.headers("a.eyaml")) == set(before)
    assert desk.run("get", "a.eyaml", "k3").stdout == "other"
    assert desk.run("get", "a.eyaml", "new").stdout == "value"


def test_two_files_never_share(desk: Desk) -> None:
    for name in ("a.eyaml", "b.eyaml"):
        desk.encrypted(name, SECRETS)
    assert desk.run("recrypt", "--all").status == 0
    assert desk.shared("a.eyaml") == desk.shared("b.eyaml") == [6]
    assert not set(desk.headers("a.eyaml")) & set(desk.headers("b.eyaml"))


def test_recrypt_all_brings_a_file_to_one_session_key(desk: Desk) -> None:
    desk.write(".eyamlgpg/policy.yaml", "version: 1\n")
    desk.encrypted("a.eyaml", SECRETS)
    assert desk.shared("a.eyaml") == [1] * 6
    desk.write(".eyamlgpg/policy.yaml", POLICY)
    assert desk.run("recrypt").status == 0
    assert desk.shared("a.eyaml") == [1] * 6
    assert desk.run("recrypt", "--all", "--verify").status == 0
    assert desk.shared("a.eyaml") == [6]
    assert desk.run("decrypt", "-f", "a.eyaml").stdout.split(": ")[1] == "secret 0\nk1"


def test_somebody_more_leaves_it_shared_and_somebody_less_means_a_new_one(desk: Desk) -> None:
    desk.encrypted("a.eyaml", SECRETS)
    first = set(desk.headers("a.eyaml"))
    assert desk.run("recipients", "add", "carol@example.com", "-y").status == 0
    added = set(desk.headers("a.eyaml"))
    assert desk.shared("a.eyaml") == [6]
    assert all(header.startswith(tuple(first)) for header in added)
    desk.edited("a.eyaml", "s/secret.3/other/")
    assert set(desk.headers("a.eyaml")) == added
    assert desk.run("recipients", "remove", "bob@example.com", "-y").status == 0
    assert desk.shared("a.eyaml") == [6]
    assert not set(desk.headers("a.eyaml")) & added


def test_a_removal_that_was_not_carried_out_yet_means_a_new_one_for_what_is_edited(desk: Desk) -> None:
    desk.encrypted("a.eyaml", SECRETS)
    assert desk.run("recipients", "remove", "bob@example.com", "-y", "--no-recrypt").status == 0
    desk.edited("a.eyaml", "s/secret.3/other/")
    assert desk.shared("a.eyaml") == [1, 5]


def test_of_what_others_have_sealed_the_session_key_is_not_used(desk: Desk) -> None:
    desk.encrypted("a.eyaml", SECRETS)
    (desk.folder.parent / "state/eyamlgpg/own-session-keys").unlink()
    desk.edited("a.eyaml", "s/secret.[34]/other/")
    assert desk.shared("a.eyaml") == [2, 4]


def test_without_the_policy_every_value_has_its_own(desk: Desk) -> None:
    desk.write(".eyamlgpg/policy.yaml", "version: 1\nsession_keys: per-value\n")
    desk.encrypted("a.eyaml", SECRETS)
    desk.edited("a.eyaml", "s/secret.[34]/other/")
    desk.run("set", "a.eyaml", "new", "-s", "value")
    assert desk.shared("a.eyaml") == [1] * 7
    assert not (desk.folder.parent / "state").exists()


def test_the_policy_is_that_of_the_files_own_tree(desk: Desk, tmp_path: Path) -> None:
    other = Desk(desk.home, tmp_path / "other")
    other.governs(".", "alice")
    other.write(".eyamlgpg/policy.yaml", "version: 1\n")
    other.write("a.eyaml", "a: DEC::GPG[1]!\nb: DEC::GPG[2]!\n")
    assert desk.run("encrypt", "-i", "-e", "../other/a.eyaml").status == 0
    assert other.shared("a.eyaml") == [1, 1]


def test_a_policy_that_cannot_be_read_is_told_and_nothing_is_shared(desk: Desk) -> None:
    desk.write(".eyamlgpg/policy.yaml", "version: 1\nsession_keys: per-tree\n")
    desk.write("a.eyaml", "a: DEC::GPG[1]!\nb: DEC::GPG[2]!\n")
    ran = desk.run("encrypt", "-i", "-e", "a.eyaml")
    assert ran.status == 0
    assert "session_keys is per-value or per-file, not 'per-tree'; each new value gets a session key of" in ran.stderr
    assert desk.shared("a.eyaml") == [1, 1]


@dataclass
class Locked:
    """A tree whose one reader's key has a passphrase; its agent writes down what it is asked."""

    desk: Desk
    log: Path

    def operations(self, *words: str) -> int:
        """How often a command has the private key used, from an agent that knows no passphrase on."""
        pinentry.Pinentry(self.desk.home).forget()
        self.log.unlink(missing_ok=True)
        ran = self.desk.run(*words)
        assert ran.status == 0, ran.stderr
        return len(re.findall(r"<- PKDECRYPT", self.log.read_text(errors="replace"))) if self.log.exists() else 0


@pytest.fixture
def locked(fresh_home: Path, tmp_path: Path) -> Locked:
    fingerprint = keyrings.make_key(fresh_home, NewKey(passphrase="right"))
    pinentry.install(fresh_home, "say right")
    log = tmp_path / "agent.log"
    with (fresh_home / "gpg-agent.conf").open("a") as conf:
        conf.write(f"log-file {log}\ndebug ipc\n")
    keyrings.trust(fresh_home, f"{fingerprint}:6:")
    desk = Desk(fresh_home, tmp_path / "tree")
    desk.write("hiera-eyaml-gpg.recipients", f"{fingerprint}\n")
    desk.write(".eyamlgpg/policy.yaml", POLICY)
    return Locked(desk, log)


def test_five_hundred_values_of_a_file_cost_three_private_key_operations_at_most(locked: Locked) -> None:
    desk = locked.desk
    desk.encrypted("a.eyaml", [f"secret {number}" for number in range(MANY)])
    assert locked.operations("decrypt", "-e", "a.eyaml") <= 3
    assert locked.operations("get", "a.eyaml", "k7") <= 1
    assert locked.operations("recrypt", "--all") <= 3
    assert desk.shared("a.eyaml") == [MANY]
    desk.edited("a.eyaml", "s/secret.7/other/")
    pinentry.Pinentry(desk.home).forget()
    locked.log.unlink()
    desk.edited("a.eyaml", "s/secret.8/other/")
    assert len(re.findall(r"<- PKDECRYPT", locked.log.read_text(errors="replace"))) <= 3
    assert desk.shared("a.eyaml") == [MANY]


def test_with_a_session_key_each_it_is_one_a_value(locked: Locked) -> None:
    """So that the count above counts."""
    locked.desk.write(".eyamlgpg/policy.yaml", "version: 1\n")
    locked.desk.encrypted("a.eyaml", SECRETS)
    assert locked.operations("decrypt", "-e", "a.eyaml") == len(SECRETS)


def test_set_asks_nobody_for_a_passphrase(locked: Locked) -> None:
    """It needs no private key; one that is locked means a new session key."""
    desk = locked.desk
    desk.encrypted("a.eyaml", SECRETS)
    asked = pinentry.Pinentry(desk.home)
    asked.answer("say right")
    asked.forget()
    assert desk.run("set", "a.eyaml", "new", "-s", "value").status == 0
    assert asked.questions == []
    assert desk.shared("a.eyaml") == [1, 6]
    assert desk.run("get", "a.eyaml", "new").stdout == "value"
