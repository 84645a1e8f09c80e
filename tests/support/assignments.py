"""Messages and their tokens, and a text after one of them was set in it."""

from base64 import b64encode
from textwrap import wrap

from eyamlgpg.formats.yaml.assign import assign, verify_assignment
from eyamlgpg.formats.yaml.key_path import KeyPath

OLD_MESSAGE = b"\x85\x01\x0c\x03" + bytes(range(1, 9)) + b"\x01" * 120
MESSAGE = b"\x85\x01\x0c\x03" + bytes(range(8)) + b"\x02" * 120
LONG_MESSAGE = MESSAGE * 40


def token(message: bytes) -> str:
    return f"ENC[GPG,{b64encode(message).decode()}]"


def block(message: bytes, indent: str, newline: str = "\n") -> str:
    """The lines of a token behind a block header."""
    return "".join(f"{newline}{indent}{line}" for line in wrap(token(message), 60))


NEW, OLD = token(MESSAGE), token(OLD_MESSAGE)


def after(text: str, path: str, message: bytes = MESSAGE) -> str:
    """The text after a change that was proved."""
    assignment = assign(text, KeyPath.parse(path), message)
    verify_assignment(text, assignment)
    return assignment.text
