"""A control repository whose people have roles: blocks in its recipients files, values of its own."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support.keyrings import known
from tests.support.tool import Ran, Tool

NAME = "hiera-eyaml-gpg.recipients"
NAMES = {
    "alice": "Alice Anders (ops) <alice@example.com>",
    "bob": "Bob Brown <bob@example.com>",
    "carol": "Carol Chen <carol@example.com>",
    "prod": "Puppetmaster Prod <puppetmaster-prod@example.com>",
}
SECRET = b"correct horse"


def fingerprint(who: str) -> str:
    return known("puppetmaster-prod" if who == "prod" else who).fingerprint


def lines(*people: str) -> str:
    """People as a recipients file has them."""
    return "".join(f"# {NAMES[who]}\n{fingerprint(who)}\n" for who in people)


def block(role: str, *people: str) -> str:
    """A role block with these people."""
    return f"# eyamlgpg: role {role}\n{lines(*people)}# eyamlgpg: end\n"


def people_file(**people: str) -> str:
    """`.eyamlgpg/people.yaml`; each person with what follows the name, such as `roles: [dba]`."""
    text = "version: 1\npeople:\n"
    for who, rest in people.items():
        more = "".join(f"    {line}\n" for line in rest.split("; ") if line)
        text += f"  - key: {fingerprint(who)}\n    name: {NAMES[who]}\n{more}"
    return text


@dataclass(frozen=True, slots=True)
class Roles:
    """The repository, in which somebody types."""

    root: Path
    tool: Tool
    home: Callable[[str], Path]

    def __call__(self, *words: str, who: str = "alice", stdin: bytes = b"", cwd: Path | None = None) -> Ran:
        return self.tool(*words, home=self.home(who), cwd=cwd or self.root, stdin=stdin)

    def done(self, *words: str, who: str = "alice", stdin: bytes = b"") -> Ran:
        ran = self(*words, who=who, stdin=stdin)
        assert ran.status == 0, ran.err
        return ran

    def write(self, path: str, text: str) -> Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        return place

    def text(self, path: str = NAME) -> str:
        return (self.root / path).read_text()

    def people(self, **people: str) -> None:
        self.write(".eyamlgpg/people.yaml", people_file(**people))

    def reads(self, who: str, file: str = "a.eyaml") -> bool:
        """True if somebody opens the value of a file with their own key; of Carol the ciphertext tells it."""
        if who == "carol":
            return fingerprint(who) in self("who", file, "--format", "json").text
        ran = self("get", file, "a::secret", who=who)
        assert ran.out == (SECRET if ran.status == 0 else b"")
        return ran.status == 0

    def commit(self, message: str = "a commit") -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def git(self, *words: str) -> str:
        who = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
        ran = subprocess.run(["git", *who, *words], cwd=self.root, check=True, capture_output=True, text=True)
        return ran.stdout


def repository(root: Path, tool: Tool, home: Callable[[str], Path]) -> Roles:
    """A value at the top for whoever has the role dba (alice, bob) and for the puppetmaster, all committed."""
    subprocess.run(["git", "init", "--quiet", "-b", "main", str(root)], check=True)
    made = Roles(root, tool, home)
    made.people(alice="roles: [ops, dba]", bob="roles: [dba]")
    made.write(NAME, f"# the puppetmaster\n\n{lines('prod')}{block('dba', 'alice', 'bob')}")
    assert made("set", "a.eyaml", "a::secret", "--stdin", stdin=SECRET).status == 0
    made.commit()
    return made
