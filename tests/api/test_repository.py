"""What a program does with `Repository`, by real gpg and git, is what the commands do."""

import dataclasses
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from eyamlgpg import api
from eyamlgpg.api import Access, Before, EyamlgpgError, Repository, Severity
from tests.api.conftest import Place
from tests.support.keyrings import known

ALICE, BOB, CAROL = known("alice"), known("bob"), known("carol")


class Told:
    """Keeps every notice."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.notes: list[str] = []

    def warn(self, *sentences: str) -> None:
        self.warnings += sentences

    def say(self, sentence: str) -> None:
        self.notes.append(sentence)

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)


@pytest.mark.parametrize("value", [b"s3cret", b"two\nlines\n", b"\x00\xff\xfe", b""], ids=range(4))
def test_a_value_that_was_set_is_read_byte_for_byte(place: Place, value: bytes) -> None:
    result = place.repository().set("a.eyaml", "db::password", value)
    assert result.before is Before.NO_KEY
    assert [(one.access, one.user_id, one.fingerprint, one.key_id) for one in result.readers] == [
        (Access.READER, one.user_ids[0], one.fingerprint, one.encryption_key_id) for one in (ALICE, BOB)
    ]
    assert place.repository().read("a.eyaml", "db::password") == value
    assert place.tool("get", "a.eyaml", "db::password").out == value
    assert (place.folder / "a.eyaml").read_text().startswith("---\ndb::host: db1\ndb::password: ENC[GPG,")


def test_what_stood_at_the_key_is_told(place: Place) -> None:
    repository = place.repository()
    assert repository.set("new.eyaml", "a.b", b"x").before is Before.NO_FILE
    assert repository.set("new.eyaml", "a.c", b"y").before is Before.NO_KEY
    assert repository.set(place.folder / "new.eyaml", "a.b", b"z").before is Before.VALUE
    assert [repository.read(Path("new.eyaml"), key) for key in ("a.b", "a.c")] == [b"z", b"y"]


def test_a_value_in_clear_text_is_read_as_it_is(place: Place) -> None:
    assert place.repository().read("a.eyaml", "db::host") == b"db1"


def test_who_tells_what_the_command_tells(place: Place) -> None:
    repository = place.repository()
    repository.set("a.eyaml", "db::password", b"x")
    place.wanted("alice", "carol")
    [value] = repository.who().values
    assert (value.file, value.line, value.key, value.in_line) == (Path("a.eyaml"), 3, "db::password", False)
    assert [(one.access, one.fingerprint) for one in value.readers] == [
        (Access.READER, ALICE.fingerprint),
        (Access.UNEXPECTED, BOB.fingerprint),
        (Access.MISSING, CAROL.fingerprint),
    ]
    told = place.tool("who", "--format", "csv").text.splitlines()[1:]
    assert told == [
        f"{value.file},{value.line},{value.key},{one.user_id},{one.fingerprint},{one.key_id},{one.access}"
        for one in value.readers
    ]


def test_who_takes_the_values_that_are_asked_for(place: Place) -> None:
    repository = place.repository()
    repository.set("a.eyaml", "db::password", b"x")
    place.wanted("alice")
    repository.set("sub.eyaml", "web::token", b"x")

    def keys(*paths: str, person: str | None = None, key: str | None = None, only_drift: bool = False) -> list[str]:
        found = repository.who(*paths, person=person, key=key, only_drift=only_drift)
        return [str(one.key) for one in found.values]

    assert keys() == ["db::password", "web::token"]
    assert keys("sub.eyaml") == keys(key="web::token") == ["web::token"]
    assert keys(person=BOB.fingerprint) == keys(only_drift=True) == ["db::password"]
    assert keys(person=CAROL.fingerprint) == keys(key="no::such") == []


def test_unknown_and_hidden_readers_are_told_as_such(place: Place, home: Callable[[str], Path]) -> None:
    place.repository().set("a.eyaml", "db::password", b"x")
    stranger = Repository(place.folder, gnupghome=home("empty"), environ={"PATH": os.environ["PATH"]})
    result = stranger.who()
    assert [(one.access, one.user_id, one.key_id) for one in result.values[0].readers] == [
        (Access.UNKNOWN, None, ALICE.encryption_key_id),
        (Access.UNKNOWN, None, BOB.encryption_key_id),
    ]
    assert result.values[0].in_line is None
    assert any(ALICE.fingerprint in warning for warning in result.warnings)


def test_check_finds_what_the_command_finds(place: Place) -> None:
    (place.folder / "a.eyaml").write_text("---\ndb::password: hunter2-example\n")
    result = place.repository().check()
    [finding] = result.failing
    assert (finding.rule, finding.severity, finding.line) == ("plaintext-key-name", Severity.ERROR, 2)
    assert (result.files, result.accepted, result.root) == (2, 0, place.folder.resolve())
    told = json.loads(place.tool("check", "--format", "json").out)["findings"]
    assert told == [dataclasses.asdict(one) for one in result.findings]
    assert place.tool("check", "--update-baseline").status == 0
    again = place.repository().check()
    assert (again.findings, again.accepted) == ((), len(told))


def test_check_looks_at_what_is_staged(place: Place) -> None:
    (place.folder / "a.eyaml").write_text("---\ndb::password: hunter2-example\n")
    assert place.repository().check(staged=True).findings == ()
    subprocess.run(["git", "add", "-A"], cwd=place.folder, check=True)
    (place.folder / "a.eyaml").write_text("---\n")
    assert [one.rule for one in place.repository().check("a.eyaml", staged=True).findings] == ["plaintext-key-name"]


def test_check_goes_by_the_keys_of_the_repository(place: Place, home: Callable[[str], Path]) -> None:
    place.repository().set("a.eyaml", "db::password", b"x")
    assert place.tool("keys", "export", ALICE.fingerprint).status == 0
    stranger = Repository(place.folder, gnupghome=home("empty"), environ={"PATH": os.environ["PATH"]})
    rules = {one.rule for one in stranger.check(keyring="repo").findings if BOB.fingerprint in one.message}
    assert rules
    assert not [one for one in stranger.check(keyring="repo").findings if ALICE.fingerprint in one.message]


def nobody(place: Place) -> None:
    (place.folder / "hiera-eyaml-gpg.recipients").write_text("nobody@example.com\n")


def pkcs7(place: Place) -> None:
    (place.folder / "a.eyaml").write_text("---\ndb::host: ENC[PKCS7,MIIBAA==]\n")


def nothing(place: Place) -> None:
    pass


ERRORS: dict[str, tuple[Callable[[Place], object], Callable[[Repository], object], type[EyamlgpgError], str]] = {
    "no folder": (nothing, lambda one: Repository(one.path / "none"), api.FileProblem, "there is no such folder"),
    "a file for a folder": (nothing, lambda one: Repository(one.path / "a.eyaml"), api.FileProblem, "is not a folder"),
    "no path to read": (nothing, lambda one: one.read("a\0", "a"), api.FileProblem, r"'a\x00': is no path"),
    "no path to set": (nothing, lambda one: one.set("a\0", "a", b"hidden"), api.FileProblem, r"'a\x00': is no path"),
    "no path of who": (nothing, lambda one: one.who("a\0"), api.FileProblem, r"'a\x00': is no path"),
    "no path of check": (nothing, lambda one: one.check("a\0"), api.FileProblem, r"'a\x00': is no path"),
    "no file": (nothing, lambda one: one.read("b.eyaml", "a"), api.FileProblem, "b.eyaml"),
    "no key": (nothing, lambda one: one.read("a.eyaml", "db::hots"), api.KeyPathError, "a.eyaml: db::hots"),
    "no recipient": (nobody, lambda one: one.set("a.eyaml", "b", b"hidden"), api.RecipientError, "nobody@example.com"),
    "a mapping": (nothing, lambda one: one.set("a.eyaml", "db::host.x", b"hidden"), api.KeyPathError, "a.eyaml"),
    "a folder": (nothing, lambda one: one.set(".", "a", b"hidden"), api.FileProblem, "is a folder"),
    "no such folder": (nothing, lambda one: one.set("x/a.eyaml", "a", b"hidden"), api.FileProblem, "no such folder"),
    "not ours": (pkcs7, lambda one: one.set("a.eyaml", "db::host", b"hidden"), api.FormatError, "PKCS7"),
    "not ours to read": (pkcs7, lambda one: one.read("a.eyaml", "db::host"), api.DecryptionError, "PKCS7"),
    "nobody": (nothing, lambda one: one.who(person="carl@example.com"), api.RecipientError, "carl@example.com"),
    "nothing there": (nothing, lambda one: one.who("none"), api.FileProblem, "none: there is no such file or folder"),
    "outside": (nothing, lambda one: one.check("a.eyaml", "/etc"), api.UsageError, "/etc"),
    "no baseline": (nothing, lambda one: one.check(baseline="none.yaml"), api.FileProblem, "no such baseline"),
    "no keyring": (nothing, lambda one: one.check(keyring="gpg"), api.UsageError, "'gpg'"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_names_the_thing(place: Place, name: str) -> None:
    prepare, call, kind, words = ERRORS[name]
    prepare(place)
    before = (place.folder / "a.eyaml").read_bytes()
    with pytest.raises(kind) as raised:
        call(place.repository())
    assert words in raised.value.sentence
    assert "hidden" not in "".join(traceback.format_exception(raised.value, chain=True)).replace('b"hidden"', "")
    assert (place.folder / "a.eyaml").read_bytes() == before


def test_a_message_for_others_is_not_opened(place: Place, home: Callable[[str], Path]) -> None:
    place.repository().set("a.eyaml", "db::password", b"x")
    master = Repository(place.folder, gnupghome=home("pm-prod"), environ={"PATH": os.environ["PATH"]})
    with pytest.raises(api.NoSecretKey) as raised:
        master.read("a.eyaml", "db::password")
    assert raised.value.sentence.startswith("a.eyaml:3: db::password: ")


def test_a_value_is_bytes(place: Place) -> None:
    with pytest.raises(TypeError, match=r"^value must be bytes, not str$"):
        place.repository().set("a.eyaml", "db::password", "hidden")  # type: ignore[arg-type]


def test_neither_the_environment_nor_a_config_file_counts(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor the working directory, once the repository was named."""
    config = place.folder / ".eyaml" / "config.yaml"
    config.parent.mkdir()
    config.write_text("gpg_recipients: nobody@example.com\n")
    monkeypatch.setenv("EYAML_CONFIG", str(config))
    monkeypatch.setenv("GNUPGHOME", "/nowhere")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.chdir(place.folder)
    repository = Repository(gnupghome=place.home)
    monkeypatch.chdir("/")
    repository.set("a.eyaml", "db::password", b"x")
    assert repository.read("a.eyaml", "db::password") == b"x"
    assert (repository.who(only_drift=True).values, repository.check().failing) == ((), ())


