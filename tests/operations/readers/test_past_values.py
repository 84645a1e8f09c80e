"""Versions read in parts say what each says as a whole."""

import random

import pytest

from eyamlgpg.formats.eyaml.methods import Method, method_of
from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.operations.readers import past_values
from eyamlgpg.operations.readers.past_values import VersionReader, token_digest, tokens_by_digest
from tests.support.messages import token

ONE = "0123456789ABCDEF"
TWO = "89ABCDEF01234567"


def inline(key_id: str = ONE) -> str:
    return token(key_id)


def block(indent: str, key_id: str = TWO) -> str:
    text = token(key_id)
    return ">\n" + "\n".join(f"{indent}{text[start : start + 60]}" for start in range(0, len(text), 60))


PIECES = [
    f"a::password: {inline()}\n",
    f"b: {block('  ')}\n",
    f"c:\n  d: {inline()}\n  e:\n    - name: x\n      f: {block('        ')}\n",
    f'"quoted key": "one {inline()} two {inline(TWO)}"\n',
    f"# {inline()}\n",
    "plain: text\n\n# a comment\n",
    "literal: |\n  some text\n  more: of it\n",
    f"flow: {{x: {inline()}, y: [{inline(TWO)}]}}\n",
    f"anchored: &here {inline()}\nalias: *here\n",
    "alias: *here\n",
    "open: 'a quote\n",
    "- an item\n",
    "---\n",
    "no colon at all\n",
    f"spread: |\n  {token(ONE)[:40]}\n  {token(ONE)[40:]}\n",
    f"crlf: {inline()}\r\nmore: 1\r\n",
    f"pkcs7: {token(ONE, scheme='PKCS7')}\n",
    f"nobody: ENC[{token(ONE)[8:]}\n",
    f"odd: {block('  ').replace(chr(10) + '  ', chr(10), 2)}\n",
    "\u2028x: 1\n",
]
"""What files are made of, sound and broken."""


def whole(text: str) -> list[tuple[str, bytes]]:
    return [
        (str(value.path or ""), token_digest(value.token.base64.encode()))
        for value in find_values(text).values
        if method_of(value.token) is Method.GPG
    ]


def told(reader: VersionReader, text: str) -> list[tuple[str, bytes]]:
    return [(key, message.digest) for (key, _), message in reader.read("x", text.encode(), "a.eyaml").items()]


@pytest.mark.parametrize("seed", range(40))
def test_a_file_of_any_pieces_is_read_as_if_whole(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, and no secret
    reader = VersionReader()
    for _ in range(25):
        text = "".join(chance.choices(PIECES, k=chance.randrange(1, 8)))
        if chance.random() < 0.5:
            text = f"---\n# {seed}\n{text}"
        assert told(reader, text) == whole(text), text


def test_a_value_that_only_its_parents_name_moves_with_them() -> None:
    """The value's own line is the same in both; remembering lines would give the first one's key."""
    reader = VersionReader()
    assert told(reader, f"a:\n  p: {inline()}\n")[0][0] == "a.p"
    assert told(reader, f"b:\n  p: {inline()}\n")[0][0] == "b.p"


def test_an_unchanged_part_is_read_once_over_all_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noted(text: str) -> object:
        read.append(text)
        return find_values(text)

    monkeypatch.setattr(past_values, "find_values", noted)
    reader = VersionReader()
    for number in range(50):
        told(reader, f"a: {inline()}\nb: {inline(TWO)}\nc: {number}\n")
    assert len(read) == 2


def test_values_at_one_key_are_numbered() -> None:
    [first, second] = VersionReader().read("x", f"k: '{inline()} {inline(TWO)}'\n".encode(), "a.eyaml")
    assert (first, second) == (("k", 0), ("k", 1))


def test_the_same_message_in_another_layout_is_the_same_message() -> None:
    reader = VersionReader()
    [one] = reader.read("x", f"k: {inline(TWO)}\n".encode(), "a.eyaml").values()
    [other] = reader.read("y", f"k: {block('  ')}\n".encode(), "a.eyaml").values()
    assert one is other


def test_a_damaged_message_is_kept_as_such() -> None:
    [message] = VersionReader().read("x", f"k: {inline()[:-10]}]\n".encode(), "a.eyaml").values()
    assert (message.is_damaged, message.key_ids) == (True, ())


def test_messages_are_found_again_in_the_text() -> None:
    text = f"k: {inline()}\nb: {block('  ')}\n"
    found = dict(tokens_by_digest(text.encode()))
    assert set(found) == {message.digest for message in VersionReader().read("x", text.encode(), "a.eyaml").values()}


@pytest.mark.parametrize(
    "base64", ["hQEM", "hQEMA", "hQ==", "hQE=", "hQ=EM", "hQ=", "h", "=", "hQEM\n  A4==", "hQEM====", ""]
)
def test_base64_is_read_as_everywhere(base64: str) -> None:
    """However odd it is: whole, cut short, padded too much or in the middle, over lines."""
    assert past_values._decoded(base64.encode()) == past_values.message_of(base64)
