"""What stands in the editor, and what is made of it when it comes back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.errors import EyamlgpgError, FormatError, Several
from eyamlgpg.formats.eyaml import markers, near_markers, tokens
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.eyaml.tokens import Layout
from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.operations.values.edit_buffer import NEW_FILE, Buffer, open_buffer
from eyamlgpg.operations.values.edit_return import Kept, New, read_back
from eyamlgpg.operations.values.opened_text import OpenedText, OpenedValue
from eyamlgpg.operations.values.preamble import preamble_for

MESSAGE = b"\x85\x01\x03" + bytes(60)
"""Starts like a session key packet, so that the wider grammar takes it, too."""


def token(plaintext: bytes, layout: Layout | None = None) -> str:
    """A stand-in for an encrypted value: its message only has to be unique."""
    return tokens.render(MESSAGE + plaintext, layout=layout)


def opened(text: str) -> OpenedText:
    """A text as `open_text` would give it, for tokens made by `token`."""
    values = find_values(text).values
    return OpenedText(text, tuple(OpenedValue(value, value.token.message()[len(MESSAGE) :]) for value in values))


def buffer_of(text: str, *, preamble: bool = False) -> Buffer:
    return open_buffer(opened(text), "f.eyaml", preamble=preamble)


def written(text: str, saved: str) -> str | None:
    """The file after an edit that saved this, with `token` as the encrypter."""
    buffer = buffer_of(text)
    back = read_back(buffer, saved)
    if back is None:
        return None
    return back.with_messages([MESSAGE + new.plaintext for new in back.new])


def problems(text: str, saved: str) -> list[str]:
    with pytest.raises(EyamlgpgError) as caught:
        read_back(buffer_of(text), saved)
    error = caught.value
    return [one.sentence for one in (error.errors if isinstance(error, Several) else [error])]


TWO = f"---\na: {token(b'one')}\nb: >\n  {token(b'two', Layout(60, '  ', chr(10)))}\n# end\n"
TWO_SHOWN = "---\na: DEC(1)::GPG[one]!\nb: >\n  DEC(2)::GPG[two]!\n# end\n"


def test_values_are_shown_as_numbered_markers_in_order() -> None:
    assert buffer_of(TWO).body == TWO_SHOWN


def test_an_edit_without_changes_is_none() -> None:
    assert read_back(buffer_of(TWO), TWO_SHOWN) is None


def test_an_untouched_value_keeps_its_token_to_the_letter() -> None:
    assert written(TWO, TWO_SHOWN.replace("[one]", "[uno]")) == TWO.replace(token(b"one"), token(b"uno"))


def test_a_changed_block_keeps_its_layout() -> None:
    expected = TWO.replace(token(b"two", Layout(60, "  ", "\n")), token(b"zwei", Layout(60, "  ", "\n")))
    assert written(TWO, TWO_SHOWN.replace("[two]", "[zwei]")) == expected


def test_a_wide_block_keeps_its_width_when_it_changes() -> None:
    wide = Layout(76, "    ", "\n")
    text = f"b: >\n    {token(b'x' * 90, wide)}\n"
    assert written(text, "b: >\n    DEC(1)::GPG[" + "y" * 90 + "]!\n") == f"b: >\n    {token(b'y' * 90, wide)}\n"


def test_a_new_marker_in_a_folded_block_becomes_a_block_of_sixty() -> None:
    text = "a: 1\n"
    saved = "a: 1\nnew: >\n      DEC::GPG[" + "n" * 90 + "]!\n"
    assert written(text, saved) == f"a: 1\nnew: >\n      {token(b'n' * 90, Layout(60, '      ', chr(10)))}\n"


def test_a_moved_value_keeps_its_ciphertext_on_one_line() -> None:
    text = f"a: {token(b'one')}\nb: {token(b'two')}\n"
    assert written(text, "b: DEC(2)::GPG[two]!\na: DEC(1)::GPG[one]!\n") == (
        f"b: {token(b'two')}\na: {token(b'one')}\n"
    )


def test_a_block_that_is_moved_deeper_is_laid_out_for_its_new_place() -> None:
    """With its old indentation it would no longer belong to its key."""
    text = f"b: >\n  {token(b'x' * 90, Layout(60, '  ', chr(10)))}\n"
    saved = "top:\n  deep:\n    b: >\n      DEC(1)::GPG[" + "x" * 90 + "]!\n"
    assert written(text, saved) == (
        f"top:\n  deep:\n    b: >\n      {token(b'x' * 90, Layout(60, '      ', chr(10)))}\n"
    )


def test_a_block_that_is_only_indented_otherwise_stays_byte_for_byte() -> None:
    text = f"b: >\n    {token(b'x' * 90, Layout(60, '    ', chr(10)))}\n"
    saved = "b: >\n        DEC(1)::GPG[" + "x" * 90 + "]!\nc: 1\n"
    assert written(text, saved) == text + "c: 1\n"


def test_a_list_item_is_indented_by_its_dash() -> None:
    block = f"- >\n  {token(b'x' * 90, Layout(60, '  ', chr(10)))}\n"
    saved = "- >\n      DEC(1)::GPG[" + "x" * 90 + "]!\n- 2\n"
    assert written(block, saved) == block + "- 2\n"


def test_several_markers_in_one_scalar_are_each_their_own_value() -> None:
    text = f'url: "https://{token(b"u")}:{token(b"p")}@host"\n'
    assert written(text, 'url: "https://DEC(1)::GPG[u]!:DEC(2)::GPG[q]!@host"\n') == (
        f'url: "https://{token(b"u")}:{token(b"q")}@host"\n'
    )


def test_a_number_that_stands_twice_is_named_with_its_lines() -> None:
    assert problems(TWO, TWO_SHOWN + "c: DEC(1)::GPG[one]!\n") == [
        "f.eyaml: the number 1 stands 2 times, in lines 2 and 6 of the editor"
    ]


def test_an_invented_number_is_named_with_its_line() -> None:
    assert problems(TWO, TWO_SHOWN + "c: DEC(9)::GPG[x]!\n") == ["f.eyaml:6: no value of this file has the number 9"]


def test_all_that_is_wrong_is_said_at_once() -> None:
    saved = TWO_SHOWN + "c: DEC(9)::GPG[x]!\nd: DEC(8)::GPG[x]!\n"
    assert problems(TWO, saved) == [
        "f.eyaml:6: no value of this file has the number 9",
        "f.eyaml:7: no value of this file has the number 8",
    ]


def test_a_marker_left_half_open_is_named_by_its_line_below_the_preamble() -> None:
    buffer = buffer_of(TWO, preamble=True)
    with pytest.raises(FormatError, match="line 13: the marker DEC\\(1\\) is half open"):
        read_back(buffer, buffer.text.replace("[one]!", "[one"))


def test_another_method_is_refused() -> None:
    [problem] = problems(TWO, TWO_SHOWN + "c: DEC::ROT13[x]!\n")
    assert problem.startswith("f.eyaml:6: ")
    assert "ROT13" in problem


@pytest.mark.parametrize(("marker", "method"), [("DEC::GPG[x]!", Method.GPG), ("DEC::pkcs7[x]!", Method.PKCS7)])
def test_a_new_value_is_of_the_method_that_its_marker_names(marker: str, method: Method) -> None:
    back = read_back(buffer_of(TWO), TWO_SHOWN + f"c: {marker}\n")
    assert back is not None
    assert [(new.plaintext, new.method) for new in back.new] == [(b"x", method)]
    assert back.with_messages([b"made"]).endswith(f"c: ENC[{method},bWFkZQ==]\n")


def test_a_value_whose_marker_names_another_method_is_moved_to_it() -> None:
    back = read_back(buffer_of(TWO), TWO_SHOWN.replace("DEC(1)::GPG", "DEC(1)::PKCS7"))
    assert back is not None
    assert [(new.plaintext, new.method) for new in back.new] == [(b"one", Method.PKCS7)]


@pytest.mark.parametrize("saved", ["", "\n", "  \n\n"])
def test_an_empty_editor_is_an_error(saved: str) -> None:
    assert problems(TWO, saved) == ["f.eyaml: nothing is left in the editor"]


def test_the_preamble_is_ours_alone_to_take_off() -> None:
    """The file may begin with lines of the same kind."""
    text = f"# | the file's own header\n---\na: {token(b'one')}\n"
    buffer = buffer_of(text, preamble=True)
    assert read_back(buffer, buffer.text) is None
    back = read_back(buffer, buffer.text + "b: 1\n")
    assert back is not None
    assert back.with_messages([]) == text + "b: 1\n"


WORDS = sorted(set(re.findall(r"\w+|[^\w\s#-]", buffer_of(TWO, preamble=True).preamble)))


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_word_that_is_replaced_everywhere_is_replaced_in_the_values_alone(word: str, newline: str) -> None:
    """`:%s/word/…/` in vim, and the sed that somebody has for an editor, meet the preamble as well."""
    text = f"# | own {word}\n# another\n---\na: {token(b'one two')}\n# {word}\n".replace("\n", newline)
    if word in "[]!":
        text = text.replace("two", "too").replace(f"# {word}{newline}", "")
    buffer = buffer_of(text, preamble=True)
    changed = buffer.preamble.replace(word, "other") + buffer.body + f"b: 1{newline}"
    back = read_back(buffer, changed)
    assert back is not None
    assert back.with_messages([]) == text + f"b: 1{newline}"


@pytest.mark.parametrize("numbered", [True, False])
def test_the_preamble_holds_nothing_like_a_marker(numbered: bool) -> None:
    """Where it stays in a text, nobody encrypts its examples."""
    preamble = preamble_for("", numbered=numbered, binary=2, left_alone=2)
    assert (markers.parse(preamble), near_markers.find(preamble)) == ((), ())
    assert ("DEC(1)" in preamble) is numbered


@pytest.mark.parametrize("lost", [1, 2, 5])
def test_a_preamble_of_which_lines_were_deleted_is_taken_off_all_the_same(lost: int) -> None:
    buffer = buffer_of(TWO, preamble=True)
    lines = buffer.preamble.splitlines(keepends=True)
    for kept in (lines[lost:], lines[:-lost], lines[:2] + lines[2 + lost :]):
        assert read_back(buffer, "".join(kept) + buffer.body) is None


def test_a_line_added_below_the_preamble_is_the_files_own() -> None:
    buffer = buffer_of(TWO, preamble=True)
    back = read_back(buffer, buffer.preamble + "# | mine\n# |---\n" + buffer.body)
    assert back is not None
    assert back.with_messages([]) == "# | mine\n# |---\n" + TWO


def test_a_file_that_kept_an_older_preamble_keeps_it() -> None:
    text = preamble_for("", numbered=True, binary=0, left_alone=0) + TWO
    buffer = buffer_of(text, preamble=True)
    assert read_back(buffer, buffer.text) is None


@pytest.mark.parametrize("top", ["a: 1\n", "\n", "; "])
def test_a_preamble_that_is_not_at_the_top_any_more_does_not_get_into_the_file(top: str) -> None:
    buffer = buffer_of(TWO, preamble=True)
    with pytest.raises(FormatError, match="no longer stand at the top"):
        read_back(buffer, top + buffer.text)


def test_a_preamble_that_the_user_deleted_is_not_missed() -> None:
    buffer = buffer_of(TWO, preamble=True)
    assert read_back(buffer, buffer.body) is None


def test_a_preamble_has_the_line_ends_of_the_file() -> None:
    buffer = buffer_of("a: 1\r\nb: 2\r\n", preamble=True)
    assert buffer.text.count("\n") == buffer.text.count("\r\n")
    assert read_back(buffer, buffer.text) is None


def test_a_newline_that_the_file_did_not_end_with_is_taken_off_again() -> None:
    text = f"a: {token(b'one')}"
    assert read_back(buffer_of(text), "a: DEC(1)::GPG[one]!\n") is None
    assert written(text, "a: DEC(1)::GPG[two]!\n") == f"a: {token(b'two')}"


def test_a_bom_stays_where_it_was() -> None:
    text = f"\ufeffa: {token(b'one')}\nb: 1\n"
    assert not buffer_of(text).text.startswith("\ufeff")
    assert written(text, "a: DEC(1)::GPG[two]!\nb: 1\n") == f"\ufeffa: {token(b'two')}\nb: 1\n"


def test_crlf_made_by_the_editor_does_not_touch_values() -> None:
    text = f"a: {token(b'one' + bytes([10]) + b'line')}\nb: 1\n"
    saved = "a: DEC(1)::GPG[one\r\nline]!\r\nb: 1\r\n"
    assert written(text, saved) == text.replace("\n", "\r\n")


def test_a_number_that_already_stands_in_the_file_is_not_given_again() -> None:
    text = f"doc: DEC(1)::GPG[literal]!\na: {token(b'one')}\n"
    assert buffer_of(text).body == "doc: DEC(1)::GPG[literal]!\na: DEC(2)::GPG[one]!\n"


def test_a_marker_that_already_stands_in_the_file_is_encrypted() -> None:
    text = f"doc: DEC(1)::GPG[literal]!\na: {token(b'one')}\n"
    saved = "doc: DEC(1)::GPG[literal]!\na: DEC(2)::GPG[uno]!\n"
    assert written(text, saved) == f"doc: {token(b'literal')}\na: {token(b'uno')}\n"


def test_a_binary_value_stays_encrypted_and_is_counted() -> None:
    text = f"a: {token(bytes([0, 255]))}\nb: {token(b'x')}\n"
    buffer = buffer_of(text, preamble=True)
    assert buffer.body == f"a: {token(bytes([0, 255]))}\nb: DEC(1)::GPG[x]!\n"
    assert "# | 1 value is binary and stays encrypted here" in buffer.preamble


def test_a_new_file_begins_with_a_document_start() -> None:
    buffer = open_buffer(None, "f.eyaml", preamble=False)
    assert buffer.text == NEW_FILE
    assert read_back(buffer, NEW_FILE) is None
    back = read_back(buffer, NEW_FILE + "a: DEC::GPG[x]!\n")
    assert back is not None
    assert [new.plaintext for new in back.new] == [b"x"]


def test_a_plaintext_never_shows_in_a_repr() -> None:
    buffer = buffer_of(f"a: {token(b'geheim')}\n")
    back = read_back(buffer, "a: DEC(1)::GPG[geheimer]!\n")
    assert "geheim" not in repr(buffer) + repr(back)


SECRETS = st.text(st.sampled_from(list("ab]!\\[\n DEC():GPG1é")), max_size=30)


@given(st.lists(SECRETS, min_size=1, max_size=5))
def test_any_secrets_come_back_untouched_and_changed(secrets: list[str]) -> None:
    """Whatever stands in them, one changed value changes that value alone."""
    text = "".join(f"k{i}: {token(f'{i}{secret}'.encode())}\n" for i, secret in enumerate(secrets))
    buffer = buffer_of(text)
    assert read_back(buffer, buffer.body) is None
    back = read_back(buffer, buffer.body + "new: DEC::GPG[x]!\n")
    assert back is not None
    assert [type(part) for part in back.parts] == [*[Kept] * len(secrets), New]
    assert back.with_messages([MESSAGE + b"x"]) == text + f"new: {token(b'x')}\n"
