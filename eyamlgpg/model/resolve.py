"""Each recipient to exactly one key that can be encrypted to, or the reason why not; never a guess.

Refused are keys that are revoked, expired, disabled or without an encryption subkey, and, unless `--gpg-always-trust`
says otherwise, keys that nobody here certified: by address or user ID the validity of that user ID counts, by
fingerprint or key ID that of the whole key.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from eyamlgpg.errors import EyamlgpgError, RecipientError, raise_all
from eyamlgpg.model.access import KeyIndex
from eyamlgpg.model.claimed_names import CertifiedNames
from eyamlgpg.model.import_hints import Kept, certified_in_repository, with_import_hints
from eyamlgpg.model.keys import Fingerprint, Key, Subkey
from eyamlgpg.model.matching import Form, Found, KeyNames, Match
from eyamlgpg.model.objections import IMPORT_HINT, Objection, judge
from eyamlgpg.model.recipients import (
    Recipient,
    Refusal,
    Refused,
    Resolution,
    Resolved,
    asks_for_exactly_one_subkey,
)
from eyamlgpg.model.suggestions import did_you_mean_key

COMMANDS = frozenset({"recipients add", "recipients replace"})
"""Sources that are commands, whose arguments are parted by blanks."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What decides beside the keys themselves."""

    now: datetime
    always_trust: bool
    kept: Kept | None = None
    """The keys of the repository, for hints; None where they are not known."""


class Resolver:
    """Recipients to keys: one keyring, one moment, one word on validity. The keyring is asked when first needed."""

    def __init__(
        self,
        listed: Callable[[], Sequence[Key]],
        now: datetime,
        *,
        always_trust: bool = False,
        keys_in: str | None = None,
        kept: Kept | None = None,
    ) -> None:
        """`keys_in` is the folder of the tree that the keys come from; None for the user's own keyring.

        `always_trust` takes keys that nobody certified; it never helps an expired or revoked one. `kept` is asked
        what the repository keeps, where somebody cannot be encrypted to.
        """
        self._listed = listed
        self.now = now
        self.keys_in = keys_in
        self._terms = Terms(now, always_trust, kept)
        self.failure: EyamlgpgError | None = None
        """Why the keyring cannot be used, once it was asked for in vain: then nobody can be judged."""

    def resolve(self, recipients: Iterable[Recipient]) -> tuple[Resolution, ...]:
        """Every recipient with its key or its refusal, in order."""
        return tuple(resolution(recipient, self.names, self._terms) for recipient in recipients)

    @cached_property
    def keys(self) -> Sequence[Key]:
        """The keyring, as it was when first asked for; raises what makes it unusable, and asks no second time."""
        if self.failure is not None:
            raise self.failure
        try:
            return self._listed()
        except EyamlgpgError as error:
            self.failure = error
            raise

    @cached_property
    def names(self) -> KeyNames:
        """The names that the keys have."""
        return KeyNames(self.keys)

    @cached_property
    def index(self) -> KeyIndex:
        """The owners of key IDs."""
        return KeyIndex(self.keys)

    @cached_property
    def certified(self) -> CertifiedNames:
        """The names that are certified for a key."""
        return CertifiedNames(self.keys)


def usable(resolutions: Iterable[Resolution]) -> tuple[Resolved, ...]:
    """Those to encrypt to, each subkey once; raises every refusal at once, so that one bad recipient stops all.

    Of two recipients that mean the same subkey the first stays and takes over the other's warnings.
    """
    chosen: dict[Fingerprint, Resolved] = {}
    errors: list[RecipientError] = []
    for resolution in resolutions:
        if isinstance(resolution, Refused):
            errors.append(resolution.error)
            continue
        first = chosen.setdefault(resolution.subkey.fingerprint, resolution)
        if first is not resolution:
            chosen[resolution.subkey.fingerprint] = replace(first, warnings=first.warnings + resolution.warnings)
    raise_all(errors)
    return tuple(chosen.values())


def pinned_name(resolved: Resolved) -> str:
    """The full fingerprint that means the same for good, with its `!` where the recipient had one."""
    if asks_for_exactly_one_subkey(resolved.recipient):
        return f"{resolved.subkey.fingerprint}!"
    return resolved.key.fingerprint


def resolution(recipient: Recipient, names: KeyNames, terms: Terms) -> Resolution:
    """One recipient with its key, or refused with an error that names recipient, place and fingerprint."""
    found = _found(recipient, names)
    if not found.matches:
        return _nobody(recipient, found, names, terms.kept)
    verdicts = [(match, judge(match, now=terms.now, always_trust=terms.always_trust)) for match in found.matches]
    if found.form is Form.PART and len(verdicts) > 1:
        return _ambiguous(recipient, verdicts)
    free = [(match, subkey) for match, subkey in verdicts if isinstance(subkey, Subkey)]
    if len(free) == 1:
        [(match, subkey)] = free
        return Resolved(recipient, match.key, subkey, match.user_id, _warnings(recipient, found.form, match))
    match, verdict = verdicts[0]
    if len(verdicts) > 1 or isinstance(verdict, Subkey):
        return _ambiguous(recipient, verdicts)
    return _refused(recipient, match, verdict, names, terms.kept)


