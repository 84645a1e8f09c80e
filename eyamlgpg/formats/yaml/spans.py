"""Where the content of a scalar starts and ends, which the parser's marks do not say.

* A node with an anchor or a tag starts at its `&x` or `!t`, and a block scalar ends behind the blank lines after it.
* An empty value stands right after its `:` in one parser and before the next token in the other.
"""

import re

_PROPERTIES = re.compile(r"(?:[&!]\S*+(?:\s++|(?<=\s)#[^\n]*+)*)+")
_INDICATOR = re.compile(r"#[^\n]*|([-?:,\[{])")


def behind_properties(text: str, start: int) -> int:
    """Where the content starts of a node that starts with its anchor or tag; comments may stand between."""
    properties = _PROPERTIES.match(text, start)
    return properties.end() if properties else start


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
