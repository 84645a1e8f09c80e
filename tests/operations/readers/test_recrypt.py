"""From a drifted tree to one in line: what is due, what is touched, and what becomes of the rest."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from eyamlgpg.errors import (
    DamagedMessage,
    DecryptionError,
    FileProblem,
    FormatError,
    NoSecretKey,
    OversizedPlaintext,
    RecipientError,
)
from eyamlgpg.model import limits
from eyamlgpg.model.keys import Key, KeyId
from eyamlgpg.model.messages import Order, Recrypted
from eyamlgpg.operations.readers.recrypt import FileRecrypted, Progress
from eyamlgpg.operations.readers.recrypt_plan import RecryptRequest
from tests.support.fakes import fake_message
from tests.support.keys import ALICE, BOB, CAROL, MALICE
from tests.support.trees import Tree, key_id, key_ids, names, value, with_secret

PKCS7 = "ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIBajCC]"


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A tree for Alice and Bob."""
    made = Tree(tmp_path)
    made.governs(".", ALICE, BOB)
    return made


def test_a_tree_in_line_has_nothing_due_and_opens_nothing(tree: Tree) -> None:
    tree.write("a.eyaml", f"a: {value('x', ALICE, BOB)}\nb: {value('y', BOB, ALICE)}\n")
    recryption = tree.recrypt()
    assert (recryption.plan.due, recryption.plan.in_line, recryption.files, recryption.errors) == (0, 2, (), ())
    assert tree.recrypter.ordered == []


def test_only_values_that_differ_are_rewritten_and_every_other_byte_stays(tree: Tree) -> None:
    kept = value("kept", ALICE, BOB)
    path = tree.write("a.eyaml", f"---\n# note\na:   '{kept}'\nb: {value('new', ALICE)}   # why\nc: plain\n")
    recryption = tree.recrypt()
    new = tree.messages(path)[1]
    assert path.read_text() == f"---\n# note\na:   '{kept}'\nb: {value('new', ALICE, BOB)}   # why\nc: plain\n"
    assert new == fake_message(b"new", [key_id(ALICE), key_id(BOB)])
    assert recryption.files == (FileRecrypted(str(path), 1, 0, extended=1),)
    assert tree.recrypt().plan.due == 0


@pytest.mark.parametrize(
    ("readers", "request_", "is_extended"),
    [
        ((ALICE,), RecryptRequest(), True),
        ((ALICE,), RecryptRequest(fresh=True), False),
        ((ALICE,), RecryptRequest(every=True), False),
        ((ALICE, MALICE), RecryptRequest(), False),
        ((ALICE, "0123456789ABCDEF"), RecryptRequest(), False),
        ((ALICE, "0" * 16), RecryptRequest(), False),
    ],
    ids=["lacks readers", "--fresh", "--all", "removed", "unknown", "hidden"],
)
def test_readers_are_added_only_where_nothing_else_is_wrong(
    tree: Tree, readers: tuple[Key | str, ...], request_: RecryptRequest, *, is_extended: bool
) -> None:
    """Whoever could read the old message knows its session key, so it goes on only for those who may."""
    path = tree.write("a.eyaml", f"a: {value('x', *readers)}\n")
    recryption = tree.recrypt(request=request_)
    assert (recryption.rewritten, recryption.extended) == (1, int(is_extended))
    assert tree.recrypter.encrypter.made == ([] if is_extended else [(key_id(ALICE), key_id(BOB))])
    assert tree.readers(path) == [key_ids([ALICE, BOB])]


def test_a_copy_gets_readers_added_in_one_place_and_is_made_anew_in_another(tree: Tree) -> None:
    copy = value("copied", ALICE, BOB)
    tree.governs("more", ALICE, BOB, CAROL)
    tree.governs("other", ALICE, CAROL)
    more, other = (tree.write(f"{folder}/a.eyaml", f"a: {copy}\n") for folder in ("more", "other"))
    recryption = tree.recrypt()
    assert (recryption.rewritten, recryption.extended) == (2, 1)
    assert tree.recrypter.encrypter.made == [(key_id(ALICE), key_id(CAROL))]
    assert tree.readers(more) == [key_ids([ALICE, BOB, CAROL])]
    assert tree.readers(other) == [key_ids([ALICE, CAROL])]


