"""How a scene's tree is before its command, and how it must be afterwards."""

import json
import os
import re
from base64 import b64encode
from collections.abc import Callable

from tests.support.keyrings import known
from tests.support.pkcs7 import message, pair
from tests.support.roles import NAME, SECRET, Roles, fingerprint

NEW = b"a new secret"
PLAIN = (SECRET, NEW)
FRANK = known("frank").fingerprint
HOOK = "#!/bin/sh\n# somebody's own\nexit 0\n"


def secrets(tree: Roles, file: str = "a.eyaml") -> list[bytes]:
    """The plaintexts of a file's values; empty where one cannot be opened."""
    shown = tree("decrypt", "-e", file).out
    return re.findall(rb"DEC(?:\(\d+\))?::GPG\[(.*?)\]!", shown, re.DOTALL)


def _readers(tree: Roles, file: str = "a.eyaml") -> str:
    return tree("who", file, "--format", "json").text


def _in_line(tree: Roles) -> bool:
    return tree("recrypt", "--check").status == 0


def reads(who: str) -> Callable[[Roles], bool]:
    """Somebody reads the value, and all values are in line with their lists."""
    return lambda tree: known(who).fingerprint in _readers(tree) and _in_line(tree)


def is_out(who: str) -> Callable[[Roles], bool]:
    """Somebody is in no list and reads nothing."""
    return lambda tree: fingerprint(who) not in _readers(tree) + tree.text() and _in_line(tree)


def holds(file: str) -> Callable[[Roles], bool]:
    """The new secret, encrypted, is the one value of a file."""
    return lambda tree: (tree.root / file).exists() and secrets(tree, file) == [NEW]


def ends_with(status: int, *words: str) -> Callable[[Roles], bool]:
    """A command that only looks says so by its status."""
    return lambda tree: bool(tree(*words).status == status)


def carols_line(tree: Roles) -> None:
    tree.write(NAME, tree.text() + f"# Carol\n{fingerprint('carol')}\n")
    tree.commit()


def carols_address(tree: Roles) -> None:
    tree.write(NAME, tree.text() + "carol@example.com\n")
    tree.commit()


def is_pinned(tree: Roles) -> bool:
    return fingerprint("carol") in tree.text() and "\ncarol@example.com\n" not in tree.text()


def clear_markers(tree: Roles) -> None:
    tree.write("m.eyaml", "one: DEC::GPG[a new secret]!\ntwo: 2\n")
    tree.commit()


def clear_value(tree: Roles) -> None:
    tree.write("m.eyaml", "db::password: a new secret\ntwo: 2\n")
    tree.commit()


def old_method(tree: Roles) -> None:
    pair().write(tree.root)
    tree.write(".gitignore", "keys/\n")
    tree.write("p.eyaml", f"one: ENC[PKCS7,{b64encode(message(NEW, pair())).decode()}]\ntwo: 2\n")
    tree.commit()


def new_role(tree: Roles) -> None:
    tree.people(alice="roles: [ops, dba]", bob="roles: [dba]", carol="roles: [dba]")
    tree.commit()


def franks_key(tree: Roles) -> None:
    (tree.root.parent / "frank.asc").write_bytes(known("frank").public)


def is_exported(tree: Roles) -> bool:
    place = tree.root / ".eyamlgpg" / "keys" / f"{fingerprint('bob')}.asc"
    return place.exists() and place.read_bytes().endswith(b"-----END PGP PUBLIC KEY BLOCK-----\n")


def knows_frank(tree: Roles) -> bool:
    return FRANK in tree("keys", "list", "--format", "json").text


def is_certified(tree: Roles) -> bool:
    listed = json.loads(tree("keys", "list", "--format", "json").text)["keys"]
    return any(key["fingerprint"] == FRANK and key["validity"] == "full" for key in listed)


def has_joined(tree: Roles) -> bool:
    people = tree.root / ".eyamlgpg" / "people.yaml"
    return FRANK in people.read_text() and FRANK in _readers(tree) and _in_line(tree)


