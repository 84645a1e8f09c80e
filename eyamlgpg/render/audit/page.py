"""Who can read what, as one page for a browser: nothing is loaded from elsewhere, and only its own script may run.

Whatever comes from a file or a key is text: jinja2 escapes it in the markup, JSON without any `<` carries it to the
script, and the script makes text nodes of it. The Content-Security-Policy names the script and the style by their hash.
"""

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from eyamlgpg.model.audit import At, Audit, AuditDifference, Change, Kind, Party, Risk
from eyamlgpg.model.short_names import short_names
from eyamlgpg.render.words import counted, escaped, percent

if TYPE_CHECKING:
    from jinja2 import Environment

_SHORT = 12
"""Values of a change that are shown unfolded."""

_FEW_NAMES = 6
"""People of a risk that are shown unfolded."""

_FOR_SCRIPT = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class _Asset:
    """A style or a script with the digest that the policy of the page names it by."""

    text: str
    digest: str


def single_as_page(audit: Audit) -> str:
    """One moment."""
    kinds = Counter(party.kind for party in audit.parties)
    readable = Counter(reader for value in audit.values for reader in value.readers)
    labels = _labels(audit.parties)
    tiles = [
        ("values", len(audit.values)),
        ("files", audit.files),
        ("people", kinds[Kind.PERSON]),
        ("puppetmasters", kinds[Kind.MASTER]),
        ("unknown or hidden keys", kinds[Kind.UNKNOWN] + kinds[Kind.HIDDEN]),
        ("sets of readers", len({value.readers for value in audit.values})),
    ]
    return _rendered(
        "single",
        title=f"Who can read what: {_moment(audit.at)}",
        moment=_moment(audit.at),
        tiles=[(name, f"{number:,}") for name, number in tiles],
        risks=[_risk(risk) for risk in audit.risks],
        share=_share(audit),
        notes=[escaped(note) for note in _notes(audit)],
        people=[_person(party, readable[party.id], len(audit.values)) for party in audit.parties],
        data=_for_script(_data(audit, labels)),
    )


def difference_as_page(made: AuditDifference) -> str:
    """What differs between two moments; values that changed alike stand together."""
    counts = Counter(change.kind for change in made.changes)
    tiles = [
        ("values added", counts[Change.ADDED]),
        ("removed", counts[Change.REMOVED]),
        ("with other readers", counts[Change.READERS]),
    ]
    return _rendered(
        "difference",
        title=f"What changed in who can read what: {_moment(made.before.at)} to {_moment(made.after.at)}",
        before=_moment(made.before.at),
        after=_moment(made.after.at),
        tiles=[(name, f"{number:,}") for name, number in tiles],
        comings=[
            ("Can read something now", [_party(party) for party in made.joined]),
            ("Can read nothing any more", [_party(party) for party in made.left]),
        ],
        changes=_changes(made),
        data=None,
    )


def _rendered(name: str, **context: Any) -> str:
    environment = _environment()
    page = environment.get_template(f"{name}.html")
    return page.render(style=_asset(environment, "page.css"), script=_asset(environment, f"{name}.js"), **context)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("eyamlgpg.render.audit", "assets")
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _asset(environment: "Environment", name: str) -> _Asset:
    assert environment.loader is not None  # noqa: S101 - it was given one
    text, _, _ = environment.loader.get_source(environment, name)
    return _Asset(text, b64encode(sha256(text.encode()).digest()).decode("ascii"))


def _for_script(content: dict[str, Any]) -> str:
    """JSON that stands in a script element: nothing in it can end the element or begin another."""
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).translate(_FOR_SCRIPT)


