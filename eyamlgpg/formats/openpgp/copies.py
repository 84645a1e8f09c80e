"""Copies of one public key: what one knows and another does not, and the one form in which a key is kept."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from eyamlgpg.formats.openpgp.certificate import Certificate, Component
from eyamlgpg.formats.openpgp.signature import Signature
from eyamlgpg.model.keys import KeyId


def canonical(certificate: Certificate) -> Certificate:
    """The same key in the one order that does not depend on which keyring it comes from.

    User IDs by their bytes, subkeys by age, signatures by age; gpg chooses the primary user ID and the newest subkey
    by their self-signatures, so no meaning is lost.
    """
    return Certificate(
        _sorted(certificate.primary),
        tuple(sorted(map(_sorted, certificate.user_ids), key=lambda part: (part.tag, part.body))),
        # Made in the same second they keep their order: the first of them is the one that gpg takes.
        tuple(sorted(map(_sorted, certificate.subkeys), key=lambda part: part.body[1:5])),
    )


def with_certifications(certificate: Certificate, sources: Iterable[Certificate]) -> Certificate:
    """The key with others' certifications of its user IDs from other copies of it: of each person the newest.

    Local ones never count.
    """
    found: dict[tuple[int, bytes], list[Signature]] = {}
    for source in sources:
        own = source.key_id  # hashed anew at each look
        for user_id in source.user_ids:
            others = [signature for signature in user_id.signatures if signature.issuer != own]
            found.setdefault((user_id.tag, user_id.body), []).extend(others)
    return replace(
        certificate,
        user_ids=tuple(
            replace(user_id, signatures=_newest_each(user_id.signatures, found.get((user_id.tag, user_id.body), ())))
            for user_id in certificate.user_ids
        ),
    )


def certified_only_by(certificate: Certificate, issuers: Collection[KeyId]) -> Certificate:
    """The key without anybody's certifications of its user IDs but these people's."""
    return replace(
        certificate,
        user_ids=tuple(
            replace(user_id, signatures=tuple(one for one in user_id.signatures if one.issuer in issuers))
            for user_id in certificate.user_ids
        ),
    )


def _newest_each(present: Sequence[Signature], more: Iterable[Signature]) -> tuple[Signature, ...]:
    newest: dict[KeyId, Signature] = {}
    for signature in more:
        if signature.is_certification and signature.is_exportable and signature.issuer is not None:
            known = newest.get(signature.issuer)
            if known is None or signature.age > known.age:
                newest[signature.issuer] = signature
    return (*present, *newest.values())


def self_signatures(certificate: Certificate) -> Iterator[Signature]:
    """The newest self-signature of each part: those that gpg and others judge the key by."""
    key_id = certificate.key_id
    for component in certificate.components:
        own = [signature for signature in component.signatures if signature.issuer == key_id]
        standing = [signature for signature in own if not signature.is_revocation]
        if standing:
            yield max(standing, key=lambda signature: signature.age)


def is_newer(candidate: Certificate, known: Certificate) -> bool:
    """Whether a copy of a key says something of its owner's that another copy does not know yet.

    That is a user ID or subkey, a revocation, or a later self-signature (an expiry moved). Others' certifications
    do not count.
    """
    parts = {(part.tag, part.body): part for part in known.components}
    candidates_id, known_id = candidate.key_id, known.key_id
    for part in candidate.components:
        here = parts.get((part.tag, part.body))
        if here is None:
            return True
        ours = {signature for signature in here.signatures if signature.issuer == known_id}
        latest = max((signature.created for signature in ours), default=datetime.fromtimestamp(0, UTC))
        for signature in part.signatures:
            if signature.issuer != candidates_id or signature in ours:
                continue
            if signature.is_revocation or signature.created > latest:
                return True
    return False


def _sorted(component: Component) -> Component:
    return replace(component, signatures=tuple(sorted(set(component.signatures), key=lambda one: one.age)))
