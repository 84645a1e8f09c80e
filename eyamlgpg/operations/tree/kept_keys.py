"""Which key of `.eyamlgpg/keys` a name means, for hints: read when first asked for, and nothing is ever an error."""

from collections.abc import Callable, Sequence
from functools import cached_property

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.formats.openpgp.certificate import Certificate
from eyamlgpg.model.import_hints import KeptKey
from eyamlgpg.model.keys import UserId, Validity
from eyamlgpg.model.matching import Identifier, folded
from eyamlgpg.operations.tree.stored_keys import read_all
from eyamlgpg.operations.tree_ports import Tree


class KeptKeys:
    """The keys of one tree by their names."""

    def __init__(self, tree: Callable[[], Tree]) -> None:
        """`tree` is asked for when a key is first looked for."""
        self._tree = tree

    def find(self, name: str) -> KeptKey | None:
        """The one key that a fingerprint, a key ID, a whole address or user ID means; None for none and for several."""
        found = [certificate for certificate in self._certificates if _means(name, certificate)]
        if len(found) != 1:
            return None
        [certificate] = found
        own = certificate.key_id
        signers = (
            signature.issuer
            for part in certificate.user_ids
            for signature in part.signatures
            if signature.is_certification and not signature.is_revocation and signature.issuer != own
        )
        named = next(iter(certificate.names), "a key without a name")
        certified_by = frozenset(issuer for issuer in signers if issuer is not None)
        return KeptKey(certificate.fingerprint, named, certified_by)

    @cached_property
    def _certificates(self) -> Sequence[Certificate]:
        try:
            return [stored.certificate for stored in read_all(self._tree()).by_fingerprint.values()]
        except (EyamlgpgError, OSError):
            return ()


def _means(name: str, certificate: Certificate) -> bool:
    identifier = Identifier.read(name)
    if identifier is not None:
        parts = (certificate, *(Certificate(subkey, (), ()) for subkey in certificate.subkeys))
        return any(part.fingerprint.endswith(identifier.digits) or part.key_id == identifier.digits for part in parts)
    bare = name.strip().removeprefix("=")
    wanted = folded(bare[1:-1] if bare.startswith("<") and bare.endswith(">") else bare)
    for text in certificate.names:
        email = UserId(text, Validity.UNKNOWN).email
        if wanted and wanted in (folded(text), folded(email or text)):
            return True
    return False