def test_the_environment_that_is_passed_counts(place: Place) -> None:
    environ = {"PATH": os.environ["PATH"], "GNUPGHOME": str(place.home)}
    Repository(place.folder, environ=environ).set("a.eyaml", "db::password", b"x")
    environ["HIERA_EYAML_GPG_GNUPGHOME"] = "/nowhere"
    with pytest.raises(api.GnupgError, match="/nowhere"):
        Repository(place.folder, environ=environ).read("a.eyaml", "db::password")
    assert Repository(place.folder, gnupghome=place.home, environ=environ).read("a.eyaml", "db::password") == b"x"


def test_several_threads_share_a_repository(place: Place) -> None:
    """Each sets its own key of one file, and reads it back."""
    repository = place.repository()

    def work(number: int) -> bytes:
        repository.set("a.eyaml", f"key{number}", b"%d" % number)
        return repository.read("a.eyaml", f"key{number}")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(8))) == [b"%d" % number for number in range(8)]
    assert len(repository.who("a.eyaml").values) == 8


def test_each_call_sees_the_files_as_they_are(place: Place) -> None:
    repository = place.repository()
    repository.set("a.eyaml", "db::password", b"x")
    place.wanted("alice")
    assert [one.fingerprint for one in repository.set("a.eyaml", "db::token", b"y").readers] == [ALICE.fingerprint]


