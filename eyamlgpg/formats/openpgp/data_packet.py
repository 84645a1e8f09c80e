"""The data packet of a message: what stands behind its session keys, and is the same for every reader.

Readers can be added or removed by writing other session keys in front of it. A message made anew, even of the same
plaintext, has another one, since its session key is random.
"""

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.openpgp.armor import is_armored_message
from eyamlgpg.formats.openpgp.packets import MARKER, PADDING, SESSION_KEYS, header


def data_packet(message: bytes, place: int = 0) -> bytes:
    """The part behind the session keys of a message that `packets.read` takes; an armored one is given as it is.

    `place`: where to begin, as `packets.Message.behind_first` tells. FormatError for a message that ends before.
    """
    if is_armored_message(message):
        return message
    try:
        while True:
            tag, body, length, is_partial = header(message, place)
            if tag not in SESSION_KEYS and tag not in (MARKER, PADDING):
                return message[place:]
            if is_partial:
                break
            place = body + length
    except IndexError:
        pass
    raise FormatError("the OpenPGP message is cut short")
