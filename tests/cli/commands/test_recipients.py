"""`eyamlgpg recipients` on real keyrings and files: what is written, said, asked, refused, and who reads after."""

import fcntl
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.keyrings import known
from tests.support.tool import Ran, Tool

Home = Callable[[str], Path]

NAME = "hiera-eyaml-gpg.recipients"
ALICE, BOB, CAROL = (known(name).fingerprint for name in ("alice", "bob", "carol"))
PROD, DEV = (known(f"puppetmaster-{name}").fingerprint for name in ("prod", "dev"))
ALICES = f"# Alice Anders (ops) <alice@example.com>\n{ALICE}\n"
BOBS = f"# Bob Brown <bob@example.com>\n{BOB}\n"
PRODS = f"# Puppetmaster Prod <puppetmaster-prod@example.com>\n{PROD}\n"
SECRET = b"correct horse"


class Tree:
    """A control repository: common values at the top, and production below under a list of its own."""

    def __init__(self, root: Path, tool: Tool, home: Home) -> None:
        self.root, self.tool, self.home = root, tool, home
        subprocess.run(["git", "init", "--quiet", str(root)], check=True)
        self.top, self.production = root / NAME, root / "production" / NAME
        self.write(self.top, f"# ops\n{ALICES}{PRODS}")
        self.write(self.production, f"{ALICES}{BOBS}")
        self.values = [root / name for name in ("common.eyaml", "dev/app.eyaml", "production/db.eyaml")]
        for file in self.values:
            file.parent.mkdir(exist_ok=True)
            assert self("set", str(file), "a::secret", "--stdin", stdin=SECRET).status == 0

    def __call__(self, *words: str, stdin: bytes = b"", cwd: Path | None = None, who: str = "alice") -> Ran:
        return self.tool(*words, stdin=stdin, cwd=cwd or self.root, home=self.home(who))

    def write(self, path: Path, text: str) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    def readable_by(self, who: str) -> list[str]:
        """The values that this person opens with their own key."""
        ran = {file: self("get", str(file), "a::secret", who=who) for file in self.values}
        assert all(one.out == (SECRET if one.status == 0 else b"") for one in ran.values())
        return [str(file.relative_to(self.root)) for file, one in ran.items() if one.status == 0]


@pytest.fixture
def tree(tmp_path: Path, tool: Tool, home: Home) -> Tree:
    return Tree(tmp_path, tool, home)


def test_whoever_is_added_reads_what_the_file_governs_and_nothing_else(tree: Tree) -> None:
    ran = tree("recipients", "add", "puppetmaster-dev@example.com", cwd=tree.root / "dev")
    assert (ran.status, ran.out) == (0, b"")
    name = "Puppetmaster Dev <puppetmaster-dev@example.com>"
    assert tree.top.read_text() == f"# ops\n{ALICES}{PRODS}# {name}\n{DEV}\n"
    assert ran.err.startswith(f"eyamlgpg: {tree.top}: added {name}, {DEV}\n")
    assert tree.readable_by("pm-dev") == ["common.eyaml", "dev/app.eyaml"]
    assert tree.readable_by("alice") == ["common.eyaml", "dev/app.eyaml", "production/db.eyaml"]


def test_who_is_added_twice_is_told_and_nothing_is_rewritten(tree: Tree) -> None:
    before = [file.read_bytes() for file in (tree.top, *tree.values)]
    ran = tree("recipients", "add", "alice@example.com")
    assert ran.status == 0
    warning = f"eyamlgpg: warning: {NAME}:3: Alice Anders (ops) <alice@example.com> is there already\n"
    assert ran.err.startswith(warning)
    assert [file.read_bytes() for file in (tree.top, *tree.values)] == before