def _data(audit: Audit, labels: dict[str, str]) -> dict[str, Any]:
    """What the script works on; values name files, sets of readers and people by their places."""
    places = {party.id: place for place, party in enumerate(audit.parties)}
    files: dict[str, int] = {}
    sets: dict[tuple[int, ...], int] = {}

    @cache
    def set_of(ids: tuple[str, ...]) -> int:
        return sets.setdefault(tuple(sorted(places[one] for one in ids)), len(sets))

    values = [
        [
            files.setdefault(escaped(value.path), len(files)),
            value.line,
            escaped(value.key or ""),
            set_of(value.readers),
            -1 if value.wanted is None else set_of(value.wanted),
            int(value.passphrase),
        ]
        for value in audit.values
    ]
    numbers = {(value.path, value.line, value.key, value.number): index for index, value in enumerate(audit.values)}
    return {
        "parties": [
            {
                "name": escaped(party.user_id),
                "label": labels[party.id],
                "kind": party.kind.value,
                "roles": [escaped(role) for role in party.roles],
            }
            for party in audit.parties
        ],
        "files": list(files),
        "sets": list(sets),
        "values": values,
        "risks": [
            {
                "rule": risk.rule,
                "severity": risk.severity.value,
                "message": escaped(risk.message),
                "values": [numbers[value.path, value.line, value.key, value.number] for value in risk.values],
            }
            for risk in audit.risks
        ],
    }


def _labels(parties: Sequence[Party]) -> dict[str, str]:
    """A short name for each."""
    names = short_names({party.id: party.user_id for party in parties})
    return {one: escaped(name.removeprefix("the ")) for one, name in names.items()}


def _moment(at: At) -> str:
    where = f"{escaped(at.tree)}, " if at.tree else ""
    if at.commit is None:
        return f"{where}the working tree on {at.date[:10]}"
    named = "" if at.revision in (None, at.commit) else f"{escaped(at.revision or '')}, "
    return f"{where}{named}commit {at.commit[:12]} of {at.date[:10]}"


def _risk(risk: Risk) -> dict[str, Any]:
    count = len(risk.values)
    return {
        "severity": risk.severity.value,
        "number": f"{count:,}",
        "unit": "value" if count == 1 else "values",
        "message": escaped(risk.message),
        "rule": risk.rule,
        "who": [(escaped(party.user_id), _until(party)) for party in risk.parties],
        "few": _FEW_NAMES,
    }


def _until(party: Party) -> str:
    return "" if party.until is None else party.until.isoformat()


def _person(party: Party, values: int, every: int) -> dict[str, str]:
    return {
        **_party(party),
        "roles": escaped(", ".join(party.roles)),
        "until": _until(party),
        "readable": f"{values:,}",
        "level": f"{100 * values / every:.2f}" if every else "0",
        "share": percent(values, every),
    }


def _party(party: Party) -> dict[str, str]:
    return {"name": escaped(party.user_id), "id": party.id, "kind": party.kind.value, "claim": party.claim}


def _share(audit: Audit) -> str:
    if not audit.share.parties:
        return ""
    part = percent(audit.share.values, len(audit.values))
    return f"Who made this report can read {counted(audit.share.values, 'value')}: {part} of all."


def _notes(audit: Audit) -> Sequence[str]:
    notes = [f"Could not be looked into: {error.sentence}" for error in audit.errors]
    if audit.left_alone:
        notes.append(f"{counted(audit.left_alone, 'value')} of another method: who can read these cannot be told.")
    return notes


def _changes(made: AuditDifference) -> list[dict[str, Any]]:
    names = {party.id: escaped(party.user_id) for party in made.parties}
    titles = {Change.ADDED: "New", Change.REMOVED: "Gone", Change.READERS: "Other readers"}
    found = []
    for alike in made.alike:
        came, went = ([names.get(one, f"a {one}") for one in ids] for ids in (alike[0].added, alike[0].removed))
        found.append(
            {
                "title": titles[alike[0].kind],
                "added": came,
                "removed": went,
                "who": " ".join((*came, *went)),
                "count": counted(len(alike), "value"),
                "is_short": len(alike) <= _SHORT,
                "places": [(escaped(change.path), escaped(change.key or "(no key)")) for change in alike],
            }
        )
    return found
