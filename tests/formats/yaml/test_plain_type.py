"""What Puppet sees other than a string, as psych 5 reads it."""

import pytest

from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.lookup import read
from eyamlgpg.formats.yaml.plain_type import type_beside_string


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        *((one, "number") for one in ("1", "-5", "+7", "1_000", "1,000", "0x1F", "0b11", "017", "1.5", ".5", "1e3")),
        *((one, "number") for one in ("190:20:30", ".inf", "-.INF", ".NaN")),
        *((one, "boolean") for one in ("true", "False", "YES", "no", "on", "Off")),
        *((one, "date") for one in ("2026-01-02", "2026-01-02 10:11:12", "2026-01-02T10:11:12Z")),
        *((one, "symbol") for one in (":undef", ":a")),
        *((one, None) for one in ("y", "x1", "1.2.3", "'1'", '"true"', "!!str 1", "10.0.0.0/8", "a:b", "1-2")),
    ],
)
def test_a_plain_scalar_is_what_psych_makes_of_it(written: str, expected: str | None) -> None:
    assert type_beside_string(read(f"k: {written}\n", KeyPath.parse("k"))) == expected
