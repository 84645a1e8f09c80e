"""Where else git merges: stash, revert, merge-tree; and what it gets where the driver cannot do its work."""

import os
import resource
import sys
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.host import handed_over
from tests.support import keyrings
from tests.support.merges import Ciphertexts
from tests.support.repository import Repository, start
from tests.support.team import Team
from tests.support.tool import Tool

FILE = "db.eyaml"
BASE, OURS, THEIRS = "a: <A1>\ne: <E1>\n", "a: <B1>\ne: <E1>\n", "a: <A2>\ne: <C1>\n"
MERGED = "a: <B1>\ne: <C1>\n"


@pytest.fixture(scope="module")
def ciphertexts(home: Callable[[str], Path]) -> Ciphertexts:
    return Ciphertexts(home)


@pytest.fixture
def repository(home: Callable[[str], Path], ciphertexts: Ciphertexts, tmp_path: Path) -> Repository:
    """Base and theirs are committed; ours stands in the working tree."""
    made = start(tmp_path / "repository", home("bob"))
    made.git("config", "merge.eyamlgpg.driver", f"'{sys.executable}' -m eyamlgpg git merge-values %O %A %B %L %P")
    made.write(".gitattributes", "*.eyaml merge=eyamlgpg\n")
    made.commit(db_eyaml=ciphertexts.put_in(BASE))
    made.git("checkout", "-q", "-b", "theirs")
    made.commit(db_eyaml=ciphertexts.put_in(THEIRS))
    made.git("checkout", "-q", "main")
    made.write(FILE, ciphertexts.put_in(OURS))
    return made


def text_of(repository: Repository, ciphertexts: Ciphertexts) -> str:
    return ciphertexts.taken_out((repository.root / FILE).read_text())


def test_a_stash_is_merged_value_by_value(repository: Repository, ciphertexts: Ciphertexts) -> None:
    repository.git("stash", "-q")
    repository.git("merge", "-q", "theirs")
    repository.git("stash", "pop", "-q")
    assert text_of(repository, ciphertexts) == MERGED


def test_a_commit_is_reverted_value_by_value(repository: Repository, ciphertexts: Ciphertexts) -> None:
    repository.git("commit", "-qam", "ours")
    repository.commit(db_eyaml=ciphertexts.put_in("a: <B2>\ne: <C1>\n"))
    repository.git("revert", "--no-edit", "HEAD~1")
    assert text_of(repository, ciphertexts) == "a: <A1>\ne: <C1>\n"


def test_merge_tree_asks_the_driver(repository: Repository, ciphertexts: Ciphertexts) -> None:
    repository.git("commit", "-qam", "ours")
    tree = repository.git("merge-tree", "--write-tree", "main", "theirs").split()[0]
    assert ciphertexts.taken_out(repository.git("show", f"{tree}:{FILE}")) == MERGED


def test_a_criss_cross_merge_has_wider_marks_inside(repository: Repository, ciphertexts: Ciphertexts) -> None:
    """Git merges the two ancestors first, and may find a conflict there that the merge itself does not have."""
    repository.git("commit", "-qam", "ours")
    repository.git("branch", "other", "theirs")
    repository.git("merge", "-q", "theirs")
    repository.git("checkout", "-q", "other")
    repository.git("merge", "-q", "main~1")
    repository.commit(db_eyaml=ciphertexts.put_in("a: <B1>\ne: <E2p>\n"))
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "other")
    assert text_of(repository, ciphertexts) == "a: <B1>\ne: <E2p>\n"


@pytest.mark.parametrize("path", ["--gpg-gnupghome=x.eyaml", "-q", "$(touch here) '\";.eyaml", "\x1b[31m.eyaml"])
def test_a_hostile_name_is_a_name(repository: Repository, ciphertexts: Ciphertexts, path: str) -> None:
    repository.write(".gitattributes", "* merge=eyamlgpg\n")
    for branch, text in (("x", BASE), ("y", "a: <C1>\n"), ("z", "a: <B1>\n")):
        repository.git("checkout", "-q", "-B", branch, *(["x"] if branch != "x" else []))
        repository.write(path, ciphertexts.put_in(text))
        repository.git("add", "-A")
        repository.git("commit", "-qm", branch)
    ran = repository.tried("merge", "y")
    shown = path.replace("\x1b", "\\x1b")
    assert f"eyamlgpg: {shown}: a was changed on both sides" in ran.stderr
    assert not (repository.root / "here").exists()


