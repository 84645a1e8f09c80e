"""The rules on values in clear text, in their order: a value is reported once, by the rule that says most about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.showable_names import HIDDEN
from eyamlgpg.rules.kinds import ClearTextRule, Said
from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.plaintext import (
    assignment,
    edit_marker,
    encrypted_elsewhere,
    key_name,
    near_marker,
    private_key,
    provider_token,
    sensitive,
    url_credentials,
    was_encrypted,
)
from eyamlgpg.rules.plaintext.was_encrypted import NOTHING_BEFORE, Before
from eyamlgpg.rules.reading.clear import Clear, clear_values
from eyamlgpg.rules.reading.list_commands import with_arguments
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Place, Rule

BY_FORM = (
    ClearTextRule(private_key.RULE, private_key.sees),
    ClearTextRule(provider_token.RULE, provider_token.sees),
    ClearTextRule(url_credentials.RULE, url_credentials.sees),
)
"""What is a secret wherever it stands."""
BY_KEY = (
    ClearTextRule(encrypted_elsewhere.RULE, encrypted_elsewhere.sees),
    ClearTextRule(sensitive.RULE, sensitive.sees),
    ClearTextRule(key_name.RULE, key_name.sees),
)
INSIDE = ClearTextRule(assignment.RULE, assignment.sees)
BY_LINE = (*BY_FORM, INSIDE)
"""What may stand in any line of a text."""


_SHORT = 64
"""Characters of a text that is remembered; longer ones seldom come twice."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the first rule says that sees something in a value."""

    rule: Rule
    said: Said
    by_line: ClearTextRule | None = None
    """The same rule, where it may be asked line by line."""


def find(subject: Subject, knowledge: Knowledge, before: Before = NOTHING_BEFORE) -> Iterator[Finding]:
    """The edit markers of a file, then its values in clear text; `before` tells of the last commit."""
    marked = set()
    for finding in (*edit_marker.find(subject), *near_marker.find(subject)):
        if finding.key is not None and HIDDEN not in finding.key:
            marked.add(finding.key)
        yield finding
    told = set()
    for clear in with_arguments(clear_values(subject)):
        if (not marked or clear.place.key not in marked) and (clear.origin is None or _spot(clear.origin) not in told):
            seen = _first(clear, knowledge, before)
            if seen is not None:
                told.add(_spot(clear.place))
                yield seen.rule.finding(_place(subject, clear, seen.by_line, knowledge), *seen.said)


def passed_over(
    subject: Subject, knowledge: Knowledge, found: Sequence[Finding], before: Before = NOTHING_BEFORE
) -> Iterator[str]:
    """The pattern by which the repository calls a key harmless, for each finding less; `found` are those left."""
    if not knowledge.names.rules.harmless:
        return
    left = {(finding.line, finding.column) for finding in found}
    for finding in find(subject, knowledge.calling_nothing_harmless(), before):
        if (finding.line, finding.column) not in left:
            yield knowledge.names.harmless_by(finding.about or finding.key or "")


def _first(clear: Clear, knowledge: Knowledge, before: Before) -> _Seen | None:
    if knowledge.names.rules.harmless and knowledge.names.harmless_by(str(clear.path)):
        return None
    speaks = len(clear.text) > _SHORT or bool(clear.arguments) or _speaks(clear.text)
    for by_form in BY_FORM if speaks and clear.origin is None else ():
        if said := by_form.sees(clear, knowledge):
            return _Seen(by_form.rule, said, by_form)
    if not clear.is_partial and (said := was_encrypted.sees(clear, before)):
        return _Seen(was_encrypted.RULE, said)
    for by_key in BY_KEY:
        if (not clear.is_partial or by_key.rule is key_name.RULE) and (said := by_key.sees(clear, knowledge)):
            return _Seen(by_key.rule, said)
    if speaks and clear.origin is None and (said := INSIDE.sees(clear, knowledge)):
        return _Seen(INSIDE.rule, said, INSIDE)
    return None


@lru_cache(maxsize=4096)
def _speaks(text: str) -> bool:
    """Whether a rule on contents may see anything in a short text; a tree says `true` and `5432` thousands of times."""
    clear, knowledge = Clear(Place(""), KeyPath(), text), Knowledge()
    return assignment.sets_anything(clear) or any(by_form.sees(clear, knowledge) for by_form in BY_FORM)


def _spot(place: Place) -> tuple[int | None, int | None]:
    return place.line, place.column


def _place(subject: Subject, clear: Clear, by: ClearTextRule | None, knowledge: Knowledge) -> Place:
    """The place of the value; in a block the line that a rule on contents sees something in, if there is one."""
    if not clear.is_literal or by is None:
        return clear.place
    assert clear.place.line is not None  # noqa: S101 - a value stands somewhere
    for number, line in enumerate(clear.text.split("\n"), clear.place.line + 1):
        if by.sees(replace(clear, text=line), knowledge) is not None and number <= subject.lines.count:
            return subject.place_of_line(number, clear.path)
    return clear.place
