"""What somebody does in the editor."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from hypothesis import strategies as st
from hypothesis.stateful import rule

from eyamlgpg.model.keys import KeyId
from tests.support.machines import TreeMachine
from tests.support.model_files import Entry, InEditor, Modelled, Slot
from tests.support.model_tree import NASTY, written


@dataclass
class Session:
    """One look at a file in the editor: what is shown, and the entries as they are to be saved."""

    shown: InEditor
    entries: list[Entry]

    @property
    def after(self) -> Modelled:
        """The file as it will be."""
        return Modelled(tuple(self.entries))

    @property
    def text(self) -> str:
        """What is to be saved, below the preamble."""
        return self.shown.written(self.after.pieces)

    @property
    def is_changed(self) -> bool:
        return self.text != self.shown.body

    def has_new(self) -> bool:
        """Whether any value is to be encrypted to the list."""
        return any(slot.text is None and slot.method == "GPG" for slot in self.after.slots)


BROKEN: dict[str, Callable[[str], str | None]] = {
    "a number that was invented": lambda text: f"{text}k: DEC(999)::GPG[s3cret]!\n",
    "half open": lambda text: f"{text}k: DEC::GPG[s3cret\n",
    "one in another": lambda text: f"{text}k: DEC::GPG[s3cret DEC::GPG[s3cret]!\n",
    "an unknown method": lambda text: f"{text}k: DEC::ROT13[s3cret]!\n",
    "nothing left": lambda _: "",
    "only white space": lambda _: " \n\n",
    "no YAML any more": lambda text: f"{text}k: DEC::GPG[s3cret]!\n\t- [\n",
    "a number twice": lambda text: (
        f"{text}k: {text[found : text.index(']!', found) + 2]}\n" if (found := text.find("DEC(1)::")) >= 0 else None
    ),
    "an endless number": lambda text: f"{text}k: DEC({'9' * 5000})::GPG[s3cret]!\n",
    "a near marker": lambda text: f"{text}k: DEC:GPG[s3cret]!\n",
}
"""Texts that cannot be saved, made of the one that the editor shows; None where that has nothing to break."""


class EditRules(TreeMachine):
    """`edit`, with everything that can be done in an editor."""

    def _begin(self, data: st.DataObject) -> tuple[str, Session, tuple[str, ...], bool]:
        """A file, a session in it, the keys of `--only`, and whether the file opens at all."""
        name = data.draw(st.sampled_from(sorted(self.model.files)), label="file")
        file = self.model.files[name]
        keys = [entry.key for entry in file.entries if entry.key and any(entry.slots)]
        only = tuple(data.draw(st.lists(st.sampled_from(keys), max_size=2), label="only") if keys else ())

        def is_meant(entry: Entry, slot: Slot) -> bool:
            return slot.method == "GPG" and (not only or entry.key in only)

        opens = all(self.model.opens(slot) for one in file.entries for slot in one.slots if is_meant(one, slot))
        return name, Session(InEditor(file, is_meant), list(file.entries)), only, opens

    def _play(self, name: str, session: Session, only: tuple[str, ...], saves: list[str | None]) -> bool:
        """The command, somebody saving these texts in turn, below the preamble."""
        body = session.shown.body
        preamble = ""

        def first(shown: str) -> str | None:
            nonlocal preamble
            assert shown.endswith(body), f"the editor shows another text than the model: {shown!r}"
            preamble = shown.removesuffix(body)
            return again(saves[0])

        def again(saved: str | None) -> str | None:
            return None if saved is None else preamble + saved

        visits = [first, *((lambda _shown, saved=saved: again(saved)) for saved in saves[1:])]
        return bool(self.world.edit(name, visits, only, preamble=len(body) % 2 == 0))

    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        """Some changes, perhaps after a text that cannot be saved."""
        name, session, only, opens = self._begin(data)
        for _ in range(data.draw(st.integers(0, 4), label="changes")):
            self._change(data, name, session)
        if not session.text.strip():
            return
        good, saves = session.text, []
        if data.draw(st.booleans(), label="broken first"):
            spoil = data.draw(st.sampled_from(sorted(BROKEN)), label="how")
            broken = BROKEN[spoil](session.shown.body)
            saves = [broken] if broken is not None else []
        took = self._play(name, session, only, [*saves, good])
        saved = opens and (not session.has_new() or self.model.wanted(name) is not None)
        if saved:
            self.model.files[name] = session.after
        self.held(took, saved)

    @rule(data=st.data(), spoil=st.sampled_from(sorted(BROKEN)))
    def give_up(self, data: st.DataObject, spoil: str) -> None:
        """A text that cannot be saved, and no wish to go on."""
        name, session, only, _ = self._begin(data)
        broken = BROKEN[spoil](session.shown.body)
        if broken is None or spoil == "a near marker":
            return
        self.held(self._play(name, session, only, [broken]), False)

    @rule(data=st.data())
    def fail(self, data: st.DataObject) -> None:
        """The editor fails, or is killed."""
        name, session, only, _ = self._begin(data)
        self.held(self._play(name, session, only, [None]), False)

    @rule(data=st.data())
    def meet_somebody(self, data: st.DataObject) -> None:
        """Another writer adds a line while the editor is open: whose version stays is told, and nothing is mixed."""
        name, session, only, opens = self._begin(data)
        self._change(data, name, session)
        stays = data.draw(st.booleans(), label="save again")
        if not (opens and session.is_changed and session.text.strip()):
            return
        note = Entry((f"# {self.model.name('meanwhile')}\n",))
        theirs = Modelled((*self.model.files[name].entries, note))
        texts = iter([session.text, session.text] if stays else [session.text])
        path, added = self.world.root / name, session.shown.written(note.pieces).encode()

        def visit(_shown: str) -> str:
            if added not in path.read_bytes():
                path.write_bytes(path.read_bytes() + added)
            return next(texts)

        took = self.world.edit(name, [visit] * (2 if stays else 1), only, preamble=False)
        saved = stays and (not session.has_new() or self.model.wanted(name) is not None)
        self.model.files[name] = session.after if saved else theirs
        self.held(took, saved)

    def _change(self, data: st.DataObject, name: str, session: Session) -> None:
        entries = session.entries
        kinds = ["add", "add", "note", "another", "another", "remove", "move", "copy", "pkcs7"]
        kind = data.draw(st.sampled_from(kinds), label="change")
        place = data.draw(st.integers(0, max(0, len(entries) - 1)), label="entry")
        wanted = self.model.wanted(name) or frozenset({KeyId("0" * 16)})
        nasty = data.draw(st.sampled_from([one for one in NASTY if b"\xff" not in one]), label="plaintext")
        plaintext = self.model.plaintext(nasty)
        new = Slot(plaintext, wanted)
        match kind:
            case "add":
                shape = data.draw(st.sampled_from(["plain", "quoted", "block", "inner", "within", "comment"]))
                entries.append(written(shape, self.model.name("k"), new))
            case "note":
                entries.insert(place + 1, Entry((f"# {self.model.name('note')}\n",)))
            case "remove" if place:
                del entries[place]
            case "move" if place:
                entries.append(entries.pop(place))
            case "copy" if entries:
                for slot in entries[place].slots:
                    if slot.method == "GPG" and session.shown.number(slot):
                        entries.append(written("plain", self.model.name("k"), slot.made_anew(wanted)))
            case "another" | "pkcs7" if entries:
                entries[place] = entries[place].with_slots(
                    lambda slot: self._other(session, slot, new if kind == "another" else None)
                )

    def _other(self, session: Session, slot: Slot, new: Slot | None) -> Slot:
        if session.shown.number(slot) is None:
            return slot
        made = replace(new) if new else Slot(slot.plaintext, frozenset(), None, "PKCS7")
        session.shown.stand_in(made, slot)
        return made
