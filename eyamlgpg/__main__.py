"""The console script, and `python -m eyamlgpg`."""

import gc
import signal
import sys

COLLECT = 50_000
"""New objects between two collections; Python's 700 would make a tenth of each start."""


def main() -> int:
    """Run one command line; the exit status."""
    # Most of what a run makes lives as long as the run: it is looked through seldom, and not once more at the end.
    gc.set_threshold(COLLECT)
    # Until there is something to clean up, Ctrl-C ends us as it ends any program: at once, and without a traceback
    # out of the middle of an import. Where it is ignored (a job in the background) it stays so.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from eyamlgpg.cli.main import main as run

    status = run()
    gc.freeze()
    return status


if __name__ == "__main__":
    sys.exit(main())