def test_whoever_is_removed_reads_no_more_and_git_is_spoken_of(tree: Tree) -> None:
    tree.write(tree.top, f"# ops\n{ALICES}{BOBS}{PRODS}")
    assert tree("recrypt", *map(str, tree.values)).status == 0
    assert tree.readable_by("bob") == ["common.eyaml", "dev/app.eyaml", "production/db.eyaml"]
    ran = tree("recipients", "remove", "bob@example.com")
    assert ran.status == 0
    assert tree.top.read_text() == f"# ops\n{ALICES}{PRODS}"
    assert tree.readable_by("bob") == ["production/db.eyaml"]
    assert f"eyamlgpg: {NAME}: removed Bob Brown <bob@example.com>, {BOB}\n" in ran.err
    assert "stays readable to them in git's history and in copies: change those secrets" in ran.err
    assert f"warning: they stay listed in production/{NAME}: --everywhere takes them out of all" in ran.err


def test_everywhere_takes_somebody_out_of_every_file_of_the_tree(tree: Tree) -> None:
    tree.write(tree.top, f"{ALICES}bob@example.com\n")
    assert tree("recrypt", *map(str, tree.values)).status == 0
    ran = tree("recipients", "remove", "bob", "--everywhere", cwd=tree.root / "dev")
    assert ran.status == 0
    assert (tree.top.read_text(), tree.production.read_text()) == (ALICES, ALICES)
    assert tree.readable_by("bob") == []
    assert tree.readable_by("alice") == ["common.eyaml", "dev/app.eyaml", "production/db.eyaml"]


def test_no_recrypt_changes_the_file_alone_and_says_what_is_left_to_do(tree: Tree) -> None:
    before = [file.read_bytes() for file in tree.values]
    ran = tree("recipients", "add", "bob@example.com", "--no-recrypt")
    assert ran.status == 0
    assert tree.top.read_text().endswith(BOBS)
    assert [file.read_bytes() for file in tree.values] == before
    assert ran.err.endswith("eyamlgpg: the values are as they were; bring them in line with: eyamlgpg recrypt .\n")


def test_a_dry_run_prints_the_difference_and_changes_nothing(tree: Tree) -> None:
    before = [file.read_bytes() for file in (tree.top, *tree.values)]
    ran = tree("recipients", "add", "bob@example.com", "--dry-run")
    assert ran.status == 0
    assert ran.out.decode().startswith(f"--- {NAME}\n+++ {NAME}\n")
    assert ran.out.decode().endswith(
        f"+# Bob Brown <bob@example.com>\n+{BOB}\n"
        "common.eyaml: 1 of 1 value due\n  1 missing Bob Brown <bob@example.com>\n"
        "dev/app.eyaml: 1 of 1 value due\n  1 missing Bob Brown <bob@example.com>\n"
        "2 of 2 values in 2 of 2 files are due\n"
    )
    assert [file.read_bytes() for file in (tree.top, *tree.values)] == before


def test_a_dry_run_knows_of_lists_that_are_still_to_be_made(tree: Tree) -> None:
    ran = tree("recipients", "add", "bob@example.com", "--at", "dev", "--dry-run")
    assert ran.status == 0
    assert ran.out.decode().startswith(f"--- /dev/null\n+++ dev/{NAME}\n@@ -0,0 +1,7 @@\n+# ops\n")
    assert ran.out.decode().endswith(
        "dev/app.eyaml: 1 of 1 value due\n  1 missing Bob Brown <bob@example.com>\n"
        "1 of 1 value in 1 of 1 file are due\n"
    )
    assert not (tree.root / "dev" / NAME).exists()


def test_a_dry_run_everywhere_tells_of_each_list(tree: Tree) -> None:
    tree.write(tree.top, f"{ALICES}bob@example.com\n")
    assert tree("recrypt", "common.eyaml").status == 0
    ran = tree("recipients", "remove", "bob", "--everywhere", "--dry-run")
    assert ran.out.decode().splitlines()[-7:] == [
        "common.eyaml: 1 of 1 value due",
        "  1 readable by Bob Brown <bob@example.com>, who should not",
        "dev/app.eyaml: 1 of 1 value due",
        "  1 readable by Puppetmaster Prod <puppetmaster-prod@example.com>, who should not",
        "production/db.eyaml: 1 of 1 value due",
        "  1 readable by Bob Brown <bob@example.com>, who should not",
        "3 of 3 values in 3 of 3 files are due",
    ]


