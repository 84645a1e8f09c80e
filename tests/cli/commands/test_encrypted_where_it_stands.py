"""What `check --fix` and `encrypt -i FILE --key` say of values that they encrypt, and which values both leave."""

from collections.abc import Mapping

import pytest

from tests.support.team import Team
from tests.support.tool import Ran

KEY = "db_password"
SECRET = "Gugelhupf77x"
LINE_BREAK = "ends with a line break, which Puppet takes off, since no block can stand there"
NUMBER = "was a number, and is a string to Puppet from now on"


def aliases(count: int) -> str:
    return f"aliases that lead to it, which hold the encrypted value from now on: {count}"


ENCRYPTED: dict[str, tuple[str, list[str]]] = {
    "plain": (f"{KEY}: {SECRET} # why\nb: 1\n", []),
    "quoted once": (f"{KEY}: '{SECRET}'\n", []),
    "quoted twice": (f'{KEY}: "{SECRET}\\n"\n', []),
    "quoted twice with a comment": (f'{KEY}: "{SECRET}\\n" # why\n', [LINE_BREAK]),
    "literal block": (f"{KEY}: |\n  {SECRET}\nb: 1\n", []),
    "literal block with a comment": (f"{KEY}: | # why\n  {SECRET}\nb: 1\n", [LINE_BREAK]),
    "literal block with CRLF": (f"{KEY}: |\r\n  {SECRET}\r\nb: 1\r\n", [LINE_BREAK]),
    "stripped block with a comment": (f"{KEY}: |- # why\n  {SECRET}\nb: 1\n", []),
    "kept block": (f"{KEY}: |+\n  {SECRET}\n\nb: 1\n", []),
    "kept block with a comment": (f"{KEY}: |+ # why\n  {SECRET}\n\nb: 1\n", [LINE_BREAK]),
    "folded block": (f"{KEY}: >\n  {SECRET}\nb: 1\n", []),
    "folded block with a comment": (f"{KEY}: > # why\n  {SECRET}\nb: 1\n", [LINE_BREAK]),
    "braces": (f'{{{KEY}: "{SECRET}\\n", b: 1}}\n', [LINE_BREAK]),
    "a tag": (f"{KEY}: !!str {SECRET}\n", []),
    "an anchor": (f"{KEY}: &a {SECRET}\nb: *a\nc: [*a, *a]\n", [aliases(3)]),
    "an anchor that is taken again": (f"{KEY}: &a {SECRET}\nb: *a\nc: &a 1\nd: *a\n", [aliases(1)]),
    "an anchor and a block with a comment": (f"{KEY}: &a | # why\n  {SECRET}\nb: *a\n", [aliases(1), LINE_BREAK]),
    "an anchor around it": (f"&all\n{KEY}: {SECRET}\n", []),
    "an anchor of a number": (f"{KEY}: &a 998877665544\nb: *a\n", [NUMBER, aliases(1)]),
    "the same key in another document": (f"{KEY}: {SECRET}\n---\nb: &a 1\nc: *a\n", []),
}
"""What stands in the file, and what is said of it."""

REFUSED = {
    "twice": f"{KEY}: {SECRET}\n{KEY}: x{SECRET}\n",
    "twice with the same value": f"{KEY}: {SECRET}\n{KEY}: {SECRET}\n",
    "three times": f"{KEY}: {SECRET}\n{KEY}: {SECRET}\n{KEY}: {SECRET}\n",
    "twice, the second by an alias": f"{KEY}: &a {SECRET}\n{KEY}: *a\n",
    "twice, the second encrypted": f"{KEY}: {SECRET}\n{KEY}: ENC[GPG,hQEMA]\n",
    "twice, the second a mapping": f"{KEY}: {SECRET}\n{KEY}: {{'mysql -p88Linzertorte': 1}}\n",
    "as a key, by an alias": f"{KEY}: &a {SECRET}\nb: {{*a : 1}}\n",
    "with another value by a merge key": f"a: &a\n  {KEY}: 1\n{KEY}: {SECRET}\n<<: *a\n",
}


def by_check(team: Team, files: Mapping[str, str]) -> Ran:
    """All files in one run."""
    for name, text in files.items():
        (team.folder / name).write_bytes(text.encode())
    return team.run("check", "--fix", "-y", "--format", "json", ".")


def by_key(team: Team, text: str) -> Ran:
    (team.folder / "a.eyaml").write_bytes(text.encode())
    return team.run("encrypt", "-i", "a.eyaml", "--key", KEY)


def warned(ran: Ran, file: str) -> list[str]:
    """The warnings about a file."""
    start = f"eyamlgpg: warning: {file}"
    return [line.removeprefix("eyamlgpg: warning: ") for line in ran.err.splitlines() if line.startswith(start)]


def test_check_says_what_changes_beside_the_value_in_every_layout(team: Team) -> None:
    files = {f"{number}.eyaml": layout for number, layout in enumerate(ENCRYPTED)}
    ran = by_check(team, {name: ENCRYPTED[layout][0] for name, layout in files.items()})
    assert ran.status == 0, ran.err
    expected = {name: [f"{name}: {KEY}: {said}" for said in ENCRYPTED[layout][1]] for name, layout in files.items()}
    assert {name: warned(ran, name) for name in files} == expected
    assert [name for name in files if SECRET in (team.folder / name).read_text()] == []


@pytest.mark.parametrize("layout", ENCRYPTED)
def test_encrypt_says_the_same(team: Team, layout: str) -> None:
    text, said = ENCRYPTED[layout]
    ran = by_key(team, text)
    assert (ran.status, warned(ran, "a.eyaml")) == (0, [f"a.eyaml: {KEY}: {one}" for one in said]), ran.err
    assert SECRET not in (team.folder / "a.eyaml").read_text()


def test_check_leaves_a_value_whose_twin_would_stay_in_clear_text(team: Team) -> None:
    """An encrypted value beside its twin in clear text would look done."""
    files = {f"{number}.eyaml": text for number, text in enumerate(REFUSED.values())}
    ran = by_check(team, files)
    assert ran.status == 1, ran.err
    assert [name for name in files if f"{KEY}: cannot be encrypted where it" not in "".join(warned(ran, name))] == []
    assert (SECRET in ran.err + ran.text, "Linzertorte" in ran.err + ran.text) == (False, False)
    assert {name: (team.folder / name).read_text() for name in files} == files


@pytest.mark.parametrize("layout", REFUSED)
def test_encrypt_refuses_the_same(team: Team, layout: str) -> None:
    ran = by_key(team, REFUSED[layout])
    assert (ran.status, f"a.eyaml: {KEY}: " in ran.err, SECRET in ran.err) == (3, True, False), ran.err
    assert (team.folder / "a.eyaml").read_text() == REFUSED[layout]


def test_aliases_of_what_stands_around_a_value_follow_as_well(team: Team) -> None:
    ran = by_check(team, {"a.eyaml": f"a: &a\n  {KEY}: {SECRET}\nb: *a\nc:\n  <<: *a\n"})
    assert warned(ran, "a.eyaml") == [f"a.eyaml: a.{KEY}: {aliases(2)}"]


def test_a_value_inside_of_a_merge_key_is_left_with_its_reason(team: Team) -> None:
    ran = by_check(team, {"a.eyaml": f"a:\n  <<: {{{KEY}: {SECRET}}}\n"})
    assert "where it stands: it stands inside of a merge key <<; write its key below the << by hand" in ran.err
