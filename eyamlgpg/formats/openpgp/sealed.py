"""An encrypted message of the everyday kind, taken apart: session key packets, then one packet of encrypted data."""

from dataclasses import dataclass

from eyamlgpg.formats.openpgp.armor import is_armored_message
from eyamlgpg.formats.openpgp.framing import ONE_PASS_SIGNATURE, SIGNATURE, split
from eyamlgpg.formats.openpgp.leading_key_ids import PKESK
from eyamlgpg.formats.openpgp.packets import OCB, SED, SEIPD, SKESK
from eyamlgpg.formats.openpgp.unusual import LeftToGnupg, Unusual
from eyamlgpg.model.keys import HIDDEN_KEY_ID, KeyId

_VERSION = 3
"""Of a session key packet (RFC 9580, 5.1.1), the only one that gpg reads."""

_ELSEWHERE = {
    SKESK: Unusual.PASSPHRASE,
    SED: Unusual.NO_INTEGRITY,
    SIGNATURE: Unusual.SIGNED,
    ONE_PASS_SIGNATURE: Unusual.SIGNED,
}


@dataclass(frozen=True, slots=True)
class SessionKeyPacket:
    """A session key, encrypted to one (sub)key (RFC 9580, 5.1.1)."""

    key_id: KeyId
    algorithm: int
    encrypted: bytes
    """The fields of the algorithm, to the end of the packet."""


@dataclass(frozen=True, slots=True)
class SealedMessage:
    """What stands before the encrypted data, and the data; neither holds anything secret."""

    session_keys: tuple[SessionKeyPacket, ...]
    tag: int
    """SEIPD or OCB."""
    data: bytes
    """The body of that packet."""


def take_apart(message: bytes) -> SealedMessage:
    """The parts of one binary message; raises LeftToGnupg for anything but the everyday kind."""
    if is_armored_message(message):
        raise LeftToGnupg(Unusual.ARMORED)
    session_keys: list[SessionKeyPacket] = []
    data: tuple[int, bytes] | None = None
    for tag, body in split(message):
        if data is not None:
            raise LeftToGnupg(Unusual.UNKNOWN)
        if tag == PKESK:
            session_keys.append(_session_key(body))
        elif tag in (SEIPD, OCB):
            data = tag, body
        else:
            raise LeftToGnupg(_ELSEWHERE.get(tag, Unusual.UNKNOWN))
    if data is None or not session_keys:
        raise LeftToGnupg(Unusual.DAMAGED)
    return SealedMessage(tuple(session_keys), *data)


def _session_key(body: bytes) -> SessionKeyPacket:
    if body[:1] != bytes([_VERSION]) or len(body) < 11:
        raise LeftToGnupg(Unusual.UNKNOWN)
    key_id = KeyId(body[1:9].hex().upper())
    if key_id == HIDDEN_KEY_ID:
        raise LeftToGnupg(Unusual.HIDDEN)
    return SessionKeyPacket(key_id, body[9], body[10:])
