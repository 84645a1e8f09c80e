"""Each list is read and resolved once a run, however many folders ask for it, on the disk or in a tree."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.model.recipients import Recipient, Resolution
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.operations.tree.governance import DiskLists, Governance, Lists, TreeLists
from eyamlgpg.operations.tree.source import RecipientsRequest
from tests.support.fakes import FakeTree
from tests.support.keys import ALICE, BOB, NOW, RING
from tests.support.memory import Memory

ROOT = Path("/tree")
LISTS = {RECIPIENTS_FILE: f"{ALICE.fingerprint}\n", f"dev/{RECIPIENTS_FILE}": "bob@example.com\nnobody@example.com\n"}


class Counting(Resolver):
    """Counts what it resolves."""

    def __init__(self) -> None:
        super().__init__(lambda: RING, NOW)
        self.resolved = 0

    def resolve(self, recipients: Iterable[Recipient]) -> tuple[Resolution, ...]:
        self.resolved += 1
        return super().resolve(recipients)


@dataclass
class Read(Memory):
    """Files that count how often each is read."""

    reads: list[Path] = field(default_factory=list)
    looked_for: list[Path] = field(default_factory=list)

    def nearest_upwards(self, folder: Path, name: str) -> Path | None:
        self.looked_for.append(folder)
        return Memory.nearest_upwards(self, folder, name)

    def read(self, path: Path, *, limit: int | None = None) -> bytes:
        self.reads.append(path)
        return super().read(path, limit=limit)


def on_disk() -> DiskLists:
    return DiskLists(RecipientsRequest(), Read({ROOT / name: text.encode() for name, text in LISTS.items()}))


def in_tree() -> TreeLists:
    return TreeLists(FakeTree(LISTS), Memory())


@pytest.mark.parametrize(("lists", "root"), [(on_disk(), ROOT), (in_tree(), Path())], ids=["disk", "tree"])
def test_each_list_is_resolved_once_whatever_asks_for_it(lists: Lists, root: Path) -> None:
    resolver = Counting()
    governance = Governance(lists, resolver)
    asked = [governance.of(root / folder) for folder in ("a", "b/c", "dev", "dev/deep", "a")]
    assert [one.source for one in asked] == [str(root / RECIPIENTS_FILE)] * 2 + [
        str(root / "dev" / RECIPIENTS_FILE)
    ] * 2 + [str(root / RECIPIENTS_FILE)]
    assert len({id(one) for one in asked}) == 2
    assert resolver.resolved == 2


def test_a_list_is_read_once_and_looked_for_once_a_folder() -> None:
    lists = on_disk()
    governance = Governance(lists, Counting())
    for folder in ("a", "b", "dev", "a", "dev"):
        governance.of(ROOT / folder)
    governance.source(str(ROOT / RECIPIENTS_FILE))
    assert isinstance(lists.files, Read)
    assert lists.files.looked_for == [ROOT / folder for folder in ("a", "b", "dev")]
    assert lists.files.reads == [ROOT / RECIPIENTS_FILE, ROOT / "dev" / RECIPIENTS_FILE]


def test_nobody_is_judged_by_a_list_with_an_error_and_the_others_of_it_are_known() -> None:
    dev = Governance(in_tree(), Counting()).of(Path("dev"))
    assert dev.error is not None
    assert dev.error.sentence == f"dev/{RECIPIENTS_FILE}:2: nobody@example.com: no such key on the keyring"
    assert (dev.judged_by, dev.readers, dev.subkeys) == (None, (), ())
    assert dev.keys == (BOB,)


def test_what_cannot_be_read_or_is_not_there_is_part_of_the_answer_and_raised_for_who_encrypts() -> None:
    governance = Governance(DiskLists(RecipientsRequest(), Memory()), Counting())
    nothing = governance.of(ROOT)
    assert (nothing.source, nothing.file) == ("no recipients", None)
    assert nothing.error is not None
    with pytest.raises(type(nothing.error), match=r"^no recipients: there is no "):
        governance.wanted(ROOT)
    gone = Governance(DiskLists(RecipientsRequest(file=ROOT / "gone"), Memory()), Counting())
    assert [gone.of(ROOT / folder) for folder in "ab"] == [gone.of(ROOT)] * 2
    with pytest.raises(FileProblem, match=r"^/tree/gone: there is no such file"):
        gone.wanted(ROOT)


def test_an_option_stands_for_every_list() -> None:
    lists = DiskLists(RecipientsRequest(listed="alice@example.com", listed_in="--gpg-recipients"), Memory())
    governed = Governance(lists, Counting()).of(ROOT)
    assert (governed.source, governed.path, [one.key for one in governed.readers]) == (
        "--gpg-recipients",
        None,
        [ALICE],
    )


@pytest.mark.parametrize("listed", ["", ",", ",,"])
def test_an_option_that_names_nobody_is_told_as_one(listed: str) -> None:
    """A file's remedy, a line each, would lead nowhere."""
    lists = DiskLists(RecipientsRequest(listed=listed), Memory({}))
    error = Governance(lists, Resolver(lambda: RING, NOW)).of(ROOT).error
    assert error is not None
    assert error.hints == ("name them: --gpg-recipients alice@example.com,bob@example.com",)
