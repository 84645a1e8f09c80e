"""Tier rules are held against what a recipients file governs, not against where it stands alone."""

from eyamlgpg.formats.settings.policy import parse
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.recipients import Recipient
from eyamlgpg.rules.tiers import GovernedFiles, tier_findings
from tests.support.keys import ALICE, BOB, RING, fingerprint, resolve_all

ABSENT = fingerprint("nobody has this key")
POLICY = parse(
    "version: 1\n"
    f"puppetmasters:\n  prod: {ALICE.fingerprint}\n  dev: {BOB.fingerprint}\n  other: {ABSENT}\n"
    "rules:\n  - {paths: production/**, needs: prod, never: [dev, other]}\n",
    "policy.yaml",
)
FILE = "hiera-eyaml-gpg.recipients"


def governed(path: str, names: list[str], *paths: str) -> GovernedFiles:
    recipients = [Recipient(name, path, line) for line, name in enumerate(names, 1)]
    return GovernedFiles(path, path, resolve_all(recipients, RING), paths)


def found(*domains: GovernedFiles) -> list[tuple[str, str, int | None, str]]:
    return [(one.rule, one.path, one.line, one.message) for one in tier_findings(POLICY, domains)]


def test_a_rule_that_is_kept_says_nothing() -> None:
    assert found(governed(f"production/{FILE}", ["alice@example.com"], "production/a.eyaml")) == []


def test_a_missing_and_a_forbidden_reader_are_told_with_their_lines() -> None:
    one = governed(f"production/{FILE}", ["carol@example.com", "bob@example.com"], "production/a.eyaml")
    assert list(tier_findings(POLICY, [one])) == [
        Finding(
            "tier-missing",
            Severity.ERROR,
            f"production/{FILE}",
            None,
            None,
            None,
            "prod must be among the readers, says policy.yaml:7 (it governs production/a.eyaml)",
            f"add its key: eyamlgpg recipients add {ALICE.fingerprint} --at production",
        ),
        Finding(
            "tier-forbidden",
            Severity.ERROR,
            f"production/{FILE}",
            2,
            None,
            None,
            "dev must not be among the readers, says policy.yaml:7 (it governs production/a.eyaml)",
            "take the line out, then re-encrypt; what it could read until now should be changed",
        ),
    ]


def test_a_file_above_is_judged_by_what_it_governs() -> None:
    assert found(governed(FILE, ["bob@example.com"], "common.eyaml", "production/a.eyaml")) == [
        (
            "tier-missing",
            FILE,
            None,
            "prod must be among the readers, says policy.yaml:7 (it governs production/a.eyaml)",
        ),
        (
            "tier-forbidden",
            FILE,
            1,
            "dev must not be among the readers, says policy.yaml:7 (it governs production/a.eyaml)",
        ),
    ]


def test_other_paths_are_nobodys_affair() -> None:
    kept = governed(f"production/{FILE}", [ALICE.fingerprint])
    assert found(kept, governed(f"dev/{FILE}", ["bob@example.com"], "dev/a.eyaml")) == []


def test_a_recipients_file_counts_before_there_is_a_value_and_many_values_are_not_all_named() -> None:
    bob_alone = ["bob@example.com"]
    assert [message for *_, message in found(governed(f"production/{FILE}", bob_alone))] == [
        "prod must be among the readers, says policy.yaml:7 (it governs no file with values yet)",
        "dev must not be among the readers, says policy.yaml:7 (it governs no file with values yet)",
    ]
    paths = [f"production/{letter}.eyaml" for letter in "abcde"]
    assert found(governed(FILE, bob_alone, *paths))[0][3].endswith(
        "(it governs production/a.eyaml, production/b.eyaml, production/c.eyaml and 2 more)"
    )


def test_a_full_fingerprint_counts_without_its_key_on_the_keyring() -> None:
    assert [
        rule for rule, *_ in found(governed(f"production/{FILE}", [ALICE.fingerprint, f"0x{ABSENT}"], "production/a"))
    ] == ["tier-forbidden"]


def test_a_rule_about_no_path_at_all_is_told() -> None:
    assert found(governed(f"dev/{FILE}", ["alice@example.com"], "dev/a.eyaml")) == [
        (
            "tier-unused",
            "policy.yaml",
            7,
            "production/**: no file with values and no recipients file is there, so the rule decides nothing",
        )
    ]
