"""A policy says what it means, or every line that is wrong; the JSON Schema for editors says the same."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from eyamlgpg.errors import ConfigError, EyamlgpgError, flattened
from eyamlgpg.formats.settings.policy import parse
from eyamlgpg.model.findings import Severity
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.model.policy import PathPattern, Policy, SessionKeys, TierRule

PROD = Fingerprint("B6C40C49369B07EB665B3415536064919156D527")
DEV = Fingerprint("67B38418550F791E1205B656E1B67A1A05591066")
HEAD = f"version: 1\npuppetmasters:\n  prod: {PROD}\n  dev: {DEV.lower()}\n"
SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "reference" / "policy.schema.json"


def wrong(text: str) -> list[str]:
    with pytest.raises(EyamlgpgError) as caught:
        parse(text, "policy.yaml")
    errors = list(flattened([caught.value]))
    assert all(isinstance(error, ConfigError) for error in errors)
    return [error.sentence for error in errors]


def test_a_policy_is_read_with_its_lines() -> None:
    rules = (
        "rules:\n  - paths: production/**\n    needs: prod\n    never: [dev]\n"
        "  - paths:\n      - a/*\n      - b/\n    needs: [prod, dev]\n"
    )
    assert parse(HEAD + rules, "p") == Policy(
        "p",
        {"prod": PROD, "dev": DEV},
        (
            TierRule(6, (PathPattern("production/**", 6),), ("prod",), ("dev",)),
            TierRule(9, (PathPattern("a/*", 10), PathPattern("b/", 11)), ("prod", "dev"), ()),
        ),
    )


def test_a_policy_may_say_nothing_but_its_version() -> None:
    assert parse("version: 1\n", "p") == Policy("p")


def test_puppetmasters_may_have_roles() -> None:
    masters = (
        f"puppetmasters:\n  prod: {{key: {PROD}, roles: [ops, dba]}}\n  dev:\n    key: {DEV.lower()}\n  old: {DEV}\n"
    )
    policy = parse(f"version: 1\n{masters}", "p")
    assert policy.puppetmasters == {"prod": PROD, "dev": DEV, "old": DEV}
    assert policy.master_roles == {"prod": ("ops", "dba")}


def test_a_puppetmaster_with_a_role_has_a_name_that_can_be_a_comment() -> None:
    text = f"version: 1\npuppetmasters:\n  'eyamlgpg: end': {{key: {PROD}, roles: a}}\n"
    assert wrong(text) == ["policy.yaml:3: 'eyamlgpg: end' is not a name for somebody with a role"]


@pytest.mark.parametrize("severity", list(Severity))
def test_a_policy_says_which_findings_fail(severity: Severity) -> None:
    policy = parse(f"version: 1\ncheck:\n  fail_on: {severity}\n", "p")
    assert policy == Policy("p", fail_on=severity)
    assert (policy.fails(Severity.ERROR), policy.fails(Severity.WARNING)) == (True, severity is Severity.WARNING)


@pytest.mark.parametrize(("said", "is_reported"), [("allow", False), ("report", True)])
def test_a_policy_says_whether_values_of_pkcs7_are_reported(said: str, is_reported: bool) -> None:
    assert parse(f"version: 1\ncheck: {{pkcs7: {said}}}\n", "p") == Policy("p", reports_pkcs7=is_reported)


def test_a_policy_names_those_who_must_have_signed_the_lists() -> None:
    assert parse("version: 1\n", "p").signed_by == ()
    assert parse(f"version: 1\nrecipients: {{signed_by: {DEV}}}\n", "p").signed_by == (DEV,)
    assert parse(f"version: 1\nrecipients:\n  signed_by: [{DEV}, {PROD}]\n", "p").signed_by == (DEV, PROD)
    assert wrong("version: 1\nrecipients: {}\n") == ["policy.yaml:2: recipients says nothing"]


@pytest.mark.parametrize("session_keys", list(SessionKeys))
def test_a_policy_says_what_has_a_session_key_of_its_own(session_keys: SessionKeys) -> None:
    assert parse("version: 1\n", "p").session_keys is SessionKeys.PER_VALUE
    assert parse(f"version: 1\nsession_keys: {session_keys}\n", "p") == Policy("p", session_keys=session_keys)
    assert wrong("version: 1\nsession_keys: per-tree\n") == [
        "policy.yaml:2: session_keys is per-value or per-file, not 'per-tree'"
    ]


def test_every_line_that_is_wrong_is_told_at_once() -> None:
    assert wrong("version: 2\npuppetmaster: {}\nrules:\n  - paths: /etc\n    needs: prd\n  - {}\n") == [
        "policy.yaml:2: 'puppetmaster' means nothing in the policy",
        "policy.yaml:1: version is 1, as a plain number",
        "policy.yaml:5: prd does not stand under puppetmasters",
        "policy.yaml:4: '/etc' is no path from the root of the tree, such as production/**",
        "policy.yaml:6: a rule says which paths it is about",
        "policy.yaml:6: a rule says who is needed, or who must never read: `needs`, `never`, or both",
    ]


ONLY_WE_KNOW = {
    "an-unknown-name": ("rules: [{paths: a, needs: nobody}]", 5, "nobody does not stand under puppetmasters"),
    "needed-and-never": (
        "rules: [{paths: a, needs: prod, never: prod}]",
        5,
        "prod is needed and must never read, both at once",
    ),
    "a-name-twice": ("version: 1", 5, "'version' stands here a second time"),
    "an-anchor": (
        "rules: &x [{paths: a, needs: *x}]",
        5,
        "needs is one text on a line of its own, without anchors or tags",
    ),
    "not-yaml": ("rules: [", 6, "not YAML: "),
}
"""What a schema cannot say, or sees only after YAML was read."""


@pytest.mark.parametrize(("text", "line", "sentence"), ONLY_WE_KNOW.values(), ids=ONLY_WE_KNOW)
def test_what_no_schema_can_say_is_refused_by_line(text: str, line: int, sentence: str) -> None:
    [*_, last] = wrong(f"{HEAD}{text}\n")
    assert last.startswith(f"policy.yaml:{line}: {sentence}")


RULE = "rules:\n  - "
INVALID = {
    "nothing": "",
    "a-list": "- a\n",
    "no-version": f"puppetmasters: {{a: {PROD}}}\n",
    "a-newer-version": "version: 2\n",
    "a-quoted-version": "version: '1'\n",
    "an-unknown-field": "version: 1\nrule: []\n",
    "a-short-key-id": "version: 1\npuppetmasters: {a: 9156D527}\n",
    "a-fingerprint-in-groups": "version: 1\npuppetmasters: {a: B6C4 0C49 369B 07EB 665B  3415 5360 6491 9156 D527}\n",
    "a-puppetmaster-without-a-key": "version: 1\npuppetmasters: {a: {roles: ops}}\n",
    "an-unknown-field-of-a-puppetmaster": f"version: 1\npuppetmasters: {{a: {{key: {PROD}, role: ops}}}}\n",
    "a-puppetmaster-with-no-role": f"version: 1\npuppetmasters: {{a: {{key: {PROD}, roles: []}}}}\n",
    "a-puppetmaster-with-a-role-that-is-none": f"version: 1\npuppetmasters: {{a: {{key: {PROD}, roles: '@ops'}}}}\n",
    "puppetmasters-as-a-list": f"version: 1\npuppetmasters: [{PROD}]\n",
    "an-empty-list-of-rules": HEAD + "rules: []\n",
    "rules-as-a-mapping": HEAD + "rules: {paths: a, needs: prod}\n",
    "a-rule-as-text": HEAD + RULE + "production\n",
    "no-paths": HEAD + RULE + "needs: prod\n",
    "no-demand": HEAD + RULE + "paths: a\n",
    "an-unknown-demand": HEAD + RULE + "{paths: a, needs: prod, allows: dev}\n",
    "no-path-in-the-list": HEAD + RULE + "{paths: [], needs: prod}\n",
    "no-name-in-the-list": HEAD + RULE + "{paths: a, needs: []}\n",
    "an-empty-path": HEAD + RULE + "{paths: '', needs: prod}\n",
    "an-empty-name": HEAD + RULE + "{paths: a, needs: ' '}\n",
    "an-absolute-path": HEAD + RULE + "{paths: /a, needs: prod}\n",
    "a-path-upwards": HEAD + RULE + "{paths: a/../b, needs: prod}\n",
    "a-dot": HEAD + RULE + "{paths: ./a, needs: prod}\n",
    "two-slashes": HEAD + RULE + "{paths: a//b, needs: prod}\n",
    "a-class-of-letters": HEAD + RULE + "{paths: 'a[bc]', needs: prod}\n",
    "a-backslash": HEAD + RULE + "{paths: 'a\\b', needs: prod}\n",
    "stars-in-a-name": HEAD + RULE + "{paths: a**b, needs: prod}\n",
    "all-is-harmless": HEAD + "clear_text: {harmless: '*'}\n",
    "all-is-harmless-in-a-list": HEAD + "clear_text: {harmless: ['demo::*', '*::*']}\n",
    "fails-on-nothing": HEAD + "check: {fail_on: never}\n",
    "pkcs7-refused": HEAD + "check: {pkcs7: refuse}\n",
    "pkcs7-as-a-list": HEAD + "check: {pkcs7: [report]}\n",
    "checks-as-text": HEAD + "check: warning\n",
    "an-unknown-check": HEAD + "check: {fail-on: warning}\n",
    "session-keys-for-all": HEAD + "session_keys: per-tree\n",
    "session-keys-as-a-list": HEAD + "session_keys: [per-file]\n",
    "recipients-as-text": HEAD + "recipients: signed\n",
    "recipients-without-approvers": HEAD + "recipients: {}\n",
    "an-empty-list-of-approvers": HEAD + "recipients: {signed_by: []}\n",
    "an-approver-by-address": HEAD + "recipients: {signed_by: alice@example.com}\n",
    "an-approver-twice": HEAD + f"recipients: {{signed_by: [{PROD}, {PROD}]}}\n",
    "an-unknown-demand-on-lists": HEAD + f"recipients: {{signed-by: {PROD}}}\n",
    "nothing-is-harmless": HEAD + "clear_text: {harmless: []}\n",
    "a-mapping-as-path": HEAD + RULE + "{paths: {a: b}, needs: prod}\n",
}
VALID = {
    "the-version-alone": "version: 1\n",
    "puppetmasters-alone": HEAD,
    "one-path-and-name": HEAD + RULE + "{paths: production/**, needs: prod}\n",
    "lists": HEAD + RULE + "{paths: [a/*, b/?c/, '**'], needs: [prod], never: [dev]}\n",
    "never-alone": HEAD + RULE + "{paths: a.b/..c, never: dev}\n",
    "names-of-keys": HEAD + "clear_text: {secret: '*', harmless: [demo::*, '*.x'], password_hashes: report}\n",
    "fails-on-warnings": HEAD + "check: {fail_on: warning}\n",
    "fails-on-errors": HEAD + "check: {fail_on: error}\n",
    "pkcs7-reported": HEAD + "check: {fail_on: error, pkcs7: report}\n",
    "pkcs7-allowed": HEAD + "check: {pkcs7: allow}\n",
    "session-keys-for-files": HEAD + "session_keys: per-file\n",
    "session-keys-for-values": HEAD + "session_keys: per-value\n",
    "an-approver": HEAD + f"recipients: {{signed_by: {DEV}}}\n",
    "approvers": HEAD + f"recipients: {{signed_by: [{DEV}, {PROD}]}}\n",
    "one-harmless-key": HEAD + "clear_text: {harmless: demo::password}\n",
    "a-puppetmaster-with-roles": f"version: 1\npuppetmasters: {{a: {{key: {PROD}, roles: [ops]}}, b: {DEV}}}\n",
    "a-long-fingerprint": f"version: 1\npuppetmasters: {{a: {'0a' * 32}}}\n",
}


def schema_says(text: str) -> bool:
    document: Any = YAML(typ="safe", pure=True).load(text)
    return bool(jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).is_valid(document))


@pytest.mark.parametrize("text", INVALID.values(), ids=INVALID)
def test_what_the_parser_refuses_the_schema_refuses(text: str) -> None:
    assert all(sentence.startswith("policy.yaml:") for sentence in wrong(text))
    assert not schema_says(text)


@pytest.mark.parametrize("text", VALID.values(), ids=VALID)
def test_what_the_parser_takes_the_schema_takes(text: str) -> None:
    assert parse(text, "policy.yaml").source == "policy.yaml"
    assert schema_says(text)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(SCHEMA.read_text()))


def test_an_error_shows_no_more_of_the_text_than_a_name_is_long() -> None:
    with pytest.raises(ConfigError) as caught:
        parse(f"version: 1\n{'x' * 64}Rosinenbrot7: 1\n", "p.yaml")
    assert str(caught.value) == f"p.yaml:2: '{'x' * 64}...' means nothing in the policy"
