"""`.eyamlgpg/baseline.yaml`: findings that were accepted, each with a reason.

An entry goes by file, rule and Hiera key, never by line, so that it survives every other change of the file:

    version: 1
    accepted:
      - file: hieradata/common.yaml
        rule: plaintext-key-name
        key: demo::password
        count: 2
        reason: public test account

A key that must not be shown has a digest in its place (`model.identity`).

`count`, by default 1, is how many findings of the rule there are under that key; where there are more, one is new.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eyamlgpg.errors import ConfigError
from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.structure import Mapping, Node, NotYaml, Scalar, Sequence, Structure

BASELINE_FILE = ".eyamlgpg/baseline.yaml"
"""From the root of a tree."""

VERSION = "1"
FIELDS = ("file", "rule", "key", "count", "reason")

_PLAIN = re.compile(r"(?!(?:true|false|yes|no|on|off|null)\Z)[A-Za-z_./][\w./@+-]*(?:::?[\w./@+-]+)*", re.IGNORECASE)
_COUNT = re.compile(r"[1-9][0-9]{0,8}")
_HEADER = (
    "# Findings of `eyamlgpg check` that were accepted. Written by --update-baseline; reasons are kept.\n"
    f"version: {VERSION}\n"
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """One entry."""

    file: str
    rule: str
    key: str | None
    """None where the finding names none."""
    reason: str
    count: int = 1
    """How many findings it accepts."""
    line: int | None = None
    """Where the entry stands in the baseline."""

    @property
    def identity(self) -> tuple[str, str, str | None]:
        """What it goes by."""
        return self.file, self.rule, self.key


def parse(text: str, source: str) -> tuple[Accepted, ...]:
    """The entries of a baseline; ConfigError with the line for anything that is not one."""
    structure = locate(text)
    if isinstance(structure, NotYaml):
        raise ConfigError(f"{source}:{structure.line}: not YAML: {structure.reason}")
    for again in structure.duplicates:
        # What a merge leaves behind: YAML takes the last one without a word.
        raise ConfigError(f"{source}:{again.line}: {again.value} stands here a second time", "join the two by hand")
    if not structure.documents:
        return ()
    top = _fields(structure, structure.documents[0].root, source)
    version = top.pop("version", None)
    if not isinstance(version, Scalar) or version.value != VERSION:
        raise ConfigError(f"{source}: is no baseline of version {VERSION}", f"it begins with version: {VERSION}")
    entries = top.pop("accepted", None)
    for name, node in top.items():
        raise ConfigError(f"{source}:{node.line}: {name} is no setting of a baseline")
    if entries is None or (isinstance(entries, Scalar) and not entries.value):
        return ()
    if not isinstance(entries, Sequence):
        raise ConfigError(f"{source}:{entries.line}: accepted is a list of entries")
    found: dict[tuple[str, str, str | None], Accepted] = {}
    for node in entries.nodes:
        entry = _entry(structure, node, source)
        if entry.identity in found:
            first = found[entry.identity].line
            raise ConfigError(f"{source}:{entry.line}: the entry of line {first} stands here again", "keep one of them")
        found[entry.identity] = entry
    return tuple(found.values())


def render(entries: Iterable[Accepted]) -> str:
    """The text that `parse` reads back to these entries, sorted, so that git shows real changes only."""
    ordered = sorted(entries, key=lambda entry: (entry.file, entry.rule, entry.key or ""))
    return _HEADER + ("accepted:\n" if ordered else "accepted: []\n") + "".join(map(_written, ordered))


def _written(entry: Accepted) -> str:
    lines = [f"{name}: {value if name == 'count' else _scalar(value)}\n" for name, value in _values(entry)]
    return "  - " + "    ".join(lines)


def _values(entry: Accepted) -> Iterator[tuple[str, str]]:
    yield "file", entry.file
    yield "rule", entry.rule
    if entry.key is not None:
        yield "key", entry.key
    if entry.count != 1:
        yield "count", str(entry.count)
    yield "reason", entry.reason


def _scalar(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    # JSON's strings are YAML's, but for its surrogate pairs and for what YAML takes for a line break or refuses.
    written = json.dumps(value, ensure_ascii=False)
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in written)


def _entry(structure: Structure, node: Node, source: str) -> Accepted:
    found = _fields(structure, node, source)
    texts: dict[str, str] = {}
    for name, value in found.items():
        if name not in FIELDS or not isinstance(value, Scalar):
            raise ConfigError(f"{source}:{value.line}: {name} is no text of an entry", f"known are {', '.join(FIELDS)}")
        texts[name] = value.value
    for name in ("file", "rule", "reason"):
        if not texts.get(name, "").strip():
            raise ConfigError(f"{source}:{node.line}: the entry gives no {name}")
    count = texts.get("count", "1")
    if not _COUNT.fullmatch(count):
        raise ConfigError(f"{source}:{found['count'].line}: count is how many findings are accepted, at least 1")
    return Accepted(texts["file"], texts["rule"], texts.get("key"), texts["reason"], int(count), node.line)


def _fields(structure: Structure, node: Node, source: str) -> dict[str, Node]:
    target = structure.target(node)
    if not isinstance(target, Mapping):
        raise ConfigError(f"{source}:{node.line}: a mapping is needed here")
    return {key.value: structure.target(value) for key, value in target.entries if isinstance(key, Scalar)}
