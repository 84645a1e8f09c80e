"""Values of PKCS7 are reported where the policy asks for it, and nowhere else."""

import base64

import pytest

from eyamlgpg.formats.settings import policy
from eyamlgpg.operations.check.report import Terms
from tests.support.checks import GOOD, LIST, RECIPIENTS, Scene, found
from tests.support.fakes import FakeTree

MESSAGE = base64.b64encode(b"\x30\x82\x01\x79" + b"\x06\x09*\x86H\x86\xf7\r\x01\x07\x03" * 8).decode()
REPORT, ALLOW, SILENT = "check: {pkcs7: report}\n", "check: {pkcs7: allow}\n", ""
OLD = f"a: ENC[PKCS7,{MESSAGE}]\n"


def scene(text: str, said: str, *, staged: bool = False) -> Scene:
    tree = FakeTree({RECIPIENTS: LIST, "a.eyaml": text}, {RECIPIENTS: LIST}, staged=staged)
    return Scene(tree, Terms(policy=policy.parse(f"version: 1\n{said}", ".eyamlgpg/policy.yaml")))


@pytest.mark.parametrize("staged", [False, True])
@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (OLD, [1]),
        (GOOD + OLD + OLD.replace("a:", "b:"), [2, 3]),
        (OLD.replace("PKCS7", "pkcs7"), [1]),
        (OLD.replace("PKCS7,", ""), [1]),
        (f"a: >\n  ENC[PKCS7,{MESSAGE[:40]}\n  {MESSAGE[40:]}]\n", [2]),
        (f"# a: ENC[PKCS7,{MESSAGE}]\n{GOOD}", [1]),
        (GOOD, []),
    ],
)
def test_each_value_of_pkcs7_is_reported_where_the_policy_wants_none(text: str, lines: list[int], staged: bool) -> None:
    checked = scene(text, REPORT, staged=staged).run()
    assert found(checked) == [("access-pkcs7", "a.eyaml", line) for line in lines]
    assert {one.hint for one in checked.findings} <= {"move it to GPG: eyamlgpg recrypt --from pkcs7 a.eyaml"}


@pytest.mark.parametrize("said", [ALLOW, SILENT])
def test_without_the_line_in_the_policy_they_are_as_good_as_any_other(said: str) -> None:
    assert found(scene(GOOD + OLD, said).run()) == []
    assert found(Scene(FakeTree({RECIPIENTS: LIST, "a.eyaml": OLD})).run()) == []


def test_the_file_cannot_except_itself() -> None:
    """Whoever has the one private key reads the value, whatever the recipients file says."""
    excused = OLD.replace("]\n", "]  # eyamlgpg: allow access-pkcs7 -- later\n")
    assert ("access-pkcs7", "a.eyaml", 1) in found(scene(excused, REPORT).run())
