"""Our worker processes beside those of the standard library, over the same messages and the same gpg.

    python -m benchmarks.workers [--values 300] [--recipients 3] [--jobs 2]

Prints, for our pool, for `concurrent.futures.ProcessPoolExecutor` and for workers of ours that talk through
`multiprocessing.connection`: milliseconds a value (the best of three runs, each with the start of its workers).
Then for the executor: what becomes of a run whose worker is killed, of workers whose parent is killed, and of a module
that somebody put into the working directory.
"""

import argparse
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path

from benchmarks.world import People, Sealer, people
from eyamlgpg.gpg.opening.decrypter import GnupgDecrypter
from eyamlgpg.gpg.opening.stream import MessageStream
from eyamlgpg.gpg.recrypting.recrypter import Effort, GnupgRecrypter
from eyamlgpg.gpg.recrypting.worker import _Exports
from eyamlgpg.gpg.sealing.sealer import OpenpgpEncrypter
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Subkey
from eyamlgpg.model.messages import Order

Given = tuple[Session, tuple[Subkey, ...], bytes]
"""What a worker needs: gpg, the readers, and their certificates."""

TRIES = 3
_work: Callable[[bytes], bytes]
"""In a worker: opens a message and encrypts it anew."""
_open = ExitStack()


def set_up(session: Session, subkeys: tuple[Subkey, ...], export: bytes) -> None:
    """What a worker of ours does before its first order."""
    global _work  # noqa: PLW0603 - an initializer has no other way
    exports = _Exports()
    exports.by_subkeys[subkeys] = export
    encrypter = OpenpgpEncrypter(session, exports)
    stream = _open.enter_context(MessageStream(session, Path(tempfile.mkdtemp(prefix="eg-"))))

    def work(message: bytes) -> bytes:
        plaintext = stream.open(message)
        assert plaintext is not None
        return encrypter.encrypt(plaintext, subkeys)

    _work = work


def recrypted(message: bytes) -> bytes:
    """One order in an executor's worker."""
    return _work(message)


def serve() -> None:
    """A worker that talks through a connection over its standard input and output."""
    requests, answers = Connection(0, writable=False), Connection(1, readable=False)
    set_up(*pickle.loads(requests.recv_bytes()))  # noqa: S301 - from our parent
    try:
        while True:
            answers.send_bytes(_work(requests.recv_bytes()))
    except EOFError:
        _open.close()


def main() -> int:
    """Make the people and their messages, and print the table."""
    parser = argparse.ArgumentParser(description="Time worker processes.")
    parser.add_argument("--values", type=int, default=300, help="number of messages")
    parser.add_argument("--recipients", type=int, default=3, help="number of recipients of each")
    parser.add_argument("--jobs", type=int, default=2, help="number of worker processes")
    options = parser.parse_args()
    with people(options.recipients) as who:
        sealer = Sealer(who)
        messages = [sealer.seal(b"secret %d" % one, who.keys) for one in range(options.values)]
        subkeys = tuple(who.subkeys(who.keys))
        given = (who.session, subkeys, who.keyring.export(subkeys))
        for name, run in (
            ("ours", lambda: _ours(who, subkeys, messages, options.jobs)),
            ("ProcessPoolExecutor", lambda: _executor(given, messages, options.jobs)),
            ("multiprocessing.connection", lambda: _connections(given, messages, options.jobs)),
        ):
            print(f"{name:27} {min(_seconds(run) for _ in range(TRIES)) / len(messages) * 1000:6.2f} ms a value")
        print(f"ProcessPoolExecutor, a worker killed: {_killed_worker(given, messages)}")
        print(f"ProcessPoolExecutor, its parent killed: {_killed_parent()} of 2 workers are left after two seconds")
        print(f"ProcessPoolExecutor, a module in the working directory: {_planted()}")
    return 0


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def _ours(who: People, subkeys: tuple[Subkey, ...], messages: Sequence[bytes], jobs: int) -> None:
    decrypter = GnupgDecrypter(who.session, who.keyring)
    encrypter = OpenpgpEncrypter(who.session, who.keyring)
    recrypter = GnupgRecrypter(who.session, who.keyring, decrypter, encrypter, Effort(jobs))
    for result in recrypter.recrypt_many(Order(message, (subkeys,)) for message in messages):
        assert result.error is None