def test_all_rewrites_what_is_in_line_too(tree: Tree) -> None:
    path = tree.write("a.eyaml", f"a: {value('x', ALICE, BOB)}\n")
    recryption = tree.recrypt(request=RecryptRequest(every=True))
    assert (recryption.rewritten, tree.opened(path)) == (1, [b"x"])
    assert len(tree.recrypter.ordered) == 1


def test_the_plan_counts_whom_each_file_lacks_and_whom_it_leaks_to(tree: Tree) -> None:
    tree.write("a.eyaml", f"a: {value('x', ALICE)}\nb: {value('y', ALICE, BOB, MALICE)}\nc: {value('z', ALICE, BOB)}\n")
    [planned] = tree.plan().files
    assert (planned.due, planned.in_line) == (2, 1)
    assert dict(planned.tally.missing) == {BOB.fingerprint: 1}
    assert dict(planned.tally.unexpected) == {MALICE.fingerprint: 1}
    assert planned.tally.people == {BOB.fingerprint: BOB, MALICE.fingerprint: MALICE}


def test_unknown_and_hidden_readers_are_due_and_counted_as_such(tree: Tree) -> None:
    stranger = KeyId("0123456789ABCDEF")
    tree.write("a.eyaml", f"a: {value('x', ALICE, BOB, stranger)}\nb: {value('y', ALICE, BOB, '0' * 16)}\n")
    [planned] = tree.plan().files
    assert (dict(planned.tally.unknown), planned.tally.hidden) == ({stranger: 1}, 1)
    assert tree.recrypt().rewritten == 2
    assert tree.plan().due == 0


def test_each_folder_has_the_readers_of_the_nearest_recipients_file(tree: Tree) -> None:
    tree.governs("production", ALICE)
    above = tree.write("common.eyaml", f"a: {value('x', ALICE)}\n")
    below = tree.write("production/dc1/base.eyaml", f"a: {value('y', ALICE, BOB)}\n")
    assert tree.recrypt().rewritten == 2
    assert tree.readers(above) == [key_ids([ALICE, BOB])]
    assert tree.readers(below) == [key_ids([ALICE])]


def test_a_run_for_one_recipients_file_leaves_what_nested_ones_govern(tree: Tree) -> None:
    tree.governs("production", ALICE)
    tree.write("common.eyaml", f"a: {value('x', ALICE)}\n")
    tree.write("production/base.eyaml", f"a: {value('y', ALICE, BOB)}\n")
    request = RecryptRequest(governed_by=frozenset({tree.root / "hiera-eyaml-gpg.recipients"}))
    assert names(tree.plan(request=request), tree.root) == ["common.eyaml"]


def test_a_value_that_cannot_be_opened_is_named_and_left_and_the_others_are_done(tree: Tree) -> None:
    theirs = value("theirs", BOB, CAROL)
    path = tree.write("a.eyaml", f"---\nours: {value('ours', ALICE)}\nteam:\n  theirs: {theirs}\n")
    recryption = tree.recrypt()
    [error] = recryption.errors
    assert isinstance(error, NoSecretKey)
    assert error.sentence.startswith(f"{path}:4: team.theirs: no secret key")
    assert recryption.files == (FileRecrypted(str(path), 1, 1, extended=1),)
    assert path.read_text() == f"---\nours: {value('ours', ALICE, BOB)}\nteam:\n  theirs: {theirs}\n"


def test_identical_ciphertexts_are_opened_once_and_stay_identical(tree: Tree) -> None:
    copy = value("copied", ALICE)
    first = tree.write("a.eyaml", f"a: {copy}\nb: {copy}\n")
    second = tree.write("b.eyaml", f"c: {value('other', ALICE)}\nd: {copy}\n")
    assert tree.recrypt().rewritten == 4
    assert tree.recrypter.decrypter.count == 2
    assert tree.messages(first) == [tree.messages(second)[1]] * 2


def test_a_copy_in_another_folder_is_opened_once_and_encrypted_for_each(tree: Tree) -> None:
    copy = value("copied", ALICE, MALICE)
    tree.governs("production", ALICE, CAROL)
    above = tree.write("a.eyaml", f"a: {copy}\n")
    below = tree.write("production/b.eyaml", f"b: {copy}\n")
    assert tree.recrypt().rewritten == 2
    assert tree.recrypter.decrypter.count == 1
    assert (tree.readers(above), tree.readers(below)) == ([key_ids([ALICE, BOB])], [key_ids([ALICE, CAROL])])


