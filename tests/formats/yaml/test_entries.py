"""How new keys are written."""

import pytest

from eyamlgpg.formats.yaml.assign import assign
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.lookup import read
from tests.support.assignments import MESSAGE, NEW


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("profile::db::password", "profile::db::password"),
        ("größe_1/x.y-z", "größe_1/x.y-z"),
        ("two words", "'two words'"),
        ("it's", "'it''s'"),
        ("8080", "'8080'"),
        ("true", "'true'"),
        ("Null", "'Null'"),
        ("a:", "'a:'"),
        ("", "''"),
        ("<<", "'<<'"),
        ('tab\t"\\', '"tab\\U00000009\\U00000022\\U0000005c"'),
    ],
)
def test_a_new_key_is_quoted_where_it_could_be_read_as_something_else(name: str, written: str) -> None:
    path = KeyPath(("a", name))
    assignment = assign("a:\n  b: 1\n", path, MESSAGE)
    assert assignment.text == f"a:\n  b: 1\n  {written}: {NEW}\n"
    assert read(assignment.text, path).value == NEW
