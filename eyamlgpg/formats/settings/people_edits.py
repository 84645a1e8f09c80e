"""`.eyamlgpg/people.yaml` edited: lines are spliced, everything else stays byte for byte, and the outcome is proved."""

import re
from dataclasses import replace
from datetime import date

from eyamlgpg.errors import ConfigError
from eyamlgpg.formats.settings.document import structure_of
from eyamlgpg.formats.settings.people import VERSION, parse
from eyamlgpg.formats.splice import Edit, splice
from eyamlgpg.formats.yaml.structure import Alias, Mapping, Node, Scalar, Sequence
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.model.people import Member, People

_PLAIN = re.compile(r"[^\W\d_][\w .<>@()+/-]*")
"""Names that mean the same in YAML without quotes."""
_WORDS_OF_YAML = frozenset(["true", "false", "yes", "no", "on", "off", "null", "y", "n"])


def with_member(text: str, member: Member, source: str) -> str:
    """The text with a person: added at the end of the list, or with the roles and the last day that are new."""
    people = parse(text, source) if text else People(source)
    known = people.of(member.fingerprint)
    if known is not None and (known.roles, known.until) == (member.roles, member.until):
        return text
    wanted = tuple(member if one is known else one for one in people.members)
    changed = _changed(text, known, member, source) if known else _added(text, member, source)
    return _proved(changed, wanted if known else (*people.members, member), source)


def without_member(text: str, fingerprint: Fingerprint, source: str) -> str:
    """The text without a person; comments stay."""
    people = parse(text, source)
    if people.of(fingerprint) is None:
        return text
    item = _item(text, fingerprint, source)
    start, end = text.rfind("\n", 0, item.node_start) + 1, _end_of_line(text, _reach(item))
    left = tuple(member for member in people.members if member.fingerprint != fingerprint)
    return _proved(text[:start] + text[end:], left, source)


def with_key(text: str, old: Fingerprint, new: Fingerprint, source: str) -> str:
    """The text with another key for the same person."""
    people = parse(text, source)
    wanted = tuple(replace(one, fingerprint=new) if one.fingerprint == old else one for one in people.members)
    return _proved(with_fingerprint(text, old, new, source), wanted, source)


def with_fingerprint(text: str, old: Fingerprint, new: Fingerprint, source: str) -> str:
    """A file of settings with another fingerprint wherever a value is the old one."""
    edits = [
        Edit(node.start, node.end, new)
        for node in structure_of(text, source).scalars
        if not node.is_key and node.value.upper() == old
    ]
    return splice(text, edits)


def without_roles(text: str, master: str, source: str) -> str:
    """The policy without the roles of one puppetmaster; ConfigError where they cannot be taken out by themselves."""
    root = structure_of(text, source).root
    masters = _field(root, "puppetmasters") if isinstance(root, Mapping) else None
    entry = None if masters is None else _field(masters, master)
    roles = None if entry is None else _field(entry, "roles")
    key = None if entry is None else _field(entry, "key")
    if not isinstance(entry, Mapping) or roles is None or not isinstance(key, Scalar):
        return text
    if entry.is_flow:
        return splice(text, [Edit(entry.start, entry.end, key.value)])
    named = next(one for one, _ in entry.entries if _is(one, "roles"))
    start = text.rfind("\n", 0, named.start) + 1
    if text[start : named.start].strip():
        raise _by_hand(source, f"the roles of {master} do not stand on a line of their own")
    return text[:start] + text[_end_of_line(text, _reach(roles)) :]


def _added(text: str, member: Member, source: str) -> str:
    end = _line_end(text)
    root = structure_of(text, source).root if text else None
    if not isinstance(root, Mapping):
        return f"{text}version: {VERSION}{end}people:{end}{_entry('  ', member, end)}"
    people = _field(root, "people")
    items = people.nodes if isinstance(people, Sequence) else ()
    if items:
        first, last = items[0], items[-1]
        place = _end_of_line(text, _reach(last))
        entry = _entry(_indentation(text, first), member, end)
        return f"{text[:place]}{'' if text[:place].endswith(chr(10)) else end}{entry}{text[place:]}"
    if people is not None:
        place = _end_of_line(text, people.end)
        head = text[: people.start].rstrip(" ")
        rest = text[people.end : place].rstrip("\r\n")
        return f"{head}{rest}{end}{_entry('  ', member, end)}{text[place:]}"
    return f"{text}{'' if text.endswith(chr(10)) else end}people:{end}{_entry('  ', member, end)}"


