"""A model of a tree: its files, its lists, the people with their keys, and who is to read what."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from eyamlgpg.model.keys import KeyId
from tests.support.model_files import Entry, Modelled, Slot

CLEAR = b"s3cret"
"""Stands in every plaintext that is not empty, and so in no file."""
PLACES = ("a.eyaml", "in/b.yaml", "in/deep/c.eyaml", "other/d.eyaml")
"""Where files may stand."""
FOLDERS = (".", "in", "in/deep", "other")
"""Where lists may stand."""
NASTY = (
    b"",
    b"]!",
    b"two\nlines",
    b"ends\n",
    b"DEC(1)::GPG[x]!",
    b"DEC::GPG[open",
    b"]\\!",
    b"ENC[GPG,aGVsbG8=]",
    b": # - '\"",
    "ünï €\u2028".encode(),
    b"carriage\rreturn\r\n",
    b" \t ",
    b"\xff\x00binary",
    b"x" * 200,
)
"""Ends of plaintexts."""


@dataclass(frozen=True)
class Somebody:
    """A person whose key may be replaced, expire, or go from the keyring."""

    key_ids: tuple[KeyId, ...]
    """Of the subkeys, the one to encrypt to last."""
    is_usable: bool = True


@dataclass
class ModelTree:
    """What must be true of the tree on the disk."""

    people: dict[str, Somebody]
    owned: set[KeyId]
    """Whose secret keys are here."""
    files: dict[str, Modelled] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)
    made: int = 0
    """How many names were given out."""

    def name(self, stem: str) -> str:
        """One that was not there before."""
        self.made += 1
        return f"{stem}{self.made}"

    def plaintext(self, nasty: bytes) -> bytes:
        """One that was not there before, unless it is empty."""
        return CLEAR + self.name("-").encode() + nasty if nasty else b""

    def readers(self, name: str) -> tuple[str, ...]:
        """Who stands in the list that governs a file."""
        folder = name.rpartition("/")[0] or "."
        while folder not in self.lists:
            folder = folder.rpartition("/")[0] or "."
        return self.lists[folder]

    def wanted(self, name: str) -> frozenset[KeyId] | None:
        """Whom a new value of a file is encrypted to; None where the list names somebody who cannot be."""
        readers = [self.people[person] for person in self.readers(name)]
        if not all(one.is_usable for one in readers):
            return None
        return frozenset(one.key_ids[-1] for one in readers)

    def opens(self, slot: Slot) -> bool:
        """Whether a value opens here."""
        return not self.owned.isdisjoint(slot.readers)

    def is_in_line(self, slot: Slot, name: str) -> bool:
        """Whether exactly those can read a value who should, each by the subkey to encrypt to."""
        wanted = self.wanted(name)
        theirs = {key_id for person in self.readers(name) for key_id in self.people[person].key_ids}
        return wanted is not None and wanted <= slot.readers <= theirs

    def standings(self) -> tuple[int, int, int]:
        """How many values are in line, are not, and have a list that cannot be resolved."""
        in_line = drifted = unjudged = 0
        for name, file in self.files.items():
            for slot in file.slots:
                if slot.method != "GPG":
                    continue
                unjudged += self.wanted(name) is None
                in_line += self.is_in_line(slot, name)
                drifted += self.wanted(name) is not None and not self.is_in_line(slot, name)
        return in_line, drifted, unjudged

    def due(self, names: Iterator[str] | tuple[str, ...], *, every: bool) -> int:
        """How many values of these files `recrypt` takes up."""
        return sum(self._is_due(slot, name, every=every) for name in names for slot in self.files[name].slots)

    def _is_due(self, slot: Slot, name: str, *, every: bool) -> bool:
        if slot.method != "GPG" or self.wanted(name) is None:
            return False
        return every or not self.is_in_line(slot, name)

    def recrypted(self, name: str, *, every: bool) -> tuple[Modelled, bool]:
        """A file after `recrypt`, and whether all of it is as it should be."""
        wanted, file = self.wanted(name), self.files[name]
        if wanted is None:
            return file, not any(slot.method == "GPG" for slot in file.slots)
        done = True

        def anew(slot: Slot) -> Slot:
            nonlocal done
            if not self._is_due(slot, name, every=every):
                return slot
            done &= self.opens(slot)
            return slot.made_anew(wanted) if self.opens(slot) else slot

        return file.with_slots(anew), done

    def below(self, folder: str) -> tuple[str, ...]:
        """The files of a folder."""
        return tuple(name for name in self.files if folder == "." or name.startswith(f"{folder}/"))

    def replace_key(self, person: str, key_id: KeyId) -> None:
        """Somebody has a new subkey, beside the old ones."""
        before = self.people[person]
        self.people[person] = replace(before, key_ids=(*before.key_ids, key_id))


def written(shape: str, key: str, value: Slot | str, end: str = "\n") -> Entry:
    """An entry with a value, or with clear text in its place, in one of SHAPES."""
    match shape:
        case "quoted":
            return Entry((f"{key}: '", value, f"'{end}"), key)
        case "block":
            return Entry((f"{key}: >{end}  ", value, end), key)
        case "inner":
            return Entry((f"{key}:{end}  inner: ", value, end), f"{key}.inner")
        case "within":
            return Entry((f'{key}: "http://bob:', value, f'@example.com" # why{end}'), key, is_alone=False)
        case "comment":
            return Entry((f"# {key}: ", value, end))
        case _:
            return Entry((f"{key}: ", value, end), key)


SHAPES = ("plain", "quoted", "block", "inner", "within", "comment")
