"""Commands that mend what an error names."""

import re
import shlex

_PLACE = re.compile(r"([^\n:`]+):([0-9]+): ")


def edit_command(sentence: str) -> tuple[str, ...]:
    """The editor at the line that a sentence begins with, `FILE:LINE: …`; nothing for other sentences."""
    found = _PLACE.match(sentence)
    return () if found is None else (f'"${{EDITOR:-vi}}" +{found[2]} {shlex.quote(found[1])}',)
