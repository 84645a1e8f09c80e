"""Every state of a key that will hold people up, found on a real keyring, with the values that depend on it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support import keyrings
from tests.support.keyrings import NewKey, known
from tests.support.tool import Person

SOME_YEARS_AGO = datetime(2021, 5, 1, tzinfo=UTC)


def write(tree: Path, folder: str, names: list[str], values: int) -> None:
    """A folder with its recipients and a file of so many values; what is in them does not matter here."""
    (tree / folder).mkdir(parents=True)
    (tree / folder / "hiera-eyaml-gpg.recipients").write_text("".join(f"{name}\n" for name in names))
    message = "ENC[GPG,hQEMA/Fa8EgKitVVtgEH]"
    (tree / folder / "a.eyaml").write_text("---\n" + "".join(f"k{number}: {message}\n" for number in range(values)))


def make_sha1_key(home: Path, user_id: str) -> str:
    """As gpg 1 made them: its self-signatures are SHA-1."""
    options = ["--pinentry-mode", "loopback", "--passphrase", "", "--cert-digest-algo", "SHA1"]
    key = ("--status-fd=1", "--quick-generate-key", user_id, "rsa2048", "sign,cert", "0")
    fingerprint = keyrings.created(keyrings.gpg(home, *options, *key, at=SOME_YEARS_AGO))
    keyrings.gpg(home, *options, "--quick-add-key", fingerprint, "rsa2048", "encr", "0", at=SOME_YEARS_AGO)
    return fingerprint


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


def test_a_tree_whose_keys_are_good_has_no_finding(home: Callable[[str], Path], tree: Path) -> None:
    write(tree, "data", ["carol@example.com", known("bob").fingerprint], 3)
    said = Person(home("alice"), tree)("keys", "check")
    assert (said.status, said.err) == (0, "eyamlgpg: 0 findings about 2 recipients\n")
    assert [line.split() for line in said.text.splitlines()] == [
        ["RECIPIENT", "KEY", "VALIDITY", "EXPIRES", "ALGORITHM", "VALUES", "FINDINGS"],
        ["Carol", "Chen", "<carol@example.com>", known("carol").fingerprint, "full", "never", "rsa4096", "3", "-"],
        ["Bob", "Brown", "<bob@example.com>", known("bob").fingerprint, "full", "never", "ed25519/cv25519", "3", "-"],
    ]


def test_every_state_is_found_with_its_values(home_copy: Callable[[str], Path], tree: Path) -> None:
    ring = home_copy("alice")
    soon = f"{datetime.now(UTC) + timedelta(days=20):%Y-%m-%d}"
    other = home_copy("empty")
    expiring = keyrings.make_key(other, NewKey("Ivy Soon <ivy@example.com>", expires=soon))
    weak = keyrings.make_key(other, NewKey("Jim Weak <jim@example.com>", algorithm="rsa1024", subkeys=("rsa2048",)))
    sha1 = make_sha1_key(other, "Kim Sha <kim@example.com>")
    renewed = keyrings.make_key(other, NewKey("Lea Renewed <lea@example.com>", expires="1y"))
    keyrings.gpg(ring, "--import", stdin=keyrings.gpg(other, "--export"))
    for fingerprint in (expiring, weak, sha1, renewed):
        keyrings.gpg(ring, "--quick-lsign-key", fingerprint)
    keyrings.gpg(other, "--quick-set-expire", renewed, "3y")
    store = tree / ".eyamlgpg" / "keys"
    store.mkdir(parents=True)
    (store / f"{renewed}.asc").write_bytes(keyrings.gpg(other, "--armor", "--export", renewed))
    missing = "0" * 39 + "1"
    write(tree, "data", ["dave@example.com", expiring, "erin@example.com", sha1, "henry@example.com"], 2)
    write(tree, "data/app", ["frank@example.com", missing, known("alice").fingerprint, weak, renewed, expiring], 5)
    said = Person(ring, tree)("keys", "check", "--format", "json")
    report = json.loads(said.text)
    assert (said.status, report["schema_version"], report["within_days"]) == (1, 1, 60)
    assert {one["name"]: (one["rules"], one["values"]) for one in report["recipients"]} == {
        "Dave Expired <dave@example.com>": (["key-expired"], 2),
        "Ivy Soon <ivy@example.com>": (["key-expiring"], 7),
        "Erin Revoked <erin@example.com>": (["key-revoked"], 2),
        "Kim Sha <kim@example.com>": (["key-weak-self-signature"], 2),
        "Henry Sign Only <henry@example.com>": (["key-no-encryption-subkey"], 2),
        "Frank Unsigned <frank@example.com>": (["key-not-certified"], 5),
        missing: (["key-missing"], 5),
        "Alice at Home <alice@home.example.org>": (["key-no-passphrase"], 5),
        "Jim Weak <jim@example.com>": (["key-weak-algorithm"], 5),
        "Lea Renewed <lea@example.com>": (["key-newer-in-repository"], 5),
    }
    [first] = [one for one in report["findings"] if one["rule"] == "key-expired"]
    assert first == {
        "rule": "key-expired",
        "severity": "error",
        "path": "data/hiera-eyaml-gpg.recipients",
        "line": 1,
        "column": None,
        "key": None,
        "message": f"Dave Expired <dave@example.com> ({known('dave').fingerprint}): expired on 2020-12-31; "
        "2 values depend on it",
        "hint": first["hint"],
        "fingerprint": known("dave").fingerprint,
        "values": 2,
    }
    assert first["hint"].startswith(f"its owner can extend it: gpg --quick-set-expire {known('dave').fingerprint} 2y ")
    [ivy] = [one for one in report["recipients"] if one["name"].startswith("Ivy")]
    assert (ivy["expires"][:10], ivy["places"]) == (
        soon,
        [
            {"path": "data/app/hiera-eyaml-gpg.recipients", "line": 6, "as_written": expiring},
            {"path": "data/hiera-eyaml-gpg.recipients", "line": 2, "as_written": expiring},
        ],
    )

    said = Person(ring, tree)("keys", "check")
    assert (said.status, said.err) == (1, "eyamlgpg: 10 findings about 10 recipients\n")
    assert said.text.count("data/hiera-eyaml-gpg.recipients:") == 4
    assert all(
        f"[{finding['rule']}]" in said.text and finding["message"] in said.text for finding in report["findings"]
    )
    rules = json.loads(Person(ring, tree)("keys", "check", "--within", "1w", "--format", "json").text)["recipients"]
    assert not any("key-expiring" in one["rules"] for one in rules)


def test_a_moved_expiry_mends_what_sha1_signed(fresh_home: Path, tree: Path) -> None:
    """As the hint says, both commands of it: the user ID's signature and the subkey's."""
    fingerprint = make_sha1_key(fresh_home, "Kim Sha <kim@example.com>")
    keyrings.trust(fresh_home, f"{fingerprint}:6:")
    write(tree, "data", [fingerprint], 1)
    who = Person(fresh_home, tree)
    rules = []
    for subkeys in ([], ["*"]):
        rules.append(json.loads(who("keys", "check", "--format", "json").text)["recipients"][0]["rules"])
        keyrings.gpg(fresh_home, "--quick-set-expire", fingerprint, "2y", *subkeys)
    rules.append(json.loads(who("keys", "check", "--format", "json").text)["recipients"][0]["rules"])
    weak = "key-weak-self-signature"
    assert [weak in found for found in rules] == [True, True, False]


def test_a_passphrase_is_no_finding_and_a_puppetmaster_needs_none(fresh_home: Path, tree: Path) -> None:
    protected = keyrings.make_key(fresh_home, NewKey(passphrase="right"))
    master = keyrings.make_key(fresh_home, NewKey("puppetmaster"))
    write(tree, "data", [protected, master], 1)
    who = Person(fresh_home, tree)
    report = json.loads(who("keys", "check", "--format", "json").text)
    assert [(one["rules"], one["protection"]) for one in report["recipients"]] == [
        ([], "passphrase"),
        (["key-no-passphrase"], "none"),
    ]
    (tree / ".eyamlgpg").mkdir()
    (tree / ".eyamlgpg" / "policy.yaml").write_text(f"version: 1\npuppetmasters:\n  puppetmaster: {master}\n")
    assert who("keys", "check").status == 0


def test_two_keys_of_one_address_are_a_finding(home: Callable[[str], Path], tree: Path) -> None:
    write(tree, "data", ["<alice@example.com>", "Puppetmaster"], 1)
    report = json.loads(Person(home("admin"), tree)("keys", "check", "--format", "json").text)
    assert [one["rule"] for one in report["findings"] if one["fingerprint"] is None] == ["key-ambiguous"]


def test_always_trust_by_configuration_lifts_the_certification_alone(
    home: Callable[[str], Path], tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("gpg_always_trust: true\n")
    monkeypatch.setenv("EYAML_CONFIG", str(config))
    write(tree, "data", ["frank@example.com", "dave@example.com"], 1)
    report = json.loads(Person(home("alice"), tree)("keys", "check", "--format", "json").text)
    assert [one["rule"] for one in report["findings"]] == ["key-expired"]


def test_a_key_file_that_is_refused_is_told_after_the_report(home: Callable[[str], Path], tree: Path) -> None:
    write(tree, "data", ["carol@example.com"], 1)
    store = tree / ".eyamlgpg" / "keys"
    store.mkdir(parents=True)
    (store / f"{'A' * 40}.asc").write_bytes(known("bob").public)
    said = Person(home("alice"), tree)("keys", "check")
    assert (said.status, "which its name does not say" in said.err, "Carol Chen" in said.text) == (3, True, True)


def test_a_tree_without_recipients_has_nothing_to_check(home: Callable[[str], Path], tree: Path) -> None:
    said = Person(home("alice"), tree)("keys", "check")
    assert (said.status, said.text) == (3, "")
    assert said.err == "eyamlgpg: there is no hiera-eyaml-gpg.recipients in this tree, so there is no key to check\n"


@pytest.mark.parametrize("period", ["", "x", "60 d", "-1d", "1000000d"])
def test_a_period_is_a_number_of_days_weeks_months_or_years(
    home: Callable[[str], Path], tree: Path, period: str
) -> None:
    said = Person(home("alice"), tree)("keys", "check", "--within", period)
    assert (said.status, "is no period, such as 60d, 8w, 6m or 1y" in said.err) == (2, True)
