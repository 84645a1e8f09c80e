"""The comment above a value that both sides of a merge changed."""

import pytest

from eyamlgpg.formats.eyaml import conflict_marks

TOKEN = "ENC[GPG,AAAA]"


@pytest.mark.parametrize("name", ["a\nb", "a\r", "\x1b[31m", "x" * 500, "\u2028", "]!"])
def test_whatever_a_key_is_called_the_comment_has_four_lines(name: str) -> None:
    text = conflict_marks.comment(name, TOKEN, indent="  ", newline="\n", width=7)
    assert [line[:4] for line in text.splitlines()] == ["  # "] * 4
    assert text.splitlines()[2] == f"  # {TOKEN}"
    assert max(map(len, text.splitlines())) < 120


@pytest.mark.parametrize("width", [7, 9, 60])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_was_written_is_found_whole_or_in_part(width: int, newline: str) -> None:
    comment = conflict_marks.comment("a", TOKEN, indent="\t", newline=newline, width=width)
    lines = comment.splitlines(keepends=True)
    assert [*conflict_marks.find(f"x: 1{newline}{comment}a: 1{newline}")] == [4 + len(newline)]
    assert [*conflict_marks.find(lines[0])] == [0]
    assert [*conflict_marks.find(lines[3])] == [0]
    assert [*conflict_marks.find(lines[1] + lines[2])] == []


def test_arrows_of_other_kinds_are_no_marks() -> None:
    assert [*conflict_marks.find("# <<<<<<< HEAD\na: <<<<<<< x\n  <<<<<<< x\n<<<<<<<\n>>>>>>> \n<< x\n")] == []
