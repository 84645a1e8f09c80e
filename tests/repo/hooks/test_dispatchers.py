"""Hooks that go by their own name are refused, with the line that does it another way, and stay as they are."""

import sys
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.git import Git
from eyamlgpg.repo.hooks import hooks
from tests.support.repository import Repository, start

READS_NAME = 'script=$(dirname "$0")/../$(basename "$0")\n'
"""As husky's own script does."""
OVERCOMMIT = "#!/usr/bin/env ruby\nkind = File.basename($0)\nexit 64 if kind == 'overcommit-hook'\n"
LINE = "eyamlgpg check --staged"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return start(tmp_path / "control")


def put(repository: Repository, path: str, text: str) -> Path:
    place = repository.write(path, text)
    place.chmod(0o755)
    return place


def refused(repository: Repository) -> tuple[str, str]:
    """The sentence and the hint, from the name of the repository on; nothing has changed."""
    before = {path: path.read_bytes() for path in repository.root.rglob("*") if path.is_file()}
    with pytest.raises(FileProblem) as problem:
        hooks.install(Git(repository.root, repository.environ), sys.executable)
    assert {path: path.read_bytes() for path in repository.root.rglob("*") if path.is_file()} == before
    told = (problem.value.sentence, *problem.value.hints)
    sentence, hint = (words.replace(f"{repository.root}/", "") for words in told)
    return sentence, hint


@pytest.mark.parametrize("reads", ['. "$(dirname "$0")/h"', '. "${0%/*}/h"', '. "$(dirname "$0")/husky.sh"'])
def test_husky_of_today_wants_the_line_one_folder_up(repository: Repository, reads: str) -> None:
    repository.git("config", "core.hooksPath", ".husky/_")
    put(repository, ".husky/_/pre-commit", f"#!/usr/bin/env sh\n{reads}")
    put(repository, ".husky/_/h", READS_NAME)
    put(repository, ".husky/_/husky.sh", READS_NAME)
    assert refused(repository) == (
        ".husky/_/pre-commit: is husky's, which goes by the names of its hooks",
        f"put this line into .husky/pre-commit and .husky/pre-merge-commit: {LINE}",
    )


def test_husky_with_its_script_one_folder_up(repository: Repository) -> None:
    repository.git("config", "core.hooksPath", ".husky/_")
    put(repository, ".husky/_/pre-merge-commit", '#!/bin/sh\n. "$(dirname "$0")/../husky.sh"\n')
    put(repository, ".husky/husky.sh", READS_NAME)
    assert refused(repository)[0] == ".husky/_/pre-merge-commit: is husky's, which goes by the names of its hooks"


def test_husky_whose_hooks_are_in_the_working_tree_wants_the_line_there(repository: Repository) -> None:
    """Versions 5 to 8."""
    repository.git("config", "core.hooksPath", ".husky")
    put(repository, ".husky/pre-commit", '#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\nnpm test\n')
    put(repository, ".husky/_/husky.sh", READS_NAME)
    assert refused(repository) == (
        ".husky/pre-commit: is husky's, which goes by the names of its hooks",
        f"put this line into .husky/pre-commit and .husky/pre-merge-commit: {LINE}",
    )


@pytest.mark.parametrize(
    "text", ['#!/bin/sh\n# husky\n. "$(dirname "$0")/husky.sh"\n', '#!/bin/sh\n# husky\nhook=`basename "$0"`\n']
)
def test_husky_that_goes_by_package_json_wants_the_line_there(repository: Repository, text: str) -> None:
    """Versions 1 to 4."""
    put(repository, ".git/hooks/pre-commit", text)
    put(repository, ".git/hooks/husky.sh", READS_NAME)
    assert refused(repository) == (
        ".git/hooks/pre-commit: is husky's, which goes by the names of its hooks",
        (
            f'put this line into the "husky" of package.json: "hooks": {{"pre-commit": "{LINE}", '
            f'"pre-merge-commit": "{LINE}"}}'
        ),
    )


def test_overcommit_wants_a_line_in_its_configuration(repository: Repository) -> None:
    put(repository, ".git/hooks/overcommit-hook", OVERCOMMIT)
    (repository.root / ".git/hooks/pre-commit").symlink_to("overcommit-hook")
    assert refused(repository) == (
        ".git/hooks/pre-commit: is overcommit's, which goes by the names of its hooks",
        (
            "put this line into .overcommit.yml, and run `overcommit --sign pre-commit`: "
            "PreCommit: {Eyamlgpg: {enabled: true, command: [eyamlgpg, check, --staged]}}"
        ),
    )


@pytest.mark.parametrize(
    "line",
    [
        'name=$(basename "$0")',
        'name="$(basename -- "${0}")"',
        'name=`basename "$(readlink -f "$0")"`',
        'name=$(basename "${BASH_SOURCE[0]}")',
        "name=${0##*/}",
        "name=${BASH_SOURCE[0]##*/}",
        'for one in "$0".d/*; do "$one" || exit; done',
        'for one in "$0.d"/*; do "$one" || exit; done',
        'case "$0" in *commit) make lint ;; esac',
        'git-hooks run "$0" "$@"',
        "kind = File.basename(__FILE__)",
        "kind = File.basename($PROGRAM_NAME)",
        "name = os.path.basename(sys.argv[0])",
        "name = os.path.basename(__file__)",
        "name = Path(sys.argv[0]).name",
        "name = Path(__file__).stem",
        "const name = path.basename(process.argv[1])",
        "const name = path.basename(__filename)",
    ],
)
def test_a_hook_that_asks_for_its_name_is_not_renamed(repository: Repository, line: str) -> None:
    put(repository, ".git/hooks/pre-merge-commit", f"#!/usr/bin/env something\n{line}\n")
    assert refused(repository) == (
        ".git/hooks/pre-merge-commit: asks for its own name, so it would not do the same under another one",
        f"add this line to it yourself, or to what it runs before a commit: {LINE} || exit $?",
    )


@pytest.mark.parametrize(
    "line",
    [
        'cd "$(dirname "$0")/../.."',
        'here="${0%/*}"',
        'echo "$0: not today"',
        "for file in $(git diff --name-only); do basename \"$file\" | awk '{print $0}'; done",
        "name = os.path.basename(file)",
        "echo husky",
        '. "$(dirname "$0")/h"',
    ],
)
def test_one_that_does_not_is(repository: Repository, line: str) -> None:
    put(repository, ".git/hooks/pre-commit", f"#!/usr/bin/env something\n{line}\n")
    found = hooks.install(Git(repository.root, repository.environ), sys.executable)
    assert [hook.state for hook in found] == [hooks.State.CHAINED, hooks.State.INSTALLED]
