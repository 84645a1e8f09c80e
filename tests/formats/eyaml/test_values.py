"""Which tokens of a file are its values, and how each one is named."""

import time
from base64 import b64encode
from textwrap import wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.formats.eyaml import values as values_module
from eyamlgpg.formats.eyaml.values import Scan, find_values
from eyamlgpg.formats.yaml.structure import NotYaml

MESSAGE = b"\x85\x01\x0c\x03" + bytes(range(1, 9)) + b"\x01" * 259 + b"\xd2\x0b\x01" + b"\x02" * 10
"""Shaped like OpenPGP: a session key for key 0102030405060708, and encrypted data."""

BASE64 = b64encode(MESSAGE).decode()
TOKEN = f"ENC[GPG,{BASE64}]"
LINES = wrap(TOKEN, 60)
OTHER_LINES = wrap(f"ENC[GPG,{b64encode(b'no message at all, but prose' * 3).decode()}]", 60)


def block(header: str, lines: list[str] = LINES, newline: str = "\n") -> str:
    return header + "".join(f"{newline}  {line}" for line in lines) + newline


def found(scan: Scan) -> list[tuple[str | None, int]]:
    return [(None if value.path is None else str(value.path), value.line) for value in scan.values]


def test_each_value_has_its_key_path_and_line() -> None:
    text = f"---\na::b: {TOKEN}\nc:\n  - x\n  - d: '{TOKEN}'\n{TOKEN}: key\n" + block("e: >")
    scan = find_values(text)
    assert found(scan) == [("a::b", 2), ("c.1.d", 5), (f"{TOKEN}", 6), ("e", 8)]
    assert scan.disguised == ()
    assert scan.yaml_error is None
    assert [text[value.token.start : value.token.end].split("\n")[0][:8] for value in scan.values] == ["ENC[GPG,"] * 4


def test_two_values_in_one_scalar_have_the_same_path() -> None:
    assert found(find_values(f"a: {TOKEN} and {TOKEN}{TOKEN}\n")) == [("a", 1)] * 3


def test_a_value_in_a_comment_counts_and_has_no_path() -> None:
    text = f"# old: {TOKEN}\na: &x # {TOKEN}\n  b\n"
    assert found(find_values(text)) == [(None, 1), (None, 2)]


def test_text_that_only_looks_like_a_token_to_people_is_text() -> None:
    assert find_values("# see ENC[the docs]\na: ENC[the docs too]\n") == Scan((), (), None)


@pytest.mark.parametrize(
    "text",
    [
        block("a: |"),
        block("a: >-"),
        block("a: > # a comment"),
        block("a: >", newline="\r\n"),
        "a: '" + "\n  ".join(LINES) + "'\n",
        'a: "' + "\n\n  ".join(LINES) + '"\n',
        "a: " + "\n  ".join(LINES) + "\n",
        f"a: ENC[GPG, {BASE64}]\n",
        f"a: &x !!str\n  {TOKEN[:40]} {TOKEN[40:]}\n",
    ],
)
def test_white_space_inside_counts_in_a_scalar_that_holds_an_openpgp_message(text: str) -> None:
    scan = find_values(text)
    assert [str(value.path) for value in scan.values] == ["a"]
    assert [value.token.message() for value in scan.values] == [MESSAGE]
    assert (scan.disguised, scan.yaml_error) == ((), None)


def test_white_space_inside_does_not_count_without_an_openpgp_message() -> None:
    assert find_values(block("a: |", OTHER_LINES)).values == ()


def test_the_gems_grammar_counts_whatever_the_message() -> None:
    assert found(find_values(block("a: >", OTHER_LINES) + "b: ENC[PKCS7,MIIB]\n")) == [("a", 2), ("b", 5)]


def test_white_space_inside_does_not_count_in_a_comment_or_across_scalars() -> None:
    head, tail = TOKEN[:60], TOKEN[60:]
    assert find_values(f"# {head} {tail}\na: b\n").values == ()
    assert find_values(f"? {head}=\n\n...\n---\n- {tail}\n").values == ()


