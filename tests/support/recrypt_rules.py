"""What becomes of a tree outside of the editor: its lists, its keys, its files, and `recrypt`."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.support.machines import TreeMachine
from tests.support.model_files import Modelled, Slot
from tests.support.model_tree import FOLDERS, NASTY, PLACES, written

PEOPLE = ("alice", "bob", "carol", "malice")
SOMETIMES = st.integers(0, 3).map(lambda number: number == 0)


class RecryptRules(TreeMachine):
    """Lists that change, nested ones, files that move, values that are set, and `recrypt` in between."""

    @rule(
        folder=st.sampled_from(FOLDERS),
        people=st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4, unique=True),
        by_address=st.booleans(),
    )
    def change_list(self, folder: str, people: list[str], *, by_address: bool) -> None:
        """A list is written by hand: a new one, or another one."""
        if not (by_address and any(self.world.has_two_keys(person) for person in people)):
            self.write_list(folder, people, by_address=by_address)

    @rule(folder=st.sampled_from(FOLDERS[1:]))
    def drop_list(self, folder: str) -> None:
        """A nested list goes, and the one above governs."""
        if self.model.lists.pop(folder, None) is not None:
            (self.world.root / folder / "hiera-eyaml-gpg.recipients").unlink()

    @rule(data=st.data(), name=st.sampled_from(PLACES))
    def new_file(self, data: st.DataObject, name: str) -> None:
        """Somebody commits a file."""
        if name not in self.model.files:
            self.write_file(name, self.entries(data, name))
            self.settle()

    @rule(data=st.data(), name=st.sampled_from(PLACES))
    def move_file(self, data: st.DataObject, name: str) -> None:
        """A file comes under another list."""
        old = data.draw(st.sampled_from(sorted(self.model.files)), label="from")
        if name not in self.model.files:
            (self.world.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.world.root / old).rename(self.world.root / name)
            self.model.files[name] = self.model.files.pop(old)
            self.settle()

    @rule(data=st.data())
    def copy_values(self, data: st.DataObject) -> None:
        """Ciphertexts are copied into another file, as text."""
        source, target = (data.draw(st.sampled_from(sorted(self.model.files))) for _ in "12")
        slots = self.model.files[source].slots[:3]
        copies = [written("plain", self.model.name("copy"), replace(slot)) for slot in slots if slot.method == "GPG"]
        self.write_file(target, Modelled((*self.model.files[target].entries, *copies)))
        self.settle()

    @rule(
        places=st.lists(st.sampled_from((*FOLDERS, *PLACES)), min_size=1, max_size=2),
        every=SOMETIMES,
        fresh=st.booleans(),
    )
    def recrypt(self, places: list[str], *, every: bool, fresh: bool) -> None:
        """All that is due at these places, and nothing else."""
        there = [place for place in places if (self.world.root / place).exists()]
        if not there:
            return
        after = {name: self.model.recrypted(name, every=every) for name in self._meant(there)}
        took = self.world.recrypt(there, every=every, fresh=fresh, stop_after=None)
        self.model.files.update({name: file for name, (file, _) in after.items()})
        self.held(took, all(whole for _, whole in after.values()))

    @rule(after=st.integers(1, 6), every=SOMETIMES)
    def recrypt_is_interrupted(self, after: int, *, every: bool) -> None:
        """Each file is as it was, or done; a second run does the rest."""
        done = {name: self.model.recrypted(name, every=every) for name in self.model.files}
        self.world.recrypt(["."], every=every, fresh=False, stop_after=after)
        for name, (file, _) in done.items():
            text = (self.world.root / name).read_bytes().decode()
            if text != self._text_of(self.model.files[name]):
                self.model.files[name] = file
        self.settle()

    @rule(data=st.data(), nasty=st.sampled_from(NASTY))
    def set(self, data: st.DataObject, nasty: bytes) -> None:
        """A value that is there, or a new one at the end."""
        name = data.draw(st.sampled_from(sorted(self.model.files)), label="file")
        file, wanted = self.model.files[name], self.model.wanted(name)
        there = [entry for entry in file.entries if entry.key and entry.is_alone and any(entry.slots)]
        entry = data.draw(st.sampled_from([None, *there]), label="entry")
        key = self.model.name("k") if entry is None or entry.key is None else entry.key
        plaintext = self.model.plaintext(nasty)
        took = self.world.set(name, key, plaintext)
        if wanted is not None and entry is not None:
            new = entry.with_slots(lambda slot: slot.made_anew(wanted, plaintext))
            self.model.files[name] = file.replaced(entry, new)
        elif wanted is not None:
            end = "\r\n" if file.entries and str(file.entries[0].pieces[-1]).endswith("\r\n") else "\n"
            slot = Slot(plaintext, wanted)
            last = max((at for at, one in enumerate(file.entries, 1) if one.key), default=len(file.entries))
            new = written("plain", key, slot, end)
            self.model.files[name] = Modelled((*file.entries[:last], new, *file.entries[last:]))
        self.held(took, wanted is not None)

    @rule(data=st.data())
    def encrypt_in_place(self, data: st.DataObject) -> None:
        """Clear text becomes a value."""
        name = data.draw(st.sampled_from(sorted(self.model.files)), label="file")
        file, wanted = self.model.files[name], self.model.wanted(name)
        clear = [entry for entry in file.entries if entry.key and not any(entry.slots)]
        if not clear:
            return
        chosen = data.draw(st.lists(st.sampled_from(clear), min_size=1, unique_by=id), label="keys")
        took = self.world.encrypt_in_place(name, [entry.key for entry in chosen])
        for entry in chosen if wanted is not None else ():
            line = str(entry.pieces[0])
            plaintext = line.partition(": ")[2].rstrip("\r\n")
            end = line[len(line.rstrip("\r\n")) :]
            slot = Slot(plaintext.encode(), wanted or frozenset())
            file = file.replaced(entry, written("plain", str(entry.key), slot, end))
        self.model.files[name] = file
        self.held(took, wanted is not None)

    def _meant(self, places: list[str]) -> list[str]:
        return [name for name in self.model.files if any(name in (place, *self.model.below(place)) for place in places)]

    def _text_of(self, file: Modelled) -> str:
        return "".join(piece if isinstance(piece, str) else piece.text or "" for piece in file.pieces)


class KeyRules(TreeMachine):
    """Keys that expire, are replaced, or get a twin."""

    @rule(person=st.sampled_from(PEOPLE))
    def replace_subkey(self, person: str) -> None:
        """A newer encryption subkey: what is encrypted to the old one is due."""
        if len(self.model.people[person].key_ids) < 20:
            new = self.world.new_subkey(person, self.model.name(person))
            self.model.replace_key(person, new)
            if person == "alice":
                self.model.owned.add(new)

    @rule(person=st.sampled_from(PEOPLE[1:]))
    def expire(self, person: str) -> None:
        """A key expires, or was made to last longer."""
        before = self.model.people[person]
        self.world.expire(person, back=not before.is_usable)
        self.model.people[person] = replace(before, is_usable=not before.is_usable)

    @precondition(lambda self: not any(map(self.world.has_two_keys, PEOPLE)))
    @rule(person=st.sampled_from(PEOPLE[1:]))
    def double(self, person: str) -> None:
        """A second key has somebody's address: lists that name the fingerprint are as they were."""
        if not self.is_named_by_address(person):
            self.world.double(person, self.model.name(person))

    def is_named_by_address(self, person: str) -> bool:
        """Whether a list on the disk does that."""
        lists = (self.world.root / folder / "hiera-eyaml-gpg.recipients" for folder in self.model.lists)
        return any(f"{person}@" in path.read_text() for path in lists)