@pytest.fixture
def versions(ciphertexts: Ciphertexts, tmp_path: Path) -> Callable[..., tuple[str, ...]]:
    """Files as git hands them over, and the words for the driver."""

    def write(*texts: str | bytes, size: str = "7") -> tuple[str, ...]:
        for name, text in zip(("base", "ours", "theirs"), texts, strict=True):
            content = text if isinstance(text, bytes) else ciphertexts.put_in(text).encode()
            (tmp_path / name).write_bytes(content)
        return "git", "merge-values", *(str(tmp_path / name) for name in ("base", "ours", "theirs")), size, FILE

    return write


def test_without_gpg_ciphertext_is_compared(
    tool: Tool, versions: Callable[..., tuple[str, ...]], ciphertexts: Ciphertexts, tmp_path: Path
) -> None:
    """The value that one side alone changed needs no key; of the other one nobody can tell."""
    words = versions("a: <A1>\ne: <E1>\n", "a: <A2>\ne: <E1>\n", "a: <A3>\ne: <C1>\n")
    (tmp_path / "bin").mkdir()
    for program in os.environ["PATH"].split(os.pathsep):
        if (Path(program) / "git").exists():
            (tmp_path / "bin" / "git").symlink_to(Path(program) / "git")
            break
    ran = tool(*words, environ={"PATH": str(tmp_path / "bin")})
    assert ran.status == 1
    assert "values are compared by their ciphertext" in ran.err
    assert ciphertexts.taken_out((tmp_path / "ours").read_text()).endswith("a: <A2>\ne: <C1>\n")
    assert "# <A3>" in ciphertexts.taken_out((tmp_path / "ours").read_text())


def test_nobody_is_asked_for_a_passphrase_and_the_way_out_is_told(
    tool: Tool, fresh_home: Path, versions: Callable[..., tuple[str, ...]], tmp_path: Path
) -> None:
    zoe = keyrings.make_key(fresh_home, keyrings.NewKey(passphrase="a passphrase"))
    keyrings.stop(fresh_home)
    texts = []
    for plaintext in (b"one", b"two", b"three"):
        message = keyrings.gpg(fresh_home, "--trust-model", "always", "-e", "-r", zoe, stdin=plaintext)
        texts.append(b"a: ENC[GPG," + b64encode(message) + b"]\n")
    ran = tool(*versions(*texts), home=fresh_home)
    assert ran.status == 1
    assert "gpg-agent does not know your passphrase" in ran.err
    assert "no key here can tell whether it is the same secret" in ran.err


def test_the_users_conflict_style_and_gits_width_count(
    tool: Tool, versions: Callable[..., tuple[str, ...]], home: Callable[[str], Path], ciphertexts: Ciphertexts,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "merge.conflictStyle")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "diff3")
    words = versions("a: <A1>  # x\n", "a: <A2>  # y\n=========\n", "a: <A1>  # z\n", size="9")
    assert tool(*words, home=home("bob")).status == 1
    assert ciphertexts.taken_out((tmp_path / "ours").read_text()) == (
        f"{'<' * 9} ours\na: <A2>  # y\n=========\n{'|' * 9} base\na: <A1>  # x\n{'=' * 9}\na: <A2>  # z\n"
        f"{'>' * 9} theirs\n"
    )


def test_what_is_no_text_stays_as_ours_and_is_a_conflict(
    tool: Tool, versions: Callable[..., tuple[str, ...]], home: Callable[[str], Path], tmp_path: Path
) -> None:
    assert tool(*versions(b"\0a", b"\0b", b"\0c"), home=home("bob")).status == 1
    assert (tmp_path / "ours").read_bytes() == b"\0b"


