"""What the files of a tree say about each other's keys, gathered before any of them is judged."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from eyamlgpg.detectors.names import NamePolicy
from eyamlgpg.errors import FileProblem
from eyamlgpg.formats.text import decode
from eyamlgpg.operations.check.border import Border
from eyamlgpg.operations.check.hiera_data import data_links, has_ending, is_data
from eyamlgpg.operations.ports import CheckedTree
from eyamlgpg.rules.knowledge.encrypted_keys import EncryptedKeys
from eyamlgpg.rules.knowledge.sensitive_keys import Sensitive, SensitiveKeys
from eyamlgpg.rules.knowledge.tree import LOOKUP_OPTIONS, Knowledge, encrypted_keys, roots, sensitive_keys
from eyamlgpg.rules.reading.subject import Subject


def gather(tree: CheckedTree, names: NamePolicy, looked_at: Sequence[str], border: Border) -> Knowledge:
    """What every file says about keys; parsed only where it could be about a key of a file that is looked at."""
    linked = data_links(tree)
    every = [path for path in tree.files() if is_data(path) or path in linked]
    about = (path for path in looked_at if has_ending(path) or path in linked)
    wanted = None if len(looked_at) >= len(every) else _roots(tree, about)
    encrypted = EncryptedKeys()
    sensitive: list[Sensitive] = []
    for path, text in _texts(tree, every):
        is_about = "ENC[" in text and (wanted is None or not wanted.isdisjoint(roots(text)))
        if is_about or LOOKUP_OPTIONS in text:
            said = border.around(path, partial(_said, path, text))
            sensitive += said[0] if said else ()
            encrypted.add(path, said[1] if said else ())
    for path in tree.removed():
        content = tree.before(path) or b""
        if (is_data(path) or path in linked) and b"ENC[" in content:
            said = border.around(path, partial(_said, path, decode(content)))
            encrypted.add(path, said[1] if said else (), " of the last commit")
    return Knowledge(names, encrypted, SensitiveKeys(sensitive))


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
