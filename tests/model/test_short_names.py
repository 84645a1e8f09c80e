"""A short name is a name, and of one person only."""

import pytest

from eyamlgpg.model.short_names import short_name, short_names


@pytest.mark.parametrize(
    ("user_id", "short"),
    [
        ("Alice Anders <alice@example.com>", "Alice Anders"),
        ("Alice Anders (ops) <alice@example.com>", "Alice Anders"),
        ("alice@example.com", "alice@example.com"),
        ("<alice@example.com>", "<alice@example.com>"),
        ("(ops) <alice@example.com>", "(ops) <alice@example.com>"),
        ("", ""),
    ],
)
def test_it_is_the_name_without_address_and_comment(user_id: str, short: str) -> None:
    assert short_name(user_id) == short


def test_two_of_one_name_keep_their_addresses() -> None:
    told = short_names({"1": "Al <a@x.org>", "2": "Al <b@x.org>", "3": "Bo <b@x.org>"})
    assert told == {"1": "Al <a@x.org>", "2": "Al <b@x.org>", "3": "Bo"}
