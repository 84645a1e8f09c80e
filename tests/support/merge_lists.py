"""Merges of recipients files."""

from tests.support.merge_situation import CLEAN, Situation

LIST = "hiera-eyaml-gpg.recipients"
_ALICE, _BOB, _CAROL = (f"# {name}@example.com\n{digit * 40}\n" for name, digit in
                        (("alice", "A"), ("bob", "B"), ("carol", "C")))  # fmt: skip
_DAN, _EVE, _NEW_BOB = (f"# {name}@example.com\n{digit * 40}\n" for name, digit in
                        (("dan", "D"), ("eve", "E"), ("bob", "F")))  # fmt: skip

LISTS = (
    Situation(
        "recipients: one added at the end on each side",
        _ALICE + _BOB,
        _ALICE + _BOB + _DAN,
        _ALICE + _BOB + _EVE,
        _ALICE + _BOB + _DAN + _EVE,
        file=LIST,
        says=f"theirs added {'E' * 40} (by its comment eve@example.com)",
    ),
    Situation(
        "recipients: one added by us, the one above removed by them",
        _ALICE + _BOB,
        _ALICE + _BOB + _DAN,
        _ALICE,
        _ALICE + _DAN,
        file=LIST,
        says=f"theirs removed {'B' * 40}",
    ),
    Situation(
        "recipients: a new key by us for somebody whom they removed",
        _ALICE + _BOB + _CAROL,
        _ALICE + _NEW_BOB + _CAROL,
        _ALICE + _CAROL,
        _ALICE + _CAROL,
        file=LIST,
        says=f"left out, since the other side removed the same person: {'F' * 40}",
    ),
    Situation(
        "recipients: a comment changed by us, one added and one removed by them",
        "# ops\n" + _ALICE + _BOB + _CAROL,
        "# the operators\n" + _ALICE + _BOB + _CAROL,
        "# ops\n" + _ALICE + _CAROL + _DAN,
        "# the operators\n" + _ALICE + _CAROL + _DAN,
        file=LIST,
        git=CLEAN,
    ),
)
