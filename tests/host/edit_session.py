"""One edit session as the cli runs it, for tests that look at it from outside: `edit_session.py [--bare] < terminal`.

The plaintext is $PLAINTEXT. Prints `left: ` and what the file held after the editor, in hex, or `error: ` and the error.
With --bare the editor is run as any other program would, to show what its configuration leaves behind.
"""

import os
import subprocess
import sys

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.host.editor import Editor, choose
from eyamlgpg.host.scratch import Scratch
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
