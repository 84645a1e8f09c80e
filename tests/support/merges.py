"""Situations of a merge, each a file in three versions and what comes of it, with names in place of ciphertext.

`<A1>` is the plaintext A as it was encrypted first, for Alice and Bob; `<A2>` the same encrypted anew. Behind it stand
other readers: `p` also the Puppet server, `m` Bob alone, `u` Alice and the server, so that Bob cannot open it. `h` is
the same message with its last reader taken out of its header. `|4` cuts the token into lines of that indentation.
"""

import re
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

from eyamlgpg.formats.eyaml import tokens
from eyamlgpg.formats.eyaml.tokens import Layout
from eyamlgpg.formats.openpgp.data_packet import data_packet
from eyamlgpg.formats.openpgp.packets import header
from tests.support import keyrings
from tests.support.merge_files import FILES
from tests.support.merge_lists import LISTS
from tests.support.merge_values import VALUES

_NAME = re.compile(r"<([A-Z])(\d)([pmu]?)(h?)(?:\|(\d+))?>")
_READERS = {
    "": ("alice", "bob"),
    "p": ("alice", "bob", "puppetmaster-dev"),
    "m": ("bob",),
    "u": ("puppetmaster-dev", "alice"),
}


SITUATIONS = (*VALUES, *FILES, *LISTS)


class Ciphertexts:
    """Each message of the situations, made once."""

    def __init__(self, home: Callable[[str], Path]) -> None:
        self._home = home
        self._made: dict[str, bytes] = {}

    def put_in(self, text: str) -> str:
        """The text with tokens in place of names."""
        return _NAME.sub(self._token, text)

    def taken_out(self, text: str) -> str:
        """The text with names in place of tokens."""
        names = {message: name for name, message in self._made.items()}

        def named(match: re.Match[str]) -> str:
            token = tokens.find(match[0]) or tokens.find_wider(match[0])
            name = names.get(token[0].message())
            layout = token[0].layout
            return match[0] if name is None else f"<{name}{f'|{len(layout.indent)}' if layout else ''}>"

        return re.sub(r"ENC\[[^]]*\]", named, text)

    def _token(self, match: re.Match[str]) -> str:
        letter, number, readers, is_shorter, indent = match.groups()
        message = self._message(f"{letter}{number}{readers}", letter, readers)
        if is_shorter:
            message = self._made.setdefault(f"{letter}{number}{readers}h", _without_last(message))
        layout = Layout(60, " " * int(indent), "\n") if indent else None
        return tokens.render(message, layout=layout) if layout else f"ENC[GPG,{b64encode(message).decode()}]"

    def _message(self, name: str, letter: str, readers: str) -> bytes:
        if name not in self._made:
            to = [word for reader in _READERS[readers] for word in ("-r", keyrings.known(reader).fingerprint)]
            self._made[name] = keyrings.gpg(self._home("bob"), "--encrypt", *to, stdin=f"the secret {letter}".encode())
        return self._made[name]


def _without_last(message: bytes) -> bytes:
    """The message without its last session key."""
    data = data_packet(message)
    ends, place = [0], 0
    while place < len(message) - len(data):
        _, body, length, _ = header(message, place)
        place = body + length
        ends.append(place)
    return message[: ends[-2]] + data


PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "merges.md"

_HEAD = """# Merges

<!-- Written by `tox run -e docs` from the situations of the tests; change tests/support/merges.py instead. -->

What comes of a file that was changed on two branches, without eyamlgpg and with its
[merge driver](../howto/merge.md). Each row is a test, by `git merge`, `git rebase` and `git cherry-pick`. "Anew" means
the same plaintext in new ciphertext. "No key here" means that whoever merges cannot open the values.

| situation | Git alone | with the driver |
| --- | --- | --- |
"""


def page() -> str:
    """The situations as a table."""
    rows = (f"| {one.title} | {one.git} | {one.driver} |\n" for one in SITUATIONS)
    return _HEAD + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page())
