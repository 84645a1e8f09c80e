"""Who can be added to a message as it stands, so that only its header changes."""

from eyamlgpg.formats.openpgp.packets import Message
from eyamlgpg.model.messages import RecipientSubkeys


def newcomers(told: Message, readers: RecipientSubkeys) -> RecipientSubkeys:
    """Those of the readers whom a message lacks, where that is all that keeps it from being for exactly them.

    None where it must be made anew: it names somebody else, an old subkey, a hidden reader or one key ID twice, a
    passphrase opens it, its integrity is not protected, or two of the readers cannot be told apart by their key IDs.
    """
    named, wanted = set(told.key_ids), {subkey.key_id for subkey in readers}
    if told.symmetric or not told.integrity_protected or len(named) < len(told.key_ids):
        return ()
    if not named < wanted or len(wanted) < len(readers):
        return ()
    return tuple(subkey for subkey in readers if subkey.key_id not in named)