def test_a_copy_that_cannot_be_opened_is_reported_at_each_place(tree: Tree) -> None:
    copy = value("theirs", CAROL)
    path = tree.write("a.eyaml", f"a: {copy}\nb: {copy}\n")
    sentences = [error.sentence for error in tree.recrypt().errors]
    assert [sentence.split(": no secret")[0] for sentence in sentences] == [f"{path}:1: a", f"{path}:2: b"]


def test_values_of_the_other_method_are_counted_and_left(tree: Tree) -> None:
    path = tree.write("a.eyaml", f"a: {PKCS7}\nb: {value('x', ALICE)}\n")
    recryption = tree.recrypt()
    assert (recryption.plan.left_alone, recryption.rewritten) == (1, 1)
    assert path.read_text() == f"a: {PKCS7}\nb: {value('x', ALICE, BOB)}\n"


def test_a_damaged_message_and_an_unknown_method_are_errors_of_their_place_alone(tree: Tree) -> None:
    path = tree.write("a.eyaml", f"a: ENC[GPG,aGVsbG8=]\nb: ENC[ROT13,aGVsbG8=]\nc: {value('x', ALICE)}\n")
    recryption = tree.recrypt()
    damaged, unknown = recryption.errors
    assert isinstance(damaged, DamagedMessage)
    assert isinstance(unknown, DecryptionError)
    assert damaged.sentence.startswith(f"{path}:1: a: not a whole OpenPGP message")
    assert unknown.sentence.startswith(f"{path}:2: b: the encryption method ROT13")
    assert recryption.rewritten == 1


def test_a_token_hidden_by_escapes_is_an_error_and_never_passed_over(tree: Tree) -> None:
    hidden = value("x", ALICE).replace("ENC", "\\x45NC")
    path = tree.write("a.eyaml", f'a: "{hidden}"\n')
    [error] = tree.recrypt().errors
    assert (type(error), error.status) == (FormatError, 3)
    assert error.sentence == f"{path}:1: a: is a token for Puppet only after YAML took its escapes away"


def test_one_bad_recipients_file_stops_what_it_governs_and_nothing_else(tree: Tree) -> None:
    bad = tree.governs("production", ALICE, "nobody@example.com")
    text = f"a: {value('x', ALICE, MALICE)}\n"
    kept = tree.write("production/a.eyaml", text)
    tree.write("production/b.eyaml", text)
    done = tree.write("a.eyaml", text)
    recryption = tree.recrypt()
    unknown, stopped = recryption.errors
    assert unknown.sentence == f"{bad}:2: nobody@example.com: no such key on the keyring"
    assert isinstance(stopped, RecipientError)
    assert stopped.sentence == (f"{bad}: 2 values in 2 files left as before, the first in {kept}")
    assert kept.read_text() == text
    assert tree.readers(done) == [key_ids([ALICE, BOB])]


