"""The worklist of somebody who left, step by step over a real repository."""

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem, NoSecretKey, RecipientError
from eyamlgpg.formats.openpgp.certificate import parse_one
from eyamlgpg.model.keys import HIDDEN_KEY_ID, KeyId
from eyamlgpg.model.rotation import Place, Reason, Status, Worklist
from eyamlgpg.operations.readers import plaintexts
from eyamlgpg.operations.readers.rotation import RotationPorts, RotationRequest, worklist
from eyamlgpg.repo.history import read_history
from tests.support import keys
from tests.support.fakes import FakeKeyring
from tests.support.grown import Secret, text
from tests.support.keyrings import known
from tests.support.repository import Repository, start
from tests.support.sealed import Opener

ADMIN, LEAVER, STAYER = KeyId("A" * 16), KeyId("B" * 16), KeyId("C" * 16)
ALL, LEFT = (ADMIN, LEAVER, STAYER), (ADMIN, STAYER)
A, B = "a.eyaml", "b.eyaml"


@dataclass
class Story:
    """A repository whose files are written whole, with values that open to plaintexts."""

    repository: Repository
    files: dict[str, dict[str, Secret]] = field(default_factory=dict)
    number: int = 0

    def secret(self, plaintext: str, readers: tuple[str, ...] = ALL) -> Secret:
        """A message made anew."""
        self.number += 3  # so that each stands on one line
        return Secret(plaintext.encode(), self.number + 1, readers)

    def write(self) -> None:
        for old in list(self.repository.root.rglob("*.eyaml")):
            old.unlink()
        for path, file in self.files.items():
            self.repository.write(path, text(file))

    def commit(self, **changed: dict[str, Secret]) -> None:
        """The files as they are now, and these: `a={"k": …}` is a.eyaml."""
        self.files |= {f"{name}.eyaml": file for name, file in changed.items()}
        self.write()
        self.repository.commit()

    def encrypted_anew(self, path: str = A, readers: tuple[str, ...] = LEFT) -> None:
        """All values of a file, each with its plaintext."""
        for key, secret in self.files[path].items():
            self.files[path][key] = self.secret(secret.plaintext.decode(), readers)
        self.commit()

    def told(self, *own: KeyId, since: str | None = None, name: str = LEAVER) -> Worklist:
        history = read_history(self.repository.root, self.repository.environ)
        ports = RotationPorts(history, FakeKeyring(), Opener(frozenset(own)))
        return worklist(RotationRequest(name, b"k" * 32, since, own=frozenset(own)), ports)

    def lines(self, *own: KeyId, since: str | None = None) -> dict[str, tuple[Status, Reason]]:
        """Status and reason of each value, by `path:key`."""
        return {
            f"{value.place.path}:{value.place.key}": (value.status, value.reason)
            for value in self.told(*own, since=since).values
        }


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(start(tmp_path / "r"))


def test_the_list_shrinks_as_values_are_set_anew_and_not_when_they_are_only_encrypted_anew(story: Story) -> None:
    story.commit(a={"one": story.secret("1"), "two": story.secret("2")})
    assert story.lines(ADMIN) == {f"{A}:one": (Status.DUE, Reason.READER), f"{A}:two": (Status.DUE, Reason.READER)}
    story.encrypted_anew()
    same = (Status.DUE, Reason.SAME_PLAINTEXT)
    assert story.lines(ADMIN) == {f"{A}:one": same, f"{A}:two": same}
    story.files[A]["one"] = story.secret("new", LEFT)
    story.commit()
    assert story.lines(ADMIN) == {f"{A}:one": (Status.CHANGED, Reason.DIFFERENT), f"{A}:two": same}
    story.encrypted_anew()
    assert story.lines(ADMIN) == {f"{A}:one": (Status.CHANGED, Reason.DIFFERENT), f"{A}:two": same}
    story.files[A]["two"] = story.secret("new too", LEFT)
    story.commit()
    assert not story.told(ADMIN).is_due


def test_readers_removed_from_the_header_are_seen_without_any_key(story: Story) -> None:
    secret = story.secret("1")
    story.commit(a={"k": secret})
    story.commit(a={"k": Secret(secret.plaintext, secret.number, LEFT)})
    [value] = story.told().values
    assert (value.status, value.reason) == (Status.DUE, Reason.SAME_PACKET)
    assert value.since.commit == value.changed.commit == story.repository.git("rev-parse", "HEAD~1").strip()
    assert value.until is not None
    assert value.until.commit == story.repository.git("rev-parse", "HEAD").strip()
    assert value.changed.author == "Test"


