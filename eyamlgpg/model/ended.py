"""How a program ended, in words."""

import signal


def ending(status: int) -> str:
    """Words for a status as `subprocess` gives it, where a negative one is a signal: `was ended by SIGKILL`."""
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"was ended by signal {-status}"
