"""A recipients file that is something else (a link to a secret, a huge file) is refused, and not printed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.keyrings import known
from tests.support.tool import Ran, Tool

Home = Callable[[str], Path]
FILE = "hiera-eyaml-gpg.recipients"
ALICE = known("alice").fingerprint
COMMANDS = (
    ("encrypt", "-s", "x"),
    ("recipients", "list"),
    ("recipients", "list", "--format", "json"),
    ("recipients", "add", "bob@example.com", "--dry-run"),
    ("recipients", "pin", "--dry-run"),
    ("recipients", "lint"),
    ("keys", "check"),
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder that is the root of its tree."""
    (tmp_path / "tree" / ".git").mkdir(parents=True)
    return tmp_path / "tree"


@pytest.mark.parametrize("secret", ["root:$y$j9T$abc:19000:0:99999:7:::", "https://me:hunter2@example.com", "hunter2"])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_what_a_link_out_of_the_tree_leads_to_is_not_printed(
    tool: Tool, home: Home, tree: Path, words: tuple[str, ...], secret: str
) -> None:
    (tree.parent / "secret").write_text(f"# comment\n{ALICE}\n{secret}\n")
    (tree / FILE).symlink_to("../secret")
    ran = tool(*words, home=home("alice"), cwd=tree)
    assert (ran.status, secret in ran.out.decode() + ran.err) == (3, False)
    assert (
        f"eyamlgpg: {FILE}:3: is no fingerprint, key ID or address; what stands there is not shown, "
        "since the file is a link out of its tree\n"
    ) in ran.err


def test_a_link_out_of_the_tree_that_leads_to_recipients_is_followed(tool: Tool, home: Home, tree: Path) -> None:
    (tree.parent / "team").write_text(f"# everybody\n{ALICE}\nbob@example.com\n")
    (tree / FILE).symlink_to("../team")
    ran = tool("recipients", "list", home=home("alice"), cwd=tree)
    assert [known(name).fingerprint in ran.out.decode() for name in ("alice", "bob", "carol")] == [True, True, False]


def test_a_file_that_the_user_names_may_hold_names_wherever_a_link_leads(tool: Tool, home: Home, tree: Path) -> None:
    (tree.parent / "team").write_text("Alice\n")
    (tree / "link").symlink_to("../team")
    ran = tool("recipients", "list", "--gpg-recipients-file", "link", home=home("alice"), cwd=tree)
    assert (ran.status, ALICE in ran.out.decode()) == (0, True)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_recipients_file_of_more_than_a_mebibyte_is_refused(
    tool: Tool, home: Home, tree: Path, words: tuple[str, ...]
) -> None:
    with (tree / FILE).open("wb") as file:
        file.truncate(1 << 40)
    ran = tool(*words, home=home("alice"), cwd=tree)
    assert (ran.status, f"{FILE}: is larger than 1,048,576 bytes" in ran.err) == (3, True)


def test_of_a_long_line_only_the_beginning_is_printed(tool: Tool, home: Home, tree: Path) -> None:
    (tree / FILE).write_text(f"{'xy ' * 100_000}\n")
    assert tool("encrypt", "-s", "x", home=home("alice"), cwd=tree) == Ran(
        3,
        b"",
        f"eyamlgpg: {FILE}:1: {('xy ' * 27)[:80]}…: no such key on the keyring\n"
        "eyamlgpg:   import it: eyamlgpg keys import FILE\n",
    )


def test_of_very_many_errors_and_warnings_the_first_hundred_are_printed(tool: Tool, home: Home, tree: Path) -> None:
    (tree / FILE).write_text("".join(f"x{number} # gone\n" for number in range(1_000)))
    ran = tool("encrypt", "-s", "x", home=home("alice"), cwd=tree)
    errors = [line for line in ran.err.splitlines() if not line.startswith("eyamlgpg:   ")]
    assert (ran.status, len(errors), errors[-1]) == (3, 101, "eyamlgpg: and 900 more errors")
    (tree / FILE).write_text("".join(f"x{number}@example.com # gone\n" for number in range(1_000)))
    listed = tool("recipients", "list", home=home("alice"), cwd=tree)
    warnings = [line for line in listed.err.splitlines() if "warning" in line]
    assert (len(warnings), warnings[-1]) == (101, "eyamlgpg: warning: and 900 more warnings")


@pytest.mark.parametrize(
    "words",
    [
        *COMMANDS,
        ("encrypt", "-s", "x", "--gpg-recipients-file", FILE),
        ("encrypt", "-s", "x", "--gpg-recipients", "Bob #2 <nobody@example.com>"),
        ("encrypt", "-s", "x", "--gpg-recipients", "Brown, Bob <nobody@example.com>"),
        ("recipients", "add", "Bob #2 <nobody@example.com>", "--dry-run"),
        ("check",),
    ],
    ids=" ".join,
)
def test_a_user_id_with_a_number_sign_never_means_somebody_else(
    tool: Tool, home: Home, tree: Path, words: tuple[str, ...]
) -> None:
    """`Bob` alone is a part of Bob Brown's user ID; the line names another Bob, whose key is not here."""
    (tree / FILE).write_text(f"{ALICE}\nBob #2 <nobody@example.com>\n")
    ran = tool(*words, home=home("alice"), cwd=tree)
    said = ran.out.decode() + ran.err
    assert (ran.status == 0, "Bob Brown" in said) == (False, False)
    assert "no such key" in said or "key-missing" in said
