"""What a program at a pseudo-terminal of pexpect has shown so far, with types that mypy can follow."""

import re
from typing import TYPE_CHECKING, Any, AnyStr

if TYPE_CHECKING:
    import pexpect


def shown(session: "pexpect.spawn[AnyStr]") -> AnyStr:
    """What came before the last expectation."""
    assert session.before is not None
    return session.before


def matched(session: "pexpect.spawn[AnyStr]") -> "re.Match[AnyStr]":
    """The match of the last expectation."""
    assert isinstance(session.match, re.Match)
    return session.match


def pid(session: "pexpect.spawn[AnyStr]") -> int:
    """Process id of the program."""
    assert session.pid is not None
    return session.pid


def hang_up(session: Any) -> None:
    """Close the terminal without a word to the program; pexpect's stubs do not know `ptyproc`."""
    session.ptyproc.fileobj.close()
    session.ptyproc.closed = session.ptyproc.terminated = True
