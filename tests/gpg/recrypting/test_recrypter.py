"""Many messages by worker processes: in order, once each, and without a plaintext in the run itself."""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from eyamlgpg.errors import DecryptionError, GnupgError, NoSecretKey, WrongPassphrase
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.opening.decrypter import GnupgDecrypter
from eyamlgpg.gpg.recrypting import pool as pools
from eyamlgpg.gpg.recrypting.pool import Pool
from eyamlgpg.gpg.recrypting.recrypter import FEW, MOST_JOBS, Effort, GnupgRecrypter, usual_jobs
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Subkey
from eyamlgpg.model.messages import Order
from tests.support.keys import NOW

MANY = 3 * FEW
TWO_JOBS = Effort(2)

Workers: TypeAlias = list[subprocess.Popen[bytes]]


class Scene:
    """Alice's side, and what came of a run."""

    def __init__(self, home: Path, environ: dict[str, str], effort: Effort = TWO_JOBS) -> None:
        self.session = Session(home, environ)
        self.keyring = GnupgKeyring(self.session)
        self.decrypter = GnupgDecrypter(self.session, self.keyring)
        self.encrypter = OpenpgpEncrypter(self.session, self.keyring)
        self.recrypter = GnupgRecrypter(self.session, self.keyring, self.decrypter, self.encrypter, effort)

    def subkey(self, name: str) -> Subkey:
        key = next(key for key in tuple(self.keyring.keys()) if f"{name}@example.com" in str(key.user_ids))
        chosen = key.encryption_subkey(NOW)
        assert chosen
        return chosen

    def message(self, plaintext: bytes, *names: str) -> bytes:
        return self.encrypter.encrypt(plaintext, [self.subkey(name) for name in names])


@pytest.fixture
def scene(home: Callable[[str], Path], environ: dict[str, str]) -> Scene:
    return Scene(home("alice"), environ)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Workers:
    """The worker processes of the test."""
    processes: list[subprocess.Popen[bytes]] = []
    start = Pool._start

    def remember(pool: Pool) -> object:
        made = start(pool)
        processes.append(made.process)
        return made

    monkeypatch.setattr(Pool, "_start", remember)
    return processes


def orders(scene: Scene, count: int) -> Iterator[Order]:
    both = (scene.subkey("alice"), scene.subkey("carol"))
    for number in range(count):
        yield Order(scene.message(b"secret %d" % number, "alice", "bob"), (both,))


def test_many_come_back_in_order_for_their_new_readers(scene: Scene, started: Workers) -> None:
    results = list(scene.recrypter.recrypt_many(orders(scene, MANY)))
    assert [result.error for result in results] == [None] * MANY
    assert [scene.decrypter.decrypt(result.messages[0]) for result in results] == [
        b"secret %d" % number for number in range(MANY)
    ]
    wanted = {scene.subkey("alice").key_id, scene.subkey("carol").key_id}
    assert all(set(packets.read(result.messages[0]).key_ids) == wanted for result in results)
    assert len(started) == 2
    assert [process.returncode for process in started] == [0, 0]


def test_a_few_are_done_without_any_worker(scene: Scene, started: Workers) -> None:
    results = list(scene.recrypter.recrypt_many(orders(scene, FEW - 1)))
    assert [result.error for result in results] == [None] * (FEW - 1)
    assert started == []


def test_no_new_message_is_made_twice_from_the_same_random_numbers(scene: Scene) -> None:
    """Forked workers would share the state of the generator, and with it session keys."""
    readers = (scene.subkey("alice"),)
    old = scene.message(b"x", "alice")
    made = [result.messages[0] for result in scene.recrypter.recrypt_many(Order(old, (readers,)) for _ in range(MANY))]
    assert len(set(made)) == MANY
    assert len({message[:200] for message in made}) == MANY


def test_one_message_can_be_made_for_several_sets_of_readers(scene: Scene) -> None:
    alone, both = (scene.subkey("alice"),), (scene.subkey("alice"), scene.subkey("bob"))
    source = (Order(scene.message(b"%d" % number, "alice"), (alone, both)) for number in range(MANY))
    for number, result in enumerate(scene.recrypter.recrypt_many(source)):
        assert [len(packets.read(message).key_ids) for message in result.messages] == [1, 2]
        assert [scene.decrypter.decrypt(message) for message in result.messages] == [b"%d" % number] * 2


def test_what_cannot_be_opened_has_its_own_error_and_the_others_go_on(scene: Scene) -> None:
    good = list(orders(scene, MANY))
    readers = good[0].recipient_sets
    whole = good[5].message
    bad = {
        0: Order(scene.message(b"x", "bob"), readers),
        7: Order(whole[:-30] + bytes([whole[-30] ^ 1]) + whole[-29:], readers),
        20: Order(scene.message(b"x", "carol"), readers),
    }
    results = list(scene.recrypter.recrypt_many(bad.get(number, order) for number, order in enumerate(good)))
    errors = {number: type(result.error) for number, result in enumerate(results) if result.error}
    assert errors[0] is errors[20] is NoSecretKey
    assert issubclass(errors[7], DecryptionError)
    assert set(errors) == {0, 7, 20}


def test_orders_are_taken_as_they_are_needed(scene: Scene) -> None:
    taken = 0
    order = next(orders(scene, 1))

    def source() -> Iterator[Order]:
        nonlocal taken
        for _ in range(1000):
            taken += 1
            yield order

    results = scene.recrypter.recrypt_many(source())
    for _ in range(3):
        assert next(results).error is None
    results.close()
    assert taken <= 40


