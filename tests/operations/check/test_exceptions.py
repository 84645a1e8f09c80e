"""What is excepted now and was not in the last commit is named: in a file, in the baseline, in the policy."""

import pytest

from eyamlgpg.detectors.names import NamePolicy
from eyamlgpg.formats.settings import baseline, policy
from eyamlgpg.operations.check.report import CheckReport, Terms
from eyamlgpg.render.check import new_exceptions, summary
from tests.support.checks import LIST, RECIPIENTS, Scene
from tests.support.fakes import FakeTree

BASELINE, POLICY = ".eyamlgpg/baseline.yaml", ".eyamlgpg/policy.yaml"
DEMO = "demo::password: demo1  # eyamlgpg: allow plaintext-key-name -- geheim\n"
OTHER = "x::password: demo2  # eyamlgpg: allow plaintext-key-name -- geheim\n"
PRAGMA = "y::password: demo3  # gitleaks:allow\n"
ENTRY = "- {{file: a.yaml, rule: plaintext-key-name, key: {}, count: {}, reason: geheim}}\n"
HEAD = "version: 1\naccepted:\n"
SILENT = "version: 1\nclear_text:\n  harmless: [{}]\n"


def run(before: dict[str, str], now: dict[str, str], *, staged: bool) -> CheckReport:
    tree = FakeTree({RECIPIENTS: LIST, **now}, {RECIPIENTS: LIST, **before}, staged=staged)
    said = policy.parse(now[POLICY], POLICY) if POLICY in now else policy.parse("version: 1\n", POLICY)
    entries = baseline.parse(now.get(BASELINE, ""), BASELINE)
    return Scene(tree, Terms(NamePolicy(said.clear_text), said, staged), entries).run()


@pytest.mark.parametrize("staged", [False, True])
@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ({"a.yaml": "a: 1\n"}, {"a.yaml": f"a: 1\n{DEMO}"}, ["a.yaml:2: a new exception: plaintext-key-name"]),
        ({"a.yaml": DEMO}, {"a.yaml": f"b: 1\n{DEMO.replace('demo1', 'demo5')}"}, []),
        ({"a.yaml": DEMO}, {"a.yaml": f"{OTHER}{DEMO}"}, ["a.yaml:1: a new exception: plaintext-key-name"]),
        ({"a.yaml": DEMO}, {"a.yaml": OTHER}, ["a.yaml:1: a new exception: plaintext-key-name"]),
        (
            {"a.yaml": "a: 1\n"},
            {"a.yaml": PRAGMA},
            ["a.yaml:1: a new exception: clear text, for other scanners"],
        ),
        (
            {BASELINE: HEAD + ENTRY.format("a", 1)},
            {BASELINE: HEAD + ENTRY.format("a", 1) + ENTRY.format("b", 1), "a.yaml": "a: 1\n"},
            [f"{BASELINE}:4: a new exception: plaintext-key-name in a.yaml, b"],
        ),
        (
            {BASELINE: HEAD + ENTRY.format("a", 1)},
            {BASELINE: HEAD + ENTRY.format("a", 2)},
            [f"{BASELINE}:3: a new exception: plaintext-key-name in a.yaml, a"],
        ),
        ({BASELINE: HEAD + ENTRY.format("a", 2)}, {BASELINE: HEAD + ENTRY.format("a", 1)}, []),
        (
            {POLICY: SILENT.format("a")},
            {POLICY: SILENT.format("a, 'db*'")},
            [f"{POLICY}: a new exception: keys called harmless: db*"],
        ),
        (
            {POLICY: "version: 1\nclear_text: {secret: ['*::pepper', b], password_hashes: report}\n"},
            {POLICY: "version: 1\nclear_text: {secret: b}\n"},
            [
                f"{POLICY}: a new exception: keys no longer called secret: *::pepper",
                f"{POLICY}: a new exception: hashes of passwords",
            ],
        ),
        (
            {POLICY: "version: 1\ncheck: {pkcs7: report}\n"},
            {POLICY: "version: 1\n"},
            [f"{POLICY}: a new exception: values of PKCS7"],
        ),
    ],
)
def test_a_new_exception_is_named(before: dict[str, str], now: dict[str, str], told: list[str], staged: bool) -> None:
    assert list(new_exceptions(run(before, now, staged=staged))) == told


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({"a.yaml": DEMO}, "a.yaml:1"),
        ({BASELINE: HEAD + ENTRY.format("a", 1)}, f"{BASELINE}:3"),
        ({POLICY: SILENT.format("a")}, POLICY),
    ],
)
def test_a_file_that_was_not_there_is_new_in_the_next_commit(now: dict[str, str], told: str) -> None:
    assert [line.partition(": a new")[0] for line in new_exceptions(run({}, now, staged=True))] == [told]
    assert list(new_exceptions(run(now, now, staged=False))) == []


def test_no_reason_is_repeated() -> None:
    assert "geheim" not in "".join(new_exceptions(run({}, {"a.yaml": DEMO}, staged=True)))


def test_patterns_that_silence_nearly_all_are_named_with_their_counts() -> None:
    text = "".join(f"db{one}::password: Kirsch{one}\n" for one in range(3)) + "api::token: Kuchen77\n"
    checked = run({}, {"a.yaml": text, POLICY: SILENT.format("'api*', 'db*'")}, staged=False)
    assert checked.findings == ()
    assert summary(checked).endswith("nothing found, 4 values passed over by the policy (db* 3, api* 1)")
