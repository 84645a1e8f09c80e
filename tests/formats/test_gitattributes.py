"""Our lines of .gitattributes come and go, and everything else stays byte for byte."""

import pytest

from eyamlgpg.formats.gitattributes import BOM, HEAD, own_lines, pattern_of, with_lines, without_lines

ENDS = ("diff=eyamlgpg merge=eyamlgpg", "merge=eyamlgpg-recipients")
WANTED = (f"*.eyaml {ENDS[0]}", f"list {ENDS[1]}")


@pytest.mark.parametrize(
    "text",
    ["", "* text=auto\n", "* text=auto", "a -diff\r\nb\r\n", f"{BOM}* text\n", "\n\n# mine\n", "a\udcff b\n", "x\r"],
)
def test_what_comes_goes_again(text: str) -> None:
    made = with_lines(text, WANTED, ENDS)
    assert own_lines(made, ENDS) == WANTED
    assert with_lines(made, WANTED, ENDS) == made
    assert without_lines(made, ENDS) == text


def test_a_line_that_stands_elsewhere_is_not_written_again_and_not_taken_away() -> None:
    mine = f"{WANTED[0]}\n* text\n"
    made = with_lines(mine, WANTED, ENDS)
    assert made == f"{HEAD}\n{WANTED[1]}\n\n{mine}"
    assert without_lines(made, ENDS) == mine


def test_another_line_comes_behind_those_that_are_there() -> None:
    made = with_lines(with_lines("* text\n", WANTED[:1], ENDS), WANTED, ENDS)
    assert made == f"{HEAD}\n{WANTED[0]}\n{WANTED[1]}\n\n* text\n"


def test_a_line_that_somebody_put_between_ends_ours() -> None:
    text = f"{HEAD}\n{WANTED[0]}\nmine text\n{WANTED[1]}\n"
    assert without_lines(text, ENDS) == f"mine text\n{WANTED[1]}\n"


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("data/a.yaml", "/data/a.yaml"),
        ("with space.yaml", '"/with space.yaml"'),
        ("a[b]*?.yaml", "/a\\[b]\\*\\?.yaml"),
        ('"q" \\.yaml', '"/\\"q\\" \\\\\\\\.yaml"'),
        ("#a", "/#a"),
    ],
)
def test_a_path_as_a_pattern(path: str, pattern: str) -> None:
    assert pattern_of(path) == pattern


def test_a_folder_as_a_pattern() -> None:
    assert [pattern_of(folder, folder_of=".yml") for folder in ("data/x", "")] == ["/data/x/*.yml", "/*.yml"]
