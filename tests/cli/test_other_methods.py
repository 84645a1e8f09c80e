"""Values of hiera-eyaml's other plugins stand beside ours in many trees: kept byte for byte, and counted."""

import json
import re

import pytest

from tests.support.team import Team

OTHERS = ["ENC[GKMS,aGVsbG8=]", "ENC[vault,aGVsbG8=]", "ENC[PLAINTEXT,aGVsbG8=]", "ENC[PKCS7,MIIBeQYJKoZIhvcNAQcDoIIB]"]


@pytest.fixture
def mixed(team: Team) -> str:
    """A file with one of our values between those of others, one of them in a block."""
    text = "".join(f"k{number}: {other}\n" for number, other in enumerate(OTHERS))
    text += "block: >\n  ENC[KMS,aGVs\n  bG8=]\nours: DEC::GPG[mine]!\n"
    (team.folder / "a.eyaml").write_text(text)
    team.done("encrypt", "-i", "-e", "a.eyaml")
    return (team.folder / "a.eyaml").read_text()


def others_of(text: str) -> str:
    return text.partition("ours:")[0]


WARNED = "5 values of the methods GKMS, KMS, PKCS7, PLAINTEXT and VAULT are left as they are"


@pytest.mark.parametrize(("option", "shown"), [("-e", "ours: DEC::GPG[mine]!\n"), ("-f", "ours: mine\n")])
def test_decrypt_shows_ours_and_counts_theirs(team: Team, mixed: str, option: str, shown: str) -> None:
    ran = team.run("decrypt", option, "a.eyaml")
    assert (ran.status, ran.out.decode()) == (0, others_of(mixed) + shown)
    assert WARNED in ran.err


def test_edit_leaves_them_and_says_how_many_they_are(team: Team, mixed: str) -> None:
    ran = team.edit("a.eyaml", [["replace", "[mine]", "[other]"]])
    after = (team.folder / "a.eyaml").read_text()
    assert (ran.status, others_of(after), after == mixed) == (0, others_of(mixed), False)
    assert "# | 5 values are of another method than GPG, to be left as they are.\n" in team.shown()


@pytest.mark.parametrize("words", [["recrypt"], ["recrypt", "--all"], ["recrypt", "--check"], ["who"]])
def test_the_commands_on_trees_leave_them_and_end_well(team: Team, mixed: str, words: list[str]) -> None:
    text = others_of(mixed).replace(OTHERS[2], "1") + mixed.partition(others_of(mixed))[2]
    (team.folder / "a.eyaml").write_text(text)
    ran = team.run(*words)
    assert ran.status == 0, ran.err
    assert others_of((team.folder / "a.eyaml").read_text()) == others_of(text)
    assert re.search("4 (values )?of another method", ran.err + ran.out.decode())


def test_check_finds_fault_only_with_what_is_in_clear_text(team: Team, mixed: str) -> None:
    ran = team.run("check", "--format", "json")
    assert [finding["key"] for finding in json.loads(ran.out)["findings"] if finding["key"]] == ["k2"]


def test_get_of_one_of_them_says_whose_it_is(team: Team, mixed: str) -> None:
    ran = team.run("get", "a.eyaml", "k0")
    assert (ran.status, ran.out) == (4, b"")
    assert "is a value of the method GKMS, which only eyaml decrypts" in ran.err


def test_an_openpgp_message_under_the_name_of_another_plugin_is_a_slip(team: Team, mixed: str) -> None:
    """Passed over, it would stay readable to those who could read it before."""
    (team.folder / "a.eyaml").write_text(mixed.replace("ours: ENC[GPG,", "ours: ENC[VAULT,"))
    for words in (["decrypt", "-e", "a.eyaml"], ["recrypt", "a.eyaml"], ["edit", "a.eyaml"]):
        ran = team.run(*words)
        assert ran.status == 4
        assert "it is an OpenPGP message: write GPG in place of VAULT" in ran.err