def test_closing_early_ends_every_worker(scene: Scene, started: Workers) -> None:
    results = scene.recrypter.recrypt_many(orders(scene, MANY))
    for _ in range(FEW):
        next(results)
    results.close()
    assert len(started) == 2
    assert None not in [process.returncode for process in started]


def test_a_worker_that_is_killed_costs_no_value(scene: Scene, started: Workers) -> None:
    results = []
    for result in scene.recrypter.recrypt_many(orders(scene, MANY)):
        results.append(result)
        if len(results) == FEW:
            started[0].send_signal(signal.SIGKILL)
    assert [result.error for result in results] == [None] * MANY


def test_a_worker_that_is_killed_leaves_no_folder_behind(
    scene: Scene, started: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    source = list(orders(scene, MANY))
    for number, _ in enumerate(scene.recrypter.recrypt_many(source)):
        if number == FEW + 2:
            assert len(list(tmp_path.glob("eg-*"))) == 2
            started[0].send_signal(signal.SIGKILL)
    assert list(tmp_path.glob("eg-*")) == []


def test_what_a_killed_worker_had_started_ends_with_it(
    scene: Scene, started: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its gpg may wait for it at a named pipe."""
    orphan = "subprocess.Popen(['sleep', '600'], stdin=-3, stdout=-3, stderr=-3)"
    monkeypatch.setattr(pools, "PROGRAM", f"import os, subprocess; {orphan}; os.kill(os.getpid(), 9)")
    results = list(scene.recrypter.recrypt_many(orders(scene, FEW + 2)))
    assert [result.error for result in results] == [None] * (FEW + 2)
    assert started
    deadline = time.monotonic() + 10
    while any(_is_alive_in(process.pid) for process in started):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _is_alive_in(group: int) -> bool:
    """Whether a process of this group runs; one that only nobody has waited for does not."""
    ran = subprocess.run(["ps", "-eo", "pgid=,stat="], capture_output=True, text=True, check=True)
    lines = [line.split() for line in ran.stdout.splitlines()]
    return any(int(found) == group and not state.startswith("Z") for found, state in lines)


def test_a_python_that_cannot_start_a_worker_does_it_all_alone(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "PROGRAM", "raise SystemExit(1)")
    results = list(scene.recrypter.recrypt_many(orders(scene, FEW + 2)))
    assert [result.error for result in results] == [None] * (FEW + 2)


def test_a_worker_imports_nothing_from_the_working_directory(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control repository may be anybody's."""
    marker = tmp_path / "was-imported"
    for name in ("eyamlgpg", "cryptography", "pickle"):
        (tmp_path / f"{name}.py").write_text(f"open({str(marker)!r}, 'w')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    results = list(scene.recrypter.recrypt_many(orders(scene, FEW)))
    assert [result.error for result in results] == [None] * FEW
    assert not marker.exists()


def test_a_worker_does_not_outlive_a_parent_that_was_killed(scene: Scene, started: Workers) -> None:
    results = scene.recrypter.recrypt_many(orders(scene, MANY))
    for _ in range(FEW):
        next(results)
    # What the kernel does to a dead parent's pipes.
    assert started[0].stdin is not None
    started[0].stdin.close()
    assert started[0].wait(10) == 0
    results.close()


def test_verified_means_that_each_new_message_was_opened_again(
    home: Callable[[str], Path], environ: dict[str, str]
) -> None:
    scene = Scene(home("alice"), environ, Effort(2, verify=True))
    ours = (scene.subkey("alice"), scene.subkey("bob"))
    theirs = (scene.subkey("bob"),)
    source = [
        Order(scene.message(b"%d" % number, "alice"), (theirs if number % 5 == 4 else ours,)) for number in range(MANY)
    ]
    results = list(scene.recrypter.recrypt_many(source))
    assert [result.error for result in results] == [None] * MANY
    assert [result.verified for result in results] == [(number % 5 != 4,) for number in range(MANY)]


def test_of_several_copies_those_for_us_are_opened_again(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    scene = Scene(home("alice"), environ, Effort(2, verify=True))
    recipient_sets = ((scene.subkey("bob"),), (scene.subkey("alice"), scene.subkey("bob")))
    source = [Order(scene.message(b"%d" % number, "alice"), recipient_sets) for number in range(MANY)]
    results = list(scene.recrypter.recrypt_many(source))
    assert [(result.error, result.verified) for result in results] == [(None, (False, True))] * MANY


def test_a_new_message_that_holds_something_else_is_not_used(
    home: Callable[[str], Path], environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(home("alice"), environ, Effort(2, verify=True))
    source = list(orders(scene, 2))
    encrypt = scene.encrypter.encrypt
    monkeypatch.setattr(scene.encrypter, "encrypt", lambda plaintext, subkeys: encrypt(plaintext + b"!", subkeys))
    errors = [result.error for result in scene.recrypter.recrypt_many(source)]
    assert [type(error) for error in errors] == [GnupgError] * 2
    assert "does not hold what the old one did" in str(errors[0])


def test_a_refused_passphrase_is_not_asked_for_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, started: Workers
) -> None:
    def refuse(_message: bytes) -> bytes:
        raise WrongPassphrase("the passphrase was not given")

    source = list(orders(scene, MANY))
    results = scene.recrypter.recrypt_many(source)
    first = [next(results)]
    monkeypatch.setattr(scene.decrypter, "decrypt", refuse)
    scene.recrypter._is_refused = True
    errors = [result.error for result in results]
    assert first[0].error is None
    assert [type(error) for error in errors] == [WrongPassphrase] * (MANY - 1)
    assert started == []


def test_the_usual_number_of_jobs_is_within_bounds() -> None:
    assert 1 < usual_jobs() <= 8 < MOST_JOBS
