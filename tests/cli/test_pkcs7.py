"""Values of PKCS7 beside those of GPG: each command opens and makes both, each by its own key."""

from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import pkcs7

from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.pkcs7.enveloped import opened
from tests.support.pkcs7 import message, pair
from tests.support.team import Team

PRIVATE, PUBLIC = "keys/private_key.pkcs7.pem", "keys/public_key.pkcs7.pem"


def token(plaintext: bytes, name: str = "ours") -> str:
    return f"ENC[PKCS7,{b64encode(message(plaintext, pair(name))).decode()}]"


def block(plaintext: bytes) -> str:
    written = token(plaintext)
    return ">\n" + "".join(f"  {written[place : place + 60]}\n" for place in range(0, len(written), 60))


MARKERS = "---\nours: DEC::GPG[mine]!\ntheirs: DEC::PKCS7[two]!\nblock: >\n  DEC::PKCS7[three]!\n# ü\n"


@pytest.fixture
def mixed(team: Team) -> Path:
    """A file with values of both, and the key pair in its usual place."""
    pair().write(team.folder)
    file = team.folder / "a.eyaml"
    file.write_text(MARKERS)
    team.done("encrypt", "-i", "-e", "a.eyaml")
    return file


def plaintexts(file: Path) -> dict[str, bytes]:
    """What the values of PKCS7 hold, by the private key itself."""
    values = [one for one in find_values(file.read_text()).values if one.token.scheme == "PKCS7"]
    return {str(one.path): opened(one.token.message(), pair().key.private_numbers()) for one in values}


def test_encrypt_makes_what_each_marker_names(team: Team, mixed: Path) -> None:
    assert plaintexts(mixed) == {"theirs": b"two", "block": b"three"}
    assert team.done("decrypt", "-e", "a.eyaml").decode() == MARKERS


def test_decrypt_gives_both(team: Team, mixed: Path) -> None:
    assert team.done("decrypt", "-f", "a.eyaml").decode() == "---\nours: mine\ntheirs: two\nblock: three\n# ü\n"
    assert team.done("decrypt", "-s", token(b"x\0")) == b"x\0"


@pytest.mark.parametrize(("key", "value"), [("ours", b"mine"), ("theirs", b"two"), ("block", b"three")])
def test_get_gives_either(team: Team, mixed: Path, key: str, value: bytes) -> None:
    assert team.done("get", "a.eyaml", key) == value


@pytest.mark.parametrize("header", [">", ">-", "|", "|-", ">+"])
def test_get_reads_a_value_in_any_block(team: Team, header: str) -> None:
    pair().write(team.folder)
    (team.folder / "b.eyaml").write_text("k: " + block(b"in a block").replace(">", header, 1))
    assert team.done("get", "b.eyaml", "k") == b"in a block"


def test_one_scalar_may_hold_both(team: Team, mixed: Path) -> None:
    mixed.write_text('url: "u:DEC::GPG[a]!@DEC::PKCS7[b]!/DEC::GPG[c]!"\n')
    team.done("encrypt", "-i", "-e", "a.eyaml")
    assert team.done("get", "a.eyaml", "url") == b"u:a@b/c"


@pytest.mark.parametrize("output", ["string", "block", "examples"])
def test_one_secret_is_encrypted_by_the_method_that_was_named(team: Team, output: str) -> None:
    """No recipients are asked for: whoever has the private key reads it."""
    pair().write(team.folder)
    (team.folder / "hiera-eyaml-gpg.recipients").unlink()
    out = team.done("encrypt", "-n", "pkcs7", "--stdin", "-o", output, "-l", "k", stdin=b"one\n").decode()
    values = find_values(out).values
    assert {one.token.scheme for one in values} == {"PKCS7"}
    assert {opened(one.token.message(), pair().key.private_numbers()) for one in values} == {b"one\n"}


def test_edit_shows_both_and_keeps_what_was_not_touched(team: Team, mixed: Path) -> None:
    before = mixed.read_text()
    ran = team.edit("a.eyaml", [["replace", "[two]", "[2]"], ["append", "new: DEC::PKCS7[4]!\n"]])
    assert (ran.status, team.shown().count("::PKCS7[")) == (0, 2), ran.err
    after = mixed.read_text()
    assert plaintexts(mixed) == {"theirs": b"2", "block": b"three", "new": b"4"}
    kept = [one.token for text in (before, after) for one in find_values(text).values if str(one.path) != "theirs"]
    assert [one.base64 for one in kept[:2]] == [one.base64 for one in kept[2:4]]


