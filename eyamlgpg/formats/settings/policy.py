"""`.eyamlgpg/policy.yaml`: read as it is written, or refused with the line of all that is wrong.

    version: 1
    puppetmasters:
      puppetmaster-prod: B6C40C49369B07EB665B3415536064919156D527
    rules:
      - paths: production/**
        needs: puppetmaster-prod
    clear_text:
      secret: "*::pepper"
      harmless: ["demo::*"]
      password_hashes: report

docs/reference/policy.schema.json says the same to editors; a test holds the two against each other.
"""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from types import MappingProxyType

from eyamlgpg.errors import ConfigError, raise_all
from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.structure import Mapping, Node, NotYaml, Scalar
from eyamlgpg.formats.yaml.structure import Sequence as SequenceNode
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.model.policy import ClearText, PathPattern, Policy, TierRule

VERSION = "1"

_TOP = ("version", "puppetmasters", "rules", "clear_text")
_CLEAR_TEXT = ("secret", "harmless", "password_hashes")
_QUOTED = 64
_PASSWORD_HASHES = ("allow", "report")
_RULE = ("paths", "needs", "never")
_FINGERPRINT = re.compile(r"[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}")
_NOT_KNOWN_IN_PATTERNS = frozenset("[]{}!\\")


def parse(text: str, source: str) -> Policy:
    """The policy; raises ConfigError, or Several, with the file and line of each thing that is wrong."""
    reader = _Reader(source)
    policy = reader.policy(text)
    raise_all(reader.errors)
    return policy


def _quoted(text: str) -> str:
    """What somebody wrote, no longer than anything that belongs here."""
    return ascii(text if len(text) <= _QUOTED else f"{text[:_QUOTED]}...")


