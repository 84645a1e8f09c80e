"""An agent that answers garbage, refuses or hangs up at each stage, and a pinentry that gives no passphrase."""

import socket
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.faults.scenes import Scene
from tests.support import keyrings, pinentry
from tests.support.keyrings import known
from tests.support.roles import SECRET
from tests.surroundings.commands import named
from tests.surroundings.stage import Situation, Stage

PLAIN = Situation("plain", seconds=30)
RANDOM = bytes(range(256)) * 8

SAID = {
    "random bytes": [RANDOM],
    "random bytes after a greeting": [b"OK hello\n", RANDOM],
    "an endless line": [b"x" * (1 << 20)],
    "an endless line after a greeting": [b"OK hello\n", b"D " + b"x" * (1 << 20)],
    "nothing": [],
    "nothing after a greeting": [b"OK hello\n"],
    "nothing after some answers": [b"OK hello\n", *[b"OK\n"] * 8],
    "refusals": [b"OK hello\n", *[b"ERR 67109139 Unknown IPC command <GPG Agent>\n"] * 90],
    "no secret key": [b"OK hello\n", *[b"ERR 67108881 No secret key <GPG Agent>\n"] * 90],
    "no refusal": [b"ERR 67109888 no\n"],
    "strange refusals": [b"OK hello\n", *[b"ERR\n", b"ERR x\n", b"ERR 99999999999999999999 y\n"] * 30],
    "OK to all": [b"OK hello\n", *[b"OK\n"] * 90],
    "data for all": [b"OK hello\n", *[b"D (5:value3:abc)\nOK\n"] * 90],
    "questions": [b"OK hello\n", *[b"INQUIRE PASSPHRASE\n"] * 90],
}
SCENES = (named("recrypt")[0], *named("get", "edit", "keys import"))
ROWS = [(name, scene) for name in SAID for scene in SCENES]


@contextmanager
def in_place_of_the_agent(home: Path, said: Sequence[bytes]) -> Iterator[None]:
    """Whoever connects hears these one after the other, each after a line of theirs, and then that we hang up."""
    keyrings.stop(home)
    told = subprocess.run(
        ["gpgconf", "--homedir", str(home), "--list-dirs", "agent-socket"], capture_output=True, check=True, text=True
    )
    path = Path(told.stdout.strip())
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        thread = threading.Thread(target=_serve, args=(server, said), daemon=True)
        thread.start()
        yield
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)
    keyrings.stop(home)  # gpg may have put an agent of its own in the place of ours, which has the socket then
    path.unlink(missing_ok=True)


def _serve(server: socket.socket, said: Sequence[bytes]) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=_talk, args=(connection, said), daemon=True).start()


def _talk(connection: socket.socket, said: Sequence[bytes]) -> None:
    with connection, suppress(OSError):
        for one in said:
            connection.sendall(one)
            if not connection.recv(1 << 16):
                return


@pytest.mark.parametrize(
    ("said", "scene"),
    [
        pytest.param(name, scene, id=f"{name}-{scene.name}", marks=() if place % 13 == 0 else pytest.mark.faults)
        for place, (name, scene) in enumerate(ROWS)
    ],
)
def test_an_agent_that_is_none_opens_nothing_and_costs_nothing(stage: Stage, said: str, scene: Scene) -> None:
    place = stage.place(scene, own_home=True)
    with in_place_of_the_agent(place.home, SAID[said]):
        ran = place.run(PLAIN)
    assert not list(place.wrong(ran)), ran
    stage.let_go(place)
    # Where a socket is none of an agent's, gpg starts another agent in its place.
    assert ran.status in {0, 4}, ran
    if scene.words[0] == "get":
        assert ran.out == (b"" if ran.status else SECRET)


@pytest.mark.parametrize("answer", ["cancel", "say wrong", "fail 83918950 Inappropriate ioctl for device", "missing"])
@pytest.mark.parametrize(
    "scene",
    [
        pytest.param(scene, id=scene.name, marks=() if scene.words[0] == "recrypt" else pytest.mark.faults)
        for scene in (named("recrypt")[0], *named("get", "decrypt", "edit", "onboard"))
    ],
)
def test_a_passphrase_that_nobody_gives_leaves_all_as_it_was(stage: Stage, scene: Scene, answer: str) -> None:
    place = stage.place(scene, own_home=True)
    asked = pinentry.install(place.home, "say right")
    fingerprint = known("alice").fingerprint
    keyrings.gpg(place.home, "--change-passphrase", fingerprint)
    if answer == "missing":
        pinentry.install_program(place.home, place.home / "none")
    else:
        asked.answer(answer)
    asked.forget()
    before = place.tree.text("a.eyaml")
    ran = place.run(PLAIN)
    assert ran.status in ({3} if scene.words[0] == "onboard" else {4}), ran
    assert b"passphrase" in ran.err or b"pinentry" in ran.err, ran
    assert place.tree.text("a.eyaml") == before
    pinentry.install(place.home, "say right")
    assert not list(place.wrong(ran)), ran
    stage.let_go(place)