def test_edit_moves_a_value_whose_marker_names_another_method(team: Team, mixed: Path) -> None:
    ran = team.edit("a.eyaml", [["replace", "::PKCS7[two]", "::GPG[two]"], ["replace", "::GPG[mine]", "::PKCS7[mine]"]])
    assert ran.status == 0, ran.err
    assert plaintexts(mixed) == {"ours": b"mine", "block": b"three"}
    assert team.done("get", "a.eyaml", "theirs") == b"two"


@pytest.mark.parametrize(
    ("words", "scheme"),
    [
        (["theirs"], "PKCS7"),
        (["block"], "PKCS7"),
        (["ours"], "GPG"),
        (["new"], "GPG"),
        (["new.deeper", "-n", "pkcs7"], "PKCS7"),
        (["theirs", "-n", "gpg"], "GPG"),
        (["ours", "-n", "pkcs7"], "PKCS7"),
    ],
)
def test_set_keeps_the_method_that_a_key_has(team: Team, mixed: Path, words: list[str], scheme: str) -> None:
    team.done("set", "a.eyaml", *words, "-s", "set anew")
    schemes = {str(one.path): one.token.scheme for one in find_values(mixed.read_text()).values}
    assert schemes == {"ours": "GPG", "theirs": "PKCS7", "block": "PKCS7"} | {words[0]: scheme}
    assert team.done("get", "a.eyaml", words[0]) == b"set anew"


def test_set_says_who_reads_what_stays_a_value_of_pkcs7(team: Team, mixed: Path) -> None:
    """Whoever may change the file could have made it one, and put a certificate of their own into ./keys."""
    said = f"a.eyaml: theirs: stays a value of PKCS7, for whoever has the private key to {PUBLIC}; -n gpg encrypts it"
    ran = team.run("set", "a.eyaml", "theirs", "-s", "x")
    assert said in ran.err
    assert "a.eyaml: theirs: replaced, with PKCS7" in ran.err
    assert "warning" not in team.run("set", "a.eyaml", "theirs", "-s", "x", "-n", "pkcs7").err


def test_nothing_is_encrypted_with_a_certificate_that_is_not_ours(team: Team, mixed: Path) -> None:
    """One that somebody put in place of ours shows, as long as the private key is at hand."""
    before = mixed.read_text()
    (team.folder / PUBLIC).write_bytes(pair("other").certificate)
    for words in (["set", "a.eyaml", "theirs", "-s", "x"], ["encrypt", "-n", "pkcs7", "-s", "x"]):
        ran = team.run(*words)
        assert (ran.status, ran.out, mixed.read_text()) == (3, b"", before)
        assert f"{PRIVATE} and {PUBLIC} do not belong together" in ran.err
    assert team.run("encrypt", "-n", "pkcs7", "-s", "x", "--pkcs7-public-key", PUBLIC).status == 0


@pytest.mark.parametrize("private", [b"not a key", pair().locked], ids=["not a key", "locked"])
def test_a_private_key_that_cannot_be_used_hinders_no_encryption(team: Team, mixed: Path, private: bytes) -> None:
    (team.folder / PRIVATE).write_bytes(private)
    assert team.run("encrypt", "-n", "pkcs7", "-s", "x").status == 0


def test_a_config_file_names_the_method_of_new_keys_alone(team: Team, mixed: Path) -> None:
    (team.folder / ".eyaml").mkdir()
    (team.folder / ".eyaml" / "config.yaml").write_text("encrypt_method: pkcs7\n")
    team.done("set", "a.eyaml", "ours", "-s", "x")
    team.done("set", "a.eyaml", "new", "-s", "x")
    schemes = {str(one.path): one.token.scheme for one in find_values(mixed.read_text()).values}
    assert (schemes["ours"], schemes["new"]) == ("GPG", "PKCS7")


@pytest.mark.parametrize("words", [["decrypt", "-e", "a.eyaml"], ["decrypt", "-f", "a.eyaml"]])
def test_without_the_private_key_values_are_left_and_counted(team: Team, mixed: Path, words: list[str]) -> None:
    (team.folder / PRIVATE).unlink()
    left = [one.token.payload for one in find_values(mixed.read_text()).values if one.token.scheme == "PKCS7"]
    ran = team.run(*words)
    assert (ran.status, [payload in "".join(ran.text.split()) for payload in left]) == (0, [True, True])
    assert "2 values of the method PKCS7 are left as they are; --pkcs7-private-key FILE opens those" in ran.err