def test_where_the_text_is_not_yaml_all_openpgp_messages_count_without_paths() -> None:
    text = f"a: [{TOKEN}]\n" + block("b: |") + block("c: |", OTHER_LINES)
    scan = find_values(text)
    assert found(scan) == [(None, 1), (None, 3)]
    assert scan.disguised == ()
    assert scan.yaml_error == NotYaml(1, "did not find expected ',' or ']'")


def test_a_file_that_is_not_utf_8_keeps_its_values_by_line() -> None:
    scan = find_values(f"# caf\udce9\na: {TOKEN}\n")
    assert found(scan) == [(None, 2)]
    assert scan.yaml_error == NotYaml(1, "it is not valid UTF-8")


def test_lines_are_counted_by_lf_whatever_else_ends_a_line_for_yaml() -> None:
    text = f"\ufeffa: x\u2028\u0085\r\nb: {TOKEN}\r\n"
    assert found(find_values(text)) == [("b", 2)]


DISGUISES = [
    f'a: "\\x45NC[GPG,{BASE64}]"\n',
    f'a: "{TOKEN[:50]}\\\n  {TOKEN[50:]}"\n',
    f'a: "{TOKEN[:50]}\\n{TOKEN[50:]}"\n',
    f'a: "{TOKEN[:50]}\\/{TOKEN[50:]}"\n',
    f"a: '{TOKEN[:50]}\u0085  {TOKEN[50:]}'\n",
    f'a: "{TOKEN} \\x45NC[GPG,{BASE64}]"\n',
    f"a: !!binary {b64encode(TOKEN.encode()).decode()}\n",
    block("a: !binary |", wrap(b64encode(TOKEN.encode()).decode(), 60)),
]


@pytest.mark.parametrize("text", DISGUISES)
@pytest.mark.parametrize("with_paths", [True, False])
def test_a_token_that_only_puppet_sees_is_reported_as_disguised(text: str, with_paths: bool) -> None:
    scan = find_values(text, with_paths=with_paths)
    assert [(str(scalar.path), scalar.line) for scalar in scan.disguised] == [("a", 1)]
    assert scan.yaml_error is None


@pytest.mark.parametrize(
    "text",
    [
        f'a: "{TOKEN}\\n"\n',
        f'a: "C:\\\\ {TOKEN[:50]}\n  {TOKEN[50:]}"\n',
        'a: "\\x45NC[GPG,TUlJQg==]"\n',
        f'a: "{TOKEN[:50]}\\t{TOKEN[50:]}"\n',
        f"a: '\\x45NC[GPG,{BASE64}]'\n",
        "a: !!binary no base64: é\n",
    ],
)
def test_nothing_is_disguised_where_the_token_stands_in_the_text_or_is_none(text: str) -> None:
    assert find_values(text).disguised == ()


def test_a_text_that_can_be_judged_without_yaml_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values_module, "locate", pytest.fail)
    scan = find_values(f"a: {TOKEN}\n" + block("b: >"), with_paths=False)
    assert found(scan) == [(None, 1), (None, 3)]


def test_without_paths_the_same_tokens_are_found() -> None:
    text = f"a: {TOKEN}\n" + block("b: |") + f"# {TOKEN[:50]} {TOKEN[50:]}\n"
    assert found(find_values(text, with_paths=False)) == found(find_values(text)) == [("a", 1), ("b", 3)]


pieces = st.sampled_from([
    TOKEN, TOKEN[:50], TOKEN[50:], "\n  ", "\n", " ", "a: ", "- ", "|", ">", "'", '"', "\\", "# ", "&x ", "!!binary ",
    "{", "}", "ENC[GPG,", "]", ",", "\r\n", "\ufeff", "\udce9", "---\n", "\t",
])  # fmt: skip


@given(st.lists(pieces, max_size=12).map("".join))
def test_values_of_any_text_are_in_order_and_apart(text: str) -> None:
    spans = [(value.token.start, value.token.end) for value in find_values(text).values]
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    assert edges == sorted(edges)
    assert all(text[start:end].startswith("ENC[") and text[start:end].endswith("]") for start, end in spans)


def test_five_thousand_values_are_found_well_under_a_second() -> None:
    text = "".join(f'key{number}: "{TOKEN}\\t"\n' for number in range(5000))
    before = time.process_time()
    assert len(find_values(text).values) == 5000
    assert time.process_time() - before < 2
