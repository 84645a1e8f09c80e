"""A control repository that grew for years, written by a seed: people come and go, and values are set, encrypted anew,
renamed, moved, copied, reverted and removed, on several branches.

What was done is known: `Grown.trees` holds the values of every commit with their plaintexts. The commits go into git
by one `git fast-import`.
"""

import random
import subprocess
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from eyamlgpg.model.keys import HIDDEN_KEY_ID, Key, KeyId
from tests.support import keys
from tests.support.repository import Repository, start
from tests.support.sealed import addressed, sealed

START = 1_700_000_000
YEARS = 3


@dataclass(frozen=True, slots=True)
class Scale:
    """How much there is of everything."""

    people: int = 12
    values: int = 40
    commits: int = 110
    values_a_file: int = 8
    session_key: int = 2
    """Bytes; a real one of cv25519 has some 80, and one of RSA-2048 some 260."""


SMALL = Scale()
FULL = Scale(people=40, values=1500, commits=3000, values_a_file=15, session_key=40)


@dataclass(frozen=True, slots=True)
class Secret:
    """A value as its message holds it."""

    plaintext: bytes
    number: int
    """Of the data packet."""
    readers: tuple[str, ...]
    """Key IDs."""

    @property
    def data(self) -> bytes:
        return sealed(self.plaintext, self.number)


Tree = dict[str, dict[str, Secret]]
"""Values by file and key."""


@dataclass
class Grown:
    """The repository, and what its maker knows."""

    repository: Repository
    key_ids: list[list[KeyId]]
    """Of each person: the first one, and that of a later subkey."""
    admin: KeyId
    """Who can always read everything."""
    trees: list[Tree] = field(default_factory=list)
    """Of each commit, in the order in which they were made."""
    commit_ids: list[str] = field(default_factory=list)
    """Of each of them."""
    steps: Counter[str] = field(default_factory=Counter)
    """What was done, and how often."""


def grow(root: Path, seed: int = 1, scale: Scale = SMALL) -> Grown:
    """The same repository for the same seed; `main` is checked out."""
    return _Grower(start(root), random.Random(seed), scale).grown()  # noqa: S311 - repeatable, and no secret


@dataclass
class _Branch:
    tree: Tree
    last: int
    """The number of its last commit."""