@pytest.mark.parametrize(("theirs", "status"), [("b: 1\nx: 2\n", 1), ("a: 1\nx: 1\nc: 3\n", 0)])
def test_whatever_fails_the_file_is_as_git_merges_it(
    tool: Tool, versions: Callable[..., tuple[str, ...]], home: Callable[[str], Path], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, theirs: str, status: int,
) -> None:  # fmt: skip
    def broken(*_: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("eyamlgpg.operations.merge.values.merge_values", broken)
    ran = tool(*versions("a: 1\nx: 1\n", "a: 2\nx: 1\n", theirs), home=home("bob"))
    text = (tmp_path / "ours").read_text()
    assert (ran.status, "<<<<<<< ours\na: 2\n" in text) == (status, status == 1)
    assert text.startswith("a: 2\n") or status
    assert "merged as plain text, as git does it" in ran.err
    assert "a secret" not in ran.err


def test_what_cannot_be_written_whole_leaves_ours_as_it_was(tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    ours.write_bytes(b"ours")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(FileProblem, match="too large"):
            handed_over.write(ours, b"x" * 20)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (ours.read_bytes(), list(tmp_path.iterdir())) == (b"ours", [ours])


@pytest.mark.parametrize("twice", ["", "e: 5\ne: 6\n"])
def test_a_key_that_both_sides_added_elsewhere_is_no_clean_merge(
    tool: Tool, versions: Callable[..., tuple[str, ...]], home: Callable[[str], Path], twice: str
) -> None:
    """Also where one side took out another key that stood twice."""
    base = "a: 1\nb: 2\nc: 3\nd: 4\n"
    ran = tool(*versions(f"{base}{twice}", f"x: <A1>\n{base}{twice}", f"{base}x: <B1>\n{twice[:5]}"), home=home("bob"))
    assert (ran.status, "the key x stands twice in the merged text" in ran.err) == (1, True)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "said"),
    [
        (["<A1>", "<B1>", "<C1>"], ["<A1>", "<C1>", "<B1>"], ["<E1>", "<C1>"], "l.2 was removed on one side and moved"),
        (["<A1>", "<B1>", "<C1>"], ["<B1>", "<C1>", "<A1>"], ["<B1>", "<A1>", "<C1>"], "was moved on both sides"),
    ],
)
def test_what_git_merges_as_gone_and_new_is_no_clean_merge(
    tool: Tool, versions: Callable[..., tuple[str, ...]], home: Callable[[str], Path],
    base: list[str], ours: list[str], theirs: list[str], said: str,
) -> None:  # fmt: skip
    texts = ["l:\n" + "".join(f"  - {value}\n" for value in side) for side in (base, ours, theirs)]
    ran = tool(*versions(*texts), home=home("bob"))
    assert (ran.status, said in ran.err) == (1, True), ran.err


def test_a_conflict_is_decided_in_the_editor_and_found_by_check_until_then(
    tool: Tool, versions: Callable[..., tuple[str, ...]], home: Callable[[str], Path], tmp_path: Path
) -> None:
    words = versions("a: <A1>\n", "a: <B1>\n", "a: <C1>\n")
    assert tool(*words, home=home("bob")).status == 1
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / FILE).write_bytes((tmp_path / "ours").read_bytes())
    team = Team(folder, home("bob"), tool)
    team.wanted("alice", "bob")
    assert team.done("get", FILE, "a") == b"the secret B"
    assert b"format-merge-conflict" in team.run("check").out
    ran = team.edit(FILE, [["sub", r"# <<<.*?(DEC\(1\)::GPG\[.*?\]!).*", r"a: \1\n"]])
    assert ran.status == 0, ran.err
    assert "# DEC(1)::GPG[the secret C]!" in team.shown()
    assert "a: DEC(2)::GPG[the secret B]!" in team.shown()
    assert team.done("get", FILE, "a") == b"the secret C"
    assert team.run("check").status == 0