def test_while_another_run_works_on_the_tree_nothing_is_changed(tree: Tree) -> None:
    folder = os.open(tree.root, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        ran = tree("recipients", "add", "bob@example.com")
    finally:
        os.close(folder)
    assert ran.status == 3
    assert ran.err.splitlines()[:2] == [
        f"eyamlgpg: {tree.root}: waiting for another run of eyamlgpg that is writing here …",
        f"eyamlgpg: {tree.root}: another run of eyamlgpg works on this tree",
    ]
    assert tree.top.read_text() == f"# ops\n{ALICES}{PRODS}"


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("frank@example.com", "is not certified: the validity of that user ID is unknown here, and full is needed"),
        ("dave@example.com", "expired on 2020-12-31"),
        ("erin@example.com", "was revoked"),
        ("henry@example.com", "has no encryption subkey"),
        ("nobody@example.com", "no such key on the keyring"),
    ],
)
def test_a_key_that_cannot_be_used_is_refused_before_anything_is_written(tree: Tree, who: str, words: str) -> None:
    before = [file.read_bytes() for file in (tree.top, *tree.values)]
    ran = tree("recipients", "add", "bob@example.com", who)
    assert ran.status == 3
    assert ran.err.startswith(f"eyamlgpg: recipients add: {who}: ")
    assert words in ran.err.splitlines()[0]
    assert [file.read_bytes() for file in (tree.top, *tree.values)] == before


def test_who_is_not_there_is_refused_with_a_suggestion(tree: Tree) -> None:
    ran = tree("recipients", "remove", "bbo@example.com", "--at", "production")
    assert ran.status == 3
    assert ran.err == (
        f"eyamlgpg: production/{NAME}: bbo@example.com: is not among the recipients\n"
        "eyamlgpg:   did you mean bob@example.com?\n"
        "eyamlgpg:   who is: eyamlgpg recipients list production\n"
    )


def test_everywhere_in_a_tree_without_lists_is_an_error(tool: Tool, home: Home, tmp_path: Path) -> None:
    ran = tool("recipients", "remove", "bob", "--everywhere", home=home("alice"), cwd=tmp_path)
    assert (ran.status, ran.err) == (3, f"eyamlgpg: {tmp_path}: there is no {NAME} in it or below it\n")


def test_a_list_elsewhere_that_cannot_be_read_is_spoken_of_and_stops_only_everywhere(tree: Tree) -> None:
    (tree.root / "dev" / NAME).symlink_to("gone")
    problem = f"{tree.root}/dev/{NAME}: there is no such file"
    everywhere = tree("recipients", "remove", "bob", "--everywhere")
    assert (everywhere.status, everywhere.err) == (3, f"eyamlgpg: {problem}\n")
    ran = tree("recipients", "remove", "bob", "--at", "production")
    assert ran.err.startswith(f"eyamlgpg: warning: whether they are listed elsewhere, too, is not known: {problem}\n")
    assert (ran.status, tree.production.read_text()) == (0, ALICES)


def test_a_new_key_takes_the_place_of_an_old_one_in_every_list(tree: Tree) -> None:
    ran = tree("recipients", "replace", "bob@example.com", "puppetmaster-dev@example.com", "--at", "dev")
    assert (ran.status, ran.err.splitlines()[0]) == (3, f"eyamlgpg: dev: has no {NAME} of its own")
    assert tree("recipients", "replace", "puppetmaster-prod@example.com", DEV, cwd=tree.root / "dev").status == 0
    assert tree("recipients", "replace", "bob@example.com", DEV).status == 0
    dev = f"# Puppetmaster Dev <puppetmaster-dev@example.com>\n{DEV}\n"
    assert (tree.top.read_text(), tree.production.read_text()) == (f"# ops\n{ALICES}{dev}", f"{ALICES}{dev}")
    assert tree.readable_by("pm-dev") == ["common.eyaml", "dev/app.eyaml", "production/db.eyaml"]
    assert tree.readable_by("pm-prod") == []


