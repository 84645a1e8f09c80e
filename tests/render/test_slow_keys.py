"""What a passphrase costs is told with the number of values, and with what can be done about it and its price."""

import pytest

from eyamlgpg.render.slow_keys import duration, of_a_key, of_a_run


def test_keys_check_tells_the_time_of_all_values_and_both_ways_out() -> None:
    first, total, *ways = of_a_key("Bob <bob@example.com>", 0.2987, 1000, is_per_file=False)
    assert first == (
        "Bob <bob@example.com>: gpg-agent takes 0.30 s for each private-key operation, to hash the passphrase anew"
    )
    assert total == "  1,000 values opened one by one take 5 min"
    assert [("session_keys: per-file" in way, "s2k-count" in way) for way in ways] == [(True, False), (False, True)]
    assert "guess the passphrase" in ways[1]


def test_where_a_file_shares_its_session_key_only_the_count_is_left_to_say() -> None:
    told = [*of_a_key("Bob", 0.3, 1000, is_per_file=True), *of_a_run(0.3, 10, is_per_file=True)]
    assert ["one by one" in line or "per-file" in line for line in told] == [False] * 4


def test_a_run_tells_how_long_it_will_still_take() -> None:
    assert next(of_a_run(0.31, 985, is_per_file=False)) == (
        "each value takes 0.31 s, since gpg-agent hashes your passphrase anew for it: 5 min for the 985 that are left"
    )


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (15, "15 s"), (99, "99 s"), (310, "5 min"), (5700, "95 min"), (7300, "2 h")]
)
def test_a_time_is_told_as_nobody_needs_it_exactly(seconds: float, words: str) -> None:
    assert duration(seconds) == words
