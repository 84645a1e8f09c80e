"""A tree that somebody works in at random, beside the model of it; each step is held against the model.

A machine is a class of `RuleBasedStateMachine` with some of the rules below it: those of `edit_rules`, of
`recrypt_rules`, or both. After each step every file is read by the model, byte for byte.
"""

import os
from collections.abc import Iterable
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from tests.support.model_files import Entry, Modelled, Slot
from tests.support.model_tree import CLEAR, NASTY, PLACES, SHAPES, ModelTree, written
from tests.support.model_worlds import FakeWorld

LONG = "EYAMLGPG_LONG_MACHINES"
"""Set to a number of examples, the machines run so many, and others each time."""


def budget(examples: int, steps: int) -> settings:
    """The same few examples in every run, or as many as LONG asks for."""
    many = int(os.environ.get(LONG, "0"))
    return settings(
        max_examples=many or examples,
        stateful_step_count=50 if many else steps,
        derandomize=not many,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


class TreeMachine(RuleBasedStateMachine):
    """A tree, its model, and what is true of both after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.world: Any = self.new_world()
        people = self.world.people()
        self.model = ModelTree(people, set(people["alice"].key_ids))

    def new_world(self) -> Any:
        """Where commands are carried out."""
        return FakeWorld()

    def teardown(self) -> None:
        self.world.close()

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """A list, and one file of values."""
        self.write_list(".", ("alice", "bob"), by_address=False)
        self.write_file(PLACES[0], self.entries(data, PLACES[0]))
        self.settle()

    def write_list(self, folder: str, people: Iterable[str], *, by_address: bool) -> None:
        """A list on the disk and in the model."""
        self.model.lists[folder] = tuple(people)
        lines = [self.world.line(person, by_address=by_address) for person in self.model.lists[folder]]
        (self.world.root / folder).mkdir(parents=True, exist_ok=True)
        (self.world.root / folder / "hiera-eyaml-gpg.recipients").write_text("# who\n" + "\n".join(lines) + "\n")

    def entries(self, data: st.DataObject, name: str) -> Modelled:
        """A few new ones, made one after another by `set` and by clear text that is encrypted in its place."""
        end = data.draw(st.sampled_from(["\n", "\n", "\r\n"]), label="line ends")
        shapes = data.draw(st.lists(st.sampled_from((*SHAPES, "clear", "note")), max_size=5), label="shapes")
        return Modelled((Entry((f"---{end}",)), *(self.entry(data, name, shape, end) for shape in shapes)))

    def entry(self, data: st.DataObject, name: str, shape: str, end: str = "\n") -> Entry:
        """A new entry whose value is encrypted to whoever the model says."""
        if shape == "note":
            return Entry((f"# {self.model.name('note')}{end}",))
        if shape == "clear":
            key = self.model.name("k")
            return Entry((f"{key}: {self.model.name('clear')}{end}",), key)
        readers = self.model.wanted(name) or frozenset(self.model.owned)
        slot = Slot(self.model.plaintext(data.draw(st.sampled_from(NASTY), label="plaintext")), readers)
        return written(shape, self.model.name("k"), slot, end)

    def write_file(self, name: str, file: Modelled) -> None:
        """A file on the disk, its new values encrypted by the world, and in the model."""
        text = "".join(one if isinstance(one, str) else one.text or self.world.token(one) for one in file.pieces)
        path = self.world.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        self.model.files[name] = file

    def settle(self) -> None:
        """Hold every file against the model, which knows the texts of all values then."""
        for name, file in self.model.files.items():
            self.model.files[name] = file.read((self.world.root / name).read_bytes().decode(), self.opened)

    def opened(self, slot: Slot, message: bytes) -> Any:
        """What a message holds, and for whom it is."""
        return self.world.opened(message)

    def held(self, took: bool, expected: bool) -> None:
        """A step that went as the model says; then everything is held against the model."""
        assert took == expected, f"it {'went well' if took else 'failed'} against the model"
        self.settle()

    @invariant()
    def nothing_stands_in_clear(self) -> None:
        """No plaintext, and no file but those of the model, stands in the tree."""
        there = {path for path in self.world.root.rglob("*") if path.is_file() and "hiera-eyaml" not in path.name}
        assert {str(path.relative_to(self.world.root)) for path in there} == set(self.model.files)
        assert not [path for path in there if CLEAR in path.read_bytes()]

    @invariant()
    def who_agrees(self) -> None:
        """`who` and `recrypt --check` count what the model does."""
        standings = self.model.standings()
        assert self.world.standings() == standings
        assert self.world.due(["."]) == standings[1]
