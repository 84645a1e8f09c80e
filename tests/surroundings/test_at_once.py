"""Several runs at once, and somebody else who writes meanwhile: no update that was reported as done is lost.

`tests/cli/test_writers.py` has twenty `set` on one file.
"""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

from tests.faults.scenes import Scene
from tests.faults.trees import NEW, secrets
from tests.support.roles import NAME, SECRET, fingerprint
from tests.surroundings.commands import named
from tests.surroundings.stage import Place, Situation, Stage

if TYPE_CHECKING:
    import subprocess

PLAIN = Situation("plain")
BUSY = b"another run of eyamlgpg works on this tree"


def scene(*words: str) -> Scene:
    """A command without a scene of its own; a value comes by its standard input."""
    return Scene(" ".join(words), lambda _tree: True, NEW)


def at_once(place: Place, lines: Sequence[Sequence[str]]) -> list[tuple[int, bytes]]:
    """Status and words of command lines that all begin together."""
    runs: list[subprocess.Popen[bytes]] = []
    for words in lines:
        process = Place(place.folder, place.home, scene(*words)).start(PLAIN)
        assert process.stdin is not None
        process.stdin.write(NEW)
        process.stdin.close()
        process.stdin = None
        runs.append(process)
    said = [process.communicate(timeout=120)[1] for process in runs]
    return [(process.returncode, words) for process, words in zip(runs, said, strict=True)]


def test_twenty_that_set_values_in_files_of_their_own_are_all_done(stage: Stage) -> None:
    place = stage.place(scene("get"))
    lines = [("set", f"n{number}.eyaml", "a::b", "--stdin", "-q") for number in range(20)]
    assert at_once(place, lines) == [(0, b"")] * 20
    assert all(secrets(place.tree, f"n{number}.eyaml") == [NEW] for number in range(20))


def test_values_set_while_the_tree_is_re_encrypted_are_kept_or_refused(stage: Stage) -> None:
    """A value whose `set` said that it is done stands there, for the readers of the list as it is now."""
    recrypt, _ = named("recrypt")
    place = stage.place(recrypt)
    lines = [("recrypt",), *(("set", "a.eyaml", f"new::k{number}", "--stdin") for number in range(6)), ("recrypt",)]
    ended = at_once(place, lines)
    done = [f"new::k{number}" for number in range(6) if ended[number + 1][0] == 0]
    text = place.tree.text("a.eyaml")
    assert all(f"{key}: ENC[" in text for key in done)
    assert all(status == 0 or b"another run" in words or b"meanwhile" in words for status, words in ended), ended
    assert SECRET in secrets(place.tree)
    again = place.tree("recrypt")
    assert again.status == 0, again.err
    assert place.tree("who", "--check").status == 0


def test_two_that_add_a_recipient_are_both_in_the_list_or_refused(stage: Stage) -> None:
    place = stage.place(scene("get"))
    who = {"carol@example.com": "carol", "puppetmaster-dev@example.com": "puppetmaster-dev"}
    lines = [("recipients", "add", address, "-y") for address in who]
    ended = at_once(place, lines)
    assert all(status == 0 or BUSY in words or b"meanwhile" in words for status, words in ended), ended
    for (status, _), name in zip(ended, who.values(), strict=True):
        assert (fingerprint(name) in place.tree.text()) is (status == 0)
    assert place.tree("who", "--check").status == 0


@pytest.mark.parametrize("editing", [named("edit")[0]], ids=["edit"])
@pytest.mark.parametrize(
    "meanwhile",
    [
        'printf "theirs: 1\\n" >> a.eyaml',
        "git checkout -q HEAD~1 -- a.eyaml 2>/dev/null || printf 'theirs: 1\\n' > a.eyaml",
        "rm a.eyaml",
        "rm a.eyaml; mkdir a.eyaml",
    ],
    ids=["written", "checked out", "removed", "a folder"],
)
def test_what_somebody_else_does_while_the_editor_is_open_is_not_overwritten(
    stage: Stage, editing: Scene, meanwhile: str
) -> None:
    place = stage.place(editing)
    file = place.tree.root / "a.eyaml"
    script = f'#!/bin/sh\n(cd {place.tree.root}; {meanwhile})\nprintf "\\nadded: 1\\n" >> "$1"\n'
    (place.folder / "editor").write_text(script)
    ran = place.run(PLAIN)
    assert (ran.status, b"Traceback" in ran.err) == (3, False), ran
    assert b"somebody else" in ran.err or b"folder" in ran.err, ran
    assert not file.is_file() or b"added" not in file.read_bytes()
    assert not [path for path in place.tree.root.iterdir() if path.name.startswith(".a.eyaml")]


def test_a_checkout_while_the_tree_is_re_encrypted_is_not_overwritten(stage: Stage) -> None:
    """Git writes between the reading of a file and its replacement; gpg gives it the time."""
    recrypt, _ = named("recrypt")
    place = stage.place(recrypt)
    place.tree.done("set", "a.eyaml", "another::key", "--stdin", stdin=NEW)
    theirs = place.tree.git("show", "HEAD:a.eyaml")
    folder = place.folder / "bin"
    folder.mkdir()
    checkout = f'case "$*" in *--decrypt*) git -C {place.tree.root} checkout -q -- a.eyaml;; esac'
    (folder / "gpg").write_text(f'#!/bin/sh\n{checkout}\nPATH="{os.environ["PATH"]}" exec gpg "$@"\n')
    (folder / "gpg").chmod(0o755)
    ran = place.run(Situation("checkout", environ={"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}))
    assert ran.status == 3, ran
    assert b"a.eyaml: was changed by somebody else meanwhile" in ran.err
    assert place.tree.text("a.eyaml") == theirs
    assert not list(place.wrong(ran)), ran


def test_the_list_of_readers_is_not_overwritten_either(stage: Stage) -> None:
    """The question before a change is a long moment."""
    place = stage.place(scene("recipients", "add", "carol@example.com", "-y"))
    folder = place.folder / "bin"
    folder.mkdir()
    line = f'case "$*" in *--list-keys*) printf "# theirs\\n" >> {place.tree.root}/{NAME};; esac'
    (folder / "gpg").write_text(f'#!/bin/sh\n{line}\nPATH="{os.environ["PATH"]}" exec gpg "$@"\n')
    (folder / "gpg").chmod(0o755)
    ran = place.run(Situation("list", environ={"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}))
    assert "# theirs\n" in place.tree.text()
    assert (fingerprint("carol") in place.tree.text()) is (ran.status == 0), ran