def test_notices_go_to_whoever_takes_them(place: Place) -> None:
    told = Told()
    environ = {"PATH": os.environ["PATH"]}
    Repository(place.folder, gnupghome=place.home, notices=told, environ=environ).set("a.eyaml", "a", b"hidden")
    assert any(note.startswith(f"encrypting to {BOB.user_ids[0]}") for note in told.notes)
    nobody(place)
    (place.folder / "b.eyaml").write_bytes((place.folder / "a.eyaml").read_bytes())
    Repository(place.folder, gnupghome=place.home, notices=told, environ=environ).who()
    assert any("nobody@example.com" in warning for warning in told.warnings)
    assert "hidden" not in str(told.__dict__)


def test_always_trust_encrypts_to_keys_that_nobody_certified(place: Place, fresh_home: Path) -> None:
    subprocess.run(["gpg", "--homedir", fresh_home, "-q", "--batch", "--import"], input=BOB.public, check=True)
    place.wanted("bob")
    environ = {"PATH": os.environ["PATH"]}
    with pytest.raises(api.RecipientError):
        Repository(place.folder, gnupghome=fresh_home, environ=environ).set("a.eyaml", "a", b"x")
    trusting = Repository(place.folder, gnupghome=fresh_home, always_trust=True, environ=environ)
    assert [one.fingerprint for one in trusting.set("a.eyaml", "a", b"x").readers] == [BOB.fingerprint]


LOADED = """
import json, sys
from eyamlgpg.api import Repository
first = [*sys.modules]
repository = Repository(gnupghome=sys.argv[1])
repository.set("a.eyaml", "b", b"x")
assert repository.read("a.eyaml", "b") == b"x"
repository.who(), repository.check()
print(json.dumps([first, [*sys.modules]]))
"""


def test_click_is_never_loaded_and_the_rest_late(place: Place) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", LOADED, place.home],
        cwd=place.folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    first, last = json.loads(ran.stdout)
    assert not {"click", "eyamlgpg.cli", "rich"} & set(last)
    assert not {"ruamel", "ruamel.yaml", "cryptography", "subprocess", "tempfile", "eyamlgpg.gpg.session"} & set(first)