def test_without_a_key_the_message_of_the_removal_is_due_until_it_is_rewritten(story: Story) -> None:
    story.commit(a={"k": story.secret("1")})
    story.encrypted_anew()
    assert story.lines() == {f"{A}:k": (Status.DUE, Reason.NOT_REWRITTEN)}
    story.encrypted_anew()
    assert story.lines() == {f"{A}:k": (Status.UNKNOWN, Reason.NO_KEY)}
    assert story.told().is_due
    assert story.lines(STAYER) == {f"{A}:k": (Status.DUE, Reason.SAME_PLAINTEXT)}


def test_a_key_that_opens_only_one_of_the_messages_tells_nothing(story: Story) -> None:
    story.commit(a={"k": story.secret("1", (LEAVER,))})
    story.commit(a={"k": story.secret("1", LEFT)})
    story.commit(a={"k": story.secret("2", LEFT)})
    assert story.lines(ADMIN) == {f"{A}:k": (Status.UNKNOWN, Reason.NO_KEY)}


def test_a_revert_brings_an_old_plaintext_back(story: Story) -> None:
    story.commit(a={"k": story.secret("1")})
    story.commit(a={"k": story.secret("2", LEFT)})
    assert story.lines(ADMIN) == {f"{A}:k": (Status.CHANGED, Reason.DIFFERENT)}
    story.commit(a={"k": story.secret("1", LEFT)})
    assert story.lines(ADMIN) == {f"{A}:k": (Status.DUE, Reason.SAME_PLAINTEXT)}


def filled(story: Story) -> dict[str, Secret]:
    """So many values that git sees a rename although some of them change."""
    return {f"f{number}": story.secret(f"f{number}", (ADMIN,)) for number in range(30)}


@pytest.mark.parametrize("own", [(), (ADMIN,)], ids=["without a key", "with a key"])
@pytest.mark.parametrize("how", ["file renamed", "key renamed", "moved", "file and key", "back again"])
def test_a_value_is_followed_wherever_it_goes(story: Story, how: str, own: tuple[KeyId, ...]) -> None:
    """It was encrypted anew for others before, so that only its past tells that the leaver knew it."""
    story.commit(a={"k": story.secret("1"), **filled(story)}, b={"x": story.secret("x", (ADMIN,))})
    story.files[A]["k"] = story.secret("1", LEFT)
    story.commit()
    new = A, "k"
    if how in ("file renamed", "file and key", "back again"):
        story.files["new.eyaml"] = story.files.pop(A)
        story.commit()
        new = "new.eyaml", "k"
    if how == "back again":
        story.files[A] = story.files.pop("new.eyaml")
        story.commit()
        new = A, "k"
    if how in ("key renamed", "file and key"):
        story.files[new[0]]["renamed"] = story.files[new[0]].pop("k")
        story.commit()
        new = new[0], "renamed"
    if how == "moved":
        story.files[B]["k"] = story.files[A].pop("k")
        story.commit()
        new = B, "k"
    story.encrypted_anew(new[0])
    [value] = story.told(*own).values
    assert value.place == Place(*new)
    assert value.copied_from is None
    assert value.status is (Status.DUE if own else Status.UNKNOWN)


@pytest.mark.parametrize("where", ["another key", "another file"])
def test_a_value_moved_and_encrypted_anew_at_once_is_followed_by_its_plaintext(story: Story, where: str) -> None:
    story.commit(a={"k": story.secret("1"), "z": story.secret("z", (ADMIN,))}, b={"x": story.secret("x", (ADMIN,))})
    del story.files[A]["k"]
    path = A if where == "another key" else B
    story.files[path]["new"] = story.secret("1", LEFT)
    story.commit()
    [value] = story.told(ADMIN).values
    assert (value.place, value.status, value.copied_from) == (Place(path, "new"), Status.DUE, None)
    assert story.lines() == {f"{A}:k": (Status.GONE, Reason.REMOVED)}


