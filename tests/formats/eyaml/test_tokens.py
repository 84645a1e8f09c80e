"""The grammar of ENC[…], held against the recorded corpus, the gems' own expressions and hostile texts."""

import base64
import hashlib
import re
from binascii import a2b_base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.formats.eyaml.tokens import Layout, Token, find, find_wider, render, render_block
from eyamlgpg.formats.text import decode, encode
from tests.support.timing import seconds
from tests.support.vectors import Vector, vectors

# What hiera-eyaml's command line looks for, string and block form; Ruby's \w and \s are ASCII.
GEMS = re.compile(
    r"ENC\[(?:\w+,)?(?:[a-zA-Z0-9+/=]+?)\]|>\n(?P<indent>\s*)ENC\[(?:\w+,)?(?:[a-zA-Z0-9+/=\s]+?)\]", re.ASCII
)

PIECES = st.sampled_from(
    [
        "ENC[",
        "GPG,",
        "gpg",
        "]",
        "]!",
        ">",
        "\n",
        "\r\n",
        " ",
        "\t",
        "\v",
        "a",
        "Zg",
        "=",
        "+/",
        "_",
        ",",
        "日",
        "\xa0",
        "-",
    ]
)
LINE_ENDS = {"\n": "LF", "\r\n": "CRLF"}


def texts() -> st.SearchStrategy[str]:
    return st.lists(PIECES, max_size=25).map("".join)


def described(token: Token, text: str, reader: str) -> str:
    """The token as the vectors describe it, in bytes."""
    start, end = (len(encode(text[:offset])) for offset in (token.start, token.end))
    words = [f"at={start}", f"length={end - start}", f"scheme={token.scheme or 'none'}", f"reader={reader}"]
    if token.layout is not None:
        indent = token.layout.indent.replace(" ", "s").replace("\t", "t")
        words += [f"width={token.layout.width}", f"indent={indent}", f"line-end={LINE_ENDS[token.layout.newline]}"]
    return " ".join([*words, f"sha256={hashlib.sha256(token.message()).hexdigest()[:16]}"])


@pytest.mark.parametrize("vector", vectors("tokens"), ids=lambda vector: vector.name)
def test_recorded_files_hold_the_tokens_that_the_real_tools_read(vector: Vector) -> None:
    text = decode(vector.content)
    readers = [(token, "command-line-string" if token.folded is None else "command-line-block") for token in find(text)]
    readers += [(token, "puppet-only") for token in find_wider(text)]
    readers.sort(key=lambda pair: pair[0].start)
    assert [described(token, text, reader) for token, reader in readers] == vector.all("token")


@given(texts())
def test_the_same_spans_are_found_as_by_the_gems(text: str) -> None:
    theirs = [
        (match.start() + match.group().index("ENC["), match.end(), match["indent"]) for match in GEMS.finditer(text)
    ]
    assert [(token.start, token.end, token.folded) for token in find(text)] == theirs


@given(texts())
def test_wider_tokens_hold_white_space_and_stand_beside_the_others(text: str) -> None:
    wider = find_wider(text)
    everywhere = re.finditer(r"ENC\[(?:[A-Za-z0-9_]+,)?[A-Za-z0-9+/= \t\r\n]+\]", text)
    narrow = {token.start for token in find(text)}
    expected = [(match.start(), match.end()) for match in everywhere if match.start() not in narrow]
    assert [(token.start, token.end) for token in wider] == expected
    assert all(set(token.base64) & set(" \t\r\n") for token in wider)


@given(texts())
def test_a_token_is_made_of_its_parts(text: str) -> None:
    for token in (*find(text), *find_wider(text)):
        scheme = "" if token.scheme is None else f"{token.scheme},"
        assert text[token.start : token.end] == f"ENC[{scheme}{token.base64}]"
        assert token.payload == re.sub(r"[ \t\r\n\v\f]", "", token.base64)


def token_of(base64_text: str, scheme: str | None = "GPG") -> Token:
    return Token(0, 0, scheme, base64_text)


@pytest.mark.parametrize(("scheme", "is_gpg"), [("GPG", True), ("gPg", True), ("PKCS7", False), (None, False)])
def test_gpg_is_known_in_any_case(scheme: str | None, is_gpg: bool) -> None:
    assert token_of("Zg==", scheme).is_gpg is is_gpg


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("QUJD", b"ABC"),
        ("QUI=", b"AB"),
        ("QUI", b"AB"),
        ("QQ", b"A"),
        ("Q", b""),
        ("QUJDQ", b"ABC"),
        ("QUJD==", b"ABC"),
        ("QUJDQQ==QQ==", b"ABCA"),
        ("QUJDQU=JD", b"ABCA"),
        ("QUJDQUJ=D", b"ABCAB"),
        ("QUJD=QUJD", b"ABCABC"),
        ("QUJDQ=UJD", b"ABCABC"),
        ("=QUJD", b"ABC"),
        ("Q=Q", b"A"),
        ("===", b""),
        ("Q U\n\tI=\r\n ", b"AB"),
    ],
)
def test_base64_is_read_as_ruby_does(written: str, message: bytes) -> None:
    """Each line was tried with `unpack1("m")` of Ruby 3.1."""
    assert token_of(written).message() == message


