"""What a doctor makes of facts that a test's machine does not have: clocks, displays, cards, others' terminals."""

from datetime import timedelta
from pathlib import Path

import pytest

from eyamlgpg.model.diagnosis import Diagnosis, State
from eyamlgpg.model.health import (
    CardFacts,
    CardState,
    EditorFacts,
    GitFacts,
    HomeFacts,
    PinentryFacts,
    ScratchFacts,
    SecretFacts,
    TerminalFacts,
)
from eyamlgpg.model.keys import Protection
from eyamlgpg.operations.doctor.asking import examine_terminal
from eyamlgpg.operations.doctor.gnupg import examine_home
from eyamlgpg.operations.doctor.machine import examine_clock, examine_editor, examine_scratch
from eyamlgpg.operations.doctor.own_key import examine_card, examine_own_keys, has_to_ask
from eyamlgpg.operations.doctor.repository import examine_git
from tests.support.keys import NOW, key, subkey

CURSES = PinentryFacts("/usr/bin/pinentry", is_there=True, flavour="curses")
WINDOW = PinentryFacts("/usr/bin/pinentry-gnome3", is_there=True, flavour="gnome3")
HERE = "/dev/pts/1"


def told(lines: "list[Diagnosis] | tuple[Diagnosis, ...]", name: str) -> tuple[State, str]:
    [found] = [line for line in lines if line.id == name]
    return found.state, found.message


@pytest.mark.parametrize(
    ("terminal", "pinentry", "is_needed", "state", "message"),
    [
        (TerminalFacts(HERE, HERE, kind="xterm"), CURSES, True, State.GOOD, f"pinentry can ask on {HERE}"),
        (TerminalFacts(HERE, None, kind="xterm"), CURSES, True, State.NOTE, "GPG_TTY is not set"),
        (TerminalFacts(HERE, "/dev/pts/7", kind="xterm"), CURSES, True, State.PROBLEM, "GPG_TTY names /dev/pts/7, but"),
        (TerminalFacts(HERE, "/dev/pts/7", "does not exist"), CURSES, None, State.PROBLEM, "which does not exist"),
        (TerminalFacts(HERE, "/dev/pts/7", "belongs to bob"), CURSES, False, State.NOTE, "which belongs to bob"),
        (TerminalFacts(None, None), CURSES, True, State.PROBLEM, "there is no terminal"),
        (TerminalFacts(None, None), CURSES, None, State.NOTE, "there is no terminal"),
        (TerminalFacts(None, None), WINDOW, True, State.PROBLEM, "there is no terminal and no display"),
        (TerminalFacts(HERE, HERE, kind="dumb"), CURSES, True, State.PROBLEM, "TERM is dumb"),
        (TerminalFacts(None, None, display=":0"), WINDOW, True, State.GOOD, "pinentry asks in a window on :0"),
        (TerminalFacts(HERE, HERE, display=":10", is_remote=True), WINDOW, True, State.NOTE, "in a session of ssh"),
        (TerminalFacts(None, None, display=":0"), CURSES, True, State.PROBLEM, "there is no terminal"),
    ],
)
def test_a_pinentry_needs_a_terminal_or_a_display(
    terminal: TerminalFacts, pinentry: PinentryFacts, is_needed: bool | None, state: State, message: str
) -> None:
    [line] = examine_terminal(terminal, pinentry, is_needed=is_needed)
    assert (line.state, message in line.message) == (state, True), line


def test_a_pane_of_tmux_is_a_terminal_of_its_own() -> None:
    [line] = examine_terminal(
        TerminalFacts(HERE, "/dev/pts/7", kind="screen", multiplexer="tmux"), CURSES, is_needed=True
    )
    assert "In tmux each pane" in line.meaning
    assert line.commands == ("export GPG_TTY=$(tty)",)


def test_a_clock_behind_a_key_or_a_commit_is_wrong() -> None:
    mine = key("alice")
    early = mine.primary.created - timedelta(days=2)
    assert told([*examine_clock(early, [mine], None)], "clock")[0] is State.PROBLEM
    assert told([*examine_clock(NOW, [], NOW + timedelta(days=2))], "clock")[0] is State.PROBLEM
    assert told([*examine_clock(NOW, [mine], NOW + timedelta(hours=2))], "clock")[0] is State.GOOD