@pytest.mark.parametrize("anew", [False, True], ids=["as it is", "encrypted anew"])
def test_a_copy_is_a_value_of_its_own(story: Story, anew: bool) -> None:
    story.commit(a={"k": story.secret("1")}, b={"x": story.secret("x", (ADMIN,))})
    story.encrypted_anew()
    story.files[B]["copy"] = story.secret("1", LEFT) if anew else story.files[A]["k"]
    story.commit()
    story.files[A]["k"] = story.secret("2", LEFT)
    story.commit()
    told = {value.place: value for value in story.told(ADMIN).values}
    assert told[Place(A, "k")].status is Status.CHANGED
    assert told[Place(B, "copy")].status is Status.DUE
    assert told[Place(B, "copy")].copied_from == Place(A, "k")
    story.files[B]["copy"] = story.secret("3", LEFT)
    story.commit()
    assert not story.told(ADMIN).is_due


def test_the_same_data_packet_anywhere_counts_though_no_commit_shows_the_copy(story: Story) -> None:
    """The copy went by way of a file that was never committed, and came back after its source was gone."""
    secret = story.secret("1")
    story.commit(a={"k": secret, "z": story.secret("z", (ADMIN,))})
    del story.files[A]["k"]
    story.commit()
    story.commit(b={"late": Secret(secret.plaintext, secret.number, LEFT)})
    told = {value.place: value for value in story.told().values}
    assert (told[Place(B, "late")].status, told[Place(B, "late")].copied_from) == (Status.DUE, Place(A, "k"))


def test_a_removed_value_is_gone_and_no_work(story: Story) -> None:
    story.commit(a={"k": story.secret("1"), "z": story.secret("z", (ADMIN,))})
    del story.files[A]["k"]
    story.commit()
    [value] = story.told().values
    assert (value.status, value.reason) == (Status.GONE, Reason.REMOVED)
    head = story.repository.git("rev-parse", "HEAD").strip()
    assert (value.changed.commit, value.until and value.until.commit) == (head, head)
    assert not story.told().is_due


def test_hidden_readers_may_be_anybody(story: Story) -> None:
    story.commit(a={"k": story.secret("1", (HIDDEN_KEY_ID, HIDDEN_KEY_ID))})
    assert story.lines() == {f"{A}:k": (Status.UNKNOWN, Reason.HIDDEN)}
    story.encrypted_anew()
    assert story.lines() == {f"{A}:k": (Status.UNKNOWN, Reason.HIDDEN)}


def test_a_value_that_they_could_never_read_is_not_listed(story: Story) -> None:
    story.commit(a={"k": story.secret("1", LEFT), "mine": story.secret("1")})
    assert list(story.lines(ADMIN)) == [f"{A}:mine"]


def test_what_stood_on_another_branch_could_be_read_as_well(story: Story) -> None:
    story.commit(a={"k": story.secret("1", LEFT)})
    story.repository.git("switch", "-qc", "other")
    story.commit(a={"k": story.secret("1")}, b={"only": story.secret("2")})
    story.repository.git("switch", "-q", "main")
    story.files = {A: {"k": story.secret("1", LEFT)}}
    story.commit()
    assert story.lines(ADMIN) == {
        f"{A}:k": (Status.DUE, Reason.SAME_PLAINTEXT),
        f"{B}:only": (Status.GONE, Reason.ELSEWHERE),
    }
    assert all(value.until is None for value in story.told(ADMIN).values)


@pytest.mark.parametrize("staged", [False, True], ids=["working tree", "index"])
def test_index_and_working_tree_count(story: Story, staged: bool) -> None:
    """What was read there and is no longer, and what was set there and is not committed yet."""
    story.commit(a={"k": story.secret("1", LEFT)})
    story.files[A]["k"] = story.secret("2")
    story.write()
    if staged:
        story.repository.git("add", "-A")
        story.files[A]["k"] = story.secret("3", LEFT)
        story.write()
    [value] = story.told(ADMIN).values
    expected = (Status.CHANGED, Reason.DIFFERENT) if staged else (Status.DUE, Reason.READER)
    assert (value.status, value.reason) == expected
    assert value.since.commit is None
    assert value.changed.commit is None


def test_a_value_set_in_the_working_tree_is_done(story: Story) -> None:
    story.commit(a={"k": story.secret("1")})
    story.files[A]["k"] = story.secret("2", LEFT)
    story.write()
    [value] = story.told(ADMIN).values
    assert (value.status, value.changed.commit) == (Status.CHANGED, None)


@pytest.mark.parametrize("staged", [False, True], ids=["working tree", "index"])
def test_without_a_key_nobody_knows_whether_uncommitted_work_set_a_value_anew(story: Story, staged: bool) -> None:
    """There is no commit that removed them, so none that the value was not rewritten since."""
    story.commit(a={"k": story.secret("1")})
    story.files[A]["k"] = story.secret("2", LEFT)
    story.write()
    if staged:
        story.repository.git("add", "-A")
    assert story.lines() == {f"{A}:k": (Status.UNKNOWN, Reason.NO_KEY)}
    story.repository.git("commit", "-qam", "step")
    assert story.lines() == {f"{A}:k": (Status.DUE, Reason.NOT_REWRITTEN)}


