"""Keys that are encrypted somewhere are remembered with their places, in little room."""

import tracemalloc

from eyamlgpg.rules.knowledge.encrypted_keys import AskedKeys, EncryptedKeys


def test_a_key_is_told_with_the_first_place_where_it_stands() -> None:
    keys = EncryptedKeys()
    keys.add("b.eyaml", [("app::pepper", 9), ("app::salt", 3)])
    keys.add("a.eyaml", [("app::pepper", 1), ("users.*.phrase", 4)])
    asked = ("app::pepper", "app::salt", "users.*.phrase", "app::host", "")
    assert [keys.get(key) for key in asked] == ["b.eyaml:9", "b.eyaml:3", "a.eyaml:4", None, None]


def test_a_key_may_come_after_others_were_asked_for() -> None:
    keys = EncryptedKeys()
    assert keys.get("a") is None
    keys.add("one.eyaml", [("a", 1)])
    assert keys.get("b") is None
    keys.add("two.eyaml", [("b", 2)])
    assert (keys.get("a"), keys.get("b")) == ("one.eyaml:1", "two.eyaml:2")


def test_a_remark_stands_behind_the_places_of_its_file_alone() -> None:
    keys = EncryptedKeys()
    keys.add("now.eyaml", [("a", 1)])
    keys.add("gone.eyaml", [("a", 5), ("b", 7)], " of the last commit")
    assert (keys.get("a"), keys.get("b")) == ("now.eyaml:1", "gone.eyaml:7 of the last commit")


def test_every_one_of_many_keys_is_found_at_its_own_place() -> None:
    keys = EncryptedKeys()
    for file in range(200):
        keys.add(f"{file}.eyaml", [(f"key{file}-{line}", line) for line in range(1, 21)])
    wrong = [
        (file, line)
        for file in range(200)
        for line in range(1, 21)
        if keys.get(f"key{file}-{line}") != f"{file}.eyaml:{line}"
    ]
    assert (wrong, keys.get("key200-1")) == ([], None)


def test_a_key_takes_less_than_a_hundred_bytes_however_long_it_is() -> None:
    tracemalloc.start()
    try:
        keys = EncryptedKeys()
        for file in range(1000):
            keys.add("a.eyaml", ((f"profile::{'x' * 200}{file}::{line}", line) for line in range(10)))
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert size / 10_000 < 100


def test_files_that_are_known_beforehand_keep_their_order_however_they_come() -> None:
    keys = EncryptedKeys(["a.eyaml", "b.eyaml"])
    keys.add("gone.eyaml", [("app::pepper", 2), ("app::salt", 3)], " of the last commit")
    keys.add("b.eyaml", [("app::pepper", 9)])
    assert keys.get("app::pepper") == "b.eyaml:9"
    keys.add("a.eyaml", [("app::pepper", 5)])
    assert [keys.get(key) for key in ("app::pepper", "app::salt")] == [
        "a.eyaml:5",
        "gone.eyaml:3 of the last commit",
    ]


def test_what_was_asked_too_early_is_answered_by_its_hash() -> None:
    keys, asked, other = EncryptedKeys(), AskedKeys(), AskedKeys()
    assert [asked.get("app::host"), asked.get("app::pepper"), other.get("app::host")] == [None] * 3
    keys.add("a.eyaml", [("app::pepper", 1)])
    assert (keys.knows_any(asked.hashes), keys.knows_any(other.hashes)) == (True, False)
