"""A message with readers added: session key packets put in front of its encrypted data, which stays byte for byte."""

from collections import OrderedDict
from collections.abc import Sequence

from eyamlgpg.formats.openpgp.data_packet import data_packet
from eyamlgpg.formats.openpgp.session_key import SessionKey
from eyamlgpg.gpg.sealing.pkesk import Reader, session_keys

REMEMBERED = 64
"""Headers that are kept, of the messages that came last."""


class Extender:
    """Adds the same readers to messages. Those that had one header in common have one in common afterwards."""

    def __init__(self, readers: Sequence[Reader]) -> None:
        self._readers = readers
        self._headers: OrderedDict[bytes, bytes] = OrderedDict()

    def extended(self, message: bytes, key: SessionKey) -> bytes:
        """A binary message with its session key: the packets of the new readers come behind those that it has."""
        data = data_packet(message)
        before = message[: len(message) - len(data)]
        header = self._headers.get(before)
        if header is None:
            header = self._headers[before] = b"".join((before, *session_keys(key, self._readers)))
            if len(self._headers) > REMEMBERED:
                self._headers.popitem(last=False)
        return header + data