def approver(tree: Roles) -> None:
    tree.write(".eyamlgpg/policy.yaml", f"version: 1\nrecipients:\n  signed_by: [{fingerprint('alice')}]\n")
    for who in ("alice", "bob"):
        tree.write(f".eyamlgpg/keys/{fingerprint(who)}.asc", known(who).public.decode())


def two_sides(tree: Roles) -> None:
    for side in ("base", "ours", "theirs"):
        tree.write(f"merged/{side}", "one: 1\ntwo: 2\n")
        tree.done("set", f"merged/{side}", "one", "--stdin", stdin=NEW)
    tree.write("merged/ours", "# ours\n" + tree.text("merged/base"))
    tree.write("merged/theirs", tree.text("merged/base") + "three: 3\n")
    tree.commit()


def has_ours(tree: Roles) -> bool:
    """The values of our side open, and none of its lines is lost."""
    return "# ours\n" in tree.text("merged/ours") and NEW in secrets(tree, "merged/ours")


def has_both(tree: Roles) -> bool:
    return has_ours(tree) and "three: 3\n" in tree.text("merged/ours")


def two_lists(tree: Roles) -> None:
    for side, more in (("base", ""), ("ours", fingerprint("carol")), ("theirs", known("erin").fingerprint)):
        tree.write(f"lists/{side}", f"{fingerprint('alice')}\n# between\n{fingerprint('bob')}\n{more}\n")
    tree.write("lists/ours", tree.text("lists/base").replace("# between", f"{fingerprint('carol')}\n# between"))
    tree.commit()


def has_our_list(tree: Roles) -> bool:
    return fingerprint("carol") in tree.text("lists/ours")


def has_both_lists(tree: Roles) -> bool:
    return has_our_list(tree) and known("erin").fingerprint in tree.text("lists/ours")


def own_hook(tree: Roles) -> None:
    place = tree.write(".git/hooks/pre-commit", HOOK)
    place.chmod(0o755)


def both_hooks(tree: Roles) -> None:
    own_hook(tree)
    tree.done("hook", "install")


def has_own_hook(tree: Roles) -> bool:
    """Somebody's own hook stands, under its name or under the one that ours calls it by, and can be run."""
    folder = tree.root / ".git" / "hooks"
    found = [place for place in folder.glob("pre-commit*") if place.read_text() == HOOK]
    return any(os.access(place, os.X_OK) for place in found)


def has_only_own_hook(tree: Roles) -> bool:
    folder = tree.root / ".git" / "hooks"
    found = {place.name for place in folder.iterdir() if not place.name.endswith(".sample")}
    return found == {"pre-commit"} and has_own_hook(tree)


def drivers(tree: Roles) -> None:
    tree.done("git", "install", "--no-yaml")


def made_key(tree: Roles) -> bool:
    """One key that can be used, and its public part beside it."""
    home = tree.root.parent / "pm"
    listed = json.loads(tree("keys", "list", "--format", "json", "--gpg-gnupghome", str(home)).text)["keys"]
    found = [key["fingerprint"] for key in listed]
    return bool(found) and all(any(home.glob(f"*{name}*.asc")) for name in found[-1:])


def some_data(tree: Roles) -> None:
    tree.write("data/common.eyaml", "one: 1\n")
    tree.done("set", "data/common.eyaml", "two", "--stdin", stdin=NEW)
    tree.commit()


def is_written(file: str, end: str) -> Callable[[Roles], bool]:
    """A file stands there to its end."""

    def look(tree: Roles) -> bool:
        place = tree.root / file
        return place.exists() and end in place.read_text()[-200:]

    return look


def is_fresh(tree: Roles) -> bool:
    """The message is another one than at the last commit, and holds the same."""
    return tree.git("show", "HEAD:a.eyaml") != tree.text("a.eyaml") and secrets(tree) == [SECRET]