@pytest.mark.parametrize(
    ("card", "protection", "state", "message"),
    [
        (CardState.ABSENT, Protection.CARD, State.NOTE, "no smart card is plugged in"),
        (CardState.ABSENT, Protection.PASSPHRASE, State.GOOD, "no smart card is in use"),
        (CardState.NO_SCDAEMON, Protection.CARD, State.PROBLEM, "scdaemon is not installed"),
        (CardState.NO_SCDAEMON, Protection.PASSPHRASE, State.GOOD, "no smart card is in use"),
        (CardState.SILENT, Protection.PASSPHRASE, State.PROBLEM, "does not answer"),
        (CardState.FAILED, Protection.CARD, State.PROBLEM, "cannot be read"),
        (CardState.NOT_ASKED, Protection.UNKNOWN, State.UNKNOWN, "no smart card was looked for"),
    ],
)
def test_a_card_matters_to_whose_key_is_on_one(
    card: CardState, protection: Protection, state: State, message: str
) -> None:
    mine = key("alice")
    secrets = SecretFacts({mine.fingerprint: protection})
    [line] = examine_card(CardFacts(card, code=1), [mine], [mine], secrets)
    assert (line.state, message in line.message) == (state, True), line


def test_a_card_that_gpg_has_not_seen_is_told_with_its_owner() -> None:
    """The keyring has the public key, and no secret one is known here."""
    other = key("alice")
    facts = CardFacts(CardState.PRESENT, "D2760001", (other.fingerprint,))
    [line] = examine_card(facts, [other], [], SecretFacts())
    assert (line.state, line.commands) == (State.PROBLEM, ("gpg --card-status",))
    [line] = examine_card(facts, [], [], SecretFacts())
    assert "not on the keyring" in line.message


@pytest.mark.parametrize(
    ("protection", "masters", "state"),
    [
        (Protection.PASSPHRASE, False, State.GOOD),
        (Protection.CARD, False, State.GOOD),
        (Protection.CLEAR, False, State.PROBLEM),
        (Protection.CLEAR, True, State.GOOD),
        (Protection.UNKNOWN, False, State.UNKNOWN),
    ],
)
def test_only_a_puppet_servers_key_goes_without_a_passphrase(
    protection: Protection, masters: bool, state: State
) -> None:
    mine = key("alice")
    secrets = SecretFacts({mine.fingerprint: protection})
    lines = [*examine_own_keys([mine], secrets, NOW, [mine.fingerprint] if masters else [])]
    assert told(lines, "own-key-passphrase")[0] is state


def test_an_old_key_beside_a_good_one_is_no_problem() -> None:
    good = key("alice")
    assert [line.state for line in examine_own_keys([good], SecretFacts(), NOW, []) if line.id == "own-key"] == [
        State.GOOD
    ]
    old = key("old", primary=subkey("old", "sc", expires=NOW - timedelta(days=1)))
    found = [line for line in examine_own_keys([old, good], SecretFacts(), NOW, []) if line.id == "own-key"]
    assert [line.state for line in found] == [State.NOTE, State.GOOD]
    alone = [line for line in examine_own_keys([old], SecretFacts(), NOW, []) if line.id == "own-key"]
    assert (alone[0].state, alone[0].commands[0]) == (
        State.PROBLEM,
        f"gpg --quick-set-expire {old.fingerprint} 2y",
    )


def test_a_passphrase_is_needed_unless_every_own_key_is_clear() -> None:
    mine = key("alice")
    assert has_to_ask([mine], SecretFacts({mine.fingerprint: Protection.PASSPHRASE})) is True
    assert has_to_ask([mine], SecretFacts({mine.fingerprint: Protection.CLEAR})) is False
    assert (has_to_ask([mine], SecretFacts()), has_to_ask([], SecretFacts())) == (None, False)


def test_plaintext_on_a_disk_and_what_a_killed_edit_left() -> None:
    lines = [*examine_scratch(ScratchFacts(Path("/tmp"), left=(Path("/tmp/eyamlgpg-edit-1"),)))]
    assert [line.state for line in lines] == [State.NOTE, State.PROBLEM]
    assert told([*examine_scratch(ScratchFacts(None))], "scratch")[0] is State.PROBLEM


def test_an_editor_that_leaves_copies_is_named() -> None:
    assert told([*examine_editor(EditorFacts("code --wait"))], "editor") == (State.NOTE, "the editor is code --wait")
    assert told([*examine_editor(EditorFacts("vim", is_known=True))], "editor")[0] is State.GOOD


def test_a_home_of_somebody_else_and_files_of_root_in_it() -> None:
    home = HomeFacts(Path("/home/a/.gnupg"), owner="root", foreign_files=("a", "b", "c", "d", "e"))
    lines = [*examine_home(home, "")]
    assert told(lines, "home-permissions") == (State.PROBLEM, "the GnuPG home belongs to root")
    assert told(lines, "home-files") == (State.PROBLEM, "files in the GnuPG home are not yours: a, b, c and 2 more")


def test_without_git_and_where_git_refuses() -> None:
    assert told([*examine_git(GitFacts(None))], "git")[0] is State.PROBLEM
    lines = [*examine_git(GitFacts("2.39.5", refusal="dubious ownership"))]
    assert told(lines, "git-repository") == (State.PROBLEM, "dubious ownership")
