"""Commands that stand as lists: `[curl, -u, 'admin:…']`, where an item alone does not say what it is."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from eyamlgpg.detectors import commands
from eyamlgpg.detectors.assignments import Assigned
from eyamlgpg.detectors.name_forms import names_a_secret
from eyamlgpg.rules.reading.clear import Clear

_OPTION = re.compile(r"--?([A-Za-z][\w.-]{1,60})")
_LONGEST = 300
"""Characters of an item; nobody types more."""
_COMMAND_WORDS = 2
"""`docker login`."""


def with_arguments(values: Iterable[Clear]) -> Iterator[Clear]:
    """The values as they come, an item of a list with the command and the option that stand before it there."""
    command: tuple[str, ...] = ()
    last: Clear | None = None
    for clear in values:
        before: tuple[str, ...] = ()
        if last is None or not _follows(last, clear):
            command = ()
        elif last.text.startswith("-") or clear.text.startswith("-"):
            before = command if command[-1] == last.text else (*command, last.text)
        if len(command) < _COMMAND_WORDS:
            command = (*command, clear.text)
        yield replace(clear, arguments=before) if before else clear
        last = clear


def find(clear: Clear) -> Iterator[Assigned]:
    """What an item of a command is set to, by the option before it or by the command."""
    text = clear.text
    if not clear.arguments or len(text) > _LONGEST or "\n" in text:
        return
    option = _OPTION.fullmatch(clear.arguments[-1])
    if option is not None and _is_name(option[1], text):
        return
    if option is not None and not text.startswith("-"):
        yield Assigned(option[1], text, is_exact=True)
    line = " ".join(word for word in (*clear.arguments, text) if len(word) <= _LONGEST and not set(word) & set(" \t\n"))
    yield from (setting for setting in commands.find(line) if text.endswith(setting.text))


def _follows(last: Clear, clear: Clear) -> bool:
    """Whether a value is the next item of the same list."""
    if not clear.path.segments or not last.path.segments:
        return False
    *above, place = clear.path.segments
    *above_last, place_of_last = last.path.segments
    if not isinstance(place, int) or not isinstance(place_of_last, int):
        return False
    return place == place_of_last + 1 and above == above_last


def _is_name(option: str, text: str) -> bool:
    """Whether an option only names a secret that stands elsewhere: `--secret app_db`, `--secret id=npmrc`."""
    return commands.is_mounted(text) or (option == "secret" and names_a_secret(text))
