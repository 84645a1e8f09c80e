"""`hiera check` against masters: those of the policy, those that are asked for, and their homes."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import keyrings
from tests.support.control_repository import BOTH, DEV, HOME, PROD, V5, Control, level, token


def test_a_value_for_one_master_of_two(control: Control) -> None:
    control.policy()
    only = token("puppetmaster-prod")
    control.write(hiera_yaml=V5 + level("C", "common.yaml"), data__common_yaml=f"a: {only}\nb: {BOTH}\nc: {only}\n")
    [finding] = [one for one in control.document()["findings"] if one["id"] == "not-meant-for-master"]
    assert (finding["state"], finding["master"], finding["key"]) == ("note", "dev", "a")
    assert finding["message"].startswith("dev cannot decrypt 2 values: not encrypted to its key")

    (control.root / "data" / "hiera-eyaml-gpg.recipients").write_text(f"{PROD.fingerprint}\n{DEV.fingerprint}\n")
    [finding] = [one for one in control.document()["findings"] if one["id"] == "not-for-master"]
    assert (finding["state"], finding["hint"]) == (
        "problem",
        "its list names that master: eyamlgpg recrypt data/common.yaml",
    )


def test_a_value_for_no_master(control: Control) -> None:
    control.policy()
    control.write(hiera_yaml=V5 + level("C", "common.yaml"), data__common_yaml=f"a: {token('alice')}\n")
    assert control.found() == [("for-no-master", "problem", "data/common.yaml", 1)]


def test_a_master_that_is_asked_for(control: Control) -> None:
    control.policy()
    control.write(hiera_yaml=V5 + level("C", "common.yaml"), data__common_yaml=f"a: {token('puppetmaster-prod')}\n")
    assert control.found("--master", "prod") == []
    assert control.found("--master", "dev") == [("not-for-master", "problem", "data/common.yaml", 1)]
    assert control.found("--master", DEV.user_ids[0]) == [("not-for-master", "problem", "data/common.yaml", 1)]
    ran = control.run("check", "--master", "prood")
    assert (ran.status, ran.text) == (3, "")
    assert (
        "--master prood: is neither a puppetmaster of the policy nor a key\neyamlgpg:   did you mean prod?" in ran.err
    )


def test_a_master_whose_key_is_not_known(control: Control) -> None:
    control.policy(f"version: 1\npuppetmasters:\n  lost: {'A' * 40}\n")
    control.write(hiera_yaml=V5 + level("C", "common.yaml"))
    assert control.found() == [("master-key-unknown", "unknown", ".eyamlgpg/policy.yaml", 1)]


def test_a_home_that_is_here_is_held_against_the_values(control: Control, home: Callable[[str], Path]) -> None:
    """One that opens them, and one that does not; by the file or by the option."""
    prod, dev = home("pm-prod"), home("pm-dev")
    control.write(
        hiera_yaml=V5 + level("C", "common.yaml", HOME.replace("/nowhere/gpg", str(prod))),
        data__common_yaml=f"a: {token('puppetmaster-prod')}\n",
    )
    assert control.found("--user", "root") == []
    assert control.found("--user", "root", "--homedir", str(dev)) == [
        ("not-for-master", "problem", "data/common.yaml", 1)
    ]
    assert control.found("--user", "nobody-is-called-this") == [("home-user", "unknown", "hiera.yaml", 6)]


def test_a_home_is_left_as_it_is(control: Control, home_copy: Callable[[str], Path]) -> None:
    def looks() -> dict[Path, object]:
        # keyboxd opens its database for writing, and has a lock beside it while it runs.
        if keyrings.KEYBOXD:
            return {path: path.is_file() and path.read_bytes() for path in here.rglob("*")}
        return {path: path.stat().st_mtime_ns for path in here.rglob("*")}

    here = home_copy("pm-prod")
    before = looks()
    control.write(hiera_yaml=V5 + level("C", "common.yaml", HOME.replace("/nowhere/gpg", str(here))))
    control.found("--user", "root")
    assert looks() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user to hold the home against")
def test_a_home_that_the_user_of_puppet_cannot_read(control: Control, home_copy: Callable[[str], Path]) -> None:
    here = home_copy("pm-prod")
    control.write(hiera_yaml=V5 + level("C", "common.yaml", HOME.replace("/nowhere/gpg", str(here))))
    [finding] = [one for one in control.document("--user", "nobody")["findings"] if one["id"] == "home-unreadable"]
    assert (finding["state"], finding["line"]) == ("problem", 6)
    assert finding["message"].startswith(f"the user nobody cannot read the home {here}: ")


def test_a_home_that_is_missing_on_the_master(control: Control) -> None:
    control.write(
        hiera_yaml=V5 + level("C", "common.yaml", HOME.replace("}", ", pkcs7_private_key: /nowhere/key}")),
        data__common_yaml=f"a: {BOTH}\nb: ENC[PKCS7,MAMCAQE=]\n",
    )
    assert control.found("--on-master") == [
        ("home-missing", "problem", "hiera.yaml", 6),
        ("no-pkcs7-public-key", "note", "data/common.yaml", 2),
        ("pkcs7-key-missing", "problem", "hiera.yaml", 6),
    ]


def test_every_level_with_values_in_a_home_that_is_missing_is_a_problem(control: Control) -> None:
    control.write(
        hiera_yaml=V5 + level("N", "nodes/%{x}.yaml") + level("C", "common.yaml") + level("D", "d.yaml"),
        data__nodes__n_yaml=f"a: {BOTH}\n",
        data__d_yaml="a: 1\n",
    )
    document = control.document("--on-master")
    assert [one["state"] for one in document["files"][0]["levels"]] == ["problem", "problem", "ok"]
    assert [one["id"] for one in document["findings"] if one["state"] == "problem"] == ["home-missing"]
