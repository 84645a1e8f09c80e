"""`keys check`: every key that the values of a tree are encrypted to, and what will hold people up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from eyamlgpg.errors import FormatError, RecipientError
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.openpgp.certificate import Certificate, parse
from eyamlgpg.formats.openpgp.copies import is_newer, self_signatures
from eyamlgpg.formats.openpgp.signature import HASHES
from eyamlgpg.model.claimed_names import CertifiedNames
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.keys import Fingerprint, Key, Protection
from eyamlgpg.model.recipients import Recipient, Refusal, Refused, Resolution, Resolved
from eyamlgpg.operations.ports import Certificates, Keyring, SecretKeys
from eyamlgpg.operations.tree.extent import Extent
from eyamlgpg.operations.tree.stored_keys import Stored
from eyamlgpg.rules.keys import KeyFacts, Listed, find, without_key


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """What is to be judged, and as of when."""

    now: datetime
    within: timedelta
    extents: tuple[Extent, ...]
    stored: Stored
    puppetmasters: frozenset[Fingerprint] = frozenset()
    """Whose keys are meant to be without passphrase."""


@dataclass(frozen=True, slots=True)
class CheckPorts:
    """The world of a check."""

    keyring: Keyring
    certificates: Certificates
    secret_keys: SecretKeys


@dataclass(frozen=True, slots=True)
class CheckedKey:
    """One recipient of the tree: a key with every line that means it, or a name that means none."""

    name: str
    """The key's user ID; the recipient as written where there is no key."""
    key: Key | None
    places: tuple[Recipient, ...]
    values: int
    """That nobody can encrypt anew while this recipient cannot be encrypted to."""
    protection: Protection | None
    findings: tuple[Finding, ...]
    passphrase_seconds: float | None = None
    """What its passphrase costs at each private-key operation; None for a key of others, or without one."""


@dataclass(slots=True)
class _Group:
    """The lines that mean one key, while they are gathered."""

    resolutions: list[Resolution] = field(default_factory=list)
    extents: list[Extent] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the keyring tells of keys beside its listing, asked for once."""

    certificates: Mapping[Fingerprint, Certificate]
    protections: Mapping[Fingerprint, Protection]
    names: CertifiedNames
    passphrase_seconds: float | None


def check(request: CheckRequest, ports: CheckPorts) -> tuple[CheckedKey, ...]:
    """Each recipient once, in the order of the recipients files; RecipientError where the tree has none."""
    if not request.extents:
        raise RecipientError(f"there is no {RECIPIENTS_FILE} in this tree, so there is no key to check")
    groups = _groups(request)
    keys = [key for group in groups.values() if (key := _key(group.resolutions)) is not None]
    protections = ports.secret_keys.protections(keys)
    known = _Known(
        _certificates(keys, ports.certificates),
        protections,
        CertifiedNames(ports.keyring.keys()),
        ports.secret_keys.passphrase_seconds() if Protection.PASSPHRASE in protections.values() else None,
    )
    return tuple(_checked(group, request, known) for group in groups.values())


def _groups(request: CheckRequest) -> Mapping[str, _Group]:
    groups: dict[str, _Group] = {}
    for extent in request.extents:
        for resolution in extent.governed.resolutions:
            key = _key([resolution])
            group = groups.setdefault(resolution.recipient.name if key is None else key.fingerprint, _Group())
            group.resolutions.append(resolution)
            if extent not in group.extents:
                group.extents.append(extent)
    return groups


def _key(resolutions: Sequence[Resolution]) -> Key | None:
    """The key that the recipients mean, whether it can be used or not; None where it is unknown or not certain."""
    resolution = resolutions[0]
    if isinstance(resolution, Resolved):
        return resolution.key
    return resolution.candidates[0] if len(resolution.candidates) == 1 else None


def _checked(group: _Group, request: CheckRequest, known: _Known) -> CheckedKey:
    first = group.resolutions[0]
    key = _key(group.resolutions)
    values = sum(extent.values for extent in group.extents)
    protection = None if key is None else known.protections.get(key.fingerprint)
    name = first.recipient.shown if key is None else key.user_id
    who = first.recipient.described if key is None else f"{name} ({key.fingerprint})"
    listed = Listed(who, first.recipient, values)
    if key is None:
        findings: tuple[Finding, ...] = (without_key(first, listed),)
    else:
        findings = tuple(find(key, _facts(key, group, request, known), listed))
    places = tuple(resolution.recipient for resolution in group.resolutions)
    seconds = known.passphrase_seconds if protection is Protection.PASSPHRASE else None
    return CheckedKey(name, key, places, values, protection, findings, seconds)


def _facts(key: Key, group: _Group, request: CheckRequest, known: _Known) -> KeyFacts:
    certificate = known.certificates.get(key.fingerprint)
    stored = request.stored.by_fingerprint.get(key.fingerprint)
    refusals = [one.reason for one in group.resolutions if isinstance(one, Refused)]
    return KeyFacts(
        now=request.now,
        within=request.within,
        is_certified=Refusal.NOT_CERTIFIED not in refusals,
        weak_hashes=() if certificate is None else _weak_hashes(certificate),
        is_newer_in_repository=bool(stored and certificate and is_newer(stored.certificate, certificate)),
        protection=None if key.fingerprint in request.puppetmasters else known.protections.get(key.fingerprint),
        claims=known.names.claims(key),
    )


def _weak_hashes(certificate: Certificate) -> tuple[str, ...]:
    used = [signature.hash_algorithm for signature in self_signatures(certificate)]
    return tuple(dict.fromkeys(HASHES[number] for number in used if number in HASHES))


def _certificates(keys: Sequence[Key], certificates: Certificates) -> Mapping[Fingerprint, Certificate]:
    fingerprints = list(dict.fromkeys(key.fingerprint for key in keys))
    if not fingerprints:
        return {}
    return {one.fingerprint: one for one in _parsed(certificates.whole(fingerprints))}


def _parsed(binary: bytes) -> Iterator[Certificate]:
    try:
        yield from parse(binary)
    except FormatError as error:
        raise error.located("the keyring") from None
