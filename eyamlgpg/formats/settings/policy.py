"""`.eyamlgpg/policy.yaml`: read as it is written, or refused with the line of all that is wrong.

    version: 1
    puppetmasters:
      puppetmaster-prod: B6C40C49369B07EB665B3415536064919156D527
      puppetmaster-dev: {key: 67B38418550F791E1205B656E1B67A1A05591066, roles: [development]}
    rules:
      - paths: production/**
        needs: puppetmaster-prod
    clear_text:
      secret: "*::pepper"
      harmless: ["demo::*"]
      password_hashes: report
    check:
      fail_on: warning
      pkcs7: report
    session_keys: per-file
    recipients:
      signed_by: [51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F]

docs/reference/policy.schema.json says the same to editors; a test holds the two against each other.
"""

from difflib import get_close_matches
from types import MappingProxyType

from eyamlgpg.errors import raise_all
from eyamlgpg.formats.settings.document import quoted
from eyamlgpg.formats.settings.people import PersonReader, is_a_name
from eyamlgpg.formats.yaml.structure import Mapping, Node
from eyamlgpg.formats.yaml.structure import Sequence as SequenceNode
from eyamlgpg.model.findings import Severity
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.model.policy import ClearText, PathPattern, Policy, SessionKeys, TierRule

VERSION = "1"

_TOP = ("version", "puppetmasters", "rules", "clear_text", "check", "session_keys", "recipients")
_CLEAR_TEXT = ("secret", "harmless", "password_hashes")
_TOLD = ("allow", "report")
_CHECK = ("fail_on", "pkcs7")
_RECIPIENTS = ("signed_by",)
_RULE = ("paths", "needs", "never")
_PUPPETMASTER = ("key", "roles")
_NOT_KNOWN_IN_PATTERNS = frozenset("[]{}!\\")


def parse(text: str, source: str) -> Policy:
    """The policy; raises ConfigError, or Several, with the file and line of each thing that is wrong."""
    reader = _Reader(source)
    policy = reader.policy(text)
    raise_all(reader.errors)
    return policy


