"""Where a value goes that is set, and how it is written there."""

import pytest

from tests.support.assignments import LONG_MESSAGE, MESSAGE, NEW, OLD, OLD_MESSAGE, after, block, token

# a value that is there


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("a: 1 # c\nb: 2\n", "a", "a: {} # c\nb: 2\n"),
        ("a: 'x' # c\n", "a", "a: '{}' # c\n"),
        ('a: "x\\\n  y"\r\nb: 2\r\n', "a", 'a: "{}"\r\nb: 2\r\n'),
        ("a: one\n  two\n\nb: 2\n", "a", "a: {}\n\nb: 2\n"),
        ("a:\nb: 2\n", "a", "a: {}\nb: 2\n"),
        ("a: # c\n", "a", "a: {} # c\n"),
        ("a: ~", "a", "a: {}"),
        ("a: null\n", "a", "a: {}\n"),
        ("a: |\n  x\n  y  \n\n# c\nb: 1\n", "a", "a: {}\n\n# c\nb: 1\n"),
        ("a: >- # c\r\n  x\r\n\r\n  y", "a", "a: {} # c"),
        ("a: |\n", "a", "a: {}\n"),
        ("a: &x !!str foo\nb: *x\n", "a", "a: &x !!str {}\nb: *x\n"),
        ("a: ! 'foo'\n", "a", "a: ! '{}'\n"),
        ("a: &x\nb: 1\n", "a", "a: &x {}\nb: 1\n"),
        ("a:\n  &x # c\n  foo\n", "a", "a:\n  &x # c\n  {}\n"),
        ("a: [x, 'y', ]\n", "a.0", 'a: ["{}", \'y\', ]\n'),
        ("a: [x, 'y', ]\n", "a.1", "a: [x, '{}', ]\n"),
        ("z: { a: }\n", "z.a", 'z: { a: "{}" }\n'),
        ("a:\n- x # c\n-\n", "a.0", "a:\n- {} # c\n-\n"),
        ("a:\n- x # c\n-\n", "a.1", "a:\n- x # c\n- {}\n"),
        ("? a\n: x\n", "a", "? a\n: {}\n"),
        ("a: 1\na: 2\n", "a", "a: 1\na: {}\n"),
        ("d: &d {p: 1}\na:\n  <<: *d\n  p: 2\n", "a.p", "d: &d {p: 1}\na:\n  <<: *d\n  p: {}\n"),
        ("\ufeffa: 1\n---\na: 1\n", "a", "\ufeffa: {}\n---\na: 1\n"),
        ("a: x ENC[GPG,AAAA]\n", "a", "a: {}\n"),
    ],
)  # fmt: skip
def test_a_value_is_replaced_and_its_comment_anchor_and_quotes_are_kept(text: str, path: str, expected: str) -> None:
    assert after(text, path) == expected.replace("{}", NEW)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"a: {OLD} # c\n", f"a: {NEW} # c\n"),
        (f"a: '{OLD}'\n", f"a: '{NEW}'\n"),
        ("a: ENC[gpg,hQ==]\n", f"a: {NEW}\n"),
        ("a: ENC[PKCS7,MIIB]\n", f"a: {NEW}\n"),
        (f"a: >\n    {OLD}\nb: 1\n", f"a: >\n    {NEW}\nb: 1\n"),
        (f"a: |-\n    {OLD}\nb: 1\n", f"a: |-\n    {NEW}\nb: 1\n"),
        (f"a: >{block(OLD_MESSAGE, '      ')}\n", f"a: >{block(MESSAGE, '      ')}\n"),
        (f"a: >- # c{block(OLD_MESSAGE, '  ')}\n\n", f"a: >- # c{block(MESSAGE, '  ')}\n\n"),
        (f"a: >\r{block(OLD_MESSAGE, '  ', chr(10))}", f"a: >\r{block(MESSAGE, '  ', chr(10))}"),
        (
            f"a: >{block(OLD_MESSAGE, ' ', chr(13) + chr(10))}\r\nb: 1\r\n",
            f"a: >{block(MESSAGE, ' ', chr(13) + chr(10))}\r\nb: 1\r\n",
        ),
        (f"a: '{block(OLD_MESSAGE, '  ')[3:]}'\n", f"a: '{block(MESSAGE, '  ')[3:]}'\n"),
        (f"[\n{block(OLD_MESSAGE, ' ')[2:]} # c\n".replace("[\n", "a: "), f"a: {block(MESSAGE, ' ')[2:]} # c\n"),
    ],
)
def test_a_token_keeps_the_layout_of_the_old_one(old: str, new: str) -> None:
    assert after(old, "a") == new