def _found(recipient: Recipient, names: KeyNames) -> Found:
    """What a recipient means: the user ID that the whole text is, else the name that is left of it.

    A name that was repaired must say by itself who is meant: the keys that have it in their user ID are none of it.
    """
    if recipient.whole is not None and (whole := names.find_user_id(recipient.whole)).matches:
        return whole
    found = names.find(recipient.name)
    if recipient.is_repaired and found.matches and not _is_exact(recipient.name, found):
        return Found(found.form, ())
    return found


def _is_exact(name: str, found: Found) -> bool:
    return found.form in (Form.FINGERPRINT, Form.KEY_ID, Form.SHORT_KEY_ID) or "@" in name


def _warnings(recipient: Recipient, form: Form, match: Match) -> tuple[str, ...]:
    better = f"write the full fingerprint: {match.key.fingerprint}"
    if form is Form.SHORT_KEY_ID:
        return (f"{recipient.where}: {recipient.known}: a short key ID can be forged; {better}",)
    if form is Form.PART:
        return (f"{recipient.where}: {recipient.known}: is only a part of the user ID {_name(match)}; {better}",)
    return ()


def _nobody(recipient: Recipient, found: Found, names: KeyNames, kept: Kept | None) -> Refused:
    if found.form is Form.EMPTY:
        error = RecipientError(
            f"{recipient.where}: {recipient.shown!r}: an empty name is no recipient", "is there a comma too many?"
        )
        return Refused(recipient, error, Refusal.EMPTY)
    problem = "no such key on the keyring" if names.keys else "no such key, for the keyring is empty"
    hints = (*_comment_hint(recipient), *_list_hint(recipient), *did_you_mean_key(recipient.name, names), IMPORT_HINT)
    hints = with_import_hints(hints, recipient.name, kept)
    return Refused(
        recipient, RecipientError(f"{recipient.where}: {recipient.described}: {problem}", *hints), Refusal.UNKNOWN
    )


def _comment_hint(recipient: Recipient) -> tuple[str, ...]:
    is_cut = recipient.line is not None and " #" in recipient.name.replace("\t", " ")
    return ("a comment stands on a line of its own, above the name",) if is_cut else ()


def _list_hint(recipient: Recipient) -> tuple[str, ...]:
    """Of what may be a list, and was not split, since `Doe, John <john@example.com>` must never mean another Doe."""
    if "," not in recipient.name or "@" not in recipient.name:
        return ()
    if recipient.line is not None:
        apart = ", a line each"
    else:
        apart = ", separated by commas" if recipient.source not in COMMANDS else ", each as a word of its own"
    return (f"it was taken for one user ID; if it means several people, write their addresses alone{apart}",)


def _ambiguous(recipient: Recipient, verdicts: Sequence[tuple[Match, Subkey | Objection]]) -> Refused:
    hopeless = all(isinstance(verdict, Objection) for _, verdict in verdicts)
    error = RecipientError(
        f"{recipient.where}: {recipient.known}: matches {len(verdicts)} keys"
        f"{', and none of them can be used' if hopeless else ''}",
        *(_listed(match, verdict) for match, verdict in verdicts),
        "write the full fingerprint of the one that is meant",
    )
    return Refused(recipient, error, Refusal.AMBIGUOUS, tuple(match.key for match, _ in verdicts))


def _refused(recipient: Recipient, match: Match, objection: Objection, names: KeyNames, kept: Kept | None) -> Refused:
    # Who wrote the whole fingerprint need not read it twice.
    written = "" if recipient.name == match.key.fingerprint else f"{recipient.known}: "
    sentence = f"{recipient.where}: {written}key {match.key.fingerprint} ({_name(match)}) {objection.words}"
    hints = with_import_hints(objection.hints, match.key.fingerprint, kept)
    if objection.reason is Refusal.NOT_CERTIFIED:
        hints = (*certified_in_repository(match.key, names.keys, kept), *hints)
    return Refused(recipient, RecipientError(sentence, *hints), objection.reason, (match.key,))


def _listed(match: Match, verdict: Subkey | Objection) -> str:
    validity = match.key.validity if match.user_id is None else match.user_id.validity
    expires = match.key.primary.expires
    expiry = f"expires {expires:%Y-%m-%d}" if expires else "never expires"
    state = verdict.words if isinstance(verdict, Objection) else "can be used"
    return f"{match.key.fingerprint}  {_name(match)}  validity {validity.word}, {expiry}: {state}"


def _name(match: Match) -> str:
    return match.key.user_id if match.user_id is None else match.user_id.text
