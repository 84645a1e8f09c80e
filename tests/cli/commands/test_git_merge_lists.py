"""`eyamlgpg git merge-recipients`: additions of both sides stay, and removals win."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.tool import Ran, Tool

NAME = "data/hiera-eyaml-gpg.recipients"
A, B, C, D = ("A" * 40, "B" * 40, "C" * 40, "D" * 40)


@pytest.fixture
def merge(tool: Tool, tmp_path: Path) -> Callable[[str, str, str], tuple[Ran, str]]:
    """Merge three lists: what the driver says, and what it leaves."""

    def run(*texts: str) -> tuple[Ran, str]:
        paths = [tmp_path / name for name in ("base", "ours", "theirs")]
        for path, text in zip(paths, texts, strict=True):
            path.write_bytes(text.encode())
        ran = tool("git", "merge-recipients", *map(str, paths), "7", NAME)
        return ran, paths[1].read_bytes().decode()

    return run


def lines(*names: str) -> str:
    return "".join(f"{name}\n" for name in names)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        pytest.param(lines(A, B), lines(A), lines(B), "", id="everybody-removed"),
        pytest.param(lines(A), lines(A, B), lines(A, B), lines(A, B), id="the-same-added"),
        pytest.param(lines(A, B), lines(A, C), lines(A, D), lines(A, C, D), id="one-removed-by-both"),
        pytest.param("", lines("# x", A), lines("# y", B), lines("# x", A, "# y", B), id="a-new-list-on-both-sides"),
        pytest.param(lines(A, B, C), lines(C, B, A), lines(A, B, C, D), lines(C, B, A, D), id="order-changed"),
        pytest.param(
            lines("# x", A, B), lines("# x", B), lines("# x", A, B, C), lines("# x", B, C), id="heading-stays"
        ),
        pytest.param(lines("# x", A, B), lines(B), lines("# x", A, B, C), lines(B, C), id="its-comment-goes"),
        pytest.param(f"{A}\r\n{B}\r\n", f"{A}\r\n{B}\r\n{C}\r\n", f"{A}\r\n", f"{A}\r\n{C}\r\n", id="crlf"),
        pytest.param(f"{A}\n{B}", f"{A}\n{B}\n{C}", f"{A}\n{B}\n{D}", lines(A, B, C, D), id="no-line-end"),
        pytest.param(f"\ufeff{lines(A)}", f"\ufeff{lines(A, B)}", lines(A, C), f"\ufeff{lines(A, B, C)}", id="bom"),
        pytest.param(
            "a@example.com, b@example.com\n",
            "a@example.com, b@example.com\nc@example.com\n",
            "a@example.com\n",
            "a@example.com\nc@example.com\n",
            id="one-of-a-comma-list",
        ),
        pytest.param(
            lines("bob@example.com", C),
            lines("# Bob <bob@example.com>", B, C),
            lines(C),
            lines(C),
            id="pinned-and-removed",
        ),
        pytest.param(
            lines("bob@example.com", C),
            lines("# Bob <bob@example.com>", B, C),
            lines("bob@example.com", C, D),
            lines("# Bob <bob@example.com>", B, C, D),
            id="pinned-and-one-added",
        ),
        pytest.param(
            lines("# Bob <bob@example.com>", A, C),
            lines("# Bob <bob@example.com>", B, C),
            lines("# Bob <bob@example.com>", D, C),
            lines("# Bob <bob@example.com>", B, D, C),
            id="two-new-keys-of-one-person",
        ),
        pytest.param(
            lines("# eyamlgpg: role dba", A, "# eyamlgpg: end", C),
            lines("# eyamlgpg: role dba", A, B, "# eyamlgpg: end", C),
            lines("# eyamlgpg: role dba", A, D, "# eyamlgpg: end", C),
            lines("# eyamlgpg: role dba", A, B, D, "# eyamlgpg: end", C),
            id="a-role-block",
        ),
        pytest.param(
            lines("# eyamlgpg: role dba", A, B, "# eyamlgpg: end", "# eyamlgpg: role ops", A, "# eyamlgpg: end"),
            lines("# eyamlgpg: role dba", B, "# eyamlgpg: end", "# eyamlgpg: role ops", A, "# eyamlgpg: end"),
            lines("# eyamlgpg: role dba", A, B, "# eyamlgpg: end", "# eyamlgpg: role ops", A, C, "# eyamlgpg: end"),
            lines("# eyamlgpg: role dba", B, "# eyamlgpg: end", "# eyamlgpg: role ops", A, C, "# eyamlgpg: end"),
            id="out-of-one-role-and-still-in-another",
        ),
    ],
)
def test_lists_are_merged_as_people(
    merge: Callable[[str, str, str], tuple[Ran, str]], base: str, ours: str, theirs: str, merged: str
) -> None:
    ran, text = merge(base, ours, theirs)
    assert text == merged
    assert ran.status == (1 if not merged else 0), ran.err


def test_what_was_merged_is_said_with_what_is_to_be_done(merge: Callable[[str, str, str], tuple[Ran, str]]) -> None:
    ran, _ = merge(
        lines("# Al <a@x.org>", A, B), lines("# Al <a@x.org>", A), lines("# Al <a@x.org>", A, B, "# Cy <c@x.org>", C)
    )
    assert ran.err.splitlines() == [
        f"eyamlgpg: {NAME}: ours removed {B}",
        f"eyamlgpg: {NAME}: theirs added {C} (by its comment Cy <c@x.org>)",
        "eyamlgpg: after the merge, bring the values in line: eyamlgpg recrypt data",
    ]


def test_a_list_of_nobody_is_a_conflict(merge: Callable[[str, str, str], tuple[Ran, str]]) -> None:
    ran, _ = merge(lines(A, B), lines(A), lines(B))
    assert (ran.status, "the merged list names nobody" in ran.err) == (1, True)


def test_what_is_no_list_is_merged_as_text_whatever_an_attribute_says(
    merge: Callable[[str, str, str], tuple[Ran, str]],
) -> None:
    """A union would leave both values of a key, without a word."""
    ran, text = merge(lines("a: 1", "b: 2"), lines("a: ours", "b: 2"), lines("a: theirs", "b: 2"))
    assert (ran.status, "is not a recipients file" in ran.err) == (1, True)
    assert "a: ours\n=======\na: theirs\n" in text
