"""What somebody typed for a marker, and what only has letters in common with one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eyamlgpg.formats.eyaml import markers, near_markers
from tests.support.timing import seconds

NEAR = (
    *(
        "DEC:GPG[x]!",
        "DEC::GPG [x]!",
        "DEC ::GPG[x]!",
        "DEC:: GPG[x]!",
        "dec::gpg[x]!",
        "Dec::GPG[x]!",
        "DEC(a)::GPG[x]!",
    ),
    *(
        "DEC()::GPG[x]!",
        "DEC( 1 )::GPG[x]!",
        "DEC (1)::GPG[x]!",
        "DEC::GPG(x)!",
        "DEC::GPG{x}!",
        "DEC::[x]!",
        "DEC:[x]!",
    ),
    *("DEC:::GPG[x]!", "DEC;;GPG[x]!", "DEC.GPG[x]!", "DEC-GPG[x]!", "DEC GPG[x]!", "DECGPG[x]!", "DEC:PKCS7[x]!"),
    *(
        "DEC:GPG[x]",
        "DEC:GPG[a\n  b]!",
        "dec::vault[x]!",
        "DEC(1):GPG[x]!",
        "DEC::GPG(x]!",
        "DEC:GPG[[x]]!",
    ),
)
FAR = (
    *("DEC::GPG[x]!", "DEC(1)::GPG[x]!", "DEC::gpg[x]!", r"DEC\::GPG[x]!", r"DEC\(1)::GPG[x]!", "ENC[GPG,hQEMA]"),
    *(
        "dec: [1, 2]",
        "DEC: [1, 2]",
        "month: dec",
        "decode(x)!",
        "codec::gpg[x]",
        "dec::Codec[x]",
        "Dec: GPG (see below)",
    ),
    *("dec: {a: b}", "DEC::GPG[tell them DEC:GPG[y]!", "DEC 2024 [x]", "DEC: see [x] at once!", "x: DEC"),
)


@pytest.mark.parametrize("text", NEAR)
def test_a_typing_error_is_seen_on_its_line(text: str) -> None:
    found = near_markers.find(f"a: 1\nk: {text}\nb: 2\n")
    assert [(one.start, one.line) for one in found] == [(8, 2)]
    assert markers.OPENER.search(text) is None


@pytest.mark.parametrize("text", FAR)
def test_a_marker_and_other_text_are_none(text: str) -> None:
    assert near_markers.find(f"a: 1\nk: {text}\nb: yes!\n") == ()


def test_only_what_came_is_added() -> None:
    before = "k: DEC:GPG[x]!\nl: DEC:GPG[x]!\n"
    assert near_markers.added(before, f"# new\n{before}") == ()
    assert [one.line for one in near_markers.added(before, f"{before}k: DEC:GPG[x]!\nm: dec::gpg[y]!\n")] == [3, 4]


@given(st.text(st.sampled_from(list("ab]!\\[\n DEC():GPG1é")), max_size=40))
def test_no_secret_inside_of_a_marker_is_one(content: str) -> None:
    assert near_markers.find(f"k: {markers.render(1, 'GPG', content)}\n") == ()


@pytest.mark.parametrize(
    "text", ["DEC:: [", "DEC:GPG[", "dec", "dec   ", "DEC(", "DEC::x(", "]!", "DEC:GPG[x]!\n", "DEC::GPG[x]! DEC:GPG["]
)
def test_no_text_takes_the_square_of_its_length(text: str) -> None:
    assert seconds(lambda: near_markers.added(text * 30_000, "\n" + text * 30_000)) < 4
