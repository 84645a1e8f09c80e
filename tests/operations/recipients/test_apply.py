"""To change lists and to re-encrypt what they govern is one operation: asked first, whole, and under one lock."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from eyamlgpg.errors import EyamlgpgError, FileProblem, RecipientError, Several
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.model.keys import Key, KeyId
from eyamlgpg.model.tree import Below
from eyamlgpg.operations.readers.recrypt import Recryption, recrypt
from eyamlgpg.operations.readers.recrypt_plan import Plan, RecryptRequest
from eyamlgpg.operations.recipients.apply import ApplyPorts, ApplyRequest, apply, foresee
from eyamlgpg.operations.recipients.change import ChangeRequest, ListChange
from eyamlgpg.operations.recipients.folders import every_list
from eyamlgpg.operations.recipients.remainder import Remainder
from eyamlgpg.operations.recipients.remove import plan_remove, tell_of_others
from eyamlgpg.operations.recipients.replace import ReplaceRequest, plan_replace
from eyamlgpg.operations.recipients.target import TargetList
from eyamlgpg.operations.tree.source import RecipientsRequest
from tests.support.fakes import FakeDecrypter, FakeEncrypter, FakeRecrypter
from tests.support.keys import ALICE, BOB, CAROL, RING, resolver
from tests.support.memory import Memory
from tests.support.trees import key_id, key_ids, value, with_secret

ROOT, AWAY = Path("/tree"), Path("/away")
OURS = with_secret(ALICE)
KEYS = tuple(OURS if key is ALICE else key for key in RING)
REQUEST = RecipientsRequest()


class Files(Memory):
    """Files in memory, their folders included."""

    def exists(self, path: Path) -> bool:
        return any(one.is_relative_to(path) for one in self.content)


@dataclass
class Trees:
    """One tree in memory, and what was locked while what was written."""

    files: Files
    held: list[str] = field(default_factory=list)

    def real(self, path: Path) -> Path:
        return path

    def root(self, path: Path) -> Path:
        return ROOT

    def below(self, path: Path) -> Below | None:
        if path in self.files.content:
            return None
        return Below(tuple((one.relative_to(path), one) for one in sorted(self.files.content) if path in one.parents))

    def named(self, folder: Path, name: str) -> Sequence[Path]:
        return [path for path in sorted(self.files.content) if path.name == name and folder in path.parents]

    @contextmanager
    def locked(self, places: Sequence[Path]) -> Iterator[None]:
        self.held.append(f"lock {' '.join(sorted({str(place) for place in places}))}")
        yield
        self.held.append("unlock")


@dataclass
class Scene:
    """Alice at a tree with two lists for her and Bob, and a value under each."""

    files: Files = field(default_factory=Files)
    answers: list[bool] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    own: frozenset[KeyId] = frozenset({key_id(ALICE)})

    def __post_init__(self) -> None:
        self.trees = Trees(self.files)
        for folder in ("dev", "prod"):
            self.write(f"{folder}/{RECIPIENTS_FILE}", f"{ALICE.fingerprint}\n{BOB.fingerprint}\n")
            self.write(f"{folder}/a.eyaml", f"a: {value('x', ALICE, BOB)}\n")

    def write(self, name: str, text: str) -> None:
        self.files.content[ROOT / name] = text.encode()

    @property
    def ports(self) -> ApplyPorts:
        return ApplyPorts(self.files, self.trees, resolver(KEYS), AWAY, self.ask, self, self.carry_out)

    def ask(self, question: str) -> bool:
        self.asked.append(question)
        return self.answers.pop(0)

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def warn(self, *sentences: str) -> None:
        self.said += [f"warning: {sentence}" for sentence in sentences]

    def carry_out(self, plan: Plan, request: RecryptRequest) -> Recryption:
        self.trees.held.append(f"{plan.due} due")
        worker = FakeRecrypter(FakeDecrypter(self.own), FakeEncrypter())
        return recrypt(plan, request, self.files, worker, lambda _progress: None)

    def removal(self, *people: Key) -> tuple[ListChange, ...]:
        lists = every_list(REQUEST, AWAY, self.trees, self.files)
        return plan_remove(ChangeRequest(tuple(one.fingerprint for one in people)), lists, resolver(KEYS))

    def readers(self, name: str) -> set[KeyId]:
        [found] = find_values(self.files.content[ROOT / name].decode()).values
        return set(packets.read(found.token.message()).key_ids)

    def lists(self) -> list[str]:
        return [self.files.content[ROOT / folder / RECIPIENTS_FILE].decode() for folder in ("dev", "prod")]


def test_lists_are_changed_and_their_values_re_encrypted_under_one_lock() -> None:
    scene = Scene()
    applied = apply(ApplyRequest(scene.removal(BOB), REQUEST), scene.ports)
    assert scene.lists() == [f"{ALICE.fingerprint}\n"] * 2
    assert [scene.readers(f"{folder}/a.eyaml") for folder in ("dev", "prod")] == [key_ids([ALICE])] * 2
    assert applied.written == (ROOT / "dev" / RECIPIENTS_FILE, ROOT / "prod" / RECIPIENTS_FILE)
    assert applied.recryption is not None
    assert applied.recryption.rewritten == 2
    assert scene.trees.held == ["lock /tree/dev /tree/prod", "2 due", "unlock"]


def test_where_the_values_are_to_be_left_the_lists_alone_change_and_the_rest_is_told() -> None:
    scene = Scene()
    applied = apply(ApplyRequest(scene.removal(BOB), REQUEST, reencrypt=False), scene.ports)
    assert (applied.recryption, scene.lists()) == (None, [f"{ALICE.fingerprint}\n"] * 2)
    assert scene.readers("dev/a.eyaml") == key_ids([ALICE, BOB])
    assert scene.said[-1] == (
        "the values are as they were; bring them in line with: eyamlgpg recrypt /tree/dev /tree/prod"
    )


def test_a_no_leaves_everything_as_it_was() -> None:
    scene = Scene(answers=[False])
    before = dict(scene.files.content)
    with pytest.raises(RecipientError, match=r"^nothing was changed$"):
        apply(ApplyRequest(scene.removal(ALICE), REQUEST), scene.ports)
    assert (scene.files.content, scene.trees.held) == (before, [])
    assert len(scene.asked) == 1
    assert scene.asked[0].endswith("lock yourself out?")


def test_what_would_be_due_is_told_from_lists_that_are_not_written() -> None:
    scene = Scene()
    before = dict(scene.files.content)
    plan = foresee(ApplyRequest(scene.removal(BOB), REQUEST), scene.ports)
    assert plan is not None
    assert ([file.file.name for file in plan.files], plan.due) == (["/tree/dev/a.eyaml", "/tree/prod/a.eyaml"], 2)
    assert (scene.files.content, scene.trees.held) == (before, [])


def test_values_that_cannot_be_opened_are_told_with_the_command_for_the_rest() -> None:
    scene = Scene(own=frozenset())
    with pytest.raises(Several) as caught:
        apply(ApplyRequest(scene.removal(BOB), REQUEST), scene.ports)
    last = caught.value.errors[-1]
    assert isinstance(last, EyamlgpgError)
    assert (last.sentence, last.hints) == (
        "the recipients are changed, some values are not",
        ("for the rest: eyamlgpg recrypt /tree/dev /tree/prod",),
    )
    assert scene.lists() == [f"{ALICE.fingerprint}\n"] * 2


def test_values_of_a_nested_list_are_not_touched() -> None:
    scene = Scene()
    scene.write(f"dev/deep/{RECIPIENTS_FILE}", f"{ALICE.fingerprint}\n{CAROL.fingerprint}\n")
    scene.write("dev/deep/a.eyaml", f"a: {value('x', BOB)}\n")
    apply(ApplyRequest(scene.removal(BOB), REQUEST), scene.ports)
    assert scene.readers("dev/deep/a.eyaml") == key_ids([BOB])


def test_a_list_of_another_tree_is_not_changed_through_a_link() -> None:
    scene = Scene()
    changes = scene.removal(BOB)

    class Linked(Trees):
        def real(self, path: Path) -> Path:
            return Path("/other", path.name) if path.name == RECIPIENTS_FILE else path

    scene.trees = Linked(scene.files)
    with pytest.raises(Several) as caught:
        apply(ApplyRequest(changes, REQUEST), scene.ports)
    assert all(isinstance(error, FileProblem) for error in caught.value.errors)
    assert all("is a link out of the tree" in error.sentence for error in caught.value.errors)
    assert scene.trees.held == []


def test_where_somebody_stays_listed_is_told() -> None:
    scene = Scene()
    dev, _prod = every_list(REQUEST, AWAY, scene.trees, scene.files)
    tell_of_others(ChangeRequest((BOB.fingerprint,)), dev, REQUEST, scene.ports)
    assert scene.said == [
        f"warning: they stay listed in /tree/prod/{RECIPIENTS_FILE}: --everywhere takes them out of all"
    ]


def interrupted(*done: str) -> Scene:
    """Bob was taken out of these lists by a run that ended before it re-encrypted anything."""
    scene = Scene()
    for folder in done:
        scene.write(f"{folder}/{RECIPIENTS_FILE}", f"{ALICE.fingerprint}\n")
    return scene


def all_lists(scene: Scene) -> list[TargetList]:
    return every_list(REQUEST, AWAY, scene.trees, scene.files)


@pytest.mark.parametrize("name", [BOB.fingerprint, "bob@example.com", "Bob Brown <bob@example.com>", key_id(BOB)])
@pytest.mark.parametrize("command", ["remove", "replace"])
def test_a_change_that_was_interrupted_after_the_lists_is_told_with_what_goes_on(command: str, name: str) -> None:
    scene = interrupted("dev", "prod")
    lists = all_lists(scene)
    left = Remainder(lists, REQUEST, scene.ports)

    def again() -> None:
        if command == "remove":
            plan_remove(ChangeRequest((name,)), lists, resolver(KEYS), left.hints)
        else:
            plan_replace(ReplaceRequest(name, CAROL.fingerprint), lists, resolver(KEYS), left.hints)

    with pytest.raises(RecipientError, match="is not among the recipients") as caught:
        again()
    assert caught.value.hints[0] == (
        "2 values are still encrypted to them, as after a removal that was interrupted: "
        "eyamlgpg recrypt /tree/dev /tree/prod"
    )
    assert caught.value.hints[-2:] == (
        "who is: eyamlgpg recipients list /tree/dev",
        "who is: eyamlgpg recipients list /tree/prod",
    )


def test_what_the_lists_still_lack_of_an_interrupted_change_is_told_while_the_rest_is_done() -> None:
    scene = interrupted("dev")
    lists = all_lists(scene)
    left = Remainder(lists, REQUEST, scene.ports)
    changes = plan_remove(ChangeRequest((BOB.fingerprint,)), lists, resolver(KEYS), left.hints)
    [warning] = left.warnings([BOB.fingerprint], [change.place.path for change in changes])
    assert warning == (
        f"/tree/dev/{RECIPIENTS_FILE}: does not name {BOB.fingerprint}, and 1 of its values can still be read by them: "
        "eyamlgpg recrypt /tree/dev"
    )


def test_a_key_that_left_the_keyring_is_known_by_its_key_id() -> None:
    scene = interrupted("dev", "prod")
    ports = replace(scene.ports, resolver=resolver(tuple(key for key in KEYS if key is not BOB)))
    assert len(Remainder(all_lists(scene), REQUEST, ports).hints(key_id(BOB))) == 1


def test_nothing_is_said_of_somebody_who_reads_nothing() -> None:
    scene = interrupted("dev", "prod")
    scene.write("dev/a.eyaml", f"a: {value('x', ALICE)}\n")
    left = Remainder(all_lists(scene), REQUEST, scene.ports)
    assert (left.hints(CAROL.fingerprint), left.hints("nobody@example.com")) == ((), ())
    [hint] = left.hints(BOB.fingerprint)
    assert (
        hint
        == "1 value is still encrypted to them, as after a removal that was interrupted: eyamlgpg recrypt /tree/prod"
    )
