"""What the tree as a whole says about its keys: which are encrypted somewhere, and which Puppet takes for sensitive."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from eyamlgpg.detectors.names import NamePolicy
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.structure import Node, Scalar, Sequence, Structure
from eyamlgpg.rules.knowledge.encrypted_keys import EncryptedKeys, Places
from eyamlgpg.rules.knowledge.sensitive_keys import Sensitive, SensitiveKeys
from eyamlgpg.rules.reading.aliases import entries
from eyamlgpg.rules.reading.clear import conceals
from eyamlgpg.rules.reading.subject import Subject

LOOKUP_OPTIONS = "lookup_options"

_LINE_KEY = re.compile(
    r"""^[ \t]*+(?:-[ \t]++)*(?!-[ \t])["']?"""
    r"""([^\s"'#&*!|>%@`,\[\]{}:][^\n"'#:]*+(?::(?=\S)[^\n"'#:]*+)*)["']?[ \t]*+:(?=\s|$)""",
    re.MULTILINE,
)


def general(path: KeyPath) -> str | None:
    """A key path without its indexes: the items of a list come and go, `users.0.phrase` is `users.*.phrase`.

    None for an item itself: in `[DB_HOST=…, DB_PASSWORD=ENC[…]]` one says nothing about the other.
    """
    if not path.segments or isinstance(path.segments[-1], int):
        return None
    return ".".join("*" if isinstance(segment, int) else segment for segment in path.segments)


def roots(text: str) -> frozenset[str]:
    """The keys at the beginnings of lines, top keys among them; a cheap way to see which files may speak of a key."""
    return frozenset(key.rstrip() for key in _LINE_KEY.findall(text))


def encrypted_keys(subject: Subject) -> Iterator[tuple[str, int]]:
    """The general key of each encrypted value, and its line."""
    for value in subject.scan.values:
        key = None if value.path is None else general(value.path)
        if key is not None and "ENC[" not in key and conceals(value.token):
            yield key, value.line


def sensitive_keys(subject: Subject) -> Iterator[Sensitive]:
    """The keys that a file's `lookup_options` converts to Sensitive."""
    if subject.structure is None or not subject.structure.documents or LOOKUP_OPTIONS not in subject.text:
        return
    structure = subject.structure
    for key, options in entries(structure, structure.documents[0].root):
        if key.value == LOOKUP_OPTIONS:
            for name, option in entries(structure, options):
                for setting, converted in entries(structure, option):
                    if setting.value == "convert_to" and _is_sensitive(structure, converted):
                        yield Sensitive(name.value, f"{subject.path}:{name.line}")


def _is_sensitive(structure: Structure, node: Node) -> bool:
    """Whether a type is Sensitive, with or without what it wraps: `Sensitive[String]`."""
    word = _first_word(structure, node) or ""
    return word.partition("[")[0].strip() == "Sensitive"


def _first_word(structure: Structure, node: Node) -> str | None:
    """`Sensitive`, or the first item of `[Sensitive]`, as `convert_to` takes both."""
    target = structure.target(node)
    if isinstance(target, Sequence) and target.nodes:
        target = structure.target(target.nodes[0])
    return target.value if isinstance(target, Scalar) else None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a rule may know of beside the file before it."""

    names: NamePolicy = field(default_factory=NamePolicy)
    encrypted: Places = field(default_factory=EncryptedKeys, compare=False)
    """The general keys that are encrypted somewhere in the tree."""
    sensitive: SensitiveKeys = field(default_factory=SensitiveKeys, compare=False)

    def calling_nothing_harmless(self) -> "Knowledge":
        """The same, but for what the repository's policy calls harmless."""
        return replace(self, names=NamePolicy(replace(self.names.rules, harmless=())))

    def sensitive_at(self, path: KeyPath) -> Sensitive | None:
        """What makes the value at a path sensitive: `lookup_options` speak of the top key."""
        root = path.segments[0] if path.segments else None
        if not isinstance(root, str) or root == LOOKUP_OPTIONS:
            return None
        return self.sensitive.get(root)


def collect(subjects: Iterable[Subject], names: NamePolicy) -> Knowledge:
    """What these files say together; they are read one at a time."""
    encrypted = EncryptedKeys()
    sensitive: list[Sensitive] = []
    for subject in subjects:
        encrypted.add(subject.path, encrypted_keys(subject))
        sensitive += sensitive_keys(subject)
    return Knowledge(names, encrypted, SensitiveKeys(sensitive))
