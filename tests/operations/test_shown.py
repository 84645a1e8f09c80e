"""How messages name a place: exactly, on one line, and without a secret."""

from eyamlgpg.formats.eyaml.values import Value, find_values
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.operations.shown import where
from tests.support.messages import ANY as TOKEN


def test_a_place_is_named_by_file_line_and_key_path() -> None:
    scan = find_values(f"a:\n  'b.c': {TOKEN}\n# {TOKEN}\n--- {TOKEN}\n")
    assert [where("data/x.eyaml", value) for value in scan.values] == [
        "data/x.eyaml:2: a.'b.c'",
        "data/x.eyaml:3",
        "data/x.eyaml:4",
    ]


def test_what_a_terminal_might_obey_is_shown_escaped() -> None:
    value = Value(find_values(f"a: {TOKEN}").values[0].token, KeyPath(("a\x1b[31m\n",)), 7)
    assert where("caf\udce9", value) == "caf\\udce9:7: ‹hidden›"


def test_a_key_that_is_a_secret_is_not_named() -> None:
    text = f"tokens:\n  ghp_{'a' * 36}: {TOKEN}\n'https://bob:Zimt12@h': {TOKEN}\n"
    assert [where("x.eyaml", value) for value in find_values(text).values] == [
        "x.eyaml:2: tokens.‹hidden›",
        "x.eyaml:3: ‹hidden›",
    ]
