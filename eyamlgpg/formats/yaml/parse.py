"""Where the scalars of a YAML file stand in its text, and at which Hiera key paths; nothing is ever dumped.

The structure is built from the parser's events, in one pass, and neither expands aliases nor recurses: a file of 60 kB
that nests 30,000 levels, or one whose aliases would unfold to gigabytes, costs no more than another. What the parser's
marks need before they are right:

* a byte order mark shifts every index of the C parser by one, so it is taken off first;
* U+2028, U+2029 and U+0085 are line breaks to the parser and not to editors, so lines are counted here, by LF;
* where the content of a scalar stands is told by `content`.

The C parser (libyaml 0.1.7 in ruamel.yaml.clib) refuses some text that Puppet's takes, as `{profile::db: 1}`; what it
refuses, the parser in Python is asked about. Without the C parser only the latter is, which refuses a tab after `: `.
"""

import re
from functools import cache

from eyamlgpg.formats.text import line_of, other_encoding
from eyamlgpg.formats.yaml.builder import TOO_DEEP, BadDocument, StructureBuilder
from eyamlgpg.formats.yaml.events import Unparsable, parsed
from eyamlgpg.formats.yaml.structure import BYTE_ORDER_MARK, NotYaml, Structure

_PLAIN = bytes([*b"\t\n\r", *range(0x20, 0x7F)])


def locate(text: str, *, pure: bool = False, only_first: bool = False) -> Structure | NotYaml:
    """The structure of a file's text, or why it has none: not YAML, not UTF-8, or nested too deeply.

    `pure` leaves the C parser aside, and `only_first` does not look behind the first document. The text may hold lone
    surrogates for bytes that are not UTF-8.
    """
    forbidden = None if _is_plain(text) else _not_allowed().search(text)
    if forbidden is not None:
        is_byte = "\udc80" <= forbidden.group() <= "\udcff"
        if (encoding := other_encoding(text)) is not None:
            return NotYaml(1, f"it is written in {encoding}, not in UTF-8")
        reason = "it is not valid UTF-8" if is_byte else "it holds a control character, which YAML does not allow"
        return NotYaml(line_of(text, forbidden.start()), reason)
    first = _built(text, pure=pure, only_first=only_first)
    if pure or isinstance(first, Structure) or first.reason == TOO_DEEP:
        return first
    second = _built(text, pure=True, only_first=only_first)
    return second if isinstance(second, Structure) else first


@cache
def _not_allowed() -> re.Pattern[str]:
    """What both parsers refuse (YAML 1.1, 5.1, c-printable), checked for each character of the basic plane.

    Its compilation takes 3 ms, and few files need it.
    """
    return re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _is_plain(text: str) -> bool:
    """Whether it is ASCII without control characters, as most files are; an expression takes ten times as long."""
    return text.isascii() and not text.encode("ascii").translate(None, _PLAIN)


def _built(text: str, *, pure: bool, only_first: bool) -> Structure | NotYaml:
    mark = len(BYTE_ORDER_MARK) if text.startswith(BYTE_ORDER_MARK) else 0
    builder = StructureBuilder(text, mark)
    try:
        for event in parsed(text[mark:], pure=pure):
            builder.take(event)
            if only_first and builder.documents:
                break
    except BadDocument as refusal:
        return NotYaml(line_of(text, refusal.offset), refusal.reason)
    except Unparsable as problem:
        offset = builder.previous_end if problem.offset is None else problem.offset + mark
        return NotYaml(line_of(text, offset), problem.reason)
    return builder.structure()