def test_a_file_without_recipients_is_an_error_only_if_it_has_values(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.write("empty.eyaml", "a: 1\n")
    assert tree.plan().errors == ()
    path = tree.write("full.eyaml", f"a: {value('x', ALICE)}\n")
    nothing, stopped = tree.plan().errors
    assert nothing.sentence.startswith("no recipients: there is no hiera-eyaml-gpg.recipients in")
    assert stopped.sentence == f"no recipients: 1 value in 1 file left as before, the first in {path}"


def test_a_file_that_somebody_changed_meanwhile_is_left_as_they_wrote_it(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tree.write("a.eyaml", f"a: {value('x', ALICE)}\n")
    other = tree.write("b.eyaml", f"a: {value('y', ALICE)}\n")
    take = tree.recrypter.recrypt_many

    def interfere(orders: Iterable[Order]) -> Iterator[Recrypted]:
        for result in take(orders):
            path.write_text("theirs: 1\n")
            yield result

    monkeypatch.setattr(tree.recrypter, "recrypt_many", interfere)
    recryption = tree.recrypt()
    [error] = recryption.errors
    assert isinstance(error, FileProblem)
    assert "changed by somebody else" in error.sentence
    assert path.read_text() == "theirs: 1\n"
    assert tree.readers(other) == [key_ids([ALICE, BOB])]


def rewrite(path: Path) -> None:
    path.write_text(f"a: {value('x', ALICE, BOB)}\n")


def test_what_came_in_line_since_the_plan_is_not_touched(tree: Tree) -> None:
    path = tree.write("a.eyaml", f"a: {value('x', ALICE)}\n")
    recryption = tree.recrypt(meanwhile=lambda: rewrite(path))
    assert (recryption.rewritten, recryption.errors, tree.recrypter.ordered) == (0, (), [])


def test_a_file_that_went_away_since_the_plan_is_an_error_and_the_others_are_done(tree: Tree) -> None:
    gone = tree.write("a.eyaml", f"a: {value('x', ALICE)}\n")
    tree.write("b.eyaml", f"a: {value('y', ALICE)}\n")
    recryption = tree.recrypt(meanwhile=gone.unlink)
    assert [type(error) for error in recryption.errors] == [FileProblem]
    assert recryption.rewritten == 1


def test_a_message_to_the_wrong_people_is_never_written(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"a: {value('x', ALICE)}\n"
    path = tree.write("a.eyaml", text)
    monkeypatch.setattr(
        tree.recrypter.encrypter, "encrypt", lambda plaintext, _subkeys: fake_message(plaintext, [key_id(ALICE)])
    )
    [error] = tree.recrypt(request=RecryptRequest(fresh=True)).errors
    assert error.sentence == f"{path}: a value would not be encrypted to its recipients as planned"
    assert path.read_text() == text


def test_progress_tells_values_and_files(tree: Tree) -> None:
    tree.write("a.eyaml", f"a: {value('x', ALICE)}\nb: {value('y', ALICE)}\n")
    tree.write("b.eyaml", f"a: {value('z', CAROL)}\n")
    tree.recrypt()
    assert tree.watched == [Progress(1, 0, 0), Progress(2, 2, 1), Progress(3, 2, 2)]


def test_files_are_read_when_their_turn_comes(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory stays flat: while the first file is under way, the last one has not been opened."""
    paths = [tree.write(f"{number}.eyaml", f"a: {value(str(number), ALICE)}\n") for number in range(5)]
    take = tree.recrypter.recrypt_many
    written_at_order: list[int] = []

    def count(orders: Iterable[Order]) -> Iterator[Recrypted]:
        def each() -> Iterator[Order]:
            for order in orders:
                written_at_order.append(sum(tree.readers(path) == [key_ids([ALICE, BOB])] for path in paths))
                yield order

        yield from take(each())

    monkeypatch.setattr(tree.recrypter, "recrypt_many", count)
    tree.recrypt()
    assert written_at_order == [0, 1, 2, 3, 4]


def test_a_user_who_will_be_shut_out_is_warned(tmp_path: Path) -> None:
    tree = Tree(tmp_path, ring=(with_secret(ALICE), BOB))
    file = tree.governs(".", BOB)
    tree.write("a.eyaml", f"a: {value('x', ALICE)}\n")
    [warning] = tree.plan().warnings
    assert warning == (
        f"{file}: names nobody whose secret key is here, so you cannot read its 1 value once encrypted anew"
    )


def test_nobody_is_warned_whose_secret_keys_are_behind_a_forwarded_agent(tmp_path: Path) -> None:
    """gpg lists no secret key then, and the agent opens the values all the same."""
    tree = Tree(tmp_path, ring=(ALICE, BOB))
    tree.governs(".", BOB)
    tree.write("a.eyaml", f"a: {value('x', ALICE)}\n")
    assert tree.plan().warnings == ()


def test_what_waits_to_be_written_is_bounded_and_a_value_too_many_is_left(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit is for the files under way, not for the tree."""
    monkeypatch.setattr(limits, "TOGETHER", 2500)
    values = [value(letter * 1000, ALICE) for letter in "abc"]
    both = tree.write("a.eyaml", "".join(f"k{place}: {one}\n" for place, one in enumerate(values)))
    next_one = tree.write("b.eyaml", f"k: {value('d' * 1000, ALICE)}\n")
    recryption = tree.recrypt()
    assert recryption.files == (FileRecrypted(str(both), 2, 1, extended=2), FileRecrypted(str(next_one), 1, 0, 1))
    assert [type(error) for error in recryption.errors] == [OversizedPlaintext]
    assert f"{both}:3: k2: " in recryption.errors[0].sentence
    assert values[2] in both.read_text()