def test_what_is_left_to_do_about_stored_keys_is_told_once(tree: Tree) -> None:
    name = "Puppetmaster Dev <puppetmaster-dev@example.com>"
    lacks = (
        f"eyamlgpg: for colleagues who do not have the key of {name}, put it into .eyamlgpg/keys and commit it: "
        f"eyamlgpg keys export {DEV}\n"
    )
    assert tree("recipients", "add", DEV, "--everywhere").err.count(lacks) == 1
    assert "git rm" not in tree("recipients", "remove", DEV, "--everywhere").err
    assert tree("keys", "export", DEV, cwd=tree.root / "dev").status == 0
    assert "keys export" not in tree("recipients", "add", DEV, "--everywhere").err
    stored = f".eyamlgpg/keys/{DEV}.asc"
    stays = f"eyamlgpg: {stored}: stays; once {name} stands in no list: git rm {stored}\n"
    assert tree("recipients", "remove", DEV, "--everywhere").err.count(stays) == 1
    assert (tree.root / stored).exists()


def test_the_last_reader_stays(tree: Tree) -> None:
    ran = tree("recipients", "remove", "alice", "bob", "-y", "--at", "production")
    assert ran.status == 3
    assert ran.err.splitlines()[0] == f"eyamlgpg: production/{NAME}: would be left without any recipient"
    assert tree.production.read_text() == f"{ALICES}{BOBS}"


def test_to_lock_oneself_out_takes_a_yes(tree: Tree) -> None:
    question = f"eyamlgpg: {NAME}: none of those who stay has a secret key on this keyring: lock yourself out? [y/n] \n"
    for answer, said in ((b"n\n", "eyamlgpg: nothing was changed\n"), (b"", "eyamlgpg: nobody is there to answer: ")):
        ran = tree("recipients", "remove", "alice", stdin=answer)
        assert ran.status == 3
        assert question + said in ran.err
        assert tree.top.read_text() == f"# ops\n{ALICES}{PRODS}"
    assert tree("recipients", "remove", "alice@example.com", stdin=b"y\n").status == 0
    assert tree.top.read_text() == f"# ops\n{PRODS}"
    assert tree.readable_by("alice") == ["production/db.eyaml"]


def test_a_folder_gets_a_list_of_its_own_as_a_copy_after_a_question(tree: Tree) -> None:
    own = tree.root / "dev" / NAME
    ran = tree("recipients", "add", "bob@example.com", "--at", "dev", stdin=b"n\n")
    assert (ran.status, own.exists()) == (3, False)
    assert f"{NAME} governs dev until now. Make dev/{NAME}, beginning as a copy of it?" in ran.err
    assert tree("recipients", "add", "bob@example.com", "--at", "dev", "-y").status == 0
    assert own.read_text() == f"# ops\n{ALICES}{PRODS}{BOBS}"
    assert tree.top.read_text() == f"# ops\n{ALICES}{PRODS}"
    assert tree.readable_by("bob") == ["dev/app.eyaml", "production/db.eyaml"]


def test_the_first_list_of_all_is_made_where_it_is_asked_for(tool: Tool, home: Home, tmp_path: Path) -> None:
    assert tool("recipients", "add", ALICE, "--at", ".", home=home("alice"), cwd=tmp_path).status == 0
    assert (tmp_path / NAME).read_text() == f"# Alice at Home <alice@home.example.org>\n{ALICE}\n"
    ran = tool("recipients", "remove", ALICE, home=home("alice"), cwd=tmp_path)
    assert (ran.status, ran.err.splitlines()[0]) == (3, f"eyamlgpg: {NAME}: would be left without any recipient")


@pytest.mark.parametrize("verb", ["add", "remove"])
def test_a_folder_that_does_not_exist_is_named(tree: Tree, verb: str) -> None:
    ran = tree("recipients", verb, "bob@example.com", "--at", "gone")
    assert (ran.status, ran.err) == (3, "eyamlgpg: gone: there is no such folder\n")


