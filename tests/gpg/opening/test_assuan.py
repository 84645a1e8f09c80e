"""The agent's protocol: data in both directions, refusals, and everything that is not foreseen."""

import pytest

from eyamlgpg.formats.openpgp.unusual import LeftToGnupg
from eyamlgpg.gpg.opening.agent import Agent
from eyamlgpg.gpg.opening.assuan import Answer, Connection, Refused, Unexpected
from tests.support import agents, keyrings

HELLO = b"OK Pleased to meet you\n"


def test_data_comes_back_whatever_octets_it_has() -> None:
    every = bytes(range(256)) * 5
    written = b"".join(
        b"D " + bytes([octet]) + b"\n" if octet not in b"%\r\n" else b"D %%%02x\n" % octet for octet in every
    )
    with agents.saying(HELLO, written + b"S PROGRESS 1\n# a comment\nS PADDING 0\nOK\n") as (path, heard):
        answer = Connection(path).ask(b"PKDECRYPT")
    assert answer == Answer(every, (b"PROGRESS 1", b"PADDING 0"))
    assert heard == [b"PKDECRYPT\n"]
    assert "\\x" not in repr(answer)


def test_an_inquiry_gets_its_data_in_short_lines() -> None:
    octets = bytes(range(256)) * 16
    with agents.saying(HELLO, b"INQUIRE CIPHERTEXT\n", *[b""] * 13, b"", b"OK\n") as (path, heard):
        Connection(path).ask(b"PKDECRYPT", {b"CIPHERTEXT": octets})
    lines = heard[1:]
    assert lines.pop() == b"END\n"
    assert max(map(len, lines)) <= 1000
    pieces = [line[2:-1].replace(b"%0A", b"\n").replace(b"%0D", b"\r").replace(b"%25", b"%") for line in lines]
    assert b"".join(pieces) == octets


def test_a_refusal_leaves_the_connection_as_it_was() -> None:
    with agents.saying(HELLO, b"ERR 67108949 No pinentry <GPG Agent>\n", b"OK\n") as (path, _):
        connection = Connection(path)
        with pytest.raises(Refused, match="67108949"):
            connection.ask(b"PKDECRYPT")
        assert connection.ask(b"RESET") == Answer(b"")


@pytest.mark.parametrize(
    "said",
    [b"", b"OK", b"HI\n", b"INQUIRE PASSPHRASE\n", b"INQUIRE CIPHERTEXT x\n", b"\n", b"END\n", b"x" * 70_000, b"D a\n"],
    ids=["gone", "cut", "unknown", "asks for more", "asks otherwise", "blank", "end", "endless", "gone after data"],
)  # fmt: skip
def test_anything_else_ends_the_connection(said: bytes) -> None:
    with agents.saying(HELLO, said) as (path, _):
        connection = Connection(path)
        with pytest.raises(Unexpected):
            connection.ask(b"PKDECRYPT", {b"CIPHERTEXT": b"x"})
        with pytest.raises(Unexpected):
            connection.ask(b"PKDECRYPT")


def test_an_answer_is_bounded() -> None:
    with agents.saying(HELLO, (b"D " + b"a" * 900 + b"\n") * 100) as (path, _), pytest.raises(Unexpected):
        Connection(path).ask(b"PKDECRYPT")


@pytest.mark.parametrize("greeting", [b"", b"ERR 1 no\n", b"SSH-2.0\n"])
def test_a_socket_that_is_no_agents_is_not_talked_to(greeting: bytes) -> None:
    with agents.saying(greeting) as (path, _), pytest.raises((Unexpected, Refused)):
        Connection(path)


def test_without_a_socket_there_is_no_connection() -> None:
    folder = keyrings.short_folder()
    with pytest.raises(Unexpected):
        Connection(folder / "none")
    keyrings.remove(folder)


def test_a_restricted_socket_is_not_used() -> None:
    """What an agent on another machine is forwarded by: it forbids the option, so a question could be asked there."""
    with agents.saying(HELLO, b"ERR 67109115 Forbidden <GPG Agent>\n") as (path, heard):
        with pytest.raises(Refused):
            Agent(path)
        assert heard == [b"OPTION pinentry-mode=error\n"]


@pytest.mark.parametrize(
    "result", [b"", b"(5:value3:abc", b"(5:value4:abc)", b"(5:value2:abc)", b"(5:other3:abc)", b"(5:valuex:a)"]
)
def test_a_result_that_is_no_value_is_left_to_gpg(result: bytes) -> None:
    answers = (HELLO, b"OK\n", b"OK\n", b"INQUIRE CIPHERTEXT\n", b"", b"D " + result + b"\nOK\n")
    with agents.saying(*answers) as (path, _), pytest.raises(LeftToGnupg):
        Agent(path).rsa("A" * 40, b"\x80abc")


def test_ciphertexts_and_results_have_gpgs_own_form() -> None:
    value = b"S PADDING 0\nD (5:value3:abc)%00\nOK\n"
    asks = b"INQUIRE CIPHERTEXT\n"
    with agents.saying(HELLO, *[b"OK\n"] * 2, asks, b"", value, asks, b"", b"D (5:value1:x)\nOK\n") as (path, heard):
        agent = Agent(path)
        unpadded = agent.rsa("A" * 40, b"\x80b")
        padded = agent.ecdh("A" * 40, b"\x40p", b"wrapped")
    assert (unpadded.value, unpadded.is_unpadded) == (b"abc", True)
    assert "abc" not in repr(unpadded)
    assert (padded.value, padded.is_unpadded) == (b"x", False)
    assert heard == [
        b"OPTION pinentry-mode=error\n",
        b"SETKEY " + b"A" * 40 + b"\n",
        b"PKDECRYPT\n",
        b"D (7:enc-val(3:rsa(1:a3:\0\x80b)))\n",
        b"END\n",
        b"PKDECRYPT\n",
        b"D (7:enc-val(4:ecdh(1:s8:\x07wrapped)(1:e2:\x40p)))\n",
        b"END\n",
    ]
