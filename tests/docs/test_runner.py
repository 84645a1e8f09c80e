"""What plays the pages sees what is wrong with a page, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.likeness import Names
from tests.docs.page import Command, fences_of
from tests.docs.play import play
from tests.docs.setups import Worlds
from tests.docs.write import written
from tests.support.keyrings import known

ALICE, BOB = known("alice").fingerprint, known("bob").fingerprint
ONE, OTHER = "9D2F4B1C6A7E8053D1B2C3A4F5E6978812345678", "1" * 40


@pytest.fixture(scope="module")
def worlds() -> Iterator[Worlds]:
    made = Worlds()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("", ""),
        ("made on 2026-01-02 in 0.3 s by gpg 2.2.40", "made on 2027-11-12 in 11 s by gpg 2.4.7"),
        ('"at": "2026-01-02T03:04:05Z"', '"at": "2027-11-12T10:20:30+00:00"'),
        ("a: ENC[GPG,hQGM…]", "a: ENC[GPG,wcDMA4abc+/=]"),
        ("first\n…\nlast", "first\nlast"),
        ("first\n…\nlast", "first\nmany\nmore\nlast"),
        ("the password is …", "the password is x7"),
        (f"key {ONE}, again {ONE}", f"key {OTHER}, again {OTHER}"),
        (f"key {ONE}\n9D2F 4B1C 6A7E 8053 D1B2 C3A4 F5E6 9788 1234 5678", f"key {OTHER}\n{' '.join(['1111'] * 10)}"),
        ("commit 4f1c2d3", "commit 77bf843c0"),
    ],
)
def test_what_differs_from_run_to_run_agrees(shown: str, printed: str) -> None:
    assert Names().agree(shown, printed)


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        ("", "a warning"),
        ("a warning", ""),
        ("1 value", "2 values"),
        ("a: ENC[GPG,hQGM…]", "a: in clear"),
        ("first\n…\nlast", "first\nmany"),
        (f"key {ONE}, again {ONE}", f"key {OTHER}, again {ALICE}"),
        (f"key {ONE}", f"key {ALICE}"),
        (f"key {ALICE}", f"key {BOB}"),
        (f"key {ONE}, key {OTHER}", f"key {'2' * 40}, key {'2' * 40}"),
        (f"key {ONE}\n9D2F 4B1C 6A7E 8053 D1B2 C3A4 F5E6 9788 1234 5678", f"key {OTHER}\n{' '.join(['2222'] * 10)}"),
    ],
)
def test_anything_else_does_not(shown: str, printed: str) -> None:
    assert not Names().agree(shown, printed)


def test_an_id_that_a_page_showed_is_the_runs_own_in_a_later_command() -> None:
    names = Names()
    names.agree(f"key {ONE}", f"key {OTHER}")
    assert names.in_command(f"eyamlgpg keys sign {ONE}") == f"eyamlgpg keys sign {OTHER}"
    assert names.on_the_page(f"{OTHER[-16:]}: signed") == f"{ONE[-16:]}: signed"


@pytest.mark.parametrize(
    ("line", "statuses"),
    [
        ("eyamlgpg check", {0}),
        ("eyamlgpg check  # status 1", {1}),
        ("eyamlgpg check  # status 1 if anything is found", {0, 1}),
        ("eyamlgpg set a b -s 'status 4'", {0}),
    ],
)
def test_a_comment_says_which_exit_status_is_right(line: str, statuses: set[int]) -> None:
    assert Command(0, line, "", 1).statuses == statuses


def test_a_page_is_taken_apart() -> None:
    text = "<!-- save as: a.txt -->\n\n```text\na\n```\n\n```console\n$ cat <<E\n> a\n> E\na\n\n$ true\n```\n"
    file, console = fences_of(text)
    assert (file.comments, file.text, console.comments) == ({"save as": "a.txt"}, "a\n", {})
    assert [(command.text, command.shown) for command in console.commands()] == [("cat <<E\na\nE", "a"), ("true", "")]


PAGE = """<!-- runs in: an empty home -->
<!-- beforehand: echo before > made -->

```console
$ cat made
after
$ false
```

<!-- save as: sub/file.yaml -->

```yaml
a: 1
```

<!-- not run: would be wrong -->

```console
$ exit 9
```

```console
$ cat sub/file.yaml && pwd
a: 1
/home/alice
```
"""


def test_a_page_that_is_wrong_is_objected_to_and_can_be_written_anew(tmp_path: Path, worlds: Worlds) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    objections = [played.objection for played in play(page, worlds) if played.objection]
    assert objections == [
        "line 5: $ cat made\n--- the page\n+++ the run\n@@ -1 +1 @@\n-after\n+before",
        "line 7: $ false\nexit status 1:\n",
    ]
    assert written(page, worlds) == PAGE.replace("after\n", "before\n")


def test_a_question_gets_the_answer_that_the_page_shows(tmp_path: Path, worlds: Worlds) -> None:
    page = tmp_path / "page.md"
    remove = "```console\n$ eyamlgpg offboard bob@example.com  # status 3\nBob Brown …\n…\n"
    answered = "eyamlgpg: Let Bob Brown <bob@example.com> go? [y/n] n\n…\n```\n"
    page.write_text("<!-- runs in: a team of three -->\n\n" + remove + answered)
    [played] = play(page, worlds)
    assert played.objection == ""
    assert "go? [y/n] n" in played.printed.text