def test_lists_below_that_are_not_reached_are_named_and_everywhere_reaches_them(tree: Tree) -> None:
    ran = tree("recipients", "add", "puppetmaster-dev@example.com")
    assert ran.status == 0
    assert f"eyamlgpg: warning: production/{NAME}: not reached, for a list of its own governs there" in ran.err
    assert tree.readable_by("pm-dev") == ["common.eyaml", "dev/app.eyaml"]
    ran = tree("recipients", "add", "puppetmaster-dev@example.com", "--everywhere")
    assert (ran.status, "not reached" in ran.err, "there already" in ran.err) == (0, False, False)
    assert tree.production.read_text() == f"{ALICES}{BOBS}# Puppetmaster Dev <puppetmaster-dev@example.com>\n{DEV}\n"
    assert tree.readable_by("pm-dev") == ["common.eyaml", "dev/app.eyaml", "production/db.eyaml"]
    assert "not reached" not in tree("recipients", "add", "bob@example.com").err


def test_adding_everywhere_tells_each_problem_once_and_that_all_are_there(tree: Tree) -> None:
    before = [path.read_text() for path in (tree.top, tree.production)]
    ran = tree("recipients", "add", "nobody@example.com", "--everywhere")
    assert (ran.status, ran.err.count("nobody@example.com: no such key")) == (3, 1)
    ran = tree("recipients", "add", "alice@example.com", "--everywhere")
    assert (ran.status, ran.err.count("is there already")) == (0, 2)
    assert [path.read_text() for path in (tree.top, tree.production)] == before


def test_a_list_of_just_these_is_made_and_a_copy_is_told_where_nobody_is_asked(tree: Tree) -> None:
    own = tree.root / "dev" / NAME
    ran = tree("recipients", "add", "alice@example.com", "bob@example.com", "--at", "dev", "--only", "-y")
    assert (ran.status, own.read_text()) == (0, f"{ALICES}{BOBS}")
    assert "there already" not in ran.err
    assert tree.readable_by("pm-prod") == ["common.eyaml"]
    own.unlink()
    ran = tree("recipients", "add", "alice@example.com", "--at", "dev", "-y")
    assert f"eyamlgpg: dev/{NAME}: is new, and began as a copy of {NAME}, which no longer governs here\n" in ran.err
    assert f"eyamlgpg: warning: {NAME}:3: Alice Anders (ops) <alice@example.com> is there already\n" in ran.err
    assert own.read_text() == tree.top.read_text()


def test_only_takes_everybody_else_out_of_a_list_that_is_there_and_asks_before_a_lockout(tree: Tree) -> None:
    tree.write(tree.production, f"# the two\n\n{ALICES}{BOBS}# gone\n{'0' * 40}\n")
    only = ("recipients", "add", "--at", "production", "--only")
    ran = tree(*only, "bob@example.com", stdin=b"n\n")
    assert (ran.status, "lock yourself out?" in ran.err) == (3, True)
    ran = tree(*only, "alice@example.com", "carol@example.com")
    assert (ran.status, tree.production.read_text()) == (
        0,
        f"# the two\n\n{ALICES}# Carol Chen <carol@example.com>\n{CAROL}\n",
    )
    assert f"production/{NAME}: removed Bob Brown <bob@example.com>, {BOB}\n" in ran.err
    assert tree.readable_by("bob") == []


@pytest.mark.parametrize("words", [("--only",), ("--only", "--everywhere"), ("--at", ".", "--everywhere")])
def test_whose_list_is_meant_must_be_said(tree: Tree, words: tuple[str, ...]) -> None:
    assert tree("recipients", "add", "bob@example.com", *words).status == 2


def test_a_folder_and_everywhere_do_not_go_together(tree: Tree) -> None:
    ran = tree("recipients", "remove", "bob", "--at", "dev", "--everywhere")
    assert (ran.status, ran.err) == (
        2,
        "eyamlgpg: --at and --everywhere do not go together: give one of them\n",
    )


