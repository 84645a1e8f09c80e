"""What is doubtful in a recipients file: each line, and who they are together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from eyamlgpg.formats.eyaml.recipients_file import Doubt, RecipientsFile
from eyamlgpg.formats.eyaml.recipients_lines import identity
from eyamlgpg.model.claimed_names import CertifiedNames
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.keys import Key
from eyamlgpg.model.matching import Form, Identifier
from eyamlgpg.model.objections import IMPORT_HINT
from eyamlgpg.model.recipients import Recipient, Refusal, Refused, Resolution, Resolved
from eyamlgpg.rules.rule import adding

KEEP_HINT = "put it there: eyamlgpg keys export ID, and commit it"
"""What helps where a key is missing among those of the repository."""

SOON = timedelta(days=60)
"""How long before a key expires its owner had better extend it."""

_DOUBTS = {
    Doubt.BYTE_ORDER_MARK: ("recipients-byte-order-mark", "save the file as UTF-8 without a byte order mark"),
    Doubt.INDENTED_COMMENT: ("recipients-indented-comment", "let the # be the first character of its line"),
    Doubt.TRAILING_COMMENT: ("recipients-trailing-comment", "put the comment on a line of its own, above"),
    Doubt.COMMA_LIST: ("recipients-comma-list", "write one recipient a line"),
    Doubt.DUPLICATE: ("recipient-duplicate", "take one of the two lines out"),
}

_REFUSALS = {
    Refusal.EMPTY: "recipient-empty",
    Refusal.UNKNOWN: "recipient-unknown",
    Refusal.AMBIGUOUS: "recipient-ambiguous",
    Refusal.REVOKED: "recipient-revoked",
    Refusal.EXPIRED: "recipient-expired",
    Refusal.DISABLED: "recipient-unusable",
    Refusal.INVALID: "recipient-unusable",
    Refusal.NO_ENCRYPTION_SUBKEY: "recipient-unusable",
    Refusal.VOID_USER_ID: "recipient-void-user-id",
    Refusal.NOT_CERTIFIED: "recipient-not-certified",
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


def findings(file: RecipientsFile, resolutions: Sequence[Resolution], view: View) -> tuple[Finding, ...]:
    """Everything doubtful in a file, by line; what regards the whole file comes first. `resolutions`: one an entry."""
    found = [
        *_whole(file, resolutions, view),
        *(_doubt(file.source, doubt.line, doubt.doubt, doubt.message) for doubt in file.doubts),
        *(one for resolution in resolutions for one in _recipient(resolution, view)),
        *_same_key(resolutions),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: finding.line or 0))


def _whole(file: RecipientsFile, resolutions: Sequence[Resolution], view: View) -> Iterator[Finding]:
    def finding(rule: str, severity: Severity, message: str, hint: str) -> Finding:
        return Finding(rule, severity, file.source, None, None, None, message, hint)

    if not file.entries:
        message = "names nobody, so nothing in its folder and below can be encrypted"
        hint = f"add somebody ({adding(file.source)}), or delete the file for the one above it to apply"
        yield finding("recipients-nobody", Severity.ERROR, message, hint)
        return
    readers = [resolution for resolution in resolutions if isinstance(resolution, Resolved)]
    if len(file.entries) == 1 or (
        len(readers) == len(file.entries) and len({reader.key.fingerprint for reader in readers}) == 1
    ):
        message = "has a single reader: with that key every value is lost"
        yield finding("recipients-single", Severity.WARNING, message, f"add a second one: {adding(file.source)}")
    if view.has_secret_keys and not any(key.has_secret for resolution in resolutions for key in _keys(resolution)):
        message = "does not name you: no secret key on this keyring belongs to a reader"
        hint = "if you are to read these values, have somebody who can add you"
        yield finding("recipients-without-you", Severity.WARNING, message, hint)


def _doubt(path: str, line: int, doubt: Doubt, message: str) -> Finding:
    rule, hint = _DOUBTS[doubt]
    return Finding(rule, Severity.WARNING, path, line, None, None, message, hint)


def _recipient(resolution: Resolution, view: View) -> Iterator[Finding]:
    recipient = resolution.recipient
    yield from _claims(resolution, view)
    if isinstance(resolution, Refused):
        sentence, hints = _refused(resolution, view)
        hint = "\n".join(hints) or None
        yield _at(recipient, _REFUSALS[resolution.reason], Severity.ERROR, sentence, hint)
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
        sentence = f"{recipient.shown}: no such key in {view.keys_in}"
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
        yield _at(recipient, "recipient-short-id", Severity.WARNING, message, pin)
    elif resolved.warnings:
        message = f"{recipient.known}: is only a part of a user ID; here it means {who}"
        yield _at(recipient, "recipient-part-of-name", Severity.WARNING, message, pin)
    else:
        message = f"{recipient.known}: is not pinned: another keyring may hold another key for it; here it means {who}"
        yield _at(recipient, "recipient-not-pinned", Severity.WARNING, message, pin)


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
        yield _at(recipient, "recipient-claimed-user-id", Severity.ERROR, message, hint)


def _expiry(recipient: Recipient, resolved: Resolved, view: View) -> Iterator[Finding]:
    expires = min((part.expires for part in (resolved.key.primary, resolved.subkey) if part.expires), default=None)
    if expires is not None and expires - view.now <= SOON:
        days = (expires - view.now).days
        fingerprint = resolved.key.fingerprint
        left = "today" if days == 0 else f"in {days} day{'' if days == 1 else 's'}, on {expires:%Y-%m-%d}"
        message = f"{recipient.known}: key {fingerprint} ({resolved.key.user_id}) expires {left}"
        hint = f"its owner can extend it (gpg --quick-set-expire {fingerprint} 2y) and send it again"
        yield _at(recipient, "recipient-expiring", Severity.WARNING, message, hint)


def _same_key(resolutions: Sequence[Resolution]) -> Iterator[Finding]:
    """Two ways of writing that mean the same key; twice the same writing is a doubt of the file already."""
    first: dict[str, Recipient] = {}
    for resolution in resolutions:
        if isinstance(resolution, Refused):
            continue
        recipient = resolution.recipient
        earlier = first.setdefault(resolution.subkey.fingerprint, recipient)
        if earlier is not recipient and identity(earlier.name) != identity(recipient.name):
            message = f"{recipient.known}: means the same key as {earlier.known} in line {earlier.line}"
            _, hint = _DOUBTS[Doubt.DUPLICATE]
            yield _at(recipient, "recipient-duplicate", Severity.WARNING, message, hint)


def _at(recipient: Recipient, rule: str, severity: Severity, message: str, hint: str | None) -> Finding:
    return Finding(rule, severity, recipient.source, recipient.line, None, None, message, hint, recipient.name)


def _keys(resolution: Resolution) -> tuple[Key, ...]:
    return resolution.candidates if isinstance(resolution, Refused) else (resolution.key,)
