"""`.eyamlgpg/people.yaml`: read as it is written, or refused with the line of all that is wrong.

    version: 1
    people:
      - key: 51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F
        name: Alice Anders <alice@example.com>
        roles: [ops, dba]
        until: 2027-03-31

docs/reference/people.schema.json says the same to editors; a test holds the two against each other.
"""

import re
from datetime import date

from eyamlgpg.errors import raise_all
from eyamlgpg.formats.settings.document import DocumentReader, quoted
from eyamlgpg.formats.yaml.structure import Mapping, Node
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.model.people import ROLE, Member, People

VERSION = "1"

MARK = "eyamlgpg:"
"""Begins the comments that a recipients file has for us; no name may."""

_TOP = ("version", "people")
_PERSON = ("key", "name", "roles", "until")
_FINGERPRINT = re.compile(r"[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse(text: str, source: str) -> People:
    """The people; raises ConfigError, or Several, with the file and line of each thing that is wrong."""
    reader = _Reader(source)
    people = reader.people(text)
    raise_all(reader.errors)
    return people


def read_day(text: str) -> date | None:
    """A day as `2027-03-31`; None for anything else."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def is_a_name(text: str) -> bool:
    """True if a text can stand as a comment line over a key."""
    return text.isprintable() and text == text.strip() and not text.lower().startswith(MARK)


class PersonReader(DocumentReader):
    """What people and puppetmasters are told by."""

    def fingerprint(self, node: Node | None, whose: str, hint: str) -> Fingerprint | None:
        """The fingerprint of a primary key."""
        said = None if node is None else self.text(node, f"the fingerprint of {whose}")
        if node is None or said is None:
            return None
        if not _FINGERPRINT.fullmatch(said):
            sentence = f"{quoted(said)} is not a full fingerprint: 40 hexadecimal digits, without spaces"
            self.wrong(node.line, sentence, hint)
            return None
        return Fingerprint(said.upper())

    def roles(self, node: Node | None) -> tuple[str, ...]:
        """One role, or a list of them."""
        found: list[str] = []
        for role, line in self.texts(node, "roles"):
            if not ROLE.fullmatch(role):
                hint = "letters, digits, `.`, `_` and `-`, at most 64, beginning with a letter or digit"
                self.wrong(line, f"{quoted(role)} is not the name of a role", hint)
            elif role in found:
                self.wrong(line, f"{quoted(role)} stands here a second time")
            else:
                found.append(role)
        return tuple(found)


class _Reader(PersonReader):
    """One reading of one file."""

    def people(self, text: str) -> People:
        root = self.root(text, "the list of people")
        if root is None:
            if not self.errors:
                self.wrong(1, "says nothing", f"begin with `version: {VERSION}`")
            return People(self.source)
        top = self.mapping(root, "the list of people", _TOP)
        self.version(top.get("version"), root, VERSION)
        members: dict[Fingerprint, Member] = {}
        for node in self.items(top.get("people"), "people", may_be_empty=True):
            member = self._member(node)
            if member is not None and member.fingerprint in members:
                first = members[member.fingerprint].line
                self.wrong(member.line, f"the key {member.fingerprint} stands in line {first} already")
            elif member is not None:
                members[member.fingerprint] = member
        return People(self.source, tuple(members.values()))

    def _member(self, node: Node) -> Member | None:
        fields = self.mapping(node, "a person", _PERSON)
        for field in ("key", "name"):
            if isinstance(node, Mapping) and field not in fields:
                self.wrong(node.line, f"a person has a {field}", "as in `key: FINGERPRINT` and `name: Name <address>`")
        name = self._name(fields.get("name"))
        key = self.fingerprint(fields.get("key"), name or "a person", "`eyamlgpg keys list NAME` tells it")
        roles, until = self.roles(fields.get("roles")), self._until(fields.get("until"))
        return None if key is None or name is None else Member(key, name, roles, until, node.line)

    def _name(self, node: Node | None) -> str | None:
        name = None if node is None else self.text(node, "a name")
        if node is None or name is None:
            return None
        if not is_a_name(name):
            self.wrong(node.line, f"{quoted(name)} is not the name of a person", "as in `name: Name <address>`")
            return None
        return name

    def _until(self, node: Node | None) -> date | None:
        said = None if node is None else self.text(node, "until")
        day = None if said is None else read_day(said)
        if node is not None and said is not None and day is None:
            self.wrong(node.line, f"until is a day such as 2027-03-31, not {quoted(said)}")
        return day
