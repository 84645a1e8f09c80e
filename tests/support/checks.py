"""Checks of trees in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eyamlgpg.errors import GnupgError
from eyamlgpg.formats.settings.baseline import Accepted
from eyamlgpg.model.keys import Key
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.operations.check.baseline import Baseline
from eyamlgpg.operations.check.check import Check
from eyamlgpg.operations.check.report import CheckReport, Terms
from eyamlgpg.operations.tree.governance import Governance, TreeLists
from tests.support.fakes import FakeTree
from tests.support.keys import ALICE, BOB, CAROL, NOW, RING, key
from tests.support.memory import Memory
from tests.support.trees import value

MASTER = key("puppet.example.com")
READERS = (ALICE, BOB, MASTER)
RECIPIENTS = "hiera-eyaml-gpg.recipients"
LIST = "".join(f"{reader.fingerprint}\n" for reader in READERS)
FEWER = "".join(f"{reader.fingerprint}\n" for reader in (BOB, CAROL, MASTER))
GOOD = f"app::pepper: {value('x', *READERS)}\n"
CLEAR = "db::password: Rosinenbrot7\n"
OUTSIDE = Path("/", RECIPIENTS)
SOUND = {RECIPIENTS: LIST, "a.eyaml": GOOD}


@dataclass
class Scene:
    """A tree around which nothing stands, unless a scene says otherwise."""

    tree: FakeTree
    terms: Terms = field(default_factory=Terms)
    entries: Sequence[Accepted] = ()
    keys: Sequence[Key] = (*RING, MASTER)
    keys_in: str | None = None
    around: Mapping[Path, bytes] = field(default_factory=dict)
    asked: int = 0

    def run(self) -> CheckReport:
        """Check it."""

        def listed() -> Sequence[Key]:
            self.asked += 1
            if not self.keys:
                raise GnupgError("gpg was not found")
            return self.keys

        lists = TreeLists(self.tree, Memory(dict(self.around)))
        governance = Governance(lists, Resolver(listed, NOW, keys_in=self.keys_in))
        baseline = Baseline(".eyamlgpg/baseline.yaml", self.entries, self.tree.is_whole)
        return Check(self.tree, governance, baseline, self.terms).run()


def found(checked: CheckReport) -> list[tuple[str, str, int | None]]:
    """The rule, the path and the line of each finding."""
    return [(one.rule, one.path, one.line) for one in checked.findings]


def told(files: Mapping[str, str], **more: object) -> list[tuple[str, str, int | None]]:
    """What is found in a tree of these files."""
    return found(Scene(FakeTree(files, **more)).run())  # type: ignore[arg-type]


def staged(committed: Mapping[str, str], files: Mapping[str, str], *paths: str) -> FakeTree:
    """Of a tree, what the next commit changes."""
    return FakeTree(files, committed, paths=paths, staged=True)
