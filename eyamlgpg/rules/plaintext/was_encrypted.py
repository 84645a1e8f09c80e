"""A value that was encrypted in the last commit and is no longer."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from eyamlgpg.detectors.harmless import cannot_be_secret
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.model.findings import Severity
from eyamlgpg.rules.knowledge.tree import encrypted_keys, general
from eyamlgpg.rules.reading.clear import Clear, clear_values, conceals
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="plaintext-was-encrypted",
    severity=Severity.ERROR,
    title="a value that was encrypted in the last commit stands in clear text",
    why="The same Hiera key of the same file holds an encrypted value in HEAD, and clear text now. As a rule somebody "
    "decrypted it to look at it, or pasted a new value and forgot to encrypt it. A value that became a list or "
    "a mapping with nothing encrypted in it counts, too. A file that was renamed is compared "
    "under its old name. Values that cannot be a secret do not count (see plaintext-encrypted-elsewhere).",
    example="# in HEAD: profile::db::password: ENC[GPG,hQEMA…]\nprofile::db::password: open sesame\n",
    mend="Encrypt the value, which leaves everything else in the file as it is:\n\n"
    "```console\n$ eyamlgpg set hieradata/common.eyaml profile::db::password -p\n```\n\n"
    "To go back to the old one: `git checkout HEAD -- hieradata/common.eyaml`.",
)


@dataclass(frozen=True, slots=True)
class Before:
    """What the last commit had in the place of a file, as far as this rule asks."""

    keys: frozenset[str] = frozenset()
    """The general keys that were encrypted."""
    items: Counter[KeyPath] = field(default_factory=Counter)
    """Of each list, how many of its items are encrypted no longer."""
    clear: frozenset[tuple[KeyPath, str]] = field(default=frozenset(), repr=False)
    """The items of lists that stood in clear text already."""
    opened: frozenset[str] = frozenset()
    """Those of `keys` below which nothing is encrypted now either: a list or mapping there took a value's place."""

    @classmethod
    def of(cls, old: Subject, new: Subject) -> "Before":
        """Compare the last commit's file with the one now."""
        keys = frozenset(key for key, _ in encrypted_keys(old))
        items = Counter(_lists(old)) - Counter(_lists(new))
        clear = (
            frozenset((_list(one.path), one.text) for one in clear_values(old) if _is_item(one.path)) if items else ()
        )
        return cls(keys, items, frozenset(clear), keys - _above_encrypted(new))

    def had_encrypted(self, clear: Clear) -> bool:
        """Whether a value that stands in clear text now was encrypted."""
        if self.opened and any(general(above) in self.opened for above in _above(clear.path)):
            return True
        if not _is_item(clear.path):
            return general(clear.path) in self.keys or self.items[clear.path] > 0
        return self.items[_list(clear.path)] > 0 and (_list(clear.path), clear.text) not in self.clear


NOTHING_BEFORE = Before()


def sees(clear: Clear, before: Before) -> tuple[str, str] | None:
    """What to say of a value that was encrypted before."""
    if before is NOTHING_BEFORE or not before.had_encrypted(clear) or cannot_be_secret(clear.text):
        return None
    return (
        "this value is encrypted in the last commit and stands here in clear text",
        f"encrypt it: {clear.setting} -p",
    )


def _lists(subject: Subject) -> Iterator[KeyPath]:
    """The list of each encrypted item."""
    return (_list(path) for path in _concealed(subject) if _is_item(path))


def _concealed(subject: Subject) -> Iterator[KeyPath]:
    """The path of each encrypted value that has one."""
    return (value.path for value in subject.scan.values if value.path is not None and conceals(value.token))


def _above(path: KeyPath) -> Iterator[KeyPath]:
    return (KeyPath(path.segments[:length]) for length in range(1, len(path.segments)))


def _above_encrypted(subject: Subject) -> frozenset[str]:
    """The general keys above each encrypted value."""
    keys = (general(above) for path in _concealed(subject) for above in _above(path))
    return frozenset(key for key in keys if key is not None)


def _is_item(path: KeyPath) -> bool:
    return bool(path.segments) and isinstance(path.segments[-1], int)


def _list(path: KeyPath) -> KeyPath:
    return KeyPath(path.segments[:-1])
