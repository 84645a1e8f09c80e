"""What may be repeated of a recipients file: names, and nothing that could be a secret."""

import pytest

from eyamlgpg.model.recipients import Recipient
from eyamlgpg.model.showable_names import is_plausible


@pytest.mark.parametrize(
    "name",
    [
        *("", "Alice", "alice@example.com", "<alice@example.com>", "Jürgen Müller-Lüdenscheidt <j@example.com>"),
        *(
            "F5CE8A4F",
            "0xF5CE8A4F!",
            "Doe, John <john@example.com>",
            "Puppetmaster prod-2 (2024)",
            "McDonald",
            "<>",
        ),
        *("puppet.example.com", "monitor@localhost", "ALICE", "O'Neill", "<>", "<>"),
    ],
)
def test_a_name_is_plausible(name: str) -> None:
    assert is_plausible(name)
    assert Recipient(name, "f", 1).shown == name


@pytest.mark.parametrize(
    "name",
    [
        *("hunter2", "password: geheim", "https://u:geheim1@h/", "-----BEGIN RSA PRIVATE KEY-----", "MIIEpAIBAAKCAQEA"),
        *("ghp_" + "a" * 36, "root:$y$j9T$abc:19000:0:99999:7:::", "a = b", "x" * 31, "aBcDeFgHiJ", "$ecret", "a@b@c"),
    ],
)
def test_what_is_none_is_not_shown_from_a_file(name: str) -> None:
    assert not is_plausible(name)
    assert (Recipient(name, "f", 1).shown, Recipient(name, "--gpg-recipients").shown) == ("‹hidden›", name)
