r"""`.eyamlgpg/baseline.yaml`: findings that were accepted, each with a reason.

An entry goes by file, rule and Hiera key, never by line, so that it survives every other change of the file:

    version: 1
    accepted:
      - file: hieradata/common.yaml
        rule: plaintext-key-name
        key: demo::password
        count: 2
        reason: public test account

A key that must not be shown has a digest in its place (`model.identity`). A byte of a file name that is not UTF-8 is
written `\xff`, as messages show it, and a backslash before an `x` or a backslash as two.

`count`, by default 1, is how many findings of the rule there are under that key; where there are more, one is new.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eyamlgpg.errors import raise_all
from eyamlgpg.formats.settings.document import DocumentReader
from eyamlgpg.formats.yaml.structure import Mapping, Node

BASELINE_FILE = ".eyamlgpg/baseline.yaml"
"""From the root of a tree."""

VERSION = "1"
FIELDS = ("file", "rule", "key", "count", "reason")

_PLAIN = re.compile(r"(?!(?:true|false|yes|no|on|off|null)\Z)[A-Za-z_./][\w./@+-]*(?:::?[\w./@+-]+)*", re.IGNORECASE)
_BYTE = re.compile(r"\\x([89a-f][0-9a-f])|\\\\")
_TO_ESCAPE = re.compile(r"[\udc80-\udcff]|\\(?=[x\\]|[\udc80-\udcff]|\Z)")
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
    """The entries of a baseline; raises ConfigError, or Several, with the line of each thing that is wrong."""
    reader = _Reader(source)
    entries = reader.entries(text)
    raise_all(reader.errors)
    return entries


def render(entries: Iterable[Accepted]) -> str:
    """The text that `parse` reads back to these entries, sorted, so that git shows real changes only."""
    ordered = sorted(entries, key=lambda entry: (entry.file, entry.rule, entry.key or ""))
    return _HEADER + ("accepted:\n" if ordered else "accepted: []\n") + "".join(map(_written, ordered))


def _written(entry: Accepted) -> str:
    lines = [f"{name}: {value if name == 'count' else _scalar(value)}\n" for name, value in _values(entry)]
    return "  - " + "    ".join(lines)


def _values(entry: Accepted) -> Iterator[tuple[str, str]]:
    yield "file", _with_bytes_written(entry.file)
    yield "rule", entry.rule
    if entry.key is not None:
        yield "key", _with_bytes_written(entry.key)
    if entry.count != 1:
        yield "count", str(entry.count)
    yield "reason", entry.reason


def _scalar(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    # JSON's strings are YAML's, but for its surrogate pairs and for what YAML takes for a line break or refuses.
    written = json.dumps(value, ensure_ascii=False)
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in written)


def _with_bytes_written(text: str) -> str:
    r"""The text with each byte that was no UTF-8 (a lone surrogate, PEP 383), which YAML refuses, as `\xff`."""
    return _TO_ESCAPE.sub(lambda found: "\\\\" if found[0] == "\\" else f"\\x{ord(found[0]) - 0xDC00:02x}", text)


def _with_bytes_read(text: str) -> str:
    return _BYTE.sub(lambda found: chr(0xDC00 + int(found[1], 16)) if found[1] else "\\", text)


class _Reader(DocumentReader):
    """One reading of one baseline."""

    def entries(self, text: str) -> tuple[Accepted, ...]:
        root = self.root(text, "a baseline")
        if root is None:
            return ()
        top = self.mapping(root, "the baseline", ("version", "accepted"))
        self.version(top.get("version"), root, VERSION)
        found: dict[tuple[str, str, str | None], Accepted] = {}
        for node in self.items(top.get("accepted"), "accepted", may_be_empty=True):
            entry = self._entry(node)
            if entry is None:
                continue
            if entry.identity in found:
                first = found[entry.identity].line
                self.wrong(node.line, f"the entry of line {first} stands here again", "keep one of them")
            found[entry.identity] = entry
        return tuple(found.values())

    def _entry(self, node: Node) -> Accepted | None:
        before = len(self.errors)
        fields = self.mapping(node, "an entry", FIELDS)
        texts = {name: self.text(value, name, may_be_block=True) or "" for name, value in fields.items()}
        if isinstance(node, Mapping):
            for name in ("file", "rule", "reason"):
                if name not in texts:
                    self.wrong(node.line, f"the entry gives no {name}")
        count = texts.get("count", "1")
        if not _COUNT.fullmatch(count):
            self.wrong(fields["count"].line, "count is how many findings are accepted, at least 1")
        if len(self.errors) > before:
            return None
        file, key = _with_bytes_read(texts["file"]), texts.get("key")
        key = None if key is None else _with_bytes_read(key)
        return Accepted(file, texts["rule"], key, texts["reason"], int(count), node.line)
