"""The story of a joiner and a leaver: three people type commands, each with a GnuPG home and a clone of their own."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.interop import conftest as interop
from tests.interop.peers import Puppet
from tests.support import keyrings
from tests.support.tool import Person, Ran

SECRET = "correct horse"


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person with a home and a clone."""

    name: str
    home: Path
    clone: Path

    def __call__(self, *words: str, stdin: bytes = b"") -> Ran:
        return Person(self.home, self.clone)(*words, stdin=stdin)

    def done(self, *words: str, stdin: bytes = b"") -> str:
        return Person(self.home, self.clone).text_of(*words, stdin=stdin)

    def gpg(self, *words: str) -> str:
        argv = ["gpg", "--homedir", str(self.home), "--batch", "--quiet", "--passphrase", "", *words]
        return subprocess.run(argv, check=True, capture_output=True, text=True).stdout

    def git(self, *words: str) -> str:
        settings = ["-c", f"user.name={self.name}", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"]
        return subprocess.run(
            ["git", *settings, *words], cwd=self.clone, check=True, capture_output=True, text=True
        ).stdout

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        self.git("push", "-q", "origin", "HEAD:main")

    @property
    def fingerprint(self) -> str:
        told = self.gpg("--with-colons", "--list-secret-keys")
        return next(line.split(":")[9] for line in told.splitlines() if line.startswith("fpr"))


@pytest.fixture
def team(tmp_path: Path) -> Iterator[dict[str, Somebody]]:
    """Alice, Bob and the puppetmaster, none of whom knows another's key; a repository with nothing in it."""
    homes = keyrings.Homes()
    bare = tmp_path / "origin.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True)
    people = {}
    for name in ("alice", "bob", "puppetmaster"):
        home, clone = homes.folder / name, tmp_path / name
        keyrings.make_home(home)
        subprocess.run(["git", "clone", "-q", str(bare), str(clone)], check=True, capture_output=True)
        people[name] = Somebody(name, home, clone)
        people[name].gpg("--quick-gen-key", f"{name.capitalize()} <{name}@example.com>", "rsa2048", "default", "1y")
        people[name].gpg("--quick-add-key", people[name].fingerprint, "rsa2048", "encr", "1y")
        (tmp_path / f"{name}.asc").write_text(people[name].gpg("--armor", "--export"))
    yield people
    for one in people.values():
        subprocess.run(["gpgconf", "--homedir", str(one.home), "--kill", "all"], check=False)
    homes.close()


def joined(team: dict[str, Somebody]) -> None:
    """Alice begins a repository, the puppetmaster and Bob join, and Bob reads and writes."""
    alice, bob, master = team["alice"], team["bob"], team["puppetmaster"]
    alice.done("onboard", "alice@example.com", "--role", "dba", "-y")
    alice.done("recipients", "add", "@dba", "-y")
    alice.done("onboard", "../puppetmaster.asc", "-y", "--fingerprint", master.fingerprint)
    alice.done("set", "common.eyaml", "db::password", "--stdin", stdin=SECRET.encode())
    alice.commit("begin")
    assert master("get", "common.eyaml", "db::password").status != 0  # not pulled yet

    report = alice.done("onboard", "../bob.asc", "--role", "dba", "-y", "--fingerprint", bob.fingerprint)
    message = report.partition("Commit message:\n\n")[2]
    assert message.startswith("  Onboard Bob <bob@example.com>\n")
    alice.commit("\n".join(line[2:] for line in message.splitlines()))

    bob.git("pull", "-q", "origin", "main")
    bob.done("keys", "import", "--repo")
    assert bob.done("get", "common.eyaml", "db::password") == SECRET
    for other in (alice, master):
        bob.done("keys", "sign", other.fingerprint, "-y")
    bob.done("set", "common.eyaml", "web::token", "--stdin", stdin=b"from bob")
    bob.commit("a token")
    alice.git("pull", "-q", "origin", "main")
    assert alice.done("get", "common.eyaml", "web::token") == "from bob"


def left(team: dict[str, Somebody]) -> None:
    """Bob leaves; Alice sets anew what he could read, until the worklist is empty."""
    alice, bob = team["alice"], team["bob"]
    report = alice.done("offboard", "bob@example.com", "-y")
    assert [line.split() for line in report.splitlines() if line.startswith("  due ")] == [
        ["due", "db::password"],
        ["due", "web::token"],
    ]
    alice.commit("bob left")
    assert alice("rotation", "bob@example.com").status == 1
    alice.done("set", "common.eyaml", "db::password", "--stdin", stdin=b"battery staple")
    alice.done("set", "common.eyaml", "web::token", "--stdin", stdin=b"a new token")
    alice.commit("new secrets")
    assert alice("rotation", "bob@example.com").status == 0

    bob.git("pull", "-q", "origin", "main")
    ran = bob("get", "common.eyaml", "db::password")
    assert (ran.status, ran.out) == (4, b"")
    assert alice("check").status == 0
    assert alice("who", "--check").status == 0


def test_bob_joins_works_and_leaves(team: dict[str, Somebody]) -> None:
    joined(team)
    left(team)
    master = team["puppetmaster"]
    master.git("pull", "-q", "origin", "main")
    assert master.done("get", "common.eyaml", "db::password") == "battery staple"


@pytest.mark.interop
def test_puppet_looks_up_what_the_team_left(team: dict[str, Somebody], tmp_path: Path) -> None:
    """With the puppetmaster's own home, after Bob came and went."""
    reason = interop.missing()
    if reason is not None:
        pytest.skip(reason)
    joined(team)
    left(team)
    master = team["puppetmaster"]
    master.git("pull", "-q", "origin", "main")
    puppet = Puppet(tmp_path / "puppet", master.home).set_up()
    puppet.data.write_bytes((master.clone / "common.eyaml").read_bytes())
    assert puppet.lookup("db::password") == "battery staple"
    assert puppet.lookup("web::token") == "a new token"