def test_a_repr_shows_no_base64() -> None:
    assert repr(token_of("c2VjcmV0")) == "Token(start=0, end=0, scheme='GPG', folded=None)"


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("ENC[GPG,Zg==]", None),
        ("ENC[GPG,Zg ==]", None),
        ("ENC[GPG,abcd\n    efgh\n  ij]", Layout(12, "    ", "\n")),
        ("ENC[GPG,abcd\r\n  efgh\n]", Layout(12, "  ", "\r\n")),
        ("ENC[abcd\n\n \n\t efghijklm  \n]", Layout(9, "\t ", "\n")),
        ("ENC[GPG,\n  abcd efgh ijkl\n  mn]", Layout(12, "  ", "\n")),
        ("ENC[GPG,abcd\n]", Layout(12, "", "\n")),
        ("ENC[a\rb]", Layout(5, "", "\r")),
    ],
)
def test_the_layout_is_that_of_the_second_line_and_the_longest(text: str, layout: Layout | None) -> None:
    (token,) = (*find(text), *find_wider(text))
    assert token.layout == layout


def test_a_token_on_one_line() -> None:
    assert render(b"hello, world", layout=None, scheme="gpg") == "ENC[GPG,aGVsbG8sIHdvcmxk]"


def test_a_token_over_several_lines() -> None:
    assert render(b"hello, world", layout=Layout(10, "  ", "\r\n")) == "ENC[GPG,aG\r\n  VsbG8sIHdv\r\n  cmxk]"


def test_sixty_is_the_width_where_none_is_known() -> None:
    lines = render(bytes(100), layout=Layout(None, "", "\n"), scheme="PKCS7").split("\n")
    assert [len(line) for line in lines] == [60, 60, 27]
    assert "".join(lines) == f"ENC[PKCS7,{'A' * 134}==]"


def test_a_block_is_indented_on_every_line() -> None:
    block = render_block(b"hello, world", indent="    ", width=20)
    assert block == ">\n    ENC[GPG,aGVsbG8sIHdv\n    cmxk]"
    (token,) = find(f"k: {block}\n")
    assert (token.folded, token.layout, token.message()) == ("    ", Layout(20, "    ", "\n"), b"hello, world")


@given(
    st.binary(max_size=300), st.sampled_from(["", " ", "\t  "]), st.integers(12, 80), st.sampled_from(["\n", "\r\n"])
)
def test_what_is_laid_out_is_read_back_with_its_layout(message: bytes, indent: str, width: int, newline: str) -> None:
    layout = Layout(width, indent, newline)
    text = render(message or b"x", layout=layout)
    (token,) = (*find(text), *find_wider(text))
    assert token.message() == (message or b"x")
    assert (token.start, token.end) == (0, len(text))
    if token.layout is not None:
        assert token.layout == layout
        assert render(token.message(), layout=token.layout) == text


@given(st.binary(max_size=100))
def test_base64_is_written_strictly(message: bytes) -> None:
    written = render(message, layout=None).removeprefix("ENC[GPG,").removesuffix("]")
    assert a2b_base64(written, strict_mode=True) == message


@pytest.mark.parametrize(
    "hostile",
    [
        "ENC[GPG," + "A" * 2_000_000,
        "ENC[" + "A" * 2_000_000 + "!]",
        "ENC[GPG,A" * 200_000,
        "ENC[" * 400_000,
        ">\n" * 800_000,
        ">\n" + " " * 800_000 + "ENC[GPG",
        (">\n" + " " * 100 + "ENC[") * 8_000,
        "ENC[" + "A_" * 800_000 + ",",
        "ENC[A \n" * 200_000,
    ],
    ids=[
        "no end",
        "late stop",
        "many opened",
        "many empty",
        "blocks",
        "white space",
        "opened blocks",
        "scheme",
        "lines",
    ],
)
def test_a_hostile_text_takes_no_longer_than_reading_it(hostile: str) -> None:
    assert (find(hostile), find_wider(hostile)) == ((), ())
    assert seconds(lambda: (find(hostile), find_wider(hostile))) < 2


def test_large_and_many_values_are_found_at_once() -> None:
    large = bytes(range(256)) * 8_000
    text = f"a: {render(large, layout=None)}\nb: {render_block(large, indent='  ')}\n"
    text += "".join(f"k{number}: ENC[GPG,{base64.b64encode(b'x' * 600).decode()}]\n" for number in range(5_000))

    found = find(text)
    assert [token.message() for token in found] == [large, large, *[b"x" * 600] * 5_000]
    assert seconds(lambda: [token.layout for token in find(text)]) < 2
