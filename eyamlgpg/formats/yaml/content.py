"""Where the content of a YAML node starts and ends, which the marks of the parsers do not say.

* A node with an anchor or a tag starts at its `&x` or `!t`, and a block scalar ends behind the blank lines after it.
* An empty value stands right after its `:` in one parser and before the next token in the other.
"""

import re

_TAG = re.compile(r"!\S*+")
_BLANKS = re.compile(r"(?:\s++|(?<=\s)#[^\n]*+)*")
_INDICATOR = re.compile(r"#[^\n]*|([-?:,\[{])")


def behind_properties(text: str, start: int, anchor: str | None) -> int:
    """Where the content starts of a node that starts with its anchor or tag; comments may stand between.

    The C parser ends an anchor at a `:` or `?`, with which the content may go on.
    """
    place = start
    for _ in range(2):
        if anchor is not None and text.startswith(f"&{anchor}", place):
            place += 1 + len(anchor)
            anchor = None
        elif tag := _TAG.match(text, place):
            place = tag.end()
        else:
            break
        blanks = _BLANKS.match(text, place)
        place = blanks.end() if blanks else place
    return place


def behind_indicator(text: str, previous_end: int, start: int) -> int:
    """The place of an empty value: right behind the `:`, `-` or other indicator after which it is missing.

    `previous_end` is where the parser saw what comes before it end, `start` where it saw the value.
    """
    place = previous_end
    for match in _INDICATOR.finditer(text, previous_end, max(start, previous_end)):
        place = match.end() if match.group(1) else place
    return place


def block_end(text: str, start: int, reach: int) -> int:
    """Where the last line of a block scalar ends, without the blank lines up to `reach`."""
    return start + len(text[start:reach].rstrip())
