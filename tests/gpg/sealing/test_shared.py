"""Values of one file that share a session key: each a whole message for everybody, and never somebody else's key."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.openpgp.data_packet import data_packet
from eyamlgpg.formats.openpgp.session_key import SessionKey
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.opening.decrypter import GnupgDecrypter
from eyamlgpg.gpg.opening.direct import DirectDecrypter
from eyamlgpg.gpg.sealing.data import encrypted, new_session_key
from eyamlgpg.gpg.sealing.in_process import readers_of
from eyamlgpg.gpg.sealing.pkesk import session_keys
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter
from eyamlgpg.gpg.sealing.shared import FileEncrypters, SharingEncrypter
from eyamlgpg.gpg.session import Session
from eyamlgpg.host.own_headers import OwnHeaders
from eyamlgpg.model.keys import Subkey
from tests.support import keyrings
from tests.support.keys import NOW
from tests.support.oracles import ORACLES

PLAINTEXTS = [b"", b"one", b"two", b"two", b"x" * 3000]
A_FILE = Path("a.eyaml")


@dataclass
class Desk:
    """Alice, whose trees say that files share, and what she has made."""

    home: Path
    own: OwnHeaders = field(default_factory=lambda: OwnHeaders({}))
    shared: bool = True

    def __post_init__(self) -> None:
        session = Session(self.home, keyrings.environment())
        self.keyring = GnupgKeyring(session)
        self.encrypter = OpenpgpEncrypter(session, self.keyring)
        self.decrypter = DirectDecrypter(session, GnupgDecrypter(session, self.keyring))

    def is_shared(self, path: Path) -> bool:
        return self.shared

    def file(self, *standing: bytes) -> OpenpgpEncrypter | SharingEncrypter:
        """The encrypter of a file in which these messages stand."""
        return FileEncrypters(self.encrypter, self, lambda: self.decrypter, self.own).for_file(A_FILE, lambda: standing)

    def subkeys(self, *names: str) -> list[Subkey]:
        wanted = {keyrings.known(name).fingerprint for name in names}
        chosen = [key.encryption_subkey(NOW) for key in tuple(self.keyring.keys()) if key.fingerprint in wanted]
        return [subkey for subkey in chosen if subkey is not None]

    def sealed(self, plaintexts: Iterable[bytes], *names: str, among: tuple[bytes, ...] = ()) -> list[bytes]:
        encrypter = self.file(*among)
        return [encrypter.encrypt(plaintext, self.subkeys(*names)) for plaintext in plaintexts]


@pytest.fixture
def desk(home: Callable[[str], Path]) -> Desk:
    return Desk(home("alice"))


def header(message: bytes) -> bytes:
    return message[: -len(data_packet(message))]


def headers(messages: Iterable[bytes]) -> set[bytes]:
    return {header(message) for message in messages}


@pytest.mark.parametrize("oracle", ORACLES)
@pytest.mark.parametrize("name", ["alice", "bob"])
def test_each_value_opens_alone_by_every_program(
    desk: Desk, home: Callable[[str], Path], name: str, oracle: str
) -> None:
    """RSA and Curve25519."""
    made = desk.sealed(PLAINTEXTS, "alice", "bob")
    assert len(headers(made)) == 1
    assert len({data_packet(message)[-40:] for message in made}) == len(made)
    secret = keyrings.gpg(home(name), "--export-secret-keys")
    assert [ORACLES[oracle](home(name), secret, message) for message in made] == PLAINTEXTS


def test_other_readers_and_other_files_have_other_session_keys(desk: Desk) -> None:
    encrypter = desk.file()
    sets = [desk.subkeys(*names) for names in (("alice",), ("alice", "bob"), ("bob",))]
    made = [encrypter.encrypt(b"x", subkeys) for subkeys in sets * 2]
    assert made[0] != made[3]
    assert [header(message) for message in made[:3]] == [header(message) for message in made[3:]]
    assert len(headers(made)) == 3
    assert not headers(made) & headers(desk.sealed([b"x"], "alice"))


def test_where_the_policy_does_not_say_so_nothing_is_shared(desk: Desk) -> None:
    desk.shared = False
    assert len(headers(desk.sealed(PLAINTEXTS, "alice"))) == len(PLAINTEXTS)


def test_a_value_that_stands_in_no_file_shares_with_none(desk: Desk) -> None:
    encrypters = FileEncrypters(desk.encrypter, desk, lambda: desk.decrypter, desk.own)
    assert len(headers(encrypters.encrypt(b"x", desk.subkeys("alice")) for _ in range(3))) == 3


def test_it_goes_on_with_the_session_key_that_most_values_share(desk: Desk) -> None:
    few, most = desk.sealed([b"a"], "alice"), desk.sealed([b"b", b"c"], "alice")
    others = desk.sealed([b"d"] * 3, "alice", "bob")
    [made] = desk.sealed([b"new"], "alice", among=(*few, *others, *most))
    assert header(made) == header(most[0])
    assert desk.decrypter.decrypt(made) == b"new"


@pytest.mark.parametrize("names", [("alice", "bob"), ("bob",)])
def test_it_does_not_where_the_readers_are_others(desk: Desk, names: tuple[str, ...]) -> None:
    """Somebody was removed, or came: who has the old session key must not read the new value."""
    old = desk.sealed([b"old"], "alice", "bob", "carol")
    assert not headers(desk.sealed([b"new"], *names, among=tuple(old))) & headers(old)


def test_a_session_key_that_somebody_else_has_put_there_is_not_used(desk: Desk) -> None:
    """Who may write to the file, and need not be a reader, could make values with a key that they know."""
    planted = new_session_key()
    subkeys = desk.subkeys("alice", "bob")
    readers = readers_of(desk.keyring.export(subkeys), subkeys)
    assert readers is not None
    before = b"".join(session_keys(planted, readers))
    values = tuple(before + encrypted(b"%d" % number, planted) for number in range(9))
    assert desk.decrypter.decrypt(values[0]) == b"0"
    [made] = desk.sealed([b"new"], "alice", "bob", among=values)
    assert header(made) != before
    desk.own.add(before)
    [made] = desk.sealed([b"new"], "alice", "bob", among=values)
    assert header(made) == before


def test_where_the_agent_does_not_tell_it_a_new_one_begins(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    old = desk.sealed([b"old"], "alice")

    def nothing(_message: bytes) -> SessionKey | None:
        return None

    monkeypatch.setattr(desk.decrypter, "session_key", nothing)
    assert not headers(desk.sealed([b"new"], "alice", among=tuple(old))) & headers(old)


def test_readers_added_by_us_leave_the_session_key_ours_and_shared(desk: Desk) -> None:
    old = desk.sealed([b"a", b"b"], "alice")
    both, added = desk.subkeys("alice", "bob"), desk.subkeys("bob")
    encrypter = desk.file()
    extended = []
    for message in old:
        key = desk.decrypter.session_key(message)
        assert key is not None
        extended.append(encrypter.extend(message, key, added, both))
    made = tuple(message for message in extended if message is not None)
    assert len(made) == 2
    assert len(headers(made)) == 1
    assert headers(desk.sealed([b"new"], "alice", "bob", among=made)) == headers(made)


def test_readers_added_to_what_is_not_ours_do_not_make_it_ours(desk: Desk) -> None:
    message = desk.encrypter.encrypt(b"x", desk.subkeys("alice"))
    key = desk.decrypter.session_key(message)
    assert key is not None
    extended = desk.file().extend(message, key, desk.subkeys("bob"), desk.subkeys("alice", "bob"))
    assert extended is not None
    assert not desk.own.has(header(extended))


def test_for_keys_of_another_kind_gpg_makes_each_message(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eyamlgpg.gpg.sealing.in_process.readers_of", lambda _exported, _subkeys: None)
    made = desk.sealed([b"a", b"b"], "alice")
    assert len(headers(made)) == 2
    assert [desk.decrypter.decrypt(message) for message in made] == [b"a", b"b"]


def test_nobody_to_encrypt_to_is_the_same_error(desk: Desk) -> None:
    with pytest.raises(Exception, match="there is nobody to encrypt to"):
        desk.file().encrypt(b"x", [])


def test_the_messages_of_the_file_are_asked_for_only_where_they_matter(desk: Desk) -> None:
    def standing() -> Iterator[bytes]:
        raise AssertionError

    desk.shared = False
    encrypters = FileEncrypters(desk.encrypter, desk, lambda: desk.decrypter, desk.own)
    message = encrypters.for_file(A_FILE, standing).encrypt(b"x", desk.subkeys("alice"))
    assert packets.read(message).key_ids == (desk.subkeys("alice")[0].key_id,)
