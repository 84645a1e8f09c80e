"""What is tried: for each command that changes files, a tree, the command line, and how it looks when all is done."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults import trees
from tests.faults.trees import FRANK, NEW, ends_with, holds, is_out, reads
from tests.support.roles import NAME, Roles, fingerprint


@dataclass(frozen=True)
class Scene:
    """One command line on the tree of `tests.support.roles`."""

    line: str
    """As it is typed, without quoting."""
    is_done: Callable[[Roles], bool]
    """Whether everything is as the command should leave it."""
    stdin: bytes = b""
    prepare: Callable[[Roles], None] = lambda tree: None
    changes_home: bool = False
    """Whether the GnuPG home is changed, which is then a copy for each run."""
    unknown_key: str = ""
    """A key that is not on the keyring before."""
    is_whole: Callable[[Roles], bool] = lambda tree: True
    """What must be true after any fault, before the next run."""
    runs_again: bool = True
    """False for what git calls, once: it is git that goes on after a failure."""
    in_clear: str = ""
    """The file that holds the secret in clear before, where there is one."""
    finds: bool = False
    """Whether status 1 is an answer of this command: it looks, and also changes."""

    @property
    def name(self) -> str:
        """Its first words."""
        return " ".join(self.words[:2])

    @property
    def words(self) -> tuple[str, ...]:
        """The arguments."""
        return tuple(self.line.split())


SCENES = (
    Scene("set a.eyaml a::secret --stdin", holds("a.eyaml"), NEW),
    Scene("set n.eyaml a::b --stdin", holds("n.eyaml"), NEW),
    Scene("encrypt -i -e m.eyaml", holds("m.eyaml"), prepare=trees.clear_markers, in_clear="m.eyaml"),
    Scene("encrypt -i m.eyaml --key db::password", holds("m.eyaml"), prepare=trees.clear_value, in_clear="m.eyaml"),
    Scene("edit a.eyaml", lambda tree: "\nadded: 1\n" in tree.text("a.eyaml")),
    Scene("recrypt", reads("carol"), prepare=trees.carols_line),
    Scene("recrypt --all", trees.is_fresh),
    Scene("recrypt --from pkcs7 p.eyaml", holds("p.eyaml"), prepare=trees.old_method),
    Scene(
        f"onboard ../frank.asc --role dba -y --fingerprint {FRANK}",
        trees.has_joined,
        prepare=trees.franks_key,
        changes_home=True,
        unknown_key=FRANK,
    ),
    Scene("offboard bob@example.com -y", is_out("bob")),
    Scene("recipients add carol@example.com -y", reads("carol")),
    Scene("recipients remove puppetmaster-prod@example.com -y", is_out("prod")),
    Scene(
        "recipients replace puppetmaster-prod@example.com puppetmaster-dev@example.com -y", reads("puppetmaster-dev")
    ),
    Scene("recipients sync -y", reads("carol"), prepare=trees.new_role),
    Scene("recipients pin", trees.is_pinned, prepare=trees.carols_address),
    Scene("recipients sign -y", ends_with(0, "recipients", "verify"), prepare=trees.approver),
    Scene(
        "keys import ../frank.asc", trees.knows_frank, prepare=trees.franks_key, changes_home=True, unknown_key=FRANK
    ),
    Scene("keys export " + fingerprint("bob"), trees.is_exported),
    Scene(f"keys sign {FRANK} -y", trees.is_certified, changes_home=True),
    Scene("keys generate pm --homedir ../pm --algo cv25519", trees.made_key),
    Scene("check --fix -y", holds("m.eyaml"), prepare=trees.clear_value, in_clear="m.eyaml", finds=True),
    Scene("check --update-baseline", ends_with(0, "check"), prepare=trees.clear_value, in_clear="m.eyaml", finds=True),
    Scene("audit --format html -o report.html", trees.is_written("report.html", "</html>"), finds=True),
    Scene("hook install", ends_with(0, "hook", "status"), prepare=trees.own_hook, is_whole=trees.has_own_hook),
    Scene("hook uninstall", trees.has_only_own_hook, prepare=trees.both_hooks, is_whole=trees.has_own_hook),
    Scene("git install --no-yaml", ends_with(0, "git", "status")),
    Scene("git uninstall", ends_with(1, "git", "status"), prepare=trees.drivers),
    Scene(
        "git merge-values merged/base merged/ours merged/theirs 7 merged/ours",
        trees.has_both,
        prepare=trees.two_sides,
        is_whole=trees.has_ours,
        runs_again=False,
        finds=True,
    ),
    Scene(
        f"git merge-recipients lists/base lists/ours lists/theirs 7 {NAME}",
        trees.has_both_lists,
        prepare=trees.two_lists,
        is_whole=trees.has_our_list,
        runs_again=False,
        finds=True,
    ),
    Scene("hiera init", trees.is_written("hiera.yaml", "\n"), prepare=trees.some_data),
)

UNCHANGING = {
    "decrypt": "prints",
    "get": "prints",
    "who": "prints",
    "diff": "prints",
    "rotation": "prints",
    "explain": "prints",
    "completion": "prints",
    "doctor": "looks at the machine; what it tries is in folders of its own",
    "demo": "works in a folder of its own",
    "hiera check": "prints",
    "hook status": "prints",
    "git status": "prints",
    "git textconv": "prints",
    "keys list": "prints",
    "keys check": "prints",
    "recipients list": "prints",
    "recipients lint": "prints",
    "recipients verify": "prints",
}
"""Commands that change no file of the user, and so have no scene."""


def command_of(scene: Scene) -> str:
    """Its words without arguments: groups have two."""
    first, second, *_ = (*scene.words, "")
    return f"{first} {second}" if first in {"recipients", "keys", "hook", "git", "hiera"} else first
