"""One message opened by the agent's operation and this process, or left to gpg."""

from collections.abc import Collection, Mapping

from eyamlgpg.formats.openpgp.content import plaintext_of
from eyamlgpg.formats.openpgp.sealed import SealedMessage, take_apart
from eyamlgpg.formats.openpgp.session_key import SessionKey
from eyamlgpg.formats.openpgp.unusual import LeftToGnupg, Unusual
from eyamlgpg.gpg.opening.assuan import Refused
from eyamlgpg.gpg.opening.data import content_of
from eyamlgpg.gpg.opening.own_keys import OwnKey
from eyamlgpg.gpg.opening.session_keys import PrivateKeys, session_key_of
from eyamlgpg.model import limits
from eyamlgpg.model.keys import KeyId


class Opener:
    """Opens everyday messages with the keys of one home."""

    def __init__(self, keys: Mapping[KeyId, OwnKey], agent: PrivateKeys) -> None:
        self._keys = keys
        self._agent = agent

    def open(self, message: bytes, allowed: Collection[KeyId], refused: set[KeyId]) -> bytes:
        """The exact plaintext; raises LeftToGnupg, and `assuan.Unexpected` where the agent cannot be talked to.

        Only keys that are `allowed` are used, in the order of the message; those that the agent refuses are added to
        `refused`.
        """
        if len(message) > limits.AT_ONCE:
            raise LeftToGnupg(Unusual.LARGE)
        apart = take_apart(message)
        return plaintext_of(content_of(apart, self._session_key(apart, allowed, refused)), limits.AT_ONCE)

    def _session_key(self, message: SealedMessage, allowed: Collection[KeyId], refused: set[KeyId]) -> SessionKey:
        for packet in message.session_keys:
            if packet.key_id in allowed and packet.key_id in self._keys:
                try:
                    return session_key_of(packet, self._keys[packet.key_id], self._agent)
                except Refused:
                    refused.add(packet.key_id)
        raise LeftToGnupg(Unusual.NO_KEY)
