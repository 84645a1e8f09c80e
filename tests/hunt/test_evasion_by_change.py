"""Ways to get a plaintext secret past `check` by a change: of values, of what accepts findings, past the hook.

A row that changes is something in us, or in git, that changed: mend it, or the row and the table in docs/security.md.
"""

import os
import shutil
from pathlib import Path

import pytest

from tests.hunt.outcomes import ACCEPTED, HISTORY, INNOCENT, OTHER_FILE, PAST_THE_HOOK, Absent, Found, Outcome, Told
from tests.hunt.ways import BASELINE, CLEAR, DATA, LIST, POLICY, WORD, Done, Ways, add, look
from tests.support.repository import Repository
from tests.support.tool import Tool

NAME = Found("plaintext-key-name")
WAS = Found("plaintext-was-encrypted")
ELSEWHERE = Found("plaintext-encrypted-elsewhere")
EXCEPTED = Told("a new exception: ")
ENTRY = "version: 1\naccepted:\n  - {file: %s, rule: %s, key: 'db::password', reason: mine}\n"

way = Ways()


# Values that were encrypted.

PEPPER = f"---\napp::pepper: {WORD}\napp::host: db1\n"


@way(ELSEWHERE, ELSEWHERE)
def a_file_that_moves_and_is_decrypted(repository: Repository) -> None:
    repository.git("rm", "-q", "hieradata/common.eyaml")
    add(repository, "hieradata/web.yaml", PEPPER + "".join(f"k{number}: 1\n" for number in range(30)))


@way(WAS, WAS)
def a_file_that_nobody_governs_is_decrypted(repository: Repository) -> None:
    shutil.copyfile(repository.root / "hieradata/common.eyaml", repository.root / "common.yaml")
    repository.commit()
    add(repository, "common.yaml", PEPPER)


@way(WAS, WAS)
def a_list_that_goes_with_the_values(repository: Repository) -> None:
    """Without values and without a list nothing but its past says that it is Hiera data."""
    repository.git("mv", "hieradata/common.eyaml", "hieradata/common.yaml")
    repository.commit()
    repository.git("rm", "-q", LIST)
    add(repository, "hieradata/common.yaml", PEPPER)


@way(OTHER_FILE, OTHER_FILE)
def a_file_that_is_decrypted_under_another_ending(repository: Repository) -> None:
    repository.git("rm", "-q", "hieradata/common.eyaml")
    add(repository, "hieradata/common.txt", PEPPER)


@way(INNOCENT, INNOCENT)
def a_key_that_is_decrypted_and_renamed(repository: Repository) -> None:
    add(repository, "hieradata/common.eyaml", PEPPER.replace("pepper", "salz"))


# What accepts it, in the same commit or before.


@way(EXCEPTED, ACCEPTED)
def the_baseline_of_the_same_commit(repository: Repository) -> None:
    add(repository, BASELINE, ENTRY % (DATA, "plaintext-key-name"))
    add(repository)


@way(NAME, NAME)
def a_baseline_of_wildcards(repository: Repository) -> None:
    add(repository, BASELINE, ENTRY % ("'*'", "'*'"))
    add(repository)


@way(NAME, NAME)
def a_baseline_for_readers_of_the_same_key(repository: Repository) -> None:
    add(repository, BASELINE, ENTRY % (DATA, "access-missing"))
    add(repository)


@way(ACCEPTED, ACCEPTED)
def another_value_where_one_was_accepted(repository: Repository) -> None:
    add(repository, BASELINE, ENTRY % (DATA, "plaintext-key-name"))
    add(repository)
    repository.commit()
    add(repository, DATA, CLEAR.replace(WORD, "Pflaumenmus8"))


@way(ACCEPTED, ACCEPTED)
def another_value_beside_the_same_comment(repository: Repository) -> None:
    text = f"{CLEAR[:-1]}  # eyamlgpg: allow plaintext-key-name -- mine\n"
    add(repository, DATA, text)
    repository.commit()
    add(repository, DATA, text.replace(WORD, "Pflaumenmus8"))


