"""A repository whose lists alice must have signed: made once a worker, copied for each test."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support.keyrings import known
from tests.support.repository import Repository, start
from tests.support.tool import Ran, Tool

LIST = "hiera-eyaml-gpg.recipients"
ROOT, PROD = LIST, f"prod/{LIST}"
POLICY, PEOPLE = ".eyamlgpg/policy.yaml", ".eyamlgpg/people.yaml"
ALICE, BOB, CAROL = (known(name).fingerprint for name in ("alice", "bob", "carol"))


@dataclass(frozen=True, slots=True)
class ApprovedTree:
    """The root's list names alice and bob, that of `prod` alice; alice is the approver, and main is what is agreed."""

    repository: Repository
    home: Callable[[str], Path]

    @property
    def root(self) -> Path:
        return self.repository.root

    def by(self, who: str, *words: str, stdin: bytes = b"") -> Ran:
        return Tool()(*words, home=self.home(who), cwd=self.root, stdin=stdin)

    def done(self, who: str, *words: str) -> Ran:
        ran = self.by(who, *words)
        assert ran.status == 0, ran.err
        return ran

    def read(self, path: str) -> str:
        return (self.root / path).read_text()

    def add_line(self, path: str, fingerprint: str = BOB) -> None:
        """What anybody who may push can do."""
        with (self.root / path).open("a") as file:
            file.write(f"{fingerprint}\n")

    def policy(self, *approvers: str) -> None:
        names = f"recipients:\n  signed_by: [{', '.join(approvers)}]\n" if approvers else ""
        self.repository.write(POLICY, f"version: 1\n{names}")


def build(folder: Path, home: Callable[[str], Path]) -> ApprovedTree:
    """The tree, with every signature."""
    made = ApprovedTree(start(folder, home("alice")), home)
    made.repository.write(ROOT, f"{ALICE}\n{BOB}\n")
    made.repository.write(PROD, f"{ALICE}\n")
    made.repository.write("prod/a.eyaml", "---\ndb::host: db1\n")
    made.done("alice", "set", "prod/a.eyaml", "db::password", "-s", "geheim")
    made.policy(ALICE)
    people = "".join(f"  - key: {known(who).fingerprint}\n    name: {who}\n    roles: [ops]\n" for who in ("alice",))
    made.repository.write(PEOPLE, f"version: 1\npeople:\n{people}")
    for who in ("alice", "bob"):
        made.repository.write(f".eyamlgpg/keys/{known(who).fingerprint}.asc", known(who).public.decode())
    made.done("alice", "recipients", "sign", "-y")
    made.repository.commit()
    made.repository.git("switch", "-qc", "topic")
    return made


def copied(tree: ApprovedTree, folder: Path) -> ApprovedTree:
    """One for a single test."""
    shutil.copytree(tree.root, folder, symlinks=True)
    return ApprovedTree(Repository(folder, tree.repository.home), tree.home)
