"""A change of recipients is proved as a whole before anything is written, and touches nobody but who is named."""

from dataclasses import replace
from pathlib import Path

import pytest

from eyamlgpg.errors import EyamlgpgError, FileProblem, RecipientError, Several
from eyamlgpg.model.keys import Key, Validity
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.operations.recipients.add import plan_add
from eyamlgpg.operations.recipients.change import ChangeRequest, ListChange, expiry_note, write
from eyamlgpg.operations.recipients.lint import lint
from eyamlgpg.operations.recipients.pin import plan_pin
from eyamlgpg.operations.recipients.remove import plan_remove, still_listed
from eyamlgpg.operations.recipients.target import TargetList
from eyamlgpg.operations.tree.governance import DiskLists, Governance
from eyamlgpg.operations.tree.source import RecipientsRequest
from tests.support.keys import ALICE, BOB, CAROL, LAST_YEAR, MALICE, NEXT_YEAR, NOW, fingerprint, key, resolver, subkey
from tests.support.memory import Memory

A, B, C = ALICE.fingerprint, BOB.fingerprint, CAROL.fingerprint
PATH = Path("/repo/team")
EXPIRED = key("Earl <earl@example.com>", primary=subkey("earl", "sc", validity=Validity.EXPIRED, expires=LAST_YEAR))
UNCERTIFIED = key("Uma <uma@example.com>", validity=Validity.UNKNOWN)


def owned(key: Key) -> Key:
    return replace(key, subkeys=tuple(replace(one, has_secret=True) for one in key.subkeys))


RING = resolver((MALICE, owned(ALICE), BOB, CAROL, EXPIRED, UNCERTIFIED))


def place(text: str | None, *, path: Path = PATH, question: str | None = None, copied: str = "") -> TargetList:
    content = None if text is None else text.encode()
    return TargetList(path, path.name, path.parent, content, copied if text is None else text, question)


def added(text: str | None, *ids: str, reencrypt: bool = True, ring: Resolver = RING) -> ListChange:
    return plan_add(ChangeRequest(ids, reencrypt=reencrypt), place(text), ring)


def removed(text: str, *ids: str, reencrypt: bool = True) -> ListChange:
    [change] = plan_remove(ChangeRequest(ids, reencrypt=reencrypt), [place(text)], RING)
    return change


def sentences(error: EyamlgpgError) -> list[str]:
    return [one.sentence for one in error.errors] if isinstance(error, Several) else [error.sentence]


def test_a_newcomer_is_written_as_a_fingerprint_under_their_name() -> None:
    change = added(f"# ops\n{A}\n", "bob@example.com", f"0x{C.lower()}")
    assert change.text == f"# ops\n{A}\n# Bob Brown <bob@example.com>\n{B}\n# Carol Chen <carol@example.com>\n{C}\n"
    assert [one.key.user_id for one in change.added] == [
        "Bob Brown <bob@example.com>",
        "Carol Chen <carol@example.com>",
    ]
    assert [one.recipient.name for one in change.readers] == [A, B, C]
    assert (change.questions, change.warnings, change.is_due) == ((), (), True)


def test_the_address_by_which_somebody_was_named_is_the_name_that_is_written() -> None:
    assert added(f"{B}\n", "alice@home.example.org").text == f"{B}\n# Alice at Home <alice@home.example.org>\n{A}\n"


def test_who_is_there_already_is_told_and_left_as_written() -> None:
    change = added(f"{A}\nbob@example.com\n", "bob@example.com", B, A)
    assert change.text == f"{A}\nbob@example.com\n"
    assert change.warnings == (
        "team:2: Bob Brown <bob@example.com> is there already, as bob@example.com",
        "team:2: Bob Brown <bob@example.com> is there already, as bob@example.com",
        "team:1: Alice Anders (ops) <alice@example.com> is there already",
    )
    assert not change.is_due


def test_two_names_of_one_newcomer_are_one_line() -> None:
    assert added(f"{A}\n", "bob@example.com", B).text == f"{A}\n# Bob Brown <bob@example.com>\n{B}\n"


def test_a_newcomer_who_cannot_be_used_stops_everything_and_all_are_named() -> None:
    with pytest.raises(Several) as caught:
        added(f"{A}\n", "bob@example.com", "uma@example.com", "earl@example.com", "nobody@example.com")
    assert [sentence.split(": ")[1] for sentence in sentences(caught.value)] == [
        "uma@example.com",
        "earl@example.com",
        "nobody@example.com",
    ]


def test_always_trust_lets_an_uncertified_key_in() -> None:
    change = plan_add(ChangeRequest(("uma@example.com",)), place(f"{A}\n"), resolver(RING.keys, always_trust=True))
    assert change.text == f"{A}\n# Uma <uma@example.com>\n{UNCERTIFIED.fingerprint}\n"


