"""What is doubtful in a recipients file: each line, and who they are together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from eyamlgpg.formats.eyaml.recipients_file import Entry, Oddity, RecipientsFile, is_by_roles
from eyamlgpg.formats.eyaml.recipients_lines import identity
from eyamlgpg.model.claimed_names import CertifiedNames
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.keys import Key
from eyamlgpg.model.matching import Form, Identifier
from eyamlgpg.model.objections import IMPORT_HINT
from eyamlgpg.model.people import Roster
from eyamlgpg.model.recipients import Recipient, Refusal, Refused, Resolution, Resolved
from eyamlgpg.rules.recipients import comment_differs, pages, roles
from eyamlgpg.rules.rule import Place, adding

KEEP_HINT = "put it there: eyamlgpg keys export ID, and commit it"
"""What helps where a key is missing among those of the repository."""

SOON = timedelta(days=60)
"""How long before a key expires its owner had better extend it."""

_ODDITIES = {
    Oddity.BYTE_ORDER_MARK: (pages.BYTE_ORDER_MARK, "save the file as UTF-8 without a byte order mark"),
    Oddity.INDENTED_COMMENT: (pages.INDENTED_COMMENT, "let the # be the first character of its line"),
    Oddity.TRAILING_COMMENT: (pages.TRAILING_COMMENT, "put the comment on a line of its own, above"),
    Oddity.COMMA_LIST: (pages.COMMA_LIST, "write one recipient a line"),
    Oddity.DUPLICATE: (pages.DUPLICATE, "take one of the two lines out"),
}

_REFUSALS = {
    Refusal.EMPTY: pages.EMPTY,
    Refusal.UNKNOWN: pages.UNKNOWN,
    Refusal.AMBIGUOUS: pages.AMBIGUOUS,
    Refusal.REVOKED: pages.REVOKED,
    Refusal.EXPIRED: pages.EXPIRED,
    Refusal.DISABLED: pages.UNUSABLE,
    Refusal.INVALID: pages.UNUSABLE,
    Refusal.NO_ENCRYPTION_SUBKEY: pages.UNUSABLE,
    Refusal.VOID_USER_ID: pages.VOID_USER_ID,
    Refusal.NOT_CERTIFIED: pages.NOT_CERTIFIED,
}


@dataclass(frozen=True, slots=True)
class View:
    """From where the file is looked at."""

    now: datetime
    has_secret_keys: bool
    """Whether somebody sits here who may want to read: a keyring without any secret key is a machine's."""
    certified: CertifiedNames = field(default_factory=CertifiedNames)
    """Whose names are certified on the keyring."""
    keys_in: str | None = None
    """The folder of the tree whose keys are all that count; None for a keyring."""
    roster: Roster = field(default_factory=Roster)
    """Who has which role, and whose last day has passed."""


def findings(file: RecipientsFile, resolutions: Sequence[Resolution], view: View) -> tuple[Finding, ...]:
    """Everything doubtful in a file, by line; what regards the whole file comes first. `resolutions`: one an entry."""
    found = [
        *_whole(file, resolutions, view),
        *(_odd(file.source, odd.line, odd.oddity, odd.message) for odd in file.oddities),
        *(one for resolution in resolutions for one in _recipient(resolution, view)),
        *_same_key(file, resolutions),
        *_comments(file, resolutions),
        *roles.find(file, resolutions, view.roster, view.now.date()),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: finding.line or 0))


def _whole(file: RecipientsFile, resolutions: Sequence[Resolution], view: View) -> Iterator[Finding]:
    place = Place(file.source)
    if not file.entries:
        message = "names nobody, so nothing in its folder and below can be encrypted"
        hint = f"add somebody ({adding(file.source)}), or delete the file for the one above it to apply"
        yield pages.NOBODY.finding(place, message, hint)
        return
    readers = [resolution for resolution in resolutions if isinstance(resolution, Resolved)]
    if len(file.entries) == 1 or (
        len(readers) == len(file.entries) and len({reader.key.fingerprint for reader in readers}) == 1
    ):
        message = "has a single reader: with that key every value is lost"
        yield pages.SINGLE.finding(place, message, f"add a second one: {adding(file.source)}")
    if view.has_secret_keys and not any(key.has_secret for resolution in resolutions for key in _keys(resolution)):
        message = "does not name you: no secret key on this keyring belongs to a reader"
        hint = "if you are to read these values, have somebody who can add you"
        yield pages.WITHOUT_YOU.finding(place, message, hint)


def _odd(path: str, line: int, oddity: Oddity, message: str) -> Finding:
    rule, hint = _ODDITIES[oddity]
    return rule.finding(Place(path, line), message, hint)