@way(EXCEPTED, Told("1 value passed over by the policy"))
def a_policy_of_the_same_commit(repository: Repository) -> None:
    add(repository, POLICY, "version: 1\nclear_text: {harmless: ['db::*']}\n")
    add(repository)


@way(Told("is every key there is"), Told("is every key there is"))
def a_policy_that_calls_everything_harmless(repository: Repository) -> None:
    add(repository, POLICY, "version: 1\nclear_text: {harmless: ['*']}\n")
    add(repository)


@way(EXCEPTED, EXCEPTED)
def a_policy_that_calls_a_key_secret_no_longer(repository: Repository) -> None:
    add(repository, POLICY, "version: 1\nclear_text: {secret: ['*::salz']}\n")
    repository.commit()
    add(repository, POLICY, "version: 1\n")
    add(repository, DATA, f"app::salz: {WORD}\n")


@way(Told("as a plain number"), Told("as a plain number"))
def a_policy_that_is_broken(repository: Repository) -> None:
    add(repository, POLICY, "version: 0x1\n")
    add(repository)


# Around the hook, which is installed; `check` of the tree is what CI does.


@way(PAST_THE_HOOK, NAME)
def no_verify(repository: Repository) -> None:
    hooked(repository)
    add(repository)
    assert repository.tried("commit", "-qm", "more").returncode == 1
    repository.git("commit", "-qm", "more", "--no-verify")


@way(PAST_THE_HOOK, NAME)
def another_folder_of_hooks(repository: Repository) -> None:
    hooked(repository)
    add(repository)
    repository.git("-c", f"core.hooksPath={os.devnull}", "commit", "-qm", "more")


@way(PAST_THE_HOOK, NAME)
def a_commit_without_git_commit(repository: Repository) -> None:
    hooked(repository)
    add(repository)
    tree = repository.git("write-tree").strip()
    repository.git("reset", "-q", "--hard", repository.git("commit-tree", "-p", "HEAD", "-m", "x", tree).strip())


@way(PAST_THE_HOOK, NAME)
def a_branch_that_is_fast_forwarded_to(repository: Repository) -> None:
    on_a_branch(repository)
    repository.git("merge", "-q", "--ff", "side")


@way(PAST_THE_HOOK, NAME)
def a_cherry_pick(repository: Repository) -> None:
    on_a_branch(repository)
    repository.write("README.md", "x\n")
    repository.git("commit", "-qam", "more", "--no-verify")
    repository.git("cherry-pick", "side")


@way(NAME, NAME)
def a_merge_with_a_commit(repository: Repository) -> None:
    on_a_branch(repository)
    repository.tried("merge", "-q", "--no-ff", "side")


@way(Absent(), HISTORY)
def a_commit_that_takes_it_out_again(repository: Repository) -> None:
    add(repository)
    repository.commit()
    repository.git("rm", "-q", DATA)
    repository.commit()


@way(HISTORY, HISTORY)
def the_message_of_a_commit_and_the_name_of_a_tag(repository: Repository) -> None:
    repository.git("commit", "-q", "--allow-empty", "-m", f"password={WORD}")
    repository.git("tag", WORD)


def hooked(repository: Repository) -> None:
    assert Tool()("hook", "install", cwd=repository.root, environ=repository.environ).status == 0


def on_a_branch(repository: Repository) -> None:
    hooked(repository)
    repository.git("checkout", "-qb", "side")
    add(repository)
    repository.git("commit", "-qm", "more", "--no-verify")
    repository.git("checkout", "-q", "main")


@pytest.mark.parametrize(("done", "hook", "tree"), way.rows.values(), ids=way.rows)
def test_a_secret_in_a_change(committed: Repository, tmp_path: Path, done: Done, hook: Outcome, tree: Outcome) -> None:
    staged, there = (look(committed, tmp_path / "control", done, *words) for words in (["--staged"], []))
    assert (staged.holds(hook), there.holds(tree)) == (True, True), (staged, there)