def test_who_stands_there_and_cannot_be_used_stops_re_encryption_before_anything_is_written() -> None:
    text = f"{A}\n{EXPIRED.fingerprint}\n"
    for change, before in ((added, text), (removed, f"{text}{B}\n")):
        with pytest.raises(Several) as caught:
            change(before, B)
        assert sentences(caught.value) == [
            f"team:2: key {EXPIRED.fingerprint} (Earl <earl@example.com>) expired on 2024-05-17",
            "nothing was changed, for values are re-encrypted to all recipients or not at all",
        ]


def test_without_re_encryption_the_list_alone_is_changed() -> None:
    text = f"{A}\n{EXPIRED.fingerprint}\n"
    assert added(text, B, reencrypt=False).text == f"{text}# Bob Brown <bob@example.com>\n{B}\n"
    assert removed(f"{text}{B}\n", B, reencrypt=False).text == text


def test_an_expired_person_can_be_removed() -> None:
    assert removed(f"{A}\n{EXPIRED.fingerprint}\n", "earl@example.com").text == f"{A}\n"


def test_a_new_file_without_its_maker_is_warned_of() -> None:
    assert added(None, B).warnings == (
        "team: you are not among the readers, so you cannot read what will be encrypted to them",
    )
    assert added(None, A, B).warnings == ()
    assert added(None, B, ring=resolver((BOB,))).warnings == ()


def test_the_question_of_a_place_is_the_first_of_a_change() -> None:
    copy = place(None, question="Make it?", copied=f"{A}\n{B}\n")
    add = plan_add(
        ChangeRequest(
            (C,),
        ),
        copy,
        RING,
    )
    assert add.questions == ("Make it?",)
    assert add.text == f"{A}\n{B}\n# Carol Chen <carol@example.com>\n{C}\n"
    [remove] = plan_remove(
        ChangeRequest(
            (A,),
        ),
        [copy],
        RING,
    )
    assert remove.questions == (
        "Make it?",
        "team: none of those who stay has a secret key on this keyring: lock yourself out?",
    )


@pytest.mark.parametrize(
    "name", [B, f"0x{B.lower()}", B[-16:], B[-8:], "bob@example.com", "<BOB@example.com>", "Bob Brown", "bob"]
)
@pytest.mark.parametrize("line", [B, "bob@example.com", B[-16:], "Bob"])
def test_a_leaver_may_be_named_otherwise_than_the_file_does(name: str, line: str) -> None:
    change = removed(f"{A}\n{line}\n{C}\n", name)
    assert change.text == f"{A}\n{C}\n"
    assert [one.entry.recipient.name for one in change.removed] == [line]


def test_every_line_of_a_leaver_goes() -> None:
    assert removed(f"{A}\nbob@example.com\n{B}\n", "bob").text == f"{A}\n"


def test_a_leaver_whose_key_is_not_here_is_found_by_the_comment_above() -> None:
    gone = fingerprint("gone")
    text = f"{A}\n# Gus Gone <gus@example.com>\n{gone}\n"
    for name in ("gus@example.com", "Gus Gone <gus@example.com>", gone):
        assert removed(text, name).text == f"{A}\n"


def test_a_comment_is_not_believed_over_the_key_below() -> None:
    with pytest.raises(RecipientError, match=r"carol@example\.com: is not among the recipients"):
        removed(f"{A}\n# Carol Chen <carol@example.com>\n{B}\n", "carol@example.com")


def test_a_name_that_may_mean_two_of_the_recipients_is_refused() -> None:
    with pytest.raises(RecipientError) as caught:
        removed(f"{A}\n{B}\n{C}\n", "example")
    assert caught.value.sentence == "example: may mean 3 of the recipients"
    assert caught.value.hints[1] == f"team:2: Bob Brown <bob@example.com>, {B}"


def test_an_exclamation_mark_means_that_subkey_and_no_line_without_one() -> None:
    exact = f"{BOB.subkeys[0].fingerprint}!"
    assert removed(f"{A}\n{B}\n{exact}\n", exact).text == f"{A}\n{B}\n"
    with pytest.raises(RecipientError, match="is not among the recipients"):
        removed(f"{A}\n{B}\n", exact)


def test_who_is_not_there_is_an_error_with_suggestions() -> None:
    with pytest.raises(RecipientError) as caught:
        removed(f"{A}\n{B}\n", "bbo@example.com")
    assert caught.value.sentence == "team: bbo@example.com: is not among the recipients"
    assert caught.value.hints == ("did you mean bob@example.com?", "who is: eyamlgpg recipients list")


def test_the_last_reader_cannot_be_removed() -> None:
    with pytest.raises(RecipientError, match=r"^team: would be left without any recipient$"):
        removed(f"# ops\n{A}\n{B}\n", "alice@example.com", "bob")