def _changed(text: str, known: Member, member: Member, source: str) -> str:
    item = _item(text, known.fingerprint, source)
    edits: list[Edit] = []
    added: list[tuple[str, str]] = []
    for field, value in (("roles", _roles(member)), ("until", _day(member.until))):
        written = next(((key, node) for key, node in item.entries if _is(key, field)), None)
        if written is not None:
            key, node = written
            edits.append(Edit(key.end, _reach(node), f": {value}"))
        elif value:
            added.append((field, value))
    if added:
        if item.is_flow:
            place = _reach(item.entries[-1][1])
            new = "".join(f", {field}: {value}" for field, value in added)
        else:
            place = _end_of_line(text, _reach(item.entries[-1][1]))
            indentation = " " * (item.start - text.rfind("\n", 0, item.start) - 1)
            end = _line_end(text)
            new = "".join(f"{indentation}{field}: {value}{end}" for field, value in added)
            new = new if text[:place].endswith("\n") else f"{end}{new}"
        edits.append(Edit(place, place, new))
    return splice(text, sorted(edits, key=lambda edit: edit.start))


def _entry(indentation: str, member: Member, end: str) -> str:
    lines = [f"- key: {member.fingerprint}", f"  name: {_quoted(member.name)}"]
    if member.roles:
        lines.append(f"  roles: {_roles(member)}")
    if member.until is not None:
        lines.append(f"  until: {_day(member.until)}")
    return "".join(f"{indentation}{line}{end}" for line in lines)


def _item(text: str, fingerprint: Fingerprint, source: str) -> Mapping:
    root = structure_of(text, source).root
    people = _field(root, "people") if isinstance(root, Mapping) else None
    if isinstance(people, Sequence) and not people.is_flow:
        for node in people.nodes:
            key = _field(node, "key") if isinstance(node, Mapping) else None
            if isinstance(node, Mapping) and isinstance(key, Scalar) and key.value.upper() == fingerprint:
                return node
    raise _by_hand(source, f"{fingerprint} stands in a list with brackets")


def _proved(text: str, wanted: tuple[Member, ...], source: str) -> str:
    try:
        found = parse(text, source).members
    except ConfigError:
        found = ()
    if [replace(one, line=0) for one in found] != [replace(one, line=0) for one in wanted]:
        raise _by_hand(source, "is written so that no line of it can be changed by itself")
    return text


def _by_hand(source: str, why: str) -> ConfigError:
    return ConfigError(
        f"{source}: {why}", "write one person an item, each field on a line of its own, or change it by hand"
    )


def _field(node: Node, name: str) -> Node | None:
    entries = node.entries if isinstance(node, Mapping) else ()
    return next((value for key, value in entries if _is(key, name)), None)


def _is(key: Node, name: str) -> bool:
    return isinstance(key, Scalar) and key.value == name


def _reach(node: Node) -> int:
    """Where the text of a node ends, without the comments behind it."""
    if isinstance(node, Alias | Scalar) or node.is_flow or not node.nodes:
        return node.end
    return max(map(_reach, node.nodes))


def _end_of_line(text: str, place: int) -> int:
    found = text.find("\n", place)
    return len(text) if found < 0 else found + 1


def _indentation(text: str, item: Node) -> str:
    start = text.rfind("\n", 0, item.node_start) + 1
    return text[start : text.index("-", start)]


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _roles(member: Member) -> str:
    return f"[{', '.join(map(_quoted, member.roles))}]" if member.roles else ""


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _quoted(name: str) -> str:
    is_plain = _PLAIN.fullmatch(name) and name.lower() not in _WORDS_OF_YAML
    return name if is_plain else "'" + name.replace("'", "''") + "'"
