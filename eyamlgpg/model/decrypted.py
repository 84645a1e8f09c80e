"""What came of opening one message."""

from dataclasses import dataclass, field

from eyamlgpg.errors import DecryptionError


@dataclass(frozen=True, slots=True)
class Decrypted:
    """The plaintext of one message, or why there is none; the plaintext never shows in a `repr`."""

    plaintext: bytes | None = field(repr=False)
    error: DecryptionError | None = None

    def value(self) -> bytes:
        """The plaintext; raises the error where there is none."""
        if self.error is not None or self.plaintext is None:
            raise self.error or DecryptionError("the message could not be decrypted")
        return self.plaintext
