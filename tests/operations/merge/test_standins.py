"""Words and marks that no content can pass for, whatever somebody pushed."""

import time

import pytest

from eyamlgpg.errors import FormatError
from eyamlgpg.operations.merge.standins import WIDEST, Words, rare_width


@pytest.mark.parametrize(
    "text", ["", "EyamlgpgValue0v", "EyamlgpgValueXX EyamlgpgValueX", "EyamlgpgValue" + "X" * 10**6]
)
def test_a_word_stands_in_no_text_and_is_found_at_once(text: str) -> None:
    started = time.process_time()
    assert Words.absent_from(["a: 1", text]).beginning not in text or not text
    assert time.process_time() - started < 1


@pytest.mark.parametrize("sign", "<|=>")
def test_marks_are_wider_than_any_run_and_no_larger_than_a_file(sign: str) -> None:
    assert rare_width(["a", f"a\n{sign * 9} b\n"], 7) == 10
    assert rare_width([f"a {sign * 9999}\n"], 7) == 8
    with pytest.raises(FormatError, match="1,001 signs"):
        rare_width([sign * (WIDEST + 1)], 7)
