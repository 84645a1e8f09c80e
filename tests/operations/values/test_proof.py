"""No text is written that is not what was meant: each command that makes one has it proved by the same function."""

import pytest

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.eyaml import tokens
from eyamlgpg.formats.splice import Edit
from eyamlgpg.model.recipients import Recipient, Resolved
from eyamlgpg.operations.values.encrypt import Sealing, encrypt_markers
from eyamlgpg.operations.values.proof import Rewritten, prove
from tests.support.fakes import FakeEncrypter, FakePkcs7
from tests.support.keys import ALICE

MESSAGE = b"\x85\x01\x03" + bytes(60)
ALICE_READS = Resolved(Recipient("alice", "x"), ALICE, ALICE.subkeys[0], None)
TOKEN = tokens.render(MESSAGE, layout=None)


def test_a_sound_text_gives_its_values() -> None:
    rewritten = Rewritten("a", "k: x\n", f"k: {TOKEN}\n", [Edit(3, 4, TOKEN)])
    assert [value.token.message() for value in prove(rewritten, [MESSAGE]).values] == [MESSAGE]


@pytest.mark.parametrize(
    ("rewritten", "sentence"),
    [
        (Rewritten("a", "k: x\nb: 1\n", f"k: {TOKEN}\nb: 2\n", [Edit(3, 4, TOKEN)]), "a: the new text would differ"),
        (Rewritten("a", "k: x\n", f"k: {TOKEN}\n: - b: c: d\n"), "a:2: with this change it is no longer YAML"),
        (Rewritten("a", None, f"k: {TOKEN}\n: - b: c: d\n"), "a:2: with this change it is no longer YAML"),
        (Rewritten("a", "k: x\n", "k: y\n"), "a: a new value does not stand in the text"),
        (Rewritten("a", "no: y: aml\n", "no: y: x\n"), "a: a new value does not stand in the text"),
    ],
    ids=["elsewhere", "YAML", "a new file", "not there", "not there in any text"],
)
def test_what_is_not_as_meant_is_refused(rewritten: Rewritten, sentence: str) -> None:
    with pytest.raises(FormatError) as raised:
        prove(rewritten, [MESSAGE])
    assert raised.value.sentence.startswith(sentence)


def test_text_that_was_not_yaml_need_not_become_it() -> None:
    assert prove(Rewritten("a", "no: y: aml\n", f"no: y: {TOKEN}\n"), [MESSAGE]).yaml_error is not None


def test_a_marker_whose_token_would_spoil_the_yaml_is_not_encrypted() -> None:
    """A key on one line has at most 1,024 characters (YAML 1.1, 9.1.1)."""
    text = f"a: 1\nDEC::GPG[{'x' * 900}]!: 2\n"
    with pytest.raises(FormatError, match=r"\Af\.eyaml:2: with this change it is no longer YAML: "):
        encrypt_markers(text, "f.eyaml", Sealing([ALICE_READS], FakeEncrypter(), FakePkcs7()))