def test_without_the_extra_values_are_left_unless_their_key_is_named(
    team: Team, mixed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of GPG beside them can be read and edited all the same."""
    monkeypatch.delattr(pkcs7.PKCS7EnvelopeBuilder, "set_content_encryption_algorithm")
    assert "2 values of the method PKCS7 are left as they are" in team.run("decrypt", "-f", "a.eyaml").err
    assert team.edit("a.eyaml", [["replace", "[mine]", "[other]"]]).status == 0
    assert team.done("get", "a.eyaml", "ours") == b"other"
    ran = team.run("decrypt", "-f", "a.eyaml", "--pkcs7-private-key", PRIVATE)
    assert (ran.status, ran.out) == (3, b"")
    assert "PKCS7 values need the extra pkcs7" in ran.err


def test_get_and_set_without_a_key_say_which_one_is_missing(team: Team, mixed: Path) -> None:
    before = mixed.read_text()
    for name in (PRIVATE, PUBLIC):
        (team.folder / name).unlink()
    ran = team.run("get", "a.eyaml", "theirs")
    assert (ran.status, ran.out) == (4, b"")
    assert "a.eyaml:3: theirs: is a value of PKCS7, and no private key for these was found" in ran.err
    ran = team.run("set", "a.eyaml", "theirs", "-p")
    assert ran.status == 3
    assert "a.eyaml: theirs: is to be of PKCS7: no PKCS7 certificate was found" in ran.err
    assert "-n gpg encrypts it to the recipients" in ran.err
    assert mixed.read_text() == before


def test_a_marker_without_a_certificate_encrypts_nothing(team: Team, mixed: Path) -> None:
    (team.folder / PUBLIC).unlink()
    mixed.write_text(MARKERS)
    ran = team.run("encrypt", "-i", "-e", "a.eyaml")
    assert (ran.status, mixed.read_text()) == (3, MARKERS)


def moved(team: Team) -> None:
    (team.folder / "keys").rename(team.folder / "elsewhere")


def test_the_keys_are_named_by_options_by_config_and_by_variables(
    team: Team, mixed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As hiera-eyaml has them: a variable that is set goes before a file, and the command line goes before all."""
    moved(team)
    named = ["--pkcs7-private-key", "elsewhere/private_key.pkcs7.pem"]
    assert team.done("get", "a.eyaml", "theirs", *named) == b"two"
    monkeypatch.setenv("KEY", pair().private().decode())
    assert team.done("get", "a.eyaml", "theirs", "--pkcs7-private-key-env-var", "KEY") == b"two"
    (team.folder / ".eyaml").mkdir()
    config = team.folder / ".eyaml" / "config.yaml"
    config.write_text("pkcs7_private_key_env_var: KEY\npkcs7_public_key: elsewhere/public_key.pkcs7.pem\n")
    assert team.done("get", "a.eyaml", "theirs") == b"two"
    assert team.run("encrypt", "-n", "pkcs7", "-s", "x").status == 0
    monkeypatch.setenv("KEY", pair("other").private().decode())
    assert "$KEY and elsewhere/public_key.pkcs7.pem do not belong together" in team.run("get", "a.eyaml", "theirs").err
    assert team.done("get", "a.eyaml", "theirs", *named) == b"two"
    monkeypatch.delenv("KEY")
    config.write_text("pkcs7_private_key_env_var: KEY\npkcs7_private_key: elsewhere/private_key.pkcs7.pem\n")
    assert team.done("get", "a.eyaml", "theirs") == b"two"


def test_a_private_key_that_others_can_read_is_warned_of(team: Team, mixed: Path) -> None:
    (team.folder / PRIVATE).chmod(0o644)
    ran = team.run("get", "a.eyaml", "theirs")
    assert (ran.status, ran.out) == (0, b"two")
    assert f"{PRIVATE}: other users can read this private key; chmod 600 '{PRIVATE}'" in ran.err


def test_nothing_of_a_key_or_a_secret_shows_with_trace(team: Team, mixed: Path) -> None:
    (team.folder / PRIVATE).write_bytes(pair().private()[:-200])
    ran = team.run("get", "a.eyaml", "theirs", "--trace")
    body = pair().private().decode().splitlines()[1]
    assert (ran.status, body in ran.err, "two" in ran.err) == (3, False, False)


def test_who_and_recrypt_say_that_values_are_of_pkcs7(team: Team, mixed: Path) -> None:
    before = mixed.read_text()
    assert "2 of another method, whose readers cannot be told" in team.done("who").decode()
    ran = team.run("recrypt", "--all")
    assert "2 values of another method left alone (2 of PKCS7: see `recrypt --from pkcs7`)" in ran.err
    assert plaintexts(mixed) == {"theirs": b"two", "block": b"three"}
    assert mixed.read_text() != before