def test_what_cannot_be_re_encrypted_is_told_and_the_list_stays_changed(tree: Tree) -> None:
    """Bob may change production's list, and one of its values was never for him."""
    tree.write(tree.production, f"{ALICES}{BOBS}{PRODS}")
    foreign = tree.root / "production" / "foreign.eyaml"
    made = tree("encrypt", "-s", "x", "-o", "string", "--gpg-recipients", PROD)
    foreign.write_text(f"k: {made.out.decode()}\n")
    ran = tree("recipients", "remove", PROD, cwd=tree.root / "production", who="bob")
    assert ran.status == 4
    assert "k: " in ran.err
    assert ran.err.splitlines()[-2:] == [
        "eyamlgpg: the recipients are changed, some values are not",
        "eyamlgpg:   for the rest: eyamlgpg recrypt .",
    ]
    assert tree.production.read_text() == f"{ALICES}{BOBS}"


def test_pinning_writes_fingerprints_and_leaves_values_alone(tree: Tree) -> None:
    tree.write(tree.top, "# ops\nalice@example.com\npuppetmaster-prod@example.com # the server\n")
    before = [file.read_bytes() for file in tree.values]
    dry = tree("recipients", "pin", "dev/app.eyaml", "--dry-run")
    assert (dry.status, dry.out.decode().splitlines()[:2]) == (0, [f"--- {NAME}", f"+++ {NAME}"])
    ran = tree("recipients", "pin", "dev/app.eyaml")
    assert (ran.status, ran.out) == (0, b"")
    assert tree.top.read_text() == f"# ops\n{ALICES}# the server\n{PRODS}"
    assert ran.err == (
        f"eyamlgpg: {NAME}:2: alice@example.com is Alice Anders (ops) <alice@example.com>, {ALICE}\n"
        f"eyamlgpg: {NAME}:3: puppetmaster-prod@example.com is Puppetmaster Prod <puppetmaster-prod@example.com>, "
        f"{PROD}\n"
    )
    assert [file.read_bytes() for file in tree.values] == before
    assert tree("recipients", "pin").err == f"eyamlgpg: {NAME}: every recipient is pinned already\n"


def test_pinning_needs_a_file(tool: Tool, home: Home, tmp_path: Path) -> None:
    ran = tool("recipients", "pin", home=home("alice"), cwd=tmp_path)
    assert (ran.status, ran.err) == (3, f"eyamlgpg: .: there is no {NAME} in it or above it\n")


def test_lint_reports_the_file_above_and_all_below(tree: Tree) -> None:
    assert (tree("recipients", "lint").status, tree("recipients", "lint").out) == (0, b"")
    tree.write(tree.top, f"{ALICES}bob@example.com\ndave@example.com\n")
    tree.write(tree.production, f"{ALICES}  # indented\n{CAROL}\n")
    ran = tree("recipients", "lint", "dev", "production")
    assert ran.status == 1
    pinned, *_, indented, hint = ran.out.decode().splitlines()
    bob = f"here it means Bob Brown <bob@example.com>, {BOB}"
    assert pinned == (
        f"{NAME}:3: warning: bob@example.com: is not pinned: another keyring may hold another key for it; {bob} "
        "[recipient-not-pinned]"
    )
    indented_here = f"production/{NAME}:3: warning: hiera-eyaml-gpg takes an indented comment for a name"
    assert indented == f"{indented_here} [recipients-indented-comment]"
    assert hint == "    let the # be the first character of its line"
    assert ran.err == "eyamlgpg: 3 findings in 2 recipients files\n"


def test_lint_as_json_has_a_schema(tree: Tree) -> None:
    tree.write(tree.top, f"{ALICES}{BOB[-8:]}\n")
    ran = tree("recipients", "lint", str(tree.top), "--format", "json")
    document = json.loads(ran.out)
    assert (ran.status, document["schema_version"]) == (1, 1)
    assert [(one["rule"], one["severity"], one["path"], one["line"]) for one in document["findings"]] == [
        ("recipient-short-id", "warning", NAME, 3)
    ]


