# ruff: noqa: PT012  the claims are about blocks that are left early
import contextlib
import importlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from eyamlgpg.errors import EyamlgpgError, FileProblem, Interrupted
from eyamlgpg.host.signals import ENDING, deferred, interruptible, left_to_the_child, taken_by_a_child

SHOW_HANDLER = "import signal; print(signal.getsignal(signal.SIGINT))"


def send(number: int) -> None:
    signal.raise_signal(number)


def handlers() -> dict[signal.Signals, object]:
    return {number: signal.getsignal(number) for number in ENDING}


@pytest.fixture(autouse=True)
def former() -> Iterator[dict[signal.Signals, object]]:
    before = handlers()
    yield before
    assert handlers() == before


@pytest.mark.parametrize("number", ENDING, ids=lambda number: number.name)
def test_a_signal_unwinds_what_runs_and_is_named(number: signal.Signals) -> None:
    steps = []
    with pytest.raises(Interrupted) as error, interruptible():
        try:
            send(number)
            steps.append("went on")
        finally:
            steps.append("cleaned up")
    assert (error.value.sentence, error.value.status, steps) == (f"interrupted by {number.name}", 130, ["cleaned up"])


def test_without_a_signal_nothing_is_raised() -> None:
    with interruptible(), deferred(), left_to_the_child():
        ran = True
    assert ran


def test_an_error_of_the_body_passes_through() -> None:
    with pytest.raises(FileProblem, match=r"^body$"), interruptible(), deferred(), left_to_the_child():
        raise FileProblem("body")


def test_no_except_on_the_way_swallows_a_signal() -> None:
    """A loop that reports an error a value and goes on must still end."""
    with pytest.raises(Interrupted), interruptible():
        for _ in range(2):
            try:
                send(signal.SIGTERM)
            except (EyamlgpgError, Exception, KeyboardInterrupt) as error:  # noqa: BLE001
                pytest.fail(f"swallowed: {error!r}")


def test_further_signals_do_not_cut_the_cleanup_short() -> None:
    steps = []
    with pytest.raises(Interrupted, match=r"SIGINT"), interruptible():
        try:
            send(signal.SIGINT)
        finally:
            steps.append("begun")
            send(signal.SIGINT)
            send(signal.SIGTERM)
            try:
                raise FileProblem("a cleanup's own trouble")
            except FileProblem:
                send(signal.SIGHUP)
            steps.append("done")
    assert steps == ["begun", "done"]


def test_a_signal_counts_again_after_the_last_one_was_lost() -> None:
    """Python drops an exception that is raised inside a finaliser."""
    with pytest.raises(Interrupted, match=r"SIGTERM"), interruptible():
        with contextlib.suppress(BaseException):
            send(signal.SIGINT)
        send(signal.SIGTERM)


def test_an_ignored_signal_stays_ignored() -> None:
    """As under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with interruptible():
            send(signal.SIGHUP)
            ran_on = True
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
    assert ran_on


def test_deferred_signals_come_at_the_end_of_the_outermost_block() -> None:
    steps = []
    with pytest.raises(Interrupted, match=r"SIGTERM"), interruptible():
        with deferred():
            with deferred():
                send(signal.SIGTERM)
                send(signal.SIGINT)
                steps.append("inner")
            steps.append("outer")
        steps.append("went on")
    assert steps == ["inner", "outer"]


def test_a_deferred_signal_comes_even_after_an_error() -> None:
    with pytest.raises(Interrupted) as error, interruptible(), deferred():
        send(signal.SIGTERM)
        raise FileProblem("meanwhile")
    signalled = error.value.__cause__
    assert signalled is not None
    assert isinstance(signalled.__context__, FileProblem)


def test_what_is_typed_is_left_to_the_child_and_the_rest_is_not() -> None:
    steps = []
    with pytest.raises(Interrupted, match=r"SIGTERM"), interruptible(), left_to_the_child():
        send(signal.SIGINT)
        send(signal.SIGQUIT)
        steps.append("went on")
        send(signal.SIGTERM)
        steps.append("not here")
    assert steps == ["went on"]


def test_what_was_left_to_a_child_is_told_once() -> None:
    with interruptible(), left_to_the_child():
        send(signal.SIGINT)
    assert [taken_by_a_child(), taken_by_a_child()] == [signal.SIGINT, None]


def test_a_child_can_be_interrupted_while_we_cannot() -> None:
    """An ignored signal would be inherited over exec; a handler is not."""
    with left_to_the_child():
        child = subprocess.run([sys.executable, "-c", SHOW_HANDLER], stdout=subprocess.PIPE, check=True)
    assert b"default_int_handler" in child.stdout


def test_other_threads_are_left_alone() -> None:
    seen = []

    def elsewhere() -> None:
        with interruptible(), deferred(), left_to_the_child():
            seen.append(handlers())

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen == [handlers()]


def test_a_process_is_unwound_by_a_signal_from_outside(tmp_path: Path) -> None:
    program = """
import sys, time
from eyamlgpg.errors import Interrupted
from eyamlgpg.host.signals import interruptible
try:
    with interruptible():
        try:
            print("ready", flush=True)
            time.sleep(60)
        finally:
            print("cleaned", flush=True)
except Interrupted as error:
    print(error)
    sys.exit(error.status)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        os.kill(process.pid, signal.SIGTERM)
        rest = process.stdout.read()
    assert (rest, process.returncode) == ("cleaned\ninterrupted by SIGTERM\n", 130)


def test_a_signal_in_the_middle_of_an_import_waits_for_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Raised in there it would leave half a module, or be swallowed by the import system's locks."""
    (tmp_path / "slow_to_import.py").write_text(
        "import os, signal, time\nos.kill(os.getpid(), signal.SIGTERM)\ntime.sleep(0.1)\nWHOLE = True\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(Interrupted, match="SIGTERM"), interruptible():
        module = importlib.import_module("slow_to_import")

        for _ in range(500):
            threading.Event().wait(0.01)
    assert module.WHOLE
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.parametrize("outcome", ["the block ends", "the block fails"])
@pytest.mark.parametrize("depth", [1, 2], ids=["alone", "within another"])
def test_a_signal_that_waits_for_an_import_is_not_lost_when_the_block_is_left(
    depth: int, outcome: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that ends within the waiting time has not outrun it, nor has the command around it."""
    name = f"quick_to_import_{depth}_{outcome.rsplit(maxsplit=1)[-1]}"
    (tmp_path / f"{name}.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(Interrupted, match="SIGINT"), contextlib.ExitStack() as stack:
        for _ in range(depth):
            stack.enter_context(interruptible())
        importlib.import_module(name)
        if outcome == "the block fails":
            raise FileProblem("meanwhile")
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
