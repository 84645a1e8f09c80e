"""What git is given of a file: bounded, total, and the same for the same plaintext."""

from base64 import b64encode
from collections.abc import Sequence

import pytest

from eyamlgpg.errors import GnupgError
from eyamlgpg.model.keys import Key
from eyamlgpg.operations.values import textconv
from eyamlgpg.operations.values.textconv import convert
from tests.support.messages import message, token


class Opening:
    """Opens every message to the same plaintext, and counts."""

    def __init__(self, plaintext: bytes | None) -> None:
        self.plaintext = plaintext
        self.asked: list[bytes] = []

    def open(self, asked: bytes) -> bytes | None:
        self.asked.append(asked)
        return self.plaintext


def no_keys() -> Sequence[Key]:
    raise GnupgError("there is no gpg")


def shown(text: str, opener: Opening | None) -> str:
    return convert(text.encode(), lambda: opener, no_keys).content.decode()


def test_a_message_that_stands_twice_is_opened_once() -> None:
    opener = Opening(b"secret")
    assert (
        shown(f"a: {token('A' * 16)}\nb: {token('A' * 16)}\n", opener) == "a: DEC::GPG[secret]!\nb: DEC::GPG[secret]!\n"
    )
    assert len(opener.asked) == 1


def test_the_order_of_readers_does_not_show_and_hidden_ones_do() -> None:
    one, other = (shown(token(*ids), Opening(None)) for ids in (("B" * 16, "A" * 16), ("A" * 16, "B" * 16)))
    assert one == other
    assert one.endswith(f"to key {'A' * 16}, key {'B' * 16}]")
    assert shown(token("0" * 16, passphrase=True), None).endswith("to a hidden reader, a passphrase]")


def test_a_new_value_shows_to_those_who_cannot_read_it_and_a_new_reader_is_no_new_value() -> None:
    def of(text: str) -> str:
        return text.partition(", to")[0]

    plain, protected, joined = (
        of(shown(one, None)) for one in (token("A" * 16, protected=False), token("A" * 16), token("A" * 16, "B" * 16))
    )
    assert (plain == protected, protected == joined) == (False, True)


def test_very_many_readers_are_counted() -> None:
    many = shown(token(*(f"{number:016X}" for number in range(1, 100))), None)
    assert many.endswith(f", key {20:016X}, 79 more]")


@pytest.mark.parametrize("plaintext", [b"\xff\xfe", b"a\0b", b"\x1b[2J", b"x" * (textconv.LONGEST + 1)], ids=len)
def test_a_plaintext_that_a_terminal_should_not_get_stays_closed(plaintext: bytes) -> None:
    assert shown(token("A" * 16), Opening(plaintext)).startswith("ENC[GPG, ")


def test_messages_and_what_they_unfold_to_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(f"{token(f'{number:016X}')}\n" for number in range(1, 30))
    monkeypatch.setattr(textconv, "MOST_MESSAGES", 10)
    opener = Opening(b"secret")
    assert shown(text, opener).count("DEC::GPG[secret]!") == len(opener.asked) == 10
    monkeypatch.setattr(textconv, "MOST_OPENED", 100)
    opener = Opening(b"x" * 60)
    assert shown(text, opener).count("DEC::GPG[") == len(opener.asked) == 2


def test_what_is_no_message_and_other_methods_stay_as_they_are() -> None:
    cut = b64encode(message("A" * 16)[:9]).decode()
    text = f"a: ENC[GPG,////]\nb: ENC[PKCS7,{b64encode(b'x').decode()}]\nc: ENC[GPG,{cut}]\n"
    opener = Opening(None)
    assert shown(text, opener) == text


@pytest.mark.parametrize("opener", [Opening(b"abc"), None])
def test_what_only_looks_like_a_shown_value_is_shown_otherwise(opener: Opening | None) -> None:
    """Else a value that somebody put into the file in clear, or lost, would stand in no difference."""
    value = shown(f"a: {token('A' * 16)}\n", opener)
    as_text = shown(value, opener)
    again = shown(as_text, opener)
    assert len({value, as_text, again}) == 3
    assert shown(f"{value}b: {token('A' * 16)}\n", opener) == f"{as_text}b: {value.removeprefix('a: ')}"


def test_a_file_without_values_asks_for_nothing() -> None:
    def never() -> None:
        raise AssertionError

    assert convert(b"a: 1\xff\n", never, no_keys).content == b"a: 1\xff\n"
