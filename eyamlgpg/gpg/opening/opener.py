"""One message opened by the agent's operation and this process, or left to gpg."""

from collections import OrderedDict
from collections.abc import Collection, Mapping

from eyamlgpg.formats.openpgp.content import plaintext_of
from eyamlgpg.formats.openpgp.packets import SEIPD
from eyamlgpg.formats.openpgp.sealed import SealedMessage, SessionKeyPacket, take_apart
from eyamlgpg.formats.openpgp.session_key import SessionKey
from eyamlgpg.formats.openpgp.unusual import LeftToGnupg, Unusual
from eyamlgpg.gpg.opening.assuan import Refused
from eyamlgpg.gpg.opening.data import content_of
from eyamlgpg.gpg.opening.own_keys import OwnKey
from eyamlgpg.gpg.opening.session_keys import PrivateKeys, session_key_of
from eyamlgpg.model import limits
from eyamlgpg.model.keys import KeyId

REMEMBERED = 256
"""Session keys that are kept, of the packets that came last: values of one file may share one."""


class Opener:
    """Opens everyday messages with the keys of one home.

    The agent is asked once for each session key packet, as long as that is remembered: the same packet gives the same
    session key.
    """

    def __init__(self, keys: Mapping[KeyId, OwnKey], agent: PrivateKeys) -> None:
        self._keys = keys
        self._agent = agent
        self._remembered: OrderedDict[SessionKeyPacket, SessionKey] = OrderedDict()

    @property
    def keys(self) -> Collection[KeyId]:
        """All own keys."""
        return self._keys.keys()

    def open(self, message: bytes, allowed: Collection[KeyId], refused: set[KeyId]) -> bytes:
        """The exact plaintext; raises LeftToGnupg, and `assuan.Unexpected` where the agent cannot be talked to.

        Only keys that are `allowed` are used, in the order of the message; those that the agent refuses are added to
        `refused`.
        """
        if len(message) > limits.AT_ONCE:
            raise LeftToGnupg(Unusual.LARGE)
        apart = take_apart(message)
        return plaintext_of(content_of(apart, self._session_key(apart, allowed, refused)), limits.AT_ONCE)

    def session_key(self, message: bytes, allowed: Collection[KeyId], refused: set[KeyId]) -> SessionKey:
        """The session key of a message whose encrypted data it proves; raises as `open`.

        LeftToGnupg for gpg's OCB packet as well, which not everybody reads whom the message may be handed to.
        """
        if len(message) > limits.AT_ONCE:
            raise LeftToGnupg(Unusual.LARGE)
        apart = take_apart(message)
        if apart.tag != SEIPD:
            raise LeftToGnupg(Unusual.UNKNOWN)
        key = self._session_key(apart, allowed, refused)
        content_of(apart, key)
        return key

    def _session_key(self, message: SealedMessage, allowed: Collection[KeyId], refused: set[KeyId]) -> SessionKey:
        for packet in message.session_keys:
            if packet.key_id in allowed and packet.key_id in self._keys:
                try:
                    return self._of_packet(packet)
                except Refused:
                    refused.add(packet.key_id)
        raise LeftToGnupg(Unusual.NO_KEY)

    def _of_packet(self, packet: SessionKeyPacket) -> SessionKey:
        key = self._remembered.get(packet)
        if key is None:
            key = self._remembered[packet] = session_key_of(packet, self._keys[packet.key_id], self._agent)
            if len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return key