class _Reader(PersonReader):
    """One reading of one policy."""

    def policy(self, text: str) -> Policy:
        root = self.root(text, "a policy")
        if root is None:
            if not self.errors:
                self.wrong(1, "says nothing", f"begin with `version: {VERSION}`")
            return Policy(self.source)
        top = self.mapping(root, "the policy", _TOP)
        self.version(top.get("version"), root, VERSION)
        names, roles = self._puppetmasters(top.get("puppetmasters"))
        rules = self.items(top.get("rules"), "rules")
        tiers = tuple(self._rule(node, names) for node in rules)
        clear_text = self._clear_text(top.get("clear_text"))
        fail_on, reports_pkcs7 = self._check(top.get("check"))
        session_keys = self._session_keys(top.get("session_keys"))
        return Policy(
            self.source,
            MappingProxyType(names),
            tiers,
            clear_text,
            fail_on,
            reports_pkcs7,
            session_keys,
            MappingProxyType(roles),
            self._signed_by(top.get("recipients")),
        )

    def _puppetmasters(self, node: Node | None) -> tuple[dict[str, Fingerprint], dict[str, tuple[str, ...]]]:
        """The keys by name, and the roles of those that have any."""
        names: dict[str, Fingerprint] = {}
        roles: dict[str, tuple[str, ...]] = {}
        for name, value in ({} if node is None else self.mapping(node, "puppetmasters", None)).items():
            fields = self.mapping(value, name, _PUPPETMASTER) if isinstance(value, Mapping) else {"key": value}
            if "key" not in fields:
                self.wrong(value.line, f"{name} has a key", "as in `key: FINGERPRINT`")
            fingerprint = self.fingerprint(fields.get("key"), name, f"`eyamlgpg keys list {name}` tells it")
            if found := self.roles(fields.get("roles")):
                roles[name] = found
                if not is_a_name(name):
                    self.wrong(value.line, f"{quoted(name)} is not a name for somebody with a role")
            if fingerprint is not None:
                names[name] = fingerprint
        return names, roles

    def _clear_text(self, node: Node | None) -> ClearText:
        fields = {} if node is None else self.mapping(node, "clear_text", _CLEAR_TEXT)
        secret = tuple(text for text, _ in self.texts(fields.get("secret"), "secret"))
        harmless = self.texts(fields.get("harmless"), "harmless")
        for text, line in harmless:
            # Such a line would switch the rules off that go by names, and nobody would see it in a report.
            if not text.strip("*?:. "):
                self.wrong(line, f"harmless: {quoted(text)} is every key there is", "name the keys, as in demo::*")
        hashes = self._is_reported(fields.get("password_hashes"), "password_hashes")
        return ClearText(secret, tuple(text for text, _ in harmless), hashes)

    def _is_reported(self, node: Node | None, name: str) -> bool:
        """True for `report`, False for `allow` and for a field that is not there."""
        said = None if node is None else self.text(node, name)
        if node is not None and said is not None and said not in _TOLD:
            self.wrong(node.line, f"{name} is allow or report, not {quoted(said)}")
        return said == "report"

    def _check(self, node: Node | None) -> tuple[Severity, bool]:
        """What makes `check` fail, and whether values of PKCS7 are reported."""
        fields = {} if node is None else self.mapping(node, "check", _CHECK)
        return self._fail_on(fields.get("fail_on")), self._is_reported(fields.get("pkcs7"), "pkcs7")

    def _fail_on(self, found: Node | None) -> Severity:
        said = None if found is None else self.text(found, "fail_on")
        if found is None or said is None:
            return Severity.ERROR
        if said not in tuple(Severity):
            self.wrong(found.line, f"fail_on is error or warning, not {quoted(said)}")
            return Severity.ERROR
        return Severity(said)

    def _session_keys(self, node: Node | None) -> SessionKeys:
        said = None if node is None else self.text(node, "session_keys")
        if node is None or said is None:
            return SessionKeys.PER_VALUE
        if said not in tuple(SessionKeys):
            self.wrong(node.line, f"session_keys is per-value or per-file, not {quoted(said)}")
            return SessionKeys.PER_VALUE
        return SessionKeys(said)

    def _signed_by(self, node: Node | None) -> tuple[Fingerprint, ...]:
        """The approvers; a policy that names the setting and nobody in it is wrong, and not one without approvers."""
        if node is None:
            return ()
        fields = self.mapping(node, "recipients", _RECIPIENTS)
        said = fields.get("signed_by")
        if said is None:
            if isinstance(node, Mapping):
                self.wrong(node.line, "recipients says nothing", "as in `signed_by: [FINGERPRINT]`")
            return ()
        found: list[Fingerprint] = []
        for one in self.items(said, "signed_by") if isinstance(said, SequenceNode) else [said]:
            fingerprint = self.fingerprint(one, "an approver", "`eyamlgpg keys list ID` tells it")
            if fingerprint in found:
                self.wrong(one.line, f"{fingerprint} stands here a second time")
            elif fingerprint is not None:
                found.append(fingerprint)
        return tuple(found)

    def _rule(self, node: Node, names: dict[str, Fingerprint]) -> TierRule:
        fields = self.mapping(node, "a rule", _RULE)
        paths = self.texts(fields.get("paths"), "paths")
        needs = self._names(fields.get("needs"), "needs", names)
        never = self._names(fields.get("never"), "never", names)
        if isinstance(node, Mapping):
            if fields.get("paths") is None:
                self.wrong(node.line, "a rule says which paths it is about", "as in `paths: production/**`")
            if fields.get("needs") is None and fields.get("never") is None:
                self.wrong(node.line, "a rule says who is needed, or who must never read: `needs`, `never`, or both")
        for name, line in needs:
            if name in {other for other, _ in never}:
                self.wrong(line, f"{name} is needed and must never read, both at once")
        patterns = tuple(PathPattern(text, line) for text, line in paths if self._is_pattern(text, line))
        return TierRule(node.line, patterns, tuple(name for name, _ in needs), tuple(name for name, _ in never))

    def _names(self, node: Node | None, field: str, names: dict[str, Fingerprint]) -> list[tuple[str, int]]:
        found = self.texts(node, field)
        for name, line in found:
            if name not in names:
                near = get_close_matches(name, names, n=1)
                hint = f"did you mean {near[0]}?" if near else "write it there with its fingerprint"
                self.wrong(line, f"{name} does not stand under puppetmasters", hint)
        return [(name, line) for name, line in found if name in names]

    def _is_pattern(self, text: str, line: int) -> bool:
        if text.startswith("/") or ".." in text.split("/") or "." in text.split("/") or "//" in text:
            self.wrong(line, f"{quoted(text)} is no path from the root of the tree, such as production/**")
        elif set(text) & _NOT_KNOWN_IN_PATTERNS:
            self.wrong(line, f"{quoted(text)} has a letter that means nothing here: known are *, ? and **")
        elif any("**" in part and part != "**" for part in text.split("/")):
            self.wrong(line, f"{quoted(text)}: ** stands alone between slashes")
        else:
            return True
        return False
