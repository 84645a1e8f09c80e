"""What is tried: for each command that changes files, a tree, the command line, and how it looks when all is done."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.keyrings import known
from tests.support.roles import NAME, SECRET, Roles, fingerprint

NEW = b"a new secret"
FRANK = known("frank").fingerprint


@dataclass(frozen=True)
class Scene:
    """One command line on the tree of `tests.support.roles`."""

    words: tuple[str, ...]
    is_done: Callable[[Roles], bool]
    """Whether everything is as the command should leave it."""
    stdin: bytes = b""
    prepare: Callable[[Roles], None] = lambda tree: None
    changes_home: bool = False
    is_whole: Callable[[Roles], bool] = lambda tree: True
    """What must be true after any fault, before the next run."""
    runs_again: bool = True
    """False for what git calls, once: it is git that goes on after a failure."""

    @property
    def name(self) -> str:
        """As somebody would type it."""
        return " ".join(self.words[:2])


def secrets(tree: Roles, file: str = "a.eyaml") -> list[bytes]:
    """The plaintexts of a file's values; fails where one cannot be opened."""
    shown = tree.done("decrypt", "-e", file).out
    return re.findall(rb"DEC(?:\(\d+\))?::GPG\[(.*?)\]!", shown, re.DOTALL)


def readers(tree: Roles, file: str = "a.eyaml") -> str:
    """Who reads the values of a file, as JSON."""
    return tree("who", file, "--format", "json").text


def _in_line(tree: Roles) -> bool:
    return tree("recrypt", "--check").status == 0


def _carols_line(tree: Roles) -> None:
    tree.write(NAME, tree.text() + f"# Carol\n{fingerprint('carol')}\n")
    tree.commit()


def _clear_markers(tree: Roles) -> None:
    tree.write("m.eyaml", "one: DEC::GPG[a new secret]!\ntwo: 2\n")
    tree.commit()


def _new_role(tree: Roles) -> None:
    tree.people(alice="roles: [ops, dba]", bob="roles: [dba]", carol="roles: [dba]")
    tree.commit()


def _franks_key(tree: Roles) -> None:
    (tree.root.parent / "frank.asc").write_bytes(known("frank").public)


def _reads(who: str) -> Callable[[Roles], bool]:
    return lambda tree: fingerprint(who) in readers(tree) and _in_line(tree)


def _out(who: str) -> Callable[[Roles], bool]:
    return lambda tree: fingerprint(who) not in readers(tree) + tree.text() and _in_line(tree)


def _hook(tree: Roles) -> bool:
    return bool(tree("hook", "status").status == 0)


def _exported(tree: Roles) -> bool:
    place = tree.root / ".eyamlgpg" / "keys" / f"{fingerprint('bob')}.asc"
    return place.exists() and place.read_bytes().endswith(b"-----END PGP PUBLIC KEY BLOCK-----\n")


def _knows_frank(tree: Roles) -> bool:
    return FRANK in tree("keys", "list", "--format", "json").text


def _joined(tree: Roles) -> bool:
    people = tree.root / ".eyamlgpg" / "people.yaml"
    return FRANK in people.read_text() and FRANK in readers(tree) and _in_line(tree)


def _two_sides(tree: Roles) -> None:
    for side in ("base", "ours", "theirs"):
        tree.write(f"merged/{side}", "one: 1\ntwo: 2\n")
        tree.done("set", f"merged/{side}", "one", "--stdin", stdin=NEW)
    tree.write("merged/ours", "# ours\n" + tree.text("merged/base"))
    tree.write("merged/theirs", tree.text("merged/base") + "three: 3\n")
    tree.commit()


def _has_ours(tree: Roles) -> bool:
    """The values of our side open, and none of its lines is lost."""
    return "# ours\n" in tree.text("merged/ours") and NEW in secrets(tree, "merged/ours")


def _has_both(tree: Roles) -> bool:
    return _has_ours(tree) and "three: 3\n" in tree.text("merged/ours")


def _clear_value(tree: Roles) -> None:
    tree.write("m.eyaml", "one: a new secret\ntwo: 2\n")
    tree.commit()


SCENES = (
    Scene(("set", "a.eyaml", "a::secret", "--stdin"), lambda tree: secrets(tree) == [NEW], NEW),
    Scene(("set", "n.eyaml", "a::b", "--stdin"), lambda tree: secrets(tree, "n.eyaml") == [NEW], NEW),
    Scene(("encrypt", "-i", "-e", "m.eyaml"), lambda tree: secrets(tree, "m.eyaml") == [NEW], prepare=_clear_markers),
    Scene(("edit", "a.eyaml"), lambda tree: "\nadded: 1\n" in tree.text("a.eyaml")),
    Scene(("recrypt",), _reads("carol"), prepare=_carols_line),
    Scene(("recipients", "add", "carol@example.com", "-y"), _reads("carol")),
    Scene(("recipients", "remove", "puppetmaster-prod@example.com", "-y"), _out("prod")),
    Scene(("recipients", "sync", "-y"), _reads("carol"), prepare=_new_role),
    Scene(
        ("onboard", "../frank.asc", "--role", "dba", "--fingerprint", FRANK, "-y"),
        _joined,
        prepare=_franks_key,
        changes_home=True,
    ),
    Scene(("offboard", "bob@example.com", "-y"), _out("bob")),
    Scene(("keys", "import", "../frank.asc"), _knows_frank, prepare=_franks_key, changes_home=True),
    Scene(("keys", "export", fingerprint("bob")), _exported),
    Scene(("hook", "install"), _hook),
    Scene(("git", "install", "--no-yaml"), lambda tree: tree("git", "status").status == 0),
    Scene(
        ("git", "merge-values", "merged/base", "merged/ours", "merged/theirs", "7", "merged/ours"),
        _has_both,
        prepare=_two_sides,
        is_whole=_has_ours,
        runs_again=False,
    ),
    Scene(
        ("encrypt", "-i", "m.eyaml", "--key", "one"),
        lambda tree: secrets(tree, "m.eyaml") == [NEW],
        prepare=_clear_value,
    ),
)


def state_of(tree: Roles) -> str:
    """What a report of a broken run needs."""
    return json.dumps({"status": tree.git("status", "--porcelain"), "list": tree.text()})


PLAIN = (SECRET, NEW)
