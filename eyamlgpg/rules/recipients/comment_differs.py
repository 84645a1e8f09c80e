"""A comment that names somebody else than the key of its line."""

import re
from collections.abc import Iterator

from eyamlgpg.formats.eyaml.recipients_file import Entry
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.keys import Key
from eyamlgpg.model.matching import folded
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="recipient-comment-differs",
    severity=Severity.ERROR,
    title="the comment of a recipient names somebody else",
    why="Whoever reviews a change of the recipients file reads the name in the comment, and not the fingerprint. The "
    "comment directly above the line, or behind it, holds an address that no certified user ID of the key has (of a "
    "key with no certified user ID: that no user ID has).",
    example="# Alice Anders <alice@example.com>\nE205374CAE1ADCFE8E5DCF76DE26430157B77158\n",
    mend="Find out which of the two is meant. If it is the key, `eyamlgpg recipients list` shows its name for the "
    "comment. If it is the person in the comment, replace the line: `eyamlgpg recipients remove FINGERPRINT && "
    "eyamlgpg recipients add alice@example.com`.",
)

_ADDRESS = re.compile(r"(?<![^\s<(,;\"'])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
"""Not behind a colon: a password stands there in a URL."""


def find(entry: Entry, key: Key) -> Iterator[Finding]:
    """The finding for a line whose comment holds an address that is not the key's."""
    usable = [user_id for user_id in key.user_ids if user_id.is_usable]
    certified = [user_id for user_id in usable if user_id.validity.is_certified] or usable
    own = {folded(user_id.email or user_id.text) for user_id in certified}
    for address in _ADDRESS.findall(f"{entry.comment or ''}\n{entry.remark or ''}"):
        if folded(address.strip(".")) not in own:
            recipient = entry.recipient
            message = f"{recipient.known}: the comment names {address}, and the key is that of {key.user_id}"
            hint = "find out which of the two is meant, and mend the comment or the line"
            yield RULE.finding(Place(recipient.source, recipient.line, about=recipient.name), message, hint)
            return