def test_since_leaves_out_what_could_be_read_only_before(story: Story) -> None:
    story.commit(a={"old": story.secret("1"), "new": story.secret("2")})
    story.files[A]["old"] = story.secret("3", LEFT)
    story.commit()
    story.repository.git("tag", "mark")
    story.files[A]["new"] = story.secret("4", LEFT)
    story.commit()
    assert set(story.lines(ADMIN)) == {f"{A}:old", f"{A}:new"}
    assert set(story.lines(ADMIN, since="mark")) == {f"{A}:new"}
    assert set(story.lines(ADMIN, since="HEAD")) == set()
    with pytest.raises(FileProblem, match="nowhere: names no commit"):
        story.lines(since="nowhere")


def test_a_merge_continues_the_values_of_both_parents(story: Story) -> None:
    """The key is renamed behind the merge, so that only the merge leads to what the branch held."""
    story.commit(a={"k": story.secret("1", LEFT), **filled(story)})
    story.repository.git("switch", "-qc", "other")
    story.files[A]["k"] = story.secret("1")
    story.commit()
    story.files[A]["k"] = story.secret("2", LEFT)
    story.commit()
    story.repository.git("switch", "-q", "main")
    story.commit(b={"x": story.secret("x", (ADMIN,))})
    story.repository.git("merge", "-q", "--no-edit", "-s", "ours", "other")
    story.files[A]["renamed"] = story.files[A].pop("k")
    story.commit()
    assert Place(A, "renamed") in {value.place for value in story.told(ADMIN).values}


def test_a_damaged_message_makes_the_report_incomplete(story: Story) -> None:
    story.commit(a={"k": story.secret("1")})
    file = story.repository.root / A
    file.write_text(file.read_text().replace("]", "AAAA]"))
    [gap] = story.told().gaps
    assert gap == "1 values are not whole OpenPGP messages, so nobody can tell who could read them, as k in a.eyaml"


def test_an_unreadable_file_counts_as_it_is_in_the_index(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eyamlgpg.repo.contents.LARGEST", 10_000)
    story.commit(a={"k": story.secret("1")})
    (story.repository.root / A).write_text("x" * 20_000)
    assert story.lines() == {f"{A}:k": (Status.DUE, Reason.READER)}
    assert story.told().gaps == (f"{A}: cannot be read, or is too large",)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("is_gone", [False, True], ids=["there", "only in the history"])
def test_a_file_in_an_encoding_in_which_nobody_finds_its_values_is_named(
    story: Story, encoding: str, is_gone: bool
) -> None:
    story.commit(a={"k": story.secret("1")})
    place = story.repository.root / "odd.eyaml"
    place.write_bytes(text({"k": story.secret("1")}).encode(encoding))
    story.repository.commit()
    if is_gone:
        place.unlink()
        story.repository.commit()
    expected = encoding[:6].upper()
    assert story.told().gaps == (f"odd.eyaml: is or was written in {expected}: its values cannot be seen",)


def test_a_file_that_is_not_utf_8_is_read_all_the_same(story: Story) -> None:
    """Names of files and keys in Latin-1 are told as they are, in every version."""
    secret = text({"k": story.secret("1")}).encode()
    place = Path(os.fsdecode(os.fsencode(story.repository.root) + b"/gr\xfcn.eyaml"))
    place.write_bytes(b"# gr\xfcn\ngr\xfcn: 1\n" + secret.removeprefix(b"---\n"))
    story.repository.commit()
    place.write_bytes(b"# gr\xfcner\ngr\xfcn: 1\n" + secret.removeprefix(b"---\n"))
    [value] = story.told().values
    assert (value.place.path, value.status) == ("gr\udcfcn.eyaml", Status.DUE)


def test_messages_that_do_not_open_are_told_once(story: Story) -> None:
    class Shut(Opener):
        def decrypt(self, message: bytes) -> bytes:
            raise NoSecretKey("no secret key here opens it")

    story.commit(a={"k": story.secret("1"), "l": story.secret("2")})
    story.encrypted_anew()
    story.encrypted_anew()
    history = read_history(story.repository.root, story.repository.environ)
    request = RotationRequest(LEAVER, bytes(32), own=frozenset({ADMIN}))
    made = worklist(request, RotationPorts(history, FakeKeyring(), Shut(frozenset({ADMIN}))))
    assert {value.status for value in made.values} == {Status.UNKNOWN}
    assert made.warnings == ("6 messages could not be opened: no secret key here opens it",)


def test_no_plaintext_stays_with_the_run(story: Story) -> None:
    story.commit(a={"k": story.secret("very secret")})
    story.encrypted_anew()
    made: list[plaintexts.Plaintexts] = []
    original = plaintexts.Plaintexts.learn

    def learn(self: plaintexts.Plaintexts, message: object, plaintext: bytes) -> None:
        made.append(self)
        original(self, message, plaintext)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plaintexts.Plaintexts, "learn", learn)
        story.told(ADMIN)
    assert made
    assert all(b"very secret" not in one for one in made[0]._hashes.values())