class _Grower:
    def __init__(self, repository: Repository, chance: random.Random, scale: Scale) -> None:
        self.chance = chance
        self.scale = scale
        self.counter = 0
        self.key_ids = [[self._key_id()] for _ in range(scale.people)]
        self.made = Grown(repository, self.key_ids, self._key_id())
        self.team = set(range(scale.people // 2))
        self.branches: dict[str, _Branch] = {}
        self.parents: list[list[int]] = []
        self.authors: list[int] = []
        self.names: list[str] = []

    def grown(self) -> Grown:
        tree: Tree = {}
        for number in range(self.scale.values):
            path = f"data/f{number // self.scale.values_a_file}.eyaml"
            tree.setdefault(path, {})[self._key(number)] = self._secret(self._plaintext())
        self.branches["main"] = _Branch(tree, -1)
        self._commit("main")
        while len(self.parents) < self.scale.commits:
            self._something()
        self._write()
        return self.made

    def _something(self) -> None:
        name = self.chance.choice(["main", "main", *self.branches])
        branch = self.branches[name]
        roll = self.chance.random()
        if roll < 0.06 and len(self.branches) < 5:
            self.branches[f"b{len(self.parents)}"] = _Branch({**branch.tree}, branch.last)
            self.made.steps["branch"] += 1
        elif roll < 0.14 and len(self.branches) > 1:
            self._merge(self.chance.choice([one for one in self.branches if one != "main"]))
            self.made.steps["merge"] += 1
        else:
            steps = [
                (self._set, 30),
                (self._recrypt_file, 10),
                (self._person, 5),
                (self._rename_file, 5),
                (self._rename_key, 8),
                (self._move, 8),
                (self._copy, 8),
                (self._copy_file, 2),
                (self._remove, 4),
                (self._remove_file, 1),
                (self._revert, 8),
                (self._add, 6),
                (self._roll_over, 1),
                (self._hide, 2),
            ]
            step = self.chance.choices([one for one, _ in steps], [weight for _, weight in steps])[0]
            step(branch.tree)
            self.made.steps[step.__name__.strip("_").replace("_", " ")] += 1
            self._commit(name)

    def _merge(self, name: str) -> None:
        """Into main; what both changed stays as main has it, file by file."""
        main, other = self.branches["main"], self.branches.pop(name)
        base = self._base(main.last, other.last)
        before = self.made.trees[base]
        for path in sorted({*other.tree, *before}):
            if main.tree.get(path) == before.get(path):
                if path in other.tree:
                    main.tree[path] = dict(other.tree[path])
                else:
                    main.tree.pop(path, None)
        self._commit("main", other.last)

    def _base(self, one: int, other: int) -> int:
        """The last commit that both come from."""
        return max(self._before(one) & self._before(other))

    def _before(self, number: int) -> set[int]:
        seen, ahead = {number}, [number]
        while ahead:
            for parent in self.parents[ahead.pop()]:
                if parent not in seen:
                    seen.add(parent)
                    ahead.append(parent)
        return seen

    def _commit(self, name: str, *more: int) -> None:
        branch = self.branches[name]
        branch.tree = {path: dict(file) for path, file in branch.tree.items() if file}
        self.parents.append([*([branch.last] if branch.last >= 0 else []), *more])
        self.authors.append(self.chance.randrange(self.scale.people))
        self.names.append(name)
        branch.last = len(self.parents) - 1
        # A file that did not change is the same object in every commit.
        previous = self.made.trees[self.parents[-1][0]] if self.parents[-1] else {}
        self.made.trees.append(
            {path: previous[path] if previous.get(path) == file else dict(file) for path, file in branch.tree.items()}
        )

    # What people do.

    def _set(self, tree: Tree) -> None:
        path, key = self._any(tree)
        tree[path][key] = self._secret(self._plaintext())

    def _recrypt_file(self, tree: Tree) -> None:
        self._recrypt(tree[self.chance.choice(sorted(tree))])

    def _recrypt(self, file: dict[str, Secret]) -> None:
        """For the team of today: anew, or with other session keys in front of the same data."""
        anew = self.chance.random() < 0.5
        for key, secret in file.items():
            readers = self._readers()
            file[key] = replace(secret, readers=readers, number=self._next() if anew else secret.number)

    def _person(self, tree: Tree) -> None:
        """Somebody comes or goes, and all or some of the files are encrypted anew."""
        self.team ^= {self.chance.randrange(self.scale.people)}
        if not self.team:
            self.team = {0}
        files = sorted(tree)
        for path in files if self.chance.random() < 0.7 else self.chance.sample(files, len(files) // 2):
            self._recrypt(tree[path])

    def _rename_file(self, tree: Tree) -> None:
        old = self.chance.choice(sorted(tree))
        file = tree.pop(old)
        if self.chance.random() < 0.3:
            self._recrypt(file)
        tree[f"data/{self.chance.choice('abc')}/f{self._next()}.eyaml"] = file

    def _rename_key(self, tree: Tree) -> None:
        path, key = self._any(tree)
        secret = tree[path].pop(key)
        tree[path][self._key(self._next())] = self._maybe_anew(secret)

    def _move(self, tree: Tree) -> None:
        path, key = self._any(tree)
        other = self.chance.choice(sorted(tree))
        secret = tree[path].pop(key)
        new = key if key not in tree[other] else self._key(self._next())
        tree[other][new] = self._maybe_anew(secret)

    def _copy(self, tree: Tree) -> None:
        path, key = self._any(tree)
        other = self.chance.choice(sorted(tree))
        tree[other][self._key(self._next())] = self._maybe_anew(tree[path][key])

    def _copy_file(self, tree: Tree) -> None:
        path = self.chance.choice(sorted(tree))
        tree[f"data/copy{self._next()}.eyaml"] = dict(tree[path])

    def _remove(self, tree: Tree) -> None:
        path, key = self._any(tree)
        del tree[path][key]

    def _remove_file(self, tree: Tree) -> None:
        if len(tree) > 3:
            del tree[self.chance.choice(sorted(tree))]

    def _revert(self, tree: Tree) -> None:
        """An old value comes back: its very message, or its plaintext encrypted anew."""
        old = self.chance.choice(self.made.trees)
        places = [(path, key) for path in sorted(tree) for key in tree[path] if key in old.get(path, {})]
        if places:
            path, key = self.chance.choice(places)
            tree[path][key] = self._maybe_anew(old[path][key])

    def _add(self, tree: Tree) -> None:
        tree[self.chance.choice(sorted(tree))][self._key(self._next())] = self._secret(self._plaintext())

    def _roll_over(self, tree: Tree) -> None:
        """Somebody has a new subkey, to which all is encrypted from now on."""
        who = self.chance.choice(sorted(self.team))
        self.key_ids[who].append(self._key_id())

    def _hide(self, tree: Tree) -> None:
        path, key = self._any(tree)
        secret = tree[path][key]
        tree[path][key] = replace(secret, readers=tuple(HIDDEN_KEY_ID for _ in secret.readers), number=self._next())

    def _maybe_anew(self, secret: Secret) -> Secret:
        """As it is, with other readers, or encrypted anew for the team of today."""
        roll = self.chance.random()
        if roll < 0.4:
            return secret
        return replace(secret, readers=self._readers(), number=secret.number if roll < 0.6 else self._next())

    def _any(self, tree: Tree) -> tuple[str, str]:
        path = self.chance.choice(sorted(path for path in tree if tree[path]))
        return path, self.chance.choice(list(tree[path]))

    def _secret(self, plaintext: bytes) -> Secret:
        return Secret(plaintext, self._next(), self._readers())

    def _readers(self) -> tuple[str, ...]:
        return (self.made.admin, *(self.key_ids[who][-1] for who in sorted(self.team)))

    def _plaintext(self) -> bytes:
        """Most are good passwords, and some are what people like."""
        return b"root" if self.chance.random() < 0.05 else f"secret {self._next()}".encode()

    def _key(self, number: int) -> str:
        return f"group{number % 3}.key{number}" if number % 4 == 0 else f"profile::app{number}::password"

    def _key_id(self) -> KeyId:
        return KeyId(f"{self.chance.getrandbits(64):016X}")

    def _next(self) -> int:
        self.counter += 1
        return self.counter + 10_000

    def _write(self) -> None:
        root = self.made.repository.root
        marks = root / ".git" / "grown-marks"
        words = ["git", "fast-import", "--quiet", f"--export-marks={marks}"]
        git = subprocess.Popen(words, cwd=root, stdin=subprocess.PIPE, env=self.made.repository.environ)
        assert git.stdin is not None
        with git.stdin:
            git.stdin.writelines(self._stream())
        assert git.wait() == 0
        known = dict(line.split() for line in marks.read_text().splitlines())
        self.made.commit_ids = [known[f":{number + 1}"] for number in range(len(self.parents))]
        self.made.repository.git("reset", "-q", "--hard", "main")

    def _stream(self) -> Iterator[bytes]:
        step = YEARS * 365 * 86400 // len(self.parents)
        for number, parents in enumerate(self.parents):
            who = f"Person {self.authors[number]} <p{self.authors[number]}@example.com> {START + number * step} +0000"
            yield f"commit refs/heads/{self.names[number]}\nmark :{number + 1}\n".encode()
            yield f"author {who}\ncommitter {who}\ndata 4\nstep\n".encode()
            for kind, parent in zip(("from", *["merge"] * 9), parents, strict=False):
                yield f"{kind} :{parent + 1}\n".encode()
            old = self.made.trees[parents[0]] if parents else {}
            yield from self._changes(old, self.made.trees[number])

    def _changes(self, old: Tree, new: Tree) -> Iterator[bytes]:
        for path in sorted({*old, *new}):
            if path not in new:
                yield f"D {path}\n".encode()
            elif old.get(path) is not new[path]:
                content = text(new[path], self.scale.session_key).encode()
                yield f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n"


def text(file: dict[str, Secret], session_key: int = 2) -> str:
    """A file of Hiera data: by turns on one line and as a block, some inside of a mapping."""
    lines = ["---", "# by the maker of tests"]
    flat = [key for key in file if "." not in key]
    for key in flat:
        lines += [f"{key}:{_value(file[key], '  ', session_key)}", f"{key}_port: 5432"]
    for group in sorted({key.split(".")[0] for key in file if "." in key}):
        lines.append(f"{group}:")
        inside = [key for key in file if key.startswith(f"{group}.")]
        lines += [f"  {key.split('.')[1]}:{_value(file[key], '    ', session_key)}" for key in inside]
    return "\n".join(lines) + "\n"


def _value(secret: Secret, indent: str, session_key: int) -> str:
    base64 = b64encode(addressed(secret.data, secret.readers, size=session_key)).decode()
    token = f"ENC[GPG,{base64}]"
    if secret.number % 3:
        return f" {token}"
    return " >\n" + "\n".join(f"{indent}{token[start : start + 60]}" for start in range(0, len(token), 60))


def keyring_of(grown: Grown) -> tuple[Key, ...]:
    """Everybody's key, with every subkey; `p0@example.com` and so on."""
    return tuple(
        keys.key(
            f"Person {number} <p{number}@example.com>",
            subkeys=tuple(replace(keys.subkey(key_id), key_id=key_id) for key_id in key_ids),
        )
        for number, key_ids in enumerate(grown.key_ids)
    )


def people_of(grown: Grown, count: int) -> Sequence[int]:
    """Some people, those with a second subkey first."""
    return sorted(range(len(grown.key_ids)), key=lambda who: (-len(grown.key_ids[who]), who))[:count]
