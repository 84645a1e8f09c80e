"""The console script, and `python -m eyamlgpg`."""

import signal
import sys


def main() -> int:
    """Run one command line; the exit status."""
    # Until there is something to clean up, Ctrl-C ends us as it ends any program: at once, and without a traceback
    # out of the middle of an import. Where it is ignored (a job in the background) it stays so.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from eyamlgpg.cli.main import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
