"""Variables, folders and limits that a machine may not have: a command works without them, or says what it lacks."""

import pytest

from tests.faults.scenes import Scene
from tests.surroundings.commands import EVERY, crossed, named
from tests.surroundings.stage import Situation, Stage

WITHOUT = (
    Situation("no HOME", environ={"HOME": None}),
    Situation("a HOME that is not there", environ={"HOME": "{place}/gone"}),
    Situation("a HOME that is a file", environ={"HOME": "{place}/editor"}),
    Situation("no USER", environ={"USER": None, "LOGNAME": None}),
    Situation("a TMPDIR that is not there", environ={"TMPDIR": "{place}/gone"}),
    Situation("no XDG_RUNTIME_DIR", environ={"XDG_RUNTIME_DIR": None}),
    Situation("an XDG_RUNTIME_DIR that is not there", environ={"XDG_RUNTIME_DIR": "{place}/gone"}),
    Situation("LANG=C", environ={"LANG": "C", "LC_ALL": "C"}),
    Situation("POSIX", environ={"LC_ALL": "POSIX"}),
    Situation("a locale that is not there", environ={"LC_ALL": "xx_YY.UTF-8"}),
    Situation("umask 000", before="umask 000"),
    Situation("umask 077", before="umask 077"),
    Situation("umask 777", before="umask 777"),
    Situation("32 open files", before="ulimit -n 32"),
)
"""What no command needs."""

LIMITS = (
    Situation("9 open files", before="ulimit -n 9"),
    Situation("files of no bytes", before="ulimit -f 0"),
    Situation("files of 512 bytes", before="ulimit -f 1"),
    Situation("files of 2 kB", before="ulimit -f 4"),
    Situation("little memory", before="ulimit -v 45000"),
)
"""What some commands cannot do their work in."""

OURS = named(
    "set", "encrypt", "edit", "recrypt", "recipients", "keys export", "hook", "git", "get", "check", "who", "audit"
)
"""Those in which gpg writes nothing of its own: what it leaves in a home under a limit is not ours."""


@crossed(WITHOUT, EVERY)
def test_a_command_does_without(stage: Stage, situation: Situation, scene: Scene) -> None:
    place = stage.place(scene)
    ran = place.run(situation)
    assert ran.status == 0, ran
    assert not list(place.wrong(ran)), ran


@crossed(LIMITS, OURS)
def test_a_limit_costs_nothing(stage: Stage, situation: Situation, scene: Scene) -> None:
    place = stage.place(scene, own_home=True)
    # An agent rewrites a key that was imported when it is first used, and that is between it and the limit.
    place.tree.done("get", "a.eyaml", "a::secret")
    stage.let_go(place)
    ran = place.run(situation)
    stage.let_go(place)
    assert not list(place.wrong(ran)), ran


@pytest.mark.parametrize("scene", named("edit", "set n", "keys export"), ids=lambda scene: scene.name)
def test_a_machine_without_a_folder_for_temporary_files(stage: Stage, scene: Scene) -> None:
    """As in a container that can write to its volumes and to memory alone."""
    place = stage.place(scene)
    nowhere = "import sys, tempfile; tempfile._candidate_tempdir_list = lambda: ['/nowhere']; sys.argv[0] = 'eyamlgpg'"
    sitecustomize = place.folder / "site"
    sitecustomize.mkdir()
    (sitecustomize / "sitecustomize.py").write_text(nowhere)
    ran = place.run(
        Situation("no temporary folder", environ={"PYTHONPATH": f"{sitecustomize}:{place.environ['PYTHONPATH']}"})
    )
    assert ran.status == 0, ran
    assert not list(place.wrong(ran)), ran
