"""A process that has imported all of eyamlgpg, and forks for each command line that it is told to run.

A run of ours spends most of its time on imports, and strace stops it at every call of them. The fork stops itself until
strace has attached, so that only what the command line does is traced. It is run as a file, not as a module.
"""

import ctypes
import importlib
import json
import os
import pkgutil
import signal
import sys
from typing import Any, NoReturn

import eyamlgpg

ANY_TRACER = 0x59616D61, -1
"""prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY): Yama lets only a parent trace otherwise."""


def serve() -> None:
    """Orders as lines of JSON on stdin; for each the number of the fork on stdout, and its status when it has ended."""
    orders, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w", buffering=1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    for found in pkgutil.walk_packages(eyamlgpg.__path__, "eyamlgpg."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    for line in orders:
        order = json.loads(line)
        if (child := os.fork()) == 0:
            orders.close()
            answers.close()
            run(order)
        print(child, file=answers)
        _, ended = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(ended), file=answers)


def run(order: dict[str, Any]) -> NoReturn:
    """The command line, as a process of its own would run it."""
    from eyamlgpg.cli.main import main

    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environ"])
    for number, name, flags in (
        (0, "stdin", os.O_RDONLY),
        (1, "out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, "err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        opened = os.open(order[name], flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    ctypes.CDLL(None).prctl(*map(ctypes.c_ulong, ANY_TRACER), 0, 0, 0)
    sys.argv = ["eyamlgpg", *order["words"]]
    os.kill(os.getpid(), signal.SIGSTOP)
    sys.exit(main())


if __name__ == "__main__":
    serve()