@pytest.mark.parametrize(
    "old",
    [
        f"a: |{block(OLD_MESSAGE, '  ')}\n",
        f"a: >\n  {OLD[:60]}\n    {OLD[60:]}\n",
        f"a: >\n\n  {OLD}\n",
        f"a: >+\n  {OLD}\n\n",
        f"a: ' {OLD}'\n",
        f'a: "\\x45{OLD[1:]}"\n',
    ],
)
def test_a_token_that_puppet_would_not_read_alone_is_written_anew(old: str) -> None:
    new = after(old, "a").strip("\n")
    assert new in {f"a: {NEW}", f"a: '{NEW}'", f'a: "{NEW}"'}


def test_a_long_value_becomes_a_block_where_one_may_stand() -> None:
    assert after("a:\n  b: x   \n  c: y\n", "a.b", LONG_MESSAGE) == f"a:\n  b: >{block(LONG_MESSAGE, '    ')}\n  c: y\n"
    assert after("a: |-\n   x\n   y  \n\nb: 1\n", "a", LONG_MESSAGE) == f"a: >{block(LONG_MESSAGE, '  ')}\n\nb: 1\n"
    assert after("a:\n- &x\n- 'y'", "a.0", LONG_MESSAGE) == f"a:\n- &x >{block(LONG_MESSAGE, '  ')}\n- 'y'"
    assert after("a: 1\n", "b.c", LONG_MESSAGE) == f"a: 1\nb:\n  c: >{block(LONG_MESSAGE, '    ')}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: x # c\n", "a: {} # c\n"),
        ("a: | # c\n  x\n", "a: {} # c\n"),
        ("a: x\r\n", "a: {}\r\n"),
        ("{a: x}\n", '{a: "{}"}\n'),
        ("a: x\n\n   # as far in as the block would be\n", "a: {}\n\n   # as far in as the block would be\n"),
        ("a: 'x' # c\n", "a: '{}' # c\n"),
    ],
)
def test_a_long_value_stays_on_one_line_where_no_block_can_stand(text: str, expected: str) -> None:
    assert after(text, "a", LONG_MESSAGE) == expected.replace("{}", token(LONG_MESSAGE))


def test_an_item_on_the_line_below_its_dash_gets_one_line_however_long() -> None:
    assert after("-\n  x\n", "0", LONG_MESSAGE) == f"-\n  {token(LONG_MESSAGE)}\n"


def test_a_token_of_four_kilobytes_is_a_line_and_a_longer_one_a_block() -> None:
    size = (4096 - len("ENC[GPG,]")) // 4 * 3
    assert after("a: x\n", "a", b"\x85" * size) == f"a: {token(bytes([0x85]) * size)}\n"
    assert after("a: x\n", "a", b"\x85" * (size + 3)) == f"a: >{block(bytes([0x85]) * (size + 3), '  ')}\n"


