"""The events of a YAML text, as ruamel's parsers give them; whatever a parser raises, callers see one exception.

Odd text makes the parsers raise more than errors of YAML: AssertionError for `%YAML 1.3`, OverflowError for an escape
of nine bits too many, ValueError for a version of thousands of digits. None of these may end a run over other files.
"""

from collections.abc import Iterator

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.main import CParser  # type: ignore[attr-defined]  # None without the C parser
from ruamel.yaml.reader import ReaderError

FAILED = "the YAML parser cannot read it"
NO_MEMORY = "to read it takes more memory than there is"


class Unparsable(Exception):
    """The text is not YAML, or the parser failed on it."""

    def __init__(self, reason: str, offset: int | None = None) -> None:
        """`offset` is the place in the parser's text; None where the parser names none."""
        super().__init__(reason)
        self.reason = reason
        self.offset = offset


def parsed(text: str, *, pure: bool = False) -> Iterator[events.Event]:
    """The events of a text without byte order mark; raises Unparsable, and nothing else that a parser raises.

    `pure` leaves the C parser aside.
    """
    try:
        yield from _in_python(text) if pure or CParser is None else _in_c(text)
    except MarkedYAMLError as error:
        # Only the problem itself: the rest of ruamel's message quotes the line, which may hold a plaintext.
        place = error.problem_mark or error.context_mark
        reason = str(error.problem or error.context or FAILED)
        raise Unparsable(reason, None if place is None else place.index) from None
    except ReaderError:
        raise Unparsable("a character that YAML does not allow") from None
    except MemoryError:
        raise Unparsable(NO_MEMORY) from None
    except Exception:  # noqa: BLE001 - the border: the parsers raise whatever Python raises inside of them
        raise Unparsable(FAILED) from None


def _in_python(text: str) -> Iterator[events.Event]:
    yield from YAML(typ="safe", pure=True, plug_ins=[]).parse(text)


def _in_c(text: str) -> Iterator[events.Event]:
    # What YAML(typ="safe") does, but for the constructor and the resolver that it makes a class of for each text.
    parser = CParser(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        parser.dispose()