@contextmanager
def _pool(given: Given, jobs: int) -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(jobs, get_context("spawn"), set_up, given) as pool:
        yield pool


def _executor(given: Given, messages: Sequence[bytes], jobs: int) -> None:
    with _pool(given, jobs) as pool:
        assert len(list(pool.map(recrypted, messages))) == len(messages)


def _connections(given: Given, messages: Sequence[bytes], jobs: int) -> None:
    workers = []
    for _ in range(jobs):
        command = [sys.executable, "-P", "-c", "from benchmarks.workers import serve; serve()"]
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ)
        assert process.stdin is not None
        assert process.stdout is not None
        ends = Connection(os.dup(process.stdin.fileno()), readable=False), Connection(os.dup(process.stdout.fileno()))
        process.stdin.close()
        ends[0].send_bytes(pickle.dumps(given))
        workers.append((process, *ends))
    left, back = iter(messages), 0
    by_answer = {answers: requests for _, requests, answers in workers}
    for requests in (*by_answer.values(), *by_answer.values()):
        requests.send_bytes(next(left))
    while back < len(messages):
        for ready in wait(list(by_answer)):
            assert isinstance(ready, Connection)
            ready.recv_bytes()
            back += 1
            if (message := next(left, None)) is not None:
                by_answer[ready].send_bytes(message)
    for process, requests, _ in workers:
        requests.close()
        process.wait()


def _killed_worker(given: Given, messages: Sequence[bytes]) -> str:
    with _pool(given, 2) as pool:
        futures: list[Future[bytes]] = [pool.submit(recrypted, message) for message in messages]
        futures[0].result()
        os.kill(next(iter(pool._processes)), signal.SIGKILL)  # noqa: SLF001 - nothing public tells it
        lost = sum(isinstance(future.exception(), BrokenProcessPool) for future in futures)
    return f"{lost} of {len(futures)} orders are lost, and the pool takes no more"


def _killed_parent() -> int:
    program = (
        "import multiprocessing, time\nfrom concurrent.futures import ProcessPoolExecutor as Pool\n"
        "pool = Pool(2, multiprocessing.get_context('spawn'))\n"
        "list(pool.map(time.sleep, [0.3, 0.3]))\nprint(*pool._processes, flush=True)\ntime.sleep(60)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "parent.py")
        path.write_text(f"if __name__ == '__main__':\n    {program.replace(chr(10), chr(10) + '    ')}\n")
        with subprocess.Popen([sys.executable, str(path)], stdout=subprocess.PIPE, text=True) as parent:
            assert parent.stdout is not None
            workers = [int(word) for word in parent.stdout.readline().split()]
            parent.kill()
    time.sleep(2)
    left = [one for one in workers if Path(f"/proc/{one}/stat").exists()]
    for one in left:
        os.kill(one, signal.SIGKILL)
    return len(left)


def _planted() -> str:
    """What a worker runs of a module that somebody put into the folder where the user stands."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "multiprocessing").mkdir()
        Path(folder, "multiprocessing", "__init__.py").write_text("import pathlib\npathlib.Path('ran').touch()\n")
        program = "import os, sys\nfrom multiprocessing import get_context\nos.chdir(sys.argv[1])\n"
        program += "get_context('spawn').Process(target=os.getpid).start()\n"
        subprocess.run([sys.executable, "-P", "-c", program, folder], capture_output=True, check=False)
        safe = "is not run" if not Path(folder, "ran").exists() else "is run"
        subprocess.run([sys.executable, "-c", program, folder], capture_output=True, check=False)
        usual = "is not run" if not Path(folder, "ran").exists() else "is run"
    return f"{usual}; with -P for the parent it {safe}"


if __name__ == "__main__":
    sys.exit(main())
