"""The policy comes from whoever may push: a link in its place leads nowhere."""

from pathlib import Path

import pytest

from tests.support.team import Team


@pytest.mark.parametrize("words", [("recipients", "lint"), ("keys", "check")])
@pytest.mark.parametrize("leads_nowhere", [True, False])
def test_a_link_is_refused_and_nothing_of_its_target_is_shown(
    team: Team, tmp_path: Path, words: tuple[str, ...], leads_nowhere: bool
) -> None:
    if not leads_nowhere:
        (tmp_path / "target").write_text("root:x:0:0: sesame\n")
    (team.folder / ".eyamlgpg").mkdir()
    (team.folder / ".eyamlgpg" / "policy.yaml").symlink_to(tmp_path / "target")
    ran = team.run(*words)
    assert (ran.status, ran.out) == (3, b"")
    assert ".eyamlgpg/policy.yaml: is a symbolic link, which is not followed here\n" in ran.err
    assert "sesame" not in ran.err
    assert "sesame" not in ran.err


def test_a_link_in_the_place_of_their_folder_is_refused(team: Team, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (team.folder / ".eyamlgpg").symlink_to(tmp_path / "elsewhere")
    ran = team.run("recipients", "lint")
    assert (ran.status, ran.out) == (3, b"")
    assert ".eyamlgpg: is a symbolic link, which is not followed here\n" in ran.err
