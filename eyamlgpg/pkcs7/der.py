"""DER (X.690), read one level at a time, as far as PKCS7 messages need it.

Lengths are definite and checked against what is there; nothing here recurses, so a hostile text of brackets is no
deeper than the caller looks.
"""

from dataclasses import dataclass, field

from eyamlgpg.errors import FormatError

INTEGER = 0x02
OCTET_STRING = 0x04
OBJECT_ID = 0x06
SEQUENCE = 0x30
SET = 0x31
TAGGED = 0xA0
"""The context-specific tag 0, constructed; without this bit 0x20 it is primitive."""
TAGGED_PRIMITIVE = 0x80

_LONG_TAG = 0x1F
_LONG_LENGTH = 0x80
_MOST_LENGTH_OCTETS = 4


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its first octet, and what it holds."""

    tag: int
    body: bytes = field(repr=False)

    def within(self, tag: int) -> "tuple[Element, ...]":
        """The elements inside of one that must have this tag."""
        if self.tag != tag:
            raise FormatError(f"an element has the tag {self.tag:#04x} where {tag:#04x} belongs")
        return elements(self.body)


def elements(data: bytes) -> tuple[Element, ...]:
    """The elements that the data consists of, up to its last octet; FormatError for anything else."""
    found = []
    place = 0
    while place < len(data):
        start, length = _header(data, place)
        if start + length > len(data):
            raise FormatError("it is cut short")
        found.append(Element(data[place], data[start : start + length]))
        place = start + length
    return tuple(found)


def _header(data: bytes, place: int) -> tuple[int, int]:
    """Where the body of the element at a place starts, and how long it is."""
    if data[place] & _LONG_TAG == _LONG_TAG:
        raise FormatError("an element has a tag of several octets")
    if place + 1 >= len(data):
        raise FormatError("it is cut short")
    first = data[place + 1]
    if first < _LONG_LENGTH:
        return place + 2, first
    octets = first - _LONG_LENGTH
    if not octets:
        raise FormatError("an element has no definite length: it is BER, not DER")
    start = place + 2 + octets
    if octets > _MOST_LENGTH_OCTETS or start > len(data):
        raise FormatError("the length of an element is longer than the message")
    return start, int.from_bytes(data[place + 2 : start], "big")
