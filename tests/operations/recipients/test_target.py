"""The recipients file that is meant is the one that users expect, and a new one never takes anybody by surprise."""

from pathlib import Path

import pytest

from eyamlgpg.errors import RecipientError
from eyamlgpg.operations.recipients.target import TargetList, find_place
from eyamlgpg.operations.tree.source import RecipientsRequest
from tests.support.memory import Memory

ROOT = Path("/repo")
ABOVE, OWN = ROOT / "hiera-eyaml-gpg.recipients", ROOT / "dev" / "hiera-eyaml-gpg.recipients"
REQUEST = RecipientsRequest(working=ROOT)


def test_by_default_the_file_that_governs_the_working_directory_is_meant() -> None:
    files = Memory({ABOVE: b"a@x\n"})
    assert find_place(REQUEST, None, ROOT / "dev", files) == TargetList(
        ABOVE, "hiera-eyaml-gpg.recipients", ROOT, b"a@x\n", "a@x\n"
    )


def test_at_means_the_folders_own_file() -> None:
    files = Memory({ABOVE: b"a@x\n", OWN: b"b@x\n"})
    assert find_place(REQUEST, OWN.parent, ROOT, files) == TargetList(
        OWN, "dev/hiera-eyaml-gpg.recipients", ROOT / "dev", b"b@x\n", "b@x\n"
    )


def test_a_file_of_its_own_begins_as_a_copy_of_the_one_above_and_is_asked_about() -> None:
    place = find_place(REQUEST, OWN.parent, ROOT, Memory({ABOVE: b"a@x\n"}))
    assert place == TargetList(
        OWN,
        "dev/hiera-eyaml-gpg.recipients",
        ROOT / "dev",
        None,
        "a@x\n",
        "hiera-eyaml-gpg.recipients governs dev until now. Make dev/hiera-eyaml-gpg.recipients, beginning as a copy of "
        "it? Later changes of hiera-eyaml-gpg.recipients will then not reach this folder.",
        "hiera-eyaml-gpg.recipients",
    )


def test_the_first_file_of_all_is_made_where_somebody_asked_for_it_and_asked_about_elsewhere() -> None:
    made = TargetList(OWN, "dev/hiera-eyaml-gpg.recipients", ROOT / "dev", None, "")
    assert find_place(REQUEST, OWN.parent, ROOT, Memory()) == made
    question = "no recipients file governs /repo/dev yet. Make dev/hiera-eyaml-gpg.recipients?"
    assert find_place(REQUEST, None, OWN.parent, Memory()) == TargetList(
        OWN, "dev/hiera-eyaml-gpg.recipients", ROOT / "dev", None, "", question
    )


def test_the_file_that_the_configuration_names_is_meant_and_may_govern_anything() -> None:
    team = Path("/srv/team.recipients")
    files = Memory({team: b"a@x\n", ABOVE: b"b@x\n"})
    assert find_place(RecipientsRequest(file=team), None, ROOT, files) == TargetList(
        team, "/srv/team.recipients", None, b"a@x\n", "a@x\n"
    )


@pytest.mark.parametrize(
    ("request_", "at", "setting"),
    [
        (
            RecipientsRequest(listed="a@x", listed_in="config.yaml:2"),
            None,
            "config.yaml:2: the setting gpg_recipients",
        ),
        (
            RecipientsRequest(file=Path("/srv/team")),
            ROOT,
            "/srv/team: the setting gpg_recipients_file",
        ),
    ],
)
def test_a_change_that_the_configuration_overrules_is_refused(
    request_: RecipientsRequest, at: Path | None, setting: str
) -> None:
    with pytest.raises(RecipientError) as caught:
        find_place(request_, at, ROOT, Memory({ABOVE: b"a@x\n"}))
    overruled = "overrules every hiera-eyaml-gpg.recipients, so nothing would come of the change"
    assert caught.value.sentence == f"{setting} {overruled}"
