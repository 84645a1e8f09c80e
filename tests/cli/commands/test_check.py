"""`check` on real trees, with a real keyring and real git."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.controlled import CLEAR, GOOD, READERS, RECIPIENTS, control_repository, found
from tests.support.keyrings import known
from tests.support.repository import Repository, start
from tests.support.tool import Tool

EXPLAIN = "eyamlgpg: `eyamlgpg explain RULE` tells more\n"
NOT_LOOKED_INTO = "YAML files that no recipients file governs and that hold nothing encrypted were not looked into"


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    return control_repository(tmp_path / "control", home("alice"))


def test_a_sound_tree_has_no_finding(tool: Tool, repository: Repository) -> None:
    ran = tool("check", home=repository.home, cwd=repository.root)
    assert (ran.status, ran.out) == (0, b"")
    assert ran.err == "eyamlgpg: 2 files, 1 encrypted value: nothing found\n"


def test_a_tree_in_which_nothing_is_looked_into_is_not_called_sound(tool: Tool, tmp_path: Path) -> None:
    tree = start(tmp_path / "new")
    tree.write("a.yaml", CLEAR)
    ran = tool("check", cwd=tree.root)
    assert (ran.status, ran.err.splitlines()) == (
        0,
        [
            f"eyamlgpg: warning: {NOT_LOOKED_INTO}: 1; name one to have it looked into",
            "eyamlgpg: 0 files, 0 encrypted values: nothing found",
        ],
    )
    tree.git("add", "-A")
    assert f"{NOT_LOOKED_INTO}: 1" in tool("check", "--staged", cwd=tree.root).err
    tree.write("b.eyaml", "a: 1\n")
    assert f"{NOT_LOOKED_INTO}: 1" in tool("check", cwd=tree.root).err
    assert tool("check", "a.yaml", cwd=tree.root).status == 1


def test_a_finding_is_told_with_its_line_and_without_its_value(tool: Tool, repository: Repository) -> None:
    repository.write("hieradata/common.eyaml", f"---\napp::pepper: sesame-street\n{CLEAR}")
    ran = tool("check", home=repository.home, cwd=repository.root)
    assert ran.status == 1
    assert ran.out.decode() == (
        "hieradata/common.eyaml:2:14: error: app::pepper: this value is encrypted in the last commit and stands here "
        "in clear text [plaintext-was-encrypted]\n"
        "  | app::pepper: ‹hidden›\n"
        "  |              ^\n"
        "  = encrypt it: eyamlgpg set hieradata/common.eyaml app::pepper -p\n"
        "hieradata/common.eyaml:3:15: error: db::password: the name of this key promises a secret, and its value "
        "stands here in clear text [plaintext-key-name]\n"
        "  | db::password: ‹hidden›\n"
        "  |               ^\n"
        "  = encrypt it: eyamlgpg set hieradata/common.eyaml db::password -p\n"
    )


@pytest.mark.parametrize("output", ["text", "json", "sarif", "github", "gitlab", "junit"])
def test_no_format_prints_a_secret_or_a_part_of_it(tool: Tool, repository: Repository, output: str) -> None:
    text = "u: postgres://app:Rosinenbrot7@db/x\nk: DEC::GPG[Rosinenbrot7]!\n'DEC(2)::GPG[Rosinenbrot7]!': 1\n"
    repository.write("hieradata/common.eyaml", f"{CLEAR}{text}# eyamlgpg: allow x -- Rosinenbrot7\na: [Rosinenbrot7\n")
    repository.write("hieradata/more.yaml", f"{CLEAR}{text}e: ['password=Rosinenbrot7', Rosinenbrot7]\n")
    ran = tool("check", "--format", output, home=repository.home, cwd=repository.root)
    assert ran.status == 1
    assert re.search(rb"[Rr]osinen|brot7", ran.out) is None
    assert "osinen" not in ran.err


def test_yaml_under_a_recipients_file_is_looked_at_and_other_yaml_is_not(tool: Tool, repository: Repository) -> None:
    repository.write("hieradata/plain.yaml", CLEAR)
    repository.write("docker-compose.yml", CLEAR)
    assert found(tool, repository) == [("plaintext-key-name", "hieradata/plain.yaml", 1)]


def test_a_text_about_values_is_looked_at_only_where_it_is_named(tool: Tool, repository: Repository) -> None:
    repository.write("NOTES.md", "write DEC::GPG[secret]! and see ENC[GPG,hQEMA]\n")
    assert found(tool, repository) == []
    assert found(tool, repository, "README.md") == []
    assert ("plaintext-edit-marker", "NOTES.md", 1) in found(tool, repository, "NOTES.md")


def test_an_ignored_file_is_not_looked_at_unless_it_is_named(tool: Tool, repository: Repository) -> None:
    repository.write(".gitignore", "*.local.yaml\n")
    repository.write("hieradata/my.local.yaml", CLEAR)
    assert found(tool, repository) == []
    assert found(tool, repository, "hieradata/my.local.yaml") == [("plaintext-key-name", "hieradata/my.local.yaml", 1)]


def test_an_editors_copy_is_found_by_its_name(tool: Tool, repository: Repository) -> None:
    repository.write("hieradata/.common.eyaml.swp", "\0")
    assert found(tool, repository) == [("plaintext-editor-leftover", "hieradata/.common.eyaml.swp", None)]


def test_without_git_a_folder_is_looked_at_whole(
    tool: Tool, tmp_path: Path, home: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "hiera-eyaml-gpg.recipients").write_text(RECIPIENTS)
    (folder / "a.yaml").write_text(CLEAR)
    ran = tool("check", "--format", "json", home=home("alice"), cwd=folder)
    assert [(one["rule"], one["path"]) for one in json.loads(ran.out)["findings"]] == [("plaintext-key-name", "a.yaml")]


def test_staged_reads_the_index_recipients_included(tool: Tool, repository: Repository) -> None:
    repository.write("hieradata/common.eyaml", CLEAR)
    assert found(tool, repository, "--staged") == []
    repository.git("add", "-A")
    repository.write("hieradata/common.eyaml", "fine: true\n")
    repository.write("hieradata/hiera-eyaml-gpg.recipients", "nobody@example.com\n")
    assert found(tool, repository, "--staged") == [("plaintext-key-name", "hieradata/common.eyaml", 1)]


def test_recipients_are_judged_where_their_file_is_looked_at(tool: Tool, repository: Repository) -> None:
    path = "hieradata/hiera-eyaml-gpg.recipients"
    repository.write(path, f"{READERS[0].fingerprint}\n\nnobody@example.com\n")
    assert found(tool, repository) == [
        ("access-unexpected", "hieradata/common.eyaml", 2),
        ("recipient-unknown", path, 3),
    ]
    repository.git("checkout", "-q", ".")
    repository.write(".eyamlgpg/policy.yaml", _policy())
    assert found(tool, repository, "hieradata") == [("tier-forbidden", path, 3)]


def _policy() -> str:
    prod, dev = READERS[2].fingerprint, known("puppetmaster-dev").fingerprint
    names = f"puppetmasters:\n  prod: {prod}\n  dev: {dev}\n"
    return f"version: 1\n{names}rules:\n- paths: hieradata/**\n  never: prod\n- paths: gone/**\n  needs: dev\n"


def test_a_tier_rule_about_no_path_is_told_where_all_is_looked_at(tool: Tool, repository: Repository) -> None:
    repository.write(".eyamlgpg/policy.yaml", _policy())
    assert ("tier-unused", ".eyamlgpg/policy.yaml", 8) in found(tool, repository)


def test_a_baseline_accepts_what_is_there_and_nothing_new(tool: Tool, repository: Repository) -> None:
    repository.write("hieradata/plain.yaml", CLEAR)
    ran = tool("check", "--update-baseline", home=repository.home, cwd=repository.root)
    assert (ran.status, ran.out) == (0, b"")
    assert found(tool, repository) == []
    repository.write("hieradata/plain.yaml", f"# moved down\n{CLEAR}api_key: 5b2c9d4e8f7a\n")
    assert found(tool, repository) == [("plaintext-key-name", "hieradata/plain.yaml", 3)]
    repository.write("hieradata/plain.yaml", "a: 1\n")
    assert found(tool, repository) == [("exception-stale", ".eyamlgpg/baseline.yaml", 4)]
    assert found(tool, repository, "hieradata/common.eyaml") == []
    tool("check", "--update-baseline", home=repository.home, cwd=repository.root)
    assert (repository.root / ".eyamlgpg/baseline.yaml").read_text().endswith("accepted: []\n")


def test_an_entry_for_a_recipient_accepts_no_other_recipient(tool: Tool, repository: Repository) -> None:
    name, unknown = "hieradata/hiera-eyaml-gpg.recipients", ("nobody@nowhere.test", "nothing@nowhere.test")
    readers = (repository.root / name).read_text()
    repository.write(name, f"{readers}{unknown[0]}\n")
    tool("check", "--update-baseline", home=repository.home, cwd=repository.root)
    assert found(tool, repository) == []
    line = readers.count("\n") + 1
    repository.write(name, f"{readers}{unknown[0]}\n{unknown[1]}\n")
    assert found(tool, repository) == [("recipient-unknown", name, line + 1)]
    repository.write(name, f"{readers}{unknown[1]}\n")
    stale = ("exception-stale", ".eyamlgpg/baseline.yaml", 4)
    assert found(tool, repository) == [("recipient-unknown", name, line), stale]


def test_what_goes_together_and_what_is_there_is_checked_first(tool: Tool, repository: Repository) -> None:
    assert tool("check", "--staged", "--update-baseline", cwd=repository.root).status == 2
    assert tool("check", "--update-baseline", "--baseline", "-", cwd=repository.root).status == 2
    assert tool("check", "none.eyaml", cwd=repository.root).status == 3
    assert tool("check", "hieradata", str(repository.root.parent), cwd=repository.root).status == 2


def test_the_policy_of_the_repository_says_which_names_hold_secrets(tool: Tool, repository: Repository) -> None:
    path = "hieradata/plain.yaml"
    repository.write(path, "a::frob: geheim\ndemo::password: offen\nc::password: $6$salt$hash\n")
    assert found(tool, repository) == [("plaintext-key-name", path, 2)]
    rules = "  secret: '*::frob'\n  harmless: [demo::*]\n  password_hashes: report\n"
    repository.write(".eyamlgpg/policy.yaml", f"version: 1\nclear_text:\n{rules}")
    assert found(tool, repository) == [("plaintext-key-name", path, 1), ("plaintext-key-name", path, 3)]
    said = tool("check", path, home=repository.home, cwd=repository.root).err
    over = "1 value passed over by the policy (demo::* 1)"
    assert said == f"eyamlgpg: 1 file, 0 encrypted values: 2 errors, 0 warnings, {over}\n{EXPLAIN}"
    repository.write(".eyamlgpg/policy.yaml", "version: 1\nclear_text:\n  password_hashes: maybe\n")
    ran = tool("check", home=repository.home, cwd=repository.root)
    assert (ran.status, ran.err) == (
        3,
        "eyamlgpg: .eyamlgpg/policy.yaml:3: password_hashes is allow or report, not 'maybe'\n",
    )


@pytest.mark.parametrize("words", [(), ("--staged",), ("--update-baseline",)])
@pytest.mark.parametrize("name", [".eyamlgpg/policy.yaml", ".eyamlgpg/baseline.yaml", ".eyamlgpg"])
def test_a_link_in_place_of_our_own_files_is_not_followed(
    tool: Tool, repository: Repository, name: str, words: tuple[str, ...]
) -> None:
    outside = repository.root.parent / "outside"
    outside.mkdir()
    for file in (outside / "policy.yaml", outside / "baseline.yaml"):
        file.write_text("Rosinenbrot7: [\n")
    link = repository.root / name
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(outside / link.name if link.suffix else outside)
    repository.write("hieradata/common.eyaml", CLEAR)
    repository.git("add", "-A")
    ran = tool("check", *words, home=repository.home, cwd=repository.root)
    told = f"eyamlgpg: {name}: is a symbolic link, which is not followed here"
    assert (ran.status, ran.err.splitlines()[:2]) == (3, [told, "eyamlgpg:   put the file itself there"])
    assert "Rosinen" not in ran.err
    assert (outside / "baseline.yaml").read_text() == "Rosinenbrot7: [\n"


@pytest.mark.parametrize("words", [(), ("--staged",)])
def test_a_recipients_file_that_is_a_link_is_followed_inside_of_the_tree_only(
    tool: Tool, repository: Repository, words: tuple[str, ...]
) -> None:
    repository.write("other/common.eyaml", f"app::pepper: {GOOD}\n")
    link = repository.root / "other/hiera-eyaml-gpg.recipients"
    link.symlink_to("../hieradata/hiera-eyaml-gpg.recipients")
    repository.git("add", "-A")
    assert found(tool, repository, *words) == []
    outside = repository.root.parent / "outside"
    outside.write_text(f"{READERS[0].fingerprint}\nRosinenbrot7\n")
    link.unlink()
    link.symlink_to("../../outside")
    repository.git("add", "-A")
    ran = tool("check", *words, home=repository.home, cwd=repository.root)
    assert (ran.status, "Rosinen" in ran.err, b"Rosinen" in ran.out) == (3, False, False)
    assert "is a symbolic link that leads out of the tree, which is not followed" in ran.err


def test_a_named_baseline_is_read_and_written_where_it_was_named(tool: Tool, repository: Repository) -> None:
    repository.write("hieradata/plain.yaml", CLEAR)
    words, folder = ("check", "--baseline", "mine.yaml"), repository.root / "hieradata"
    ran = tool(*words, home=repository.home, cwd=folder)
    assert (ran.status, ran.err.splitlines()[-2:]) == (
        3,
        ["eyamlgpg: mine.yaml: there is no such baseline", "eyamlgpg:   make it: add --update-baseline"],
    )
    assert tool(*words, "--update-baseline", home=repository.home, cwd=folder).status == 0
    assert ((folder / "mine.yaml").is_file(), (repository.root / "mine.yaml").exists()) == (True, False)
    assert tool(*words, home=repository.home, cwd=folder).status == 0


@pytest.mark.parametrize(
    "words",
    [
        ["check", "--update-baseline", "--baseline"],
        ["keys", "export", "--output"],
        ["demo", "--keep"],
    ],
    ids=" ".join,
)
def test_no_folder_is_made_above_what_a_user_names(tool: Tool, repository: Repository, words: list[str]) -> None:
    """A path with a slip of the finger would become folders that nobody wanted."""
    ran = tool(*words, "hieradta/x/y", home=repository.home, cwd=repository.root)
    assert ran.status == 3
    assert "hieradta/x/y" in ran.err
    assert not (repository.root / "hieradta").exists()


@pytest.mark.parametrize(
    ("gone", "rule"),
    [
        ("hieradata/hiera-eyaml-gpg.recipients", "access-no-recipients"),
        (".eyamlgpg/policy.yaml", "plaintext-key-name"),
    ],
)
def test_what_the_next_commit_takes_out_of_git_says_nothing_about_it(
    tool: Tool, repository: Repository, gone: str, rule: str
) -> None:
    repository.write(".eyamlgpg/policy.yaml", "version: 1\nclear_text:\n  harmless: ['db::*']\n")
    repository.git("add", "-A")
    repository.git("commit", "-qm", "step")
    repository.git("rm", "-q", "--cached", gone)
    repository.write("hieradata/common.eyaml", f"app::pepper: {GOOD}\n{CLEAR}")
    repository.git("add", "hieradata/common.eyaml")
    assert rule in [told for told, _, _ in found(tool, repository, "--staged")]


@pytest.mark.parametrize("words", [(), ("hieradata/hiera-eyaml-gpg.recipients",), ("--staged",)])
def test_a_change_of_recipients_alone_is_judged_by_the_values_that_they_are_to_read(
    tool: Tool, repository: Repository, words: tuple[str, ...]
) -> None:
    repository.write("hieradata/hiera-eyaml-gpg.recipients", "".join(f"{one.fingerprint}\n" for one in READERS[1:]))
    repository.git("add", "-A")
    assert ("access-unexpected", "hieradata/common.eyaml", 2) in found(tool, repository, *words)


def test_a_recipients_file_that_the_next_commit_removes_is_missed(tool: Tool, repository: Repository) -> None:
    repository.git("rm", "-q", "hieradata/hiera-eyaml-gpg.recipients")
    assert found(tool, repository, "--staged") == [("access-no-recipients", "hieradata/common.eyaml", None)]
    assert found(tool, repository, "--staged", "README.md") == []


def test_recipients_say_nothing_about_a_folder_with_recipients_of_its_own(tool: Tool, repository: Repository) -> None:
    repository.write("hieradata/sub/hiera-eyaml-gpg.recipients", RECIPIENTS)
    repository.write("hieradata/sub/plain.yaml", CLEAR)
    repository.commit()
    repository.write("hieradata/hiera-eyaml-gpg.recipients", f"# all\n{RECIPIENTS}")
    repository.git("add", "-A")
    assert found(tool, repository, "--staged") == []


def test_a_change_of_the_policy_alone_is_judged_by_the_whole_tree(tool: Tool, repository: Repository) -> None:
    repository.write("hieradata/plain.yaml", CLEAR)
    repository.write(".eyamlgpg/policy.yaml", "version: 1\nclear_text:\n  harmless: ['db::*']\n")
    repository.commit()
    assert found(tool, repository) == []
    repository.git("rm", "-q", ".eyamlgpg/policy.yaml")
    assert found(tool, repository, "--staged") == [("plaintext-key-name", "hieradata/plain.yaml", 1)]


@pytest.mark.parametrize("words", [(), ("--staged",)])
def test_a_renamed_file_is_still_known_to_have_been_encrypted(
    tool: Tool, repository: Repository, words: tuple[str, ...]
) -> None:
    repository.git("mv", "hieradata/common.eyaml", "hieradata/other.eyaml")
    repository.write("hieradata/other.eyaml", "# all of it is new, so that git sees no rename\napp::pepper: sesame\n")
    repository.git("add", "-A")
    assert found(tool, repository, *words) == [("plaintext-encrypted-elsewhere", "hieradata/other.eyaml", 2)]


def test_whatever_is_named_is_looked_at(tool: Tool, repository: Repository) -> None:
    repository.write(".gitignore", "private/\n")
    paths = ("elsewhere.yaml", "private/a.eyaml")
    for path in paths:
        repository.write(path, CLEAR)
    for word, path in zip(("elsewhere.yaml", "private"), paths, strict=True):
        assert found(tool, repository, word) == [("plaintext-key-name", path, 1)]


@pytest.mark.parametrize("with_git", [True, False], ids=["git", "no-git"])
@pytest.mark.parametrize("words", [(), (".",), ("hieradata",)], ids=["all", "root", "folder"])
def test_repositories_that_are_passed_over_are_named(
    tool: Tool, repository: Repository, words: tuple[str, ...], with_git: bool
) -> None:
    for place in ("in side", "hieradata/sub"):
        start(repository.root / place).write("a.eyaml", CLEAR)
    if not with_git:
        (repository.root / ".git").rename(repository.root.parent / "no.git")
        (repository.root / ".eyamlgpg").mkdir()
    ran = tool("check", *words, home=repository.home, cwd=repository.root)
    ways = {"in side": "'in side'", "hieradata/sub": "hieradata/sub"}
    over = {
        f"eyamlgpg: warning: {place}: is a repository of its own, and passed over; for it: eyamlgpg check {way}"
        for place, way in ways.items()
        if "hieradata" not in words or place.startswith("hieradata")
    }
    assert (ran.status, {line for line in ran.err.splitlines() if "passed over" in line}) == (0, over)
    assert found(tool, repository, "hieradata/sub") == [("plaintext-key-name", "a.eyaml", 1)]


def test_a_submodule_is_named_as_well(tool: Tool, repository: Repository) -> None:
    inner = start(repository.root.parent / "inner")
    inner.write("a.eyaml", CLEAR)
    inner.commit()
    source = str(inner.root)
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", source, "modules/inner")
    told = "modules/inner: is a repository of its own, and passed over"

    def names_it(*words: str) -> bool:
        return told in tool("check", *words, home=repository.home, cwd=repository.root).err

    assert (names_it(), names_it("--staged"), names_it("--staged", "hieradata")) == (True, True, False)
    repository.commit()
    assert (names_it(), names_it("--staged")) == (True, False)
    inner.commit(b_eyaml=CLEAR)
    for words in (["fetch", "-q"], ["checkout", "-q", "FETCH_HEAD"]):
        repository.git("-c", "protocol.file.allow=always", "-C", "modules/inner", *words)
    assert not names_it("--staged")
    repository.git("add", "-A")
    assert names_it("--staged")


def test_a_repository_inside_is_looked_at_by_itself(tool: Tool, repository: Repository) -> None:
    start(repository.root / "inside").write("a.eyaml", CLEAR)
    assert found(tool, repository, "inside") == [("plaintext-key-name", "a.eyaml", 1)]
    ran = tool("check", "hieradata", "inside", home=repository.home, cwd=repository.root)
    assert (ran.status, "inside: is a repository of its own" in ran.err) == (2, True)


@pytest.mark.parametrize("words", [(), ("--staged",), (".eyamlgpg/policy.yaml", ".eyamlgpg/keys/a.asc")])
def test_no_secret_stands_among_our_own_files(tool: Tool, repository: Repository, words: tuple[str, ...]) -> None:
    secret = known("alice").secret
    repository.write(".eyamlgpg/keys/a.asc", secret.decode())
    repository.write(".eyamlgpg/keys/b.asc", secret.decode().replace("PRIVATE", "PUBLIC"))
    repository.write(".eyamlgpg/keys/c.asc", known("alice").public.decode())
    repository.write(".eyamlgpg/policy.yaml", "version: 1\nclear_text:\n  secret: '*::pepper'\n")
    repository.write(".eyamlgpg/notes", "see https://bob:Rosinenbrot7@example.com/\n")
    repository.git("add", "-A")
    told = found(tool, repository, *words)
    every = [
        ("plaintext-private-key", ".eyamlgpg/keys/a.asc", 1),
        ("plaintext-private-key", ".eyamlgpg/keys/b.asc", None),
        ("plaintext-url-credentials", ".eyamlgpg/notes", 1),
    ]
    assert told == every