# a value that is not there


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("a: 1\n", "b", "a: 1\nb: {}\n"),
        ("a: 1", "b", "a: 1\nb: {}"),
        ("a: 1\r\n", "b.c", "a: 1\r\nb:\r\n  c: {}\r\n"),
        ("a: 1 # c\n\n# end\n", "b", "a: 1 # c\nb: {}\n\n# end\n"),
        ("a:\n    b: 1\nc: 2\n", "x.q.z", "a:\n    b: 1\nc: 2\nx:\n    q:\n        z: {}\n"),
        ("a:\n   b:\n   - 1\nc: 2\n", "a.d.e", "a:\n   b:\n   - 1\n   d:\n      e: {}\nc: 2\n"),
        ("a:\n  b:\n      c: 1\n", "a.d.e", "a:\n  b:\n      c: 1\n  d:\n      e: {}\n"),
        ("a:\n- b: 1\n  c: [1,\n   2] # d\n- y\n", "a.0.d", "a:\n- b: 1\n  c: [1,\n   2] # d\n  d: {}\n- y\n"),
        ("a: &x 1\nb: *x # c\n", "c", "a: &x 1\nb: *x # c\nc: {}\n"),
        ("a: |\n  x\n\n\n# c\n", "b", "a: |\n  x\nb: {}\n\n\n# c\n"),
        ("a: |+\n  x\n\n# c\n", "b", "a: |+\n  x\n\nb: {}\n# c\n"),
        ("a: >2+\n   x\n\n...\n", "b", "a: >2+\n   x\n\nb: {}\n...\n"),
        ("a: |\n  x", "b", "a: |\n  x\nb: {}"),
        ("a: 1\n...\n", "b", "a: 1\nb: {}\n...\n"),
        ("a: 1\n\n# c\n---\nb: 1\n", "b", "a: 1\nb: {}\n\n# c\n---\nb: 1\n"),
        ("? a\n: 1\n? b\n", "c", "? a\n: 1\n? b\nc: {}\n"),
        ("  a: 1\n", "b", "  a: 1\n  b: {}\n"),
        ("\ufeffa: 1\n", "b.c", "\ufeffa: 1\nb:\n  c: {}\n"),
        ("d: &d {p: 1}\na:\n  <<: *d\n", "a.p", "d: &d {p: 1}\na:\n  <<: *d\n  p: {}\n"),
        ("", "a", "a: {}\n"),
        ("\ufeff", "a", "\ufeffa: {}\n"),
        ("# c\n", "a.b", "# c\na:\n  b: {}\n"),
        ("# c", "a", "# c\na: {}"),
        ("---\n", "a", "---\na: {}\n"),
        ("--- # c\n# d", "a", "--- # c\n# d\na: {}"),
        ("---\n# c\n...\n# d\n", "a", "---\n# c\na: {}\n...\n# d\n"),
        ("---\r\n---\r\nb: 1\r\n", "a", "---\r\na: {}\r\n---\r\nb: 1\r\n"),
        ("--- ~ # c\n", "a", "---  # c\na: {}\n"),
        ("a:\n# c\nb: 1\n", "a.b", "a:\n  b: {}\n# c\nb: 1\n"),
        ("a: ~ # c\nb:\n   d: 1\n", "a.b.c", "a:  # c\n   b:\n      c: {}\nb:\n   d: 1\n"),
        ("a: &x\nb: *x\n", "a.b", "a: &x\n  b: {}\nb: *x\n"),
        ("- ~\n-\n", "0.a", "-\n  a: {}\n-\n"),
        ("- ~\n-\n", "1.a", "- ~\n-\n  a: {}\n"),
    ],
)  # fmt: skip
def test_a_missing_key_is_made_at_the_end_of_its_mapping(text: str, path: str, expected: str) -> None:
    assert after(text, path) == expected.replace("{}", NEW)


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("{a: 1}\n", "b", '{a: 1, b: "T"}\n'),
        ("a: {b: 1, # c\n  d: 2, # e\n}\n", "a.f.g", 'a: {b: 1, # c\n  d: 2, f: {g: "T"}, # e\n}\n'),
        ("{a: , b: }\n", "c", '{a: , b: , c: "T" }\n'),
        ("{a: [1]}\n", "b::c", "{a: [1], 'b::c': \"T\"}\n"),
        ("[{}, { }]\n", "0.a.b", '[{a: {b: "T"}}, { }]\n'),
        ("[~, x]\n", "0.a", '[{a: "T"}, x]\n'),
        ("{a:  , b: }\n", "b.c", '{a:  , b: {c: "T"} }\n'),
        ("a: { # c\n}\n", "a.b", 'a: {b: "T" # c\n}\n'),
        ("-\n  ~\n", "0.a", '-\n  {a: "T"}\n'),
        ("{}\n", "a", "a: T\n"),
        ("{}", "a.b", "a:\n  b: T"),
        ("--- {}\n# c\n", "a", "---\n# c\na: T\n"),
        ("a: {} # c\n", "a.b", "a:  # c\n  b: T\n"),
        ("a: { }\nb: 1\n", "a.b", "a:\n  b: T\nb: 1\n"),
        ("a:\n   {}\nb: 1\n", "a.b.c", "a:\n   b:\n     c: T\nb: 1\n"),
        ("{} # c\n", "a", " # c\na: T\n"),
    ],
)
def test_braces_are_filled_or_where_they_are_empty_unfolded(text: str, path: str, expected: str) -> None:
    assert after(text, path) == expected.replace("T", NEW)
