"""The key IDs of a person, by which a message names its readers."""

from eyamlgpg.errors import RecipientError
from eyamlgpg.model.claimed_names import without_claims
from eyamlgpg.model.import_hints import Kept
from eyamlgpg.model.keys import KeyId
from eyamlgpg.model.matching import Form, Identifier, KeyNames
from eyamlgpg.operations.keys.select import no_such_key
from eyamlgpg.operations.ports import Keyring


def key_ids_of(name: str, keyring: Keyring, kept: Kept | None = None) -> frozenset[KeyId]:
    """Every key ID of the person whom a name means, by the rules for recipients.

    A fingerprint or key ID that is not on the keyring stands for itself: its owner may be among the unknown readers.
    Two keys of one address are one person's, but for one on which nobody certified it while the other has it certified.
    Raises RecipientError for a name that means nobody, or a part of several; `kept`: the keys of the repository, for
    its hint.
    """
    names = KeyNames(keyring.keys())
    found = names.find(name)
    identifier = Identifier.read(name)
    if not found.matches and identifier is not None and found.form is not Form.SHORT_KEY_ID:
        return frozenset({KeyId(identifier.digits[-16:])})
    if not found.matches:
        raise no_such_key(name, names, kept)
    matches = without_claims(found.matches)
    if found.form is Form.PART and len(matches) > 1:
        listed = (f"{match.key.fingerprint}  {match.key.user_id}" for match in matches)
        raise RecipientError(f"{name}: is a part of the names of {len(matches)} keys", *listed)
    return frozenset(
        part.key_id for match in matches for part in ((match.forced,) if match.forced is not None else match.key.parts)
    )
