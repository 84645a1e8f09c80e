"""The names of keys: apart from `model.keys`, for whoever opens one message and lists no key."""

from typing import NewType

Fingerprint = NewType("Fingerprint", str)
"""40 (or, version 5 and 6 keys, 64) upper-case hexadecimal digits."""

KeyId = NewType("KeyId", str)
"""The 16 upper-case hexadecimal digits by which a message names a (sub)key."""

HIDDEN_KEY_ID = KeyId("0" * 16)
"""What a message names instead of a key ID when its maker used `throw-keyids`."""