class _Reader:
    """One reading of one file; what is wrong is gathered, so that all of it is told at once."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.errors: list[ConfigError] = []

    def policy(self, text: str) -> Policy:
        structure = locate(text)
        if isinstance(structure, NotYaml):
            self._wrong(structure.line, f"not YAML: {structure.reason}")
            return Policy(self.source)
        if not structure.documents:
            self._wrong(1, "says nothing", f"begin with `version: {VERSION}`")
            return Policy(self.source)
        for document in structure.documents[1:]:
            self._wrong(document.root.line, "a policy is one YAML document, and here a second one begins")
        top = self._mapping(structure.documents[0].root, "the policy", _TOP)
        self._version(top.get("version"), structure.documents[0].root.line)
        names = self._puppetmasters(top.get("puppetmasters"))
        rules = self._list(top.get("rules"), "rules")
        tiers = tuple(self._rule(node, names) for node in rules)
        return Policy(self.source, MappingProxyType(names), tiers, self._clear_text(top.get("clear_text")))

    def _version(self, node: Node | None, line: int) -> None:
        if node is None:
            self._wrong(line, "says no version", f"begin with `version: {VERSION}`")
        elif not isinstance(node, Scalar) or node.style or node.value != VERSION:
            self._wrong(node.line, f"version is {VERSION}, as a plain number", "a newer eyamlgpg may know others")

    def _puppetmasters(self, node: Node | None) -> dict[str, Fingerprint]:
        names: dict[str, Fingerprint] = {}
        for name, value in ({} if node is None else self._mapping(node, "puppetmasters", None)).items():
            fingerprint = self._text(value, f"the fingerprint of {name}")
            if fingerprint is None:
                continue
            if not _FINGERPRINT.fullmatch(fingerprint):
                hint = f"`eyamlgpg keys list {name}` tells it"
                self._wrong(
                    value.line,
                    f"{_quoted(fingerprint)} is no full fingerprint: 40 hexadecimal digits, without spaces",
                    hint,
                )
                continue
            names[name] = Fingerprint(fingerprint.upper())
        return names

    def _clear_text(self, node: Node | None) -> ClearText:
        fields = {} if node is None else self._mapping(node, "clear_text", _CLEAR_TEXT)
        secret = tuple(text for text, _ in self._texts(fields.get("secret"), "secret"))
        harmless = self._texts(fields.get("harmless"), "harmless")
        for text, line in harmless:
            # Such a line would switch the rules off that go by names, and nobody would see it in a report.
            if not text.strip("*?:. "):
                self._wrong(line, f"harmless: {_quoted(text)} is every key there is", "name the keys, as in demo::*")
        hashes = fields.get("password_hashes")
        said = None if hashes is None else self._text(hashes, "password_hashes")
        if hashes is not None and said is not None and said not in _PASSWORD_HASHES:
            self._wrong(hashes.line, f"password_hashes is allow or report, not {_quoted(said)}")
        return ClearText(secret, tuple(text for text, _ in harmless), said == "report")

    def _rule(self, node: Node, names: dict[str, Fingerprint]) -> TierRule:
        fields = self._mapping(node, "a rule", _RULE)
        paths = self._texts(fields.get("paths"), "paths")
        needs = self._names(fields.get("needs"), "needs", names)
        never = self._names(fields.get("never"), "never", names)
        if isinstance(node, Mapping):
            if fields.get("paths") is None:
                self._wrong(node.line, "a rule says which paths it is about", "as in `paths: production/**`")
            if fields.get("needs") is None and fields.get("never") is None:
                self._wrong(node.line, "a rule says who is needed, or who must never read: `needs`, `never`, or both")
        for name, line in needs:
            if name in {other for other, _ in never}:
                self._wrong(line, f"{name} is needed and must never read, both at once")
        patterns = tuple(PathPattern(text, line) for text, line in paths if self._is_pattern(text, line))
        return TierRule(node.line, patterns, tuple(name for name, _ in needs), tuple(name for name, _ in never))

    def _names(self, node: Node | None, field: str, names: dict[str, Fingerprint]) -> list[tuple[str, int]]:
        found = self._texts(node, field)
        for name, line in found:
            if name not in names:
                near = get_close_matches(name, names, n=1)
                hint = f"did you mean {near[0]}?" if near else "write it there with its fingerprint"
                self._wrong(line, f"{name} does not stand under puppetmasters", hint)
        return [(name, line) for name, line in found if name in names]

    def _is_pattern(self, text: str, line: int) -> bool:
        if text.startswith("/") or ".." in text.split("/") or "." in text.split("/") or "//" in text:
            self._wrong(line, f"{_quoted(text)} is no path from the root of the tree, such as production/**")
        elif set(text) & _NOT_KNOWN_IN_PATTERNS:
            self._wrong(line, f"{_quoted(text)} has a letter that means nothing here: known are *, ? and **")
        elif any("**" in part and part != "**" for part in text.split("/")):
            self._wrong(line, f"{_quoted(text)}: ** stands alone between slashes")
        else:
            return True
        return False

    def _texts(self, node: Node | None, what: str) -> list[tuple[str, int]]:
        """One text, or a list of them, each with its line."""
        if node is None:
            return []
        nodes: Sequence[Node] = self._list(node, what) if isinstance(node, SequenceNode) else [node]
        return [(text, one.line) for one in nodes if (text := self._text(one, what)) is not None]

    def _list(self, node: Node | None, what: str) -> Sequence[Node]:
        if node is None:
            return ()
        if not isinstance(node, SequenceNode):
            self._wrong(node.line, f"{what} is a list")
            return ()
        if not node.nodes:
            self._wrong(node.line, f"{what} is an empty list")
        return node.nodes

    def _mapping(self, node: Node, what: str, known: Sequence[str] | None) -> dict[str, Node]:
        if not isinstance(node, Mapping):
            self._wrong(node.line, f"{what} is a mapping")
            return {}
        found: dict[str, Node] = {}
        for key, value in node.entries:
            name = self._text(key, f"a name in {what}")
            if name is None:
                continue
            if known is not None and name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
                self._wrong(key.line, f"{_quoted(name)} means nothing in {what}", hint)
            elif name in found:
                self._wrong(key.line, f"{_quoted(name)} stands here a second time")
            else:
                found[name] = value
        return found

    def _text(self, node: Node, what: str) -> str | None:
        if isinstance(node, Scalar) and node.value.strip() and node.tag is None and node.style not in ("|", ">"):
            return node.value
        self._wrong(node.line, f"{what} is one text on a line of its own, without anchors or tags")
        return None

    def _wrong(self, line: int, sentence: str, *hints: str) -> None:
        self.errors.append(ConfigError(f"{self.source}:{line}: {sentence}", *hints))