def test_lint_of_a_file_without_recipients_file_or_of_nothing_is_an_error(
    tool: Tool, home: Home, tmp_path: Path
) -> None:
    for word, sentence in (
        (".", f".: there is no {NAME} in it, above it or below it"),
        ("gone", "gone: there is no such file or folder"),
    ):
        ran = tool("recipients", "lint", word, home=home("alice"), cwd=tmp_path)
        assert (ran.status, ran.err) == (3, f"eyamlgpg: {sentence}\n")


@pytest.mark.parametrize("path", ["nope", "dev/nope.eyaml", "nope/deeper"])
@pytest.mark.parametrize("command", ["list", "lint", "pin"])
def test_a_path_that_does_not_exist_is_an_error_and_the_list_above_stays(tree: Tree, command: str, path: str) -> None:
    tree.write(tree.top, "alice@example.com\n")
    ran = tree("recipients", command, path)
    assert (ran.status, ran.out, ran.err) == (3, b"", f"eyamlgpg: {path}: there is no such file or folder\n")
    assert tree.top.read_text() == "alice@example.com\n"


def test_list_names_each_key_once_and_the_file_as_seen_from_here(tree: Tree) -> None:
    tree.write(tree.top, f"{ALICES}bob@example.com\ndave@example.com\n")
    ran = tree("recipients", "list", "dev")
    assert ran.status == 3
    assert ran.out.decode() == (
        f"dev: recipients from {NAME}\n"
        f"  line 2: {ALICE}\n"
        "    Alice at Home <alice@home.example.org>\n"
        "    validity ultimate, never expires\n"
        "  line 3: bob@example.com\n"
        f"    {BOB}  Bob Brown <bob@example.com>\n"
        "    validity full, never expires\n"
        "  line 4: dave@example.com\n"
        f"    cannot be used: key {known('dave').fingerprint} (Dave Expired <dave@example.com>) expired on 2020-12-31\n"
    )


def test_list_names_the_keys_between_which_it_cannot_choose(tree: Tree) -> None:
    tree.write(tree.top, f"{ALICES}example.com\n")
    lines = tree("recipients", "list").out.decode().splitlines()
    place = lines.index("  line 3: example.com")
    assert lines[place + 1].startswith("    cannot be used: matches ")
    assert f"      {BOB}  Bob Brown <bob@example.com>  validity full, never expires: can be used" in lines
    assert lines[-1] == "      write the full fingerprint of the one that is meant"


def test_a_file_that_the_configuration_names_is_changed_without_guessing_what_it_governs(tree: Tree) -> None:
    team = tree.root / "team.recipients"
    team.write_text(ALICES)
    (tree.root / ".eyaml").mkdir()
    (tree.root / ".eyaml" / "config.yaml").write_text(f"---\ngpg_recipients_file: {team}\n")
    before = [file.read_bytes() for file in tree.values]
    ran = tree("recipients", "add", "bob@example.com")
    assert (ran.status, team.read_text()) == (0, ALICES + BOBS)
    assert ran.err.endswith("the values are as they were; bring them in line with: eyamlgpg recrypt PATH\n")
    assert [file.read_bytes() for file in tree.values] == before
    for words in (("add", "bob@example.com", "--at", "dev"), ("remove", "bob", "--everywhere")):
        assert "the setting gpg_recipients_file overrules every" in tree("recipients", *words).err


def test_a_linked_list_is_changed_where_it_is_and_others_are_spoken_of(tree: Tree) -> None:
    shared = tree.root / "shared.recipients"
    shared.write_text(f"# ops\n{ALICES}{PRODS}")
    tree.top.unlink()
    tree.top.symlink_to(shared.name)
    ran = tree("recipients", "add", "bob@example.com")
    assert ran.status == 0
    assert tree.top.is_symlink()
    assert shared.read_text() == f"# ops\n{ALICES}{PRODS}{BOBS}"
    assert f"warning: {NAME}: is a link to {shared}, which other folders may use, too" in ran.err
