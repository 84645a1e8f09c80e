"""A company's tree: sixty people and two puppetmasters, ten lists, twenty values a file, and a history behind it.

A tenth of the values is for everybody, each with a session key of its own. The others are for the ten people of a team
and the masters, and share a session key a file, which only makes them quicker to produce: each has its own header, and
commands that read headers do the same work.
"""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from benchmarks.world import People, Sealer, write_recipients
from eyamlgpg.formats.eyaml import tokens
from eyamlgpg.gpg.sealing.data import encrypted, new_session_key
from eyamlgpg.gpg.sealing.pkesk import session_keys
from eyamlgpg.model.keys import Key

EVERYBODY = 60
MASTERS = 2
TEAMS = 9
TEAM = 10
"""People of each team; neighbouring teams share some."""
VALUES_A_FILE = 20
COMMITS = 10
"""After the first one; together they change one value of each file."""
COMMON = "hieradata/common"
US = 1
"""Who runs the commands: a person with cv25519, who reads the common values."""

Seal = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Tree:
    """A tree on disk and in git."""

    root: Path
    files: int
    size: int
    """Bytes of its files."""
    leaver: Key
    """One of the people of a team, who could read its values and the common ones."""


def make(root: Path, values: int, who: People) -> Tree:
    """So many values, with their lists and their history."""
    people, masters = who.keys[:EVERYBODY], who.keys[EVERYBODY:]
    lists = {COMMON: [*people, *masters]}
    for number in range(TEAMS):
        members = [people[(number * EVERYBODY // TEAMS + at) % EVERYBODY] for at in range(TEAM)]
        lists[f"hieradata/team{number + 1}"] = [*members, *masters]
    for folder, keys in lists.items():
        write_recipients(root / folder, keys)
    _write_policy(root, masters)
    sealer = Sealer(who)
    sizes = []
    with _History(root, who.environ) as history:
        for at, (folder, keys) in enumerate(lists.items()):
            for number in range(at, values // VALUES_A_FILE, len(lists)):
                seal = _own(sealer, keys) if folder == COMMON else _shared(sealer, keys)
                before, now = _versions(number, seal)
                path = f"{folder}/app{number:04}.eyaml"
                (root / path).write_bytes(now)
                history.add(path, before, now)
                sizes.append(len(now))
    return Tree(root, len(sizes), sum(sizes), lists["hieradata/team1"][TEAM // 2])


def _write_policy(root: Path, masters: Sequence[Key]) -> None:
    folder = root / ".eyamlgpg"
    folder.mkdir()
    named = "".join(f"  master{number}: {key.fingerprint}\n" for number, key in enumerate(masters, start=1))
    (folder / "policy.yaml").write_text(f"version: 1\npuppetmasters:\n{named}")


def _own(sealer: Sealer, keys: Sequence[Key]) -> Seal:
    return lambda plaintext: sealer.seal(plaintext, keys)


def _shared(sealer: Sealer, keys: Sequence[Key]) -> Seal:
    key = new_session_key()
    header = b"".join(session_keys(key, sealer.readers(keys)))
    return lambda plaintext: header + encrypted(plaintext, key)


def _versions(number: int, seal: Seal) -> tuple[bytes, bytes]:
    """A file as it was at first, and as it is; the first value differs."""
    lines = [_value(number, at, seal) for at in range(VALUES_A_FILE)]
    return _text([_value(number, 0, seal), *lines[1:]]), _text(lines)


def _text(lines: Sequence[str]) -> bytes:
    return "".join(["---\n", *lines]).encode()


def _value(number: int, at: int, seal: Seal) -> str:
    name = f"profile::app{number}::item{at}"
    message = seal(f"secret {number} {at}".encode())
    written = tokens.render_block(message, indent="  ") if at % 2 else tokens.render(message, layout=None)
    return f"{name}::password: {written}\n{name}::host: db{at}.example.com\n"


class _History:
    """One `git fast-import`: all files in a first commit, and their changes in some more."""

    def __init__(self, root: Path, environ: Mapping[str, str]) -> None:
        self.root = root
        self.environ = {**environ, "GIT_CONFIG_GLOBAL": "/dev/null"}
        self.paths: list[str] = []

    def __enter__(self) -> Self:
        self._git("init", "-q", "-b", "main")
        words = ["git", "-c", "core.compression=1", "fast-import", "--quiet"]
        self.git = subprocess.Popen(words, cwd=self.root, env=self.environ, stdin=subprocess.PIPE)
        return self

    def add(self, path: str, before: bytes, now: bytes) -> None:
        """Both versions of a file, one behind the other: git stores the second as a difference."""
        self.paths.append(path)
        for mark, content in ((2 * len(self.paths) - 1, before), (2 * len(self.paths), now)):
            self._write(b"blob\nmark :%d\ndata %d\n" % (mark, len(content)), content, b"\n")

    def __exit__(self, *_: object) -> None:
        rest = [path for path in self.root.rglob("*") if path.is_file() and not self._is_known(path)]
        first = [f"M 100644 :{2 * at + 1} {path}\n".encode() for at, path in enumerate(self.paths)]
        for path in rest:
            content = path.read_bytes()
            name = str(path.relative_to(self.root)).encode()
            first.append(b"M 100644 inline %s\ndata %d\n%s\n" % (name, len(content), content))
        self._commit(0, first)
        for step in range(COMMITS):
            changed = [(at, path) for at, path in enumerate(self.paths) if at % COMMITS == step]
            self._commit(step + 1, [f"M 100644 :{2 * at + 2} {path}\n".encode() for at, path in changed])
        assert self.git.stdin
        self.git.stdin.close()
        if self.git.wait():
            raise SystemExit("git fast-import failed")
        self._git("reset", "-q")

    def _commit(self, number: int, lines: Sequence[bytes]) -> None:
        who = f"committer Bench <bench@example.com> {1_700_000_000 + number * 86400} +0000"
        self._write(f"commit refs/heads/main\n{who}\ndata 4\nstep\n".encode(), *lines, b"\n")

    def _is_known(self, path: Path) -> bool:
        return ".git" in path.parts or path.suffix == ".eyaml"

    def _write(self, *parts: bytes) -> None:
        assert self.git.stdin
        self.git.stdin.writelines(parts)

    def _git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self.root, env=self.environ, check=True)
