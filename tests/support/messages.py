"""Values whose messages name given key IDs; nobody can open them, which no check asks for."""

from base64 import b64encode

from eyamlgpg.model.keys import HIDDEN_KEY_ID, Key, KeyId


def _packet(tag: int, body: bytes) -> bytes:
    return bytes([0xC0 | tag, len(body)]) + body


def message(*key_ids: str, passphrase: bool = False, protected: bool = True) -> bytes:
    """Packet headers only: a session key for each key ID, then protected data, or data of the old kind."""
    session_keys = b"".join(_packet(1, b"\3" + bytes.fromhex(key_id) + b"\x12" + bytes(40)) for key_id in key_ids)
    symmetric = _packet(3, b"\4\x09\3\x08" + bytes(9)) if passphrase else b""
    data = _packet(18, b"\1" + bytes(60)) if protected else _packet(9, bytes(60))
    return session_keys + symmetric + data


def token(*key_ids: str, passphrase: bool = False, protected: bool = True, scheme: str = "GPG") -> str:
    """The value that holds such a message."""
    base64 = b64encode(message(*key_ids, passphrase=passphrase, protected=protected)).decode()
    return f"ENC[{scheme},{base64}]"


def encrypted_to(*keys: Key) -> str:
    """A value encrypted to the one encryption subkey of each of these keys."""
    return token(*(key.subkeys[0].key_id for key in keys))


ANY = token(KeyId("0123456789ABCDEF"))
HIDDEN = token(HIDDEN_KEY_ID)