def _recipient(resolution: Resolution, view: View) -> Iterator[Finding]:
    recipient = resolution.recipient
    yield from _claims(resolution, view)
    if isinstance(resolution, Refused):
        sentence, hints = _refused(resolution, view)
        hint = "\n".join(hints) or None
        yield _REFUSALS[resolution.reason].finding(_place(recipient), sentence, hint)
        return
    yield from _writing(recipient, resolution)
    yield from _expiry(recipient, resolution, view)


def _refused(refused: Refused, view: View) -> tuple[str, Sequence[str]]:
    """What is wrong and what helps, in words that suit the keys that were asked."""
    recipient, hints = refused.recipient, refused.error.hints
    sentence = refused.error.sentence.removeprefix(f"{recipient.where}: ")
    if view.keys_in is None:
        return sentence, hints
    if refused.reason is Refusal.UNKNOWN:
        sentence = f"{recipient.described}: no such key in {view.keys_in}"
    return sentence, [KEEP_HINT if hint == IMPORT_HINT else hint for hint in hints]


def _writing(recipient: Recipient, resolved: Resolved) -> Iterator[Finding]:
    """How the recipient is named; one finding, the gravest."""
    pin = "eyamlgpg recipients pin writes the full fingerprint"
    user_id = resolved.key.user_id if resolved.user_id is None else resolved.user_id.text
    who = f"{user_id}, {resolved.key.fingerprint}"
    identifier = Identifier.read(recipient.name)
    if identifier is not None and identifier.form is Form.FINGERPRINT:
        return
    if identifier is not None and identifier.form is Form.SHORT_KEY_ID:
        message = f"{recipient.known}: is a short key ID, which can be forged; here it means {who}"
        yield pages.SHORT_ID.finding(_place(recipient), message, pin)
    elif resolved.warnings:
        message = f"{recipient.known}: is only a part of a user ID; here it means {who}"
        yield pages.PART_OF_NAME.finding(_place(recipient), message, pin)
    else:
        message = f"{recipient.known}: is not pinned: another keyring may hold another key for it; here it means {who}"
        yield pages.NOT_PINNED.finding(_place(recipient), message, pin)


def _claims(resolution: Resolution, view: View) -> Iterator[Finding]:
    """Names on the recipient's key that are somebody else's, as far as is known here; which key is meant is certain."""
    keys = _keys(resolution)
    for claim in view.certified.claims(keys[0]) if len(keys) == 1 else ():
        recipient = resolution.recipient
        message = (
            f"{recipient.known}: key {keys[0].fingerprint} calls itself {claim.user_id.text}, too, "
            f"which is certified for {claim.holder.fingerprint} alone"
        )
        hint = "ask both owners, and whoever brought the key; do not certify that user ID"
        yield pages.CLAIMED_USER_ID.finding(_place(recipient), message, hint)


def _expiry(recipient: Recipient, resolved: Resolved, view: View) -> Iterator[Finding]:
    expires = min((part.expires for part in (resolved.key.primary, resolved.subkey) if part.expires), default=None)
    if expires is not None and expires - view.now <= SOON:
        days = (expires - view.now).days
        fingerprint = resolved.key.fingerprint
        left = "today" if days == 0 else f"in {days} day{'' if days == 1 else 's'}, on {expires:%Y-%m-%d}"
        message = f"{recipient.known}: key {fingerprint} ({resolved.key.user_id}) expires {left}"
        hint = f"its owner can extend it (gpg --quick-set-expire {fingerprint} 2y) and send it again"
        yield pages.EXPIRING.finding(_place(recipient), message, hint)


def _same_key(file: RecipientsFile, resolutions: Sequence[Resolution]) -> Iterator[Finding]:
    """Two ways of writing that mean the same key; twice the same writing is an oddity of the file already."""
    first: dict[str, Entry] = {}
    for entry, resolution in zip(file.entries, resolutions, strict=True):
        if isinstance(resolution, Refused):
            continue
        recipient = resolution.recipient
        known = first.setdefault(resolution.subkey.fingerprint, entry)
        earlier = known.recipient
        if known is not entry and identity(earlier.name) != identity(recipient.name) and not is_by_roles(known, entry):
            message = f"{recipient.known}: means the same key as {earlier.known} in line {earlier.line}"
            _, hint = _ODDITIES[Oddity.DUPLICATE]
            yield pages.DUPLICATE.finding(_place(recipient), message, hint)


def _comments(file: RecipientsFile, resolutions: Sequence[Resolution]) -> Iterator[Finding]:
    for entry, resolution in zip(file.entries, resolutions, strict=True):
        keys = _keys(resolution)
        if len(keys) == 1:
            yield from comment_differs.find(entry, keys[0])


def _place(recipient: Recipient) -> Place:
    return Place(recipient.source, recipient.line, about=recipient.name)


def _keys(resolution: Resolution) -> tuple[Key, ...]:
    return resolution.candidates if isinstance(resolution, Refused) else (resolution.key,)
