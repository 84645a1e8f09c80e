"""What a finding proposes can be pasted into a shell, whatever the file is called."""

import shlex

import pytest

from eyamlgpg.rules.format import order as file_format
from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.plaintext import order as clear_text
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import Place


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("hieradata/common.yaml", "hieradata/common.yaml"),
        ("my data/it's.yaml", "my data/it's.yaml"),
        ("-f.yaml", "./-f.yaml"),
        ("$(reboot).yaml", "$(reboot).yaml"),
    ],
)
def test_a_path_is_one_word_and_no_option(path: str, word: str) -> None:
    assert shlex.split(Place(path).argument) == [word]


@pytest.mark.parametrize("text", ["'a b::password': Kirschkuchen9\n", "'a b::password': ENC[GPG,c29tZSB0ZXh0]\n"])
def test_a_proposed_command_names_file_and_key(text: str) -> None:
    subject = Subject.read("-my data.yaml", text)
    [found] = [*clear_text.find(subject, Knowledge()), *file_format.find(subject)]
    command = found.hints[-1].partition(": ")[2]
    assert shlex.split(command) == ["eyamlgpg", "set", "./-my data.yaml", "a b::password", "-p"]


def test_where_no_key_is_known_the_command_leaves_a_gap() -> None:
    subject = Subject.read("a.yaml", "no: 'end\npassword: |\n  -----BEGIN PRIVATE KEY-----\n")
    hints = [found.hints[0] for found in clear_text.find(subject, Knowledge())]
    assert hints == ["encrypt it: eyamlgpg set a.yaml KEY --stdin < key.pem; if it was pushed, make a new key"]


def test_a_proposed_command_shows_no_key_that_is_a_secret() -> None:
    token = f"ghp_{'a1B2' * 9}"
    subject = Subject.read("a.yaml", f"{token}: ENC[GPG,c29tZSB0ZXh0]\n")
    [found] = file_format.find(subject)
    assert token not in str(found)
