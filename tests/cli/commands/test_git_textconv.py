"""What git shows of a file by `eyamlgpg git textconv`, to whom, and what it never does."""

import os
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from tests.support import keyrings, pinentry
from tests.support.keyrings import NewKey
from tests.support.repository import Repository, start
from tests.support.terminals import shown
from tests.support.tool import Tool

LIST = "hiera-eyaml-gpg.recipients"
SECRET = "first secret"


@pytest.fixture(scope="module")
def source(home: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with two values that Alice and Carol read."""
    folder = tmp_path_factory.mktemp("source")
    (folder / LIST).write_text("".join(f"{keyrings.known(name).fingerprint}\n" for name in ("alice", "carol")))
    (folder / "a.eyaml").write_text("---\nhost: db1\n")
    for key, value in (("one", SECRET), ("two", "line 1\nline 2]!\n")):
        ran = Tool()("set", "a.eyaml", key, "-s", value, home=home("alice"), cwd=folder)
        assert ran.status == 0, ran.err
    return folder / "a.eyaml"


@pytest.fixture
def repository(
    tmp_path: Path, home: Callable[[str], Path], source: Path, monkeypatch: pytest.MonkeyPatch
) -> Repository:
    """The same file in a commit, in a clone that git was told of us in."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    made = start(tmp_path / "control", home("alice"))
    assert Tool()("git", "install", cwd=made.root).status == 0
    made.commit(a_eyaml=source.read_text())
    return made


def test_values_are_shown_as_markers_to_whoever_can_read_them(
    tool: Tool, home: Callable[[str], Path], source: Path
) -> None:
    ran = tool("git", "textconv", str(source), home=home("alice"))
    assert (ran.status, ran.err) == (0, "")
    assert ran.text.splitlines()[:3] == ["---", "host: db1", "one: DEC::GPG[first secret]!"]
    assert "DEC::GPG[line 1\nline 2]\\!\n]!" in ran.text
    assert "ENC[" not in ran.text


def test_to_others_a_value_is_its_size_and_its_readers(tool: Tool, home: Callable[[str], Path], source: Path) -> None:
    told = tool("git", "textconv", str(source), home=home("bob"))
    assert (told.status, told.err) == (0, "")
    assert re.search(
        r"^one: ENC\[GPG, \d+ bytes #[0-9a-f]{8}, to Alice at Home, Carol Chen\]$", told.text, re.MULTILINE
    )
    assert "secret" not in told.text
    stranger = tool("git", "textconv", str(source), home=home("empty"))
    assert (
        len(re.findall(r"ENC\[GPG, \d+ bytes #[0-9a-f]{8}, to key [0-9A-F]{16}, key [0-9A-F]{16}\]", stranger.text))
        == 2
    )


def test_a_passphrase_is_never_asked_for_and_counts_once_it_was_given(
    tool: Tool, fresh_home: Path, tmp_path: Path
) -> None:
    fingerprint = keyrings.make_key(fresh_home, NewKey(passphrase="right", subkeys=("cv25519",)))
    asked = pinentry.install(fresh_home, "say right")
    keyrings.trust(fresh_home, f"{fingerprint}:6:")
    (tmp_path / LIST).write_text(f"{fingerprint}\n")
    (tmp_path / "a.eyaml").write_text("---\n")
    tool("set", "a.eyaml", "key", "-s", SECRET, home=fresh_home, cwd=tmp_path)
    asked.forget()
    ran = tool("git", "textconv", "a.eyaml", home=fresh_home, cwd=tmp_path)
    assert ran.text.startswith("---\nkey: ENC[GPG, ")
    assert "values are shown encrypted until gpg-agent knows your passphrase" in ran.err
    assert asked.questions == []
    assert tool("get", "a.eyaml", "key", home=fresh_home, cwd=tmp_path).text == SECRET
    assert tool("git", "textconv", "a.eyaml", home=fresh_home, cwd=tmp_path).text == f"---\nkey: DEC::GPG[{SECRET}]!\n"


def test_at_a_terminal_with_a_pager_nobody_is_asked_either(fresh_home: Path, tmp_path: Path) -> None:
    fingerprint = keyrings.make_key(fresh_home, NewKey(passphrase="right", subkeys=("cv25519",)))
    asked = pinentry.install(fresh_home, "say right")
    keyrings.trust(fresh_home, f"{fingerprint}:6:")
    repository = start(tmp_path / "control", fresh_home)
    repository.write(LIST, f"{fingerprint}\n")
    repository.write("a.eyaml", f"---\nkey: DEC::GPG[{SECRET}]!\n")
    for words in (("encrypt", "-i", "-e", "a.eyaml"), ("git", "install")):
        assert Tool()(*words, home=fresh_home, cwd=repository.root).status == 0
    repository.commit()
    asked.forget()
    session = pexpect.spawn(
        "git",
        ["-c", "core.pager=sed s/^/paged:/", "log", "-p", "--", "a.eyaml"],
        cwd=str(repository.root),
        env={**repository.environ, "TERM": "xterm"},
        encoding="utf-8",
        timeout=30,
    )
    session.expect(pexpect.EOF)
    text = re.sub(r"\x1b\[[0-9;]*[mK]|\r", "", shown(session))
    assert re.search(r"^paged:\+key: ENC\[GPG, \d+ bytes #[0-9a-f]{8}, to ", text, re.MULTILINE)
    assert re.search(r"^paged:eyamlgpg: warning: values are shown encrypted until", text, re.MULTILINE)
    assert asked.questions == []


def test_git_gets_the_ciphertext_alone_and_writes_no_plaintext(repository: Repository) -> None:
    command = repository.git("config", "diff.eyamlgpg.textconv").rstrip("\n")
    copy = repository.root.parent / "given"
    repository.git("config", "diff.eyamlgpg.textconv", f'g() {{ cat "$1" >> {copy}; {command} "$@"; }}; g')
    assert SECRET in repository.git("log", "-p", "--", "a.eyaml")
    assert SECRET not in copy.read_text()
    assert "ENC[GPG," in copy.read_text()
    assert _files_with_secret(repository) == []


@pytest.mark.parametrize(
    "words",
    [
        ("commit", "-v", "-m", "x"),
        ("-c", "commit.verbose=true", "commit", "-m", "x"),
        ("-c", "alias.ci=commit -v", "ci"),
    ],
)
def test_the_message_of_a_commit_never_holds_a_plaintext(repository: Repository, words: tuple[str, ...]) -> None:
    """`git commit -v` writes the difference into .git/COMMIT_EDITMSG, for the editor."""
    repository.write("a.eyaml", (repository.root / "a.eyaml").read_text().replace("one:", "other:"))
    repository.git("add", "-A")
    seen = repository.root.parent / "seen"
    repository.git("-c", f'core.editor=f() {{ cp "$1" \'{seen}\'; echo x > "$1"; }}; f', *words, "-e")
    assert "+other: ENC[GPG, " in seen.read_text()
    assert SECRET not in seen.read_text()
    assert _files_with_secret(repository) == []


@pytest.mark.parametrize("words", [("commit", "-m", "x"), ("-c", "alias.ci=commit -m x", "ci")])
def test_a_hook_that_puts_the_difference_into_the_message_gets_no_plaintext(
    repository: Repository, words: tuple[str, ...]
) -> None:
    hook = repository.root / ".git/hooks/prepare-commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\ngit diff --cached >> "$1"\n')
    hook.chmod(0o755)
    repository.write("a.eyaml", (repository.root / "a.eyaml").read_text().replace("one:", "other:"))
    repository.git("add", "-A")
    repository.git(*words)
    assert "+other: ENC[GPG, " in repository.git("log", "-1", "--format=%B")
    assert SECRET not in repository.git("log", "-1", "--format=%B")


@pytest.mark.parametrize("name", ["eyamlgpg", "mine"])
def test_where_git_stores_what_it_shows_it_gets_no_plaintext(repository: Repository, name: str) -> None:
    repository.git("config", f"diff.{name}.textconv", repository.git("config", "diff.eyamlgpg.textconv").rstrip("\n"))
    repository.write(".gitattributes", f"*.eyaml diff={name}\n")
    ran = repository.tried("-c", f"diff.{name}.cachetextconv=true", "log", "-p", "--", "a.eyaml")
    assert "+one: ENC[GPG, " in ran.stdout
    assert "the setting cachetextconv makes git store them in the repository" in ran.stderr
    assert SECRET not in ran.stdout
    assert "DEC::GPG" not in repository.git("log", "-p", "--all", "--no-textconv")


def test_an_alias_that_shows_is_as_good_as_what_it_stands_for(repository: Repository) -> None:
    assert SECRET in repository.git("-c", "alias.last=-p log -1 -p", "last", "--", "a.eyaml")


def test_the_settings_of_the_repository_choose_no_home(repository: Repository, home: Callable[[str], Path]) -> None:
    repository.write(".eyaml/config.yaml", f"gpg_gnupghome: {home('bob')}\n")
    assert SECRET in repository.git("log", "-p", "--", "a.eyaml")


def test_what_opens_messages_ends_with_git_and_leaves_no_socket(repository: Repository) -> None:
    repository.git("log", "-p")
    assert repository.home is not None
    deadline = time.monotonic() + 10
    while list(repository.home.glob("S.eyamlgpg-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(repository.home.glob("S.eyamlgpg-*")) == []


@pytest.mark.parametrize("name", ["-v.eyaml", "--help.eyaml", "with space.eyaml", "ünïcode.eyaml"])
def test_a_file_of_any_name_is_shown(repository: Repository, name: str) -> None:
    (repository.root / name).write_bytes((repository.root / "a.eyaml").read_bytes())
    repository.git("add", "-A")
    assert f"+one: DEC::GPG[{SECRET}]!" in repository.git("diff", "--cached")


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\0\0", b"\x1b]0;x\x07\0" * 10, b"x" * (17 << 20)], ids=len)
def test_what_is_no_text_or_too_large_is_one_line_that_differs_where_it_does(
    repository: Repository, content: bytes
) -> None:
    repository.write(".gitattributes", "*.png diff=eyamlgpg\n")
    (repository.root / "a.png").write_bytes(content)
    repository.git("add", "-A")
    told = repository.git("diff", "--cached", "a.png")
    assert re.search(rf"\n\+not shown as text: {len(content):,} bytes, SHA-256 [0-9a-f]{{64}}\n\Z", told)


def test_a_hostile_file_costs_little_and_shows_no_more_than_it_holds(
    tool: Tool, home: Callable[[str], Path], tmp_path: Path
) -> None:
    lines = [
        "ENC[GPG,",
        "ENC[GPG,]",
        "ENC[GPG,////]",
        "ENC[PKCS7,MIIB]",
        "ENC[GPG,hQEMA\n]",
        "DEC::GPG[x]!",
        "\x1b[31m",
    ]
    text = "\n".join(lines) * 2000
    (tmp_path / "a.eyaml").write_text(text)
    started = time.process_time()
    ran = tool("git", "textconv", "a.eyaml", home=home("alice"), cwd=tmp_path)
    assert (ran.status, ran.text) == (0, text.replace("DEC::", "DEC\\::"))
    assert time.process_time() - started < 5


def test_a_pipe_and_a_link_are_refused(tool: Tool, home: Callable[[str], Path], source: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.eyaml")
    (tmp_path / "link.eyaml").symlink_to(source)
    for name in ("pipe.eyaml", "link.eyaml", "nothing.eyaml"):
        ran = tool("git", "textconv", name, home=home("alice"), cwd=tmp_path)
        assert (ran.status, ran.out) == (3, b"")


def _files_with_secret(repository: Repository) -> list[str]:
    found = subprocess.run(
        ["grep", "-rlF", SECRET, str(repository.root)], capture_output=True, text=True, check=False
    ).stdout
    words = ["git", "cat-file", "--batch", "--batch-all-objects"]
    objects = subprocess.run(words, cwd=repository.root, capture_output=True, check=True).stdout
    return [*found.split(), *(["an object"] if SECRET.encode() in objects else [])]
