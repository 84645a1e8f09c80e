# ruff: noqa: T201  a program for a terminal
"""One edit session as the cli runs it, for tests that look at it from outside: `edit_session.py [--bare] < terminal`.

The plaintext is $PLAINTEXT. Prints `left: ` and what the file held after the editor, in hex; or `error: `
and the error; and, where it still has a terminal, whether that echoes.
With --bare the editor is run as any other program would, to show what its configuration leaves behind.
"""

import contextlib
import os
import subprocess
import sys
import termios

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.host.editing.editor import Editor, choose
from eyamlgpg.host.editing.scratch import Scratch
from eyamlgpg.host.signals import interruptible


def session() -> None:
    with interruptible(), Scratch(os.environ) as scratch:
        path = scratch.write("values.yaml", os.environ["PLAINTEXT"].encode())
        editor = Editor(choose(os.environ))
        del os.environ["PLAINTEXT"]
        print("editing", flush=True)
        if "--bare" in sys.argv:
            subprocess.run([*editor.argv, str(path)], check=True)
        else:
            editor.run(path)
        print("left:", scratch.read(path).hex(), flush=True)


if __name__ == "__main__":
    try:
        session()
    except EyamlgpgError as error:
        print("error:", error, flush=True)
    with contextlib.suppress(termios.error, OSError):
        print("echo:", bool(termios.tcgetattr(0)[3] & termios.ECHO), flush=True)
