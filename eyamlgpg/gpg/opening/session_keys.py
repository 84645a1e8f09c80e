"""The session key of a message, out of the packet for an own key and the agent's operation on it."""

from typing import Protocol

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

from eyamlgpg.formats.openpgp.public_keys import COORDINATES, CURVE25519, RSA, EcdhKey, RsaKey, is_point
from eyamlgpg.formats.openpgp.sealed import SessionKeyPacket
from eyamlgpg.formats.openpgp.session_key import (
    SessionKey,
    ecdh_fields,
    rsa_fields,
    unframed,
    without_rsa_padding,
    without_wrap_padding,
    wrapping_key,
)
from eyamlgpg.formats.openpgp.unusual import LeftToGnupg, Unusual
from eyamlgpg.gpg.opening.agent import Result
from eyamlgpg.gpg.opening.own_keys import OwnKey


class PrivateKeys(Protocol):
    """Private-key operations: `gpg.opening.agent.Agent`."""

    def rsa(self, keygrip: str, ciphertext: bytes) -> Result:
        """As `Agent.rsa`."""
        ...

    def ecdh(self, keygrip: str, point: bytes, wrapped: bytes) -> Result:
        """As `Agent.ecdh`."""
        ...


def session_key_of(packet: SessionKeyPacket, own: OwnKey, agent: PrivateKeys) -> SessionKey:
    """The session key that a packet holds for one of our keys; LeftToGnupg, or what the agent raises."""
    if isinstance(own.public, RsaKey):
        return _by_rsa(packet, own, own.public, agent)
    return _by_ecdh(packet, own, own.public, agent)


def _by_rsa(packet: SessionKeyPacket, own: OwnKey, key: RsaKey, agent: PrivateKeys) -> SessionKey:
    ciphertext = rsa_fields(packet.encrypted)
    if packet.algorithm not in RSA or packet.algorithm != key.algorithm or int.from_bytes(ciphertext) >= key.modulus:
        raise LeftToGnupg(Unusual.DAMAGED)
    result = agent.rsa(own.keygrip, ciphertext)
    return unframed(result.value if result.is_unpadded else without_rsa_padding(result.value))


def _by_ecdh(packet: SessionKeyPacket, own: OwnKey, key: EcdhKey, agent: PrivateKeys) -> SessionKey:
    point, wrapped = ecdh_fields(packet.encrypted)
    if packet.algorithm != key.algorithm or not is_point(point, key.curve):
        raise LeftToGnupg(Unusual.DAMAGED)
    shared = _coordinate(agent.ecdh(own.keygrip, point, wrapped).value, key.curve)
    try:
        return unframed(without_wrap_padding(aes_key_unwrap(wrapping_key(shared, key), wrapped)))
    except (InvalidUnwrap, ValueError):  # wrong, or of a size that nothing wrapped has
        raise LeftToGnupg(Unusual.DAMAGED) from None


def _coordinate(shared: bytes, curve: bytes) -> bytes:
    """The coordinate of a shared point as the agent writes it: behind `40`, behind `04` and before y, or bare."""
    size = COORDINATES[curve]
    if curve == CURVE25519:
        shared = shared.removeprefix(b"\x40") if len(shared) == size + 1 else shared
    elif len(shared) == 1 + 2 * size and shared[0] == 4:
        shared = shared[1 : 1 + size]
    if len(shared) != size:
        raise LeftToGnupg(Unusual.AGENT)
    return shared
