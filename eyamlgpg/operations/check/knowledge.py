"""What the files of a tree say about each other's keys: gathered while they are looked at, so that each is parsed once.

A file is looked at before all others are known. So it is first judged as if none of its keys were encrypted elsewhere,
and what it asked is remembered by its hashes; those few files that asked for a key which is are looked at again in the
end. What comes out is the same as if everything had been gathered before, and no file is kept.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from eyamlgpg.detectors.names import NamePolicy
from eyamlgpg.errors import FileProblem
from eyamlgpg.formats.text import decode
from eyamlgpg.operations.check.border import Border
from eyamlgpg.operations.check.hiera_data import data_links, has_ending, is_data
from eyamlgpg.operations.tree_ports import CheckedTree
from eyamlgpg.rules.knowledge.encrypted_keys import EncryptedKeys
from eyamlgpg.rules.knowledge.sensitive_keys import Sensitive, SensitiveKeys
from eyamlgpg.rules.knowledge.tree import LOOKUP_OPTIONS, Knowledge, encrypted_keys, roots, sensitive_keys
from eyamlgpg.rules.reading.subject import Subject


@dataclass(slots=True)
class Gathering:
    """What is known of a tree so far, and which files are still to say what they encrypt."""

    names: NamePolicy
    sensitive: SensitiveKeys
    encrypted: EncryptedKeys
    awaited: dict[str, None]
    """Files that are looked at, in the order of the tree."""

    def hear(self, subject: Subject) -> None:
        """Take what a file encrypts that is being looked at; nothing of one that has nothing to say here."""
        if subject.path in self.awaited:
            del self.awaited[subject.path]
            self.encrypted.add(subject.path, encrypted_keys(subject))

    def complete(self, tree: CheckedTree, border: Border) -> Knowledge:
        """All that is known, when each file was looked at; those of which nothing was heard are read now."""
        for path, text in _texts(tree, self.awaited):
            said = border.around(path, partial(_said, path, text))
            self.encrypted.add(path, said[1] if said else ())
        return Knowledge(self.names, self.encrypted, self.sensitive)


def gather(tree: CheckedTree, names: NamePolicy, looked_at: Sequence[str], border: Border) -> Gathering:
    """What the files say that are not looked at, and what any file says of Sensitive keys.

    A file is parsed only where it could be about a key of a file that is looked at.
    """
    linked = data_links(tree)
    every = [path for path in tree.files() if is_data(path) or path in linked]
    about = (path for path in looked_at if has_ending(path) or path in linked)
    wanted = None if len(looked_at) >= len(every) else _roots(tree, about)
    encrypted = EncryptedKeys(every)
    sensitive: list[Sensitive] = []
    awaited: dict[str, None] = {}
    to_be_looked_at = frozenset(looked_at)
    for path, text in _texts(tree, every):
        is_about = "ENC[" in text and (wanted is None or not wanted.isdisjoint(roots(text)))
        if is_about and LOOKUP_OPTIONS not in text and path in to_be_looked_at:
            awaited[path] = None
        elif is_about or LOOKUP_OPTIONS in text:
            said = border.around(path, partial(_said, path, text))
            sensitive += said[0] if said else ()
            encrypted.add(path, said[1] if said else ())
    for path in tree.removed():
        content = tree.before(path) or b""
        if (is_data(path) or path in linked) and b"ENC[" in content:
            said = border.around(path, partial(_said, path, decode(content)))
            encrypted.add(path, said[1] if said else (), " of the last commit")
    return Gathering(names, SensitiveKeys(sensitive), encrypted, awaited)


def _said(path: str, text: str) -> tuple[list[Sensitive], list[tuple[str, int]]]:
    """What a file makes sensitive, and what it encrypts."""
    subject = Subject.skim(path, text)
    return list(sensitive_keys(subject)), list(encrypted_keys(subject))


def _roots(tree: CheckedTree, about: Iterable[str]) -> set[str]:
    present = (path for path in about if tree.has(path))
    return {root for _, text in _texts(tree, present) for root in roots(text)}


def _texts(tree: CheckedTree, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    for path in paths:
        try:
            text = decode(tree.read(path))
        except FileProblem:
            continue  # told when it is looked into, if it is
        yield path, text