class TestPerson:
    """Whom the ID means."""

    @pytest.mark.parametrize("place", [".eyamlgpg/keys", ".eyamlgpg/keys/former"])
    @pytest.mark.parametrize("is_gone", [False, True], ids=["there", "only in the history"])
    def test_a_key_that_the_repository_keeps_or_kept_names_its_owner(
        self, story: Story, place: str, is_gone: bool
    ) -> None:
        bob = known("bob")
        file = story.repository.write(f"{place}/{bob.fingerprint}.asc", bob.public.decode())
        story.commit(a={"k": story.secret("1", (ADMIN, bob.encryption_key_id))})
        if is_gone:
            file.unlink()
            story.repository.commit()
        for name in ("bob@example.com", bob.fingerprint, bob.key_id, bob.encryption_key_id):
            made = story.told(name=name)
            assert made.person.fingerprints == (bob.fingerprint,)
            assert made.person.key_ids == {bob.key_id, bob.encryption_key_id}
            assert [value.status for value in made.values] == [Status.DUE]

    def test_an_older_copy_of_a_key_adds_its_subkeys(self, story: Story) -> None:
        """The keyring knows the key with one subkey, and the repository with another."""
        bob = parse_one(known("bob").public)
        on_ring = keys.key("Bob Brown <bob@example.com>", primary=keys.subkey("x"))
        primary = replace(on_ring.primary, fingerprint=bob.fingerprint, key_id=KeyId(known("bob").key_id))
        on_ring = replace(on_ring, primary=primary)
        story.repository.write(f".eyamlgpg/keys/{bob.fingerprint}.asc", known("bob").public.decode())
        story.commit(a={"k": story.secret("1", (ADMIN, known("bob").encryption_key_id))})
        history = read_history(story.repository.root, story.repository.environ)
        ports = RotationPorts(history, FakeKeyring((on_ring,)), Opener(frozenset()))
        made = worklist(RotationRequest("bob@example.com", bytes(32)), ports)
        assert made.person.key_ids == {
            known("bob").key_id,
            known("bob").encryption_key_id,
            on_ring.subkeys[0].key_id,
        }
        assert [value.status for value in made.values] == [Status.DUE]

    def test_what_is_no_key_is_passed_over(self, story: Story) -> None:
        story.repository.write(".eyamlgpg/keys/broken.asc", "no key")
        story.commit(a={"k": story.secret("1")})
        assert [value.status for value in story.told().values] == [Status.DUE]

    def test_a_key_id_that_nobody_knows_stands_for_itself(self, story: Story) -> None:
        story.commit(a={"k": story.secret("1")})
        person = story.told().person
        assert (person.fingerprints, person.key_ids, person.user_id) == (
            (),
            frozenset({KeyId(LEAVER)}),
            f"the unknown key {LEAVER}",
        )

    @pytest.mark.parametrize("name", ["nobody@example.com", "12345678", "nobody"])
    def test_a_name_that_means_nobody_is_an_error(self, story: Story, name: str) -> None:
        story.commit(a={"k": story.secret("1")})
        with pytest.raises(RecipientError, match=f"{name}: no such key on the keyring, in .eyamlgpg/keys"):
            story.told(name=name)

    def test_a_part_of_several_names_is_an_error(self, story: Story) -> None:
        for name in ("bob", "alice"):
            story.repository.write(f".eyamlgpg/keys/{known(name).fingerprint}.asc", known(name).public.decode())
        story.commit(a={"k": story.secret("1")})
        with pytest.raises(RecipientError, match="is a part of the names of 2 keys"):
            story.told(name="example")