def test_to_lock_oneself_out_is_asked_about_once() -> None:
    locked_out = ("team: none of those who stay has a secret key on this keyring: lock yourself out?",)
    assert removed(f"{A}\n{B}\n", A).questions == locked_out
    assert removed(f"{A}\n{B}\n", B).questions == ()
    assert removed(f"{B}\n{C}\n", C).questions == (), "who could not read before loses nothing"


def test_nobody_can_be_removed_from_a_file_that_is_not_there() -> None:
    with pytest.raises(RecipientError, match=r"^/repo: there is no hiera-eyaml-gpg.recipients in this folder or above"):
        plan_remove(
            ChangeRequest(
                (A,),
            ),
            [place(None)],
            RING,
        )


def test_everywhere_changes_the_files_in_which_somebody_stands_or_none() -> None:
    one, two, three = (Path("/repo", name, "team") for name in ("one", "two", "three"))
    places = [place(text, path=path) for path, text in ((one, f"{A}\n{B}\n"), (two, f"{A}\n"), (three, f"{B}\n{C}\n"))]
    changes = plan_remove(
        ChangeRequest(
            (B,),
        ),
        places,
        RING,
    )
    assert [(change.place.path, change.text) for change in changes] == [(one, f"{A}\n"), (three, f"{C}\n")]
    with pytest.raises(Several) as caught:
        plan_remove(
            ChangeRequest(
                (B, C, "zoe"),
            ),
            places,
            RING,
        )
    assert sentences(caught.value) == [
        "3 recipients files: zoe: is not among the recipients",
        "team: would be left without any recipient",
    ]


def test_where_else_somebody_stands_is_known() -> None:
    places = [place(text, path=Path(f"/repo/{name}")) for name, text in (("a", f"{A}\n"), ("b", "bob@example.com\n"))]
    assert still_listed(
        ChangeRequest(
            (B,),
        ),
        places,
        RING,
    ) == ("b",)


def test_a_change_is_written_over_what_was_read_and_nothing_else() -> None:
    files = Memory({PATH: f"{A}\n".encode()})
    change = added(f"{A}\n", B)
    assert write([change, added(f"{A}\n", A)], files) == (PATH,)
    assert files.content == {PATH: change.text.encode()}
    with pytest.raises(FileProblem, match="was changed by somebody else meanwhile"):
        write([change], files)


def test_writing_that_is_cut_short_says_what_was_changed_and_what_to_run() -> None:
    files = Memory({PATH: f"{A}\n".encode()})
    first, second = added(f"{A}\n", B), replace(added(f"{A}\n", C), place=place(f"{A}\n", path=Path("/repo/gone")))
    with pytest.raises(Several) as caught:
        write([first, second], files, "eyamlgpg recrypt data")
    assert sentences(caught.value) == [
        "/repo/gone: was changed by somebody else meanwhile",
        "team: changed already; the values are as they were",
    ]
    assert caught.value.errors[1].hints == (
        "run the same command again for the rest",
        "then bring the values in line: eyamlgpg recrypt data",
    )
    assert files.content == {PATH: first.text.encode()}


def test_pinning_writes_each_recipient_as_the_key_that_it_means() -> None:
    change = plan_pin(place(f"# ops\n{A}\nbob@example.com\n{C}\n{BOB.subkeys[0].fingerprint.lower()}!\n"), RING)
    assert change.text == (
        f"# ops\n{A}\n# Bob Brown <bob@example.com>\n{B}\n# Carol Chen <carol@example.com>\n{C}\n"
        f"# Bob Brown <bob@example.com>\n{BOB.subkeys[0].fingerprint}!\n"
    )
    assert [one.recipient.line for one in change.added] == [3, 4, 5]
    assert not plan_pin(place(change.text), RING).is_due


def test_a_recipient_that_cannot_be_used_is_not_pinned_and_nobody_else_is() -> None:
    with pytest.raises(Several) as caught:
        plan_pin(place("bob@example.com\numa@example.com\nnobody@example.com\n"), RING)
    assert [sentence.split(": ")[0] for sentence in sentences(caught.value)] == ["team:2", "team:3"]
    with pytest.raises(RecipientError, match=r"^team: names no recipient"):
        plan_pin(place("# nobody\n"), RING)


def test_lint_reads_every_file_and_tells_of_those_it_cannot_read() -> None:
    files = Memory({PATH: f"{A}\nbob@example.com\n".encode()})
    result = lint(
        [Path("/repo/gone"), PATH], Governance(DiskLists(RecipientsRequest(working=Path("/repo")), files), RING)
    )
    assert [(one.path, one.line, one.rule) for one in result.findings] == [("team", 2, "recipient-not-pinned")]
    assert [error.sentence for error in result.errors] == ["/repo/gone: there is no such file"]


def test_an_expiry_is_told_while_it_is_to_come() -> None:
    never = added(f"{A}\n", B).added[0]
    later = replace(never, subkey=replace(never.subkey, expires=NEXT_YEAR))
    assert expiry_note(never, NOW) == ""
    assert expiry_note(later, NOW) == ", expires 2026-05-17"
