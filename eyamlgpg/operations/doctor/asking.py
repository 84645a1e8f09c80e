"""Whether a passphrase could be asked for: the pinentry, and the terminal or display that it needs."""

from collections.abc import Iterator

from eyamlgpg.model.diagnosis import Area, Diagnosis, State
from eyamlgpg.model.health import PinentryFacts, TerminalFacts

_AREA = Area.PASSPHRASES
_TTY = "export GPG_TTY=$(tty)"
_GRAPHICAL = ("gnome3", "gtk-2", "gtk", "qt5", "qt", "x11", "fltk", "efl", "mac")
_INSTALL = "sudo apt install pinentry-curses"
_PLAIN = ("", "dumb", "unknown")


def examine_pinentry(pinentry: PinentryFacts) -> Iterator[Diagnosis]:
    """The program."""
    if pinentry.is_there:
        kind = f" ({pinentry.flavour})" if pinentry.flavour else ""
        yield Diagnosis("pinentry", _AREA, State.GOOD, f"the pinentry is {pinentry.program}{kind}")
    else:
        yield Diagnosis(
            "pinentry",
            _AREA,
            State.PROBLEM,
            f"the pinentry {pinentry.program} does not exist or cannot be run",
            "gpg cannot ask for a passphrase or PIN. If gpg-agent.conf names another one, correct `pinentry-program`.",
            (_INSTALL, "gpgconf --kill gpg-agent"),
        )


def examine_terminal(
    terminal: TerminalFacts, pinentry: PinentryFacts, *, is_needed: bool | None
) -> Iterator[Diagnosis]:
    """Where it would ask. `is_needed`: whether a secret key here has a passphrase or PIN; None where nobody tells."""
    worst = State.NOTE if is_needed is False else State.PROBLEM
    if terminal.display and pinentry.flavour in _GRAPHICAL:
        yield from _on_display(terminal)
        return
    if terminal.named_fault is not None:
        yield Diagnosis(
            "terminal",
            _AREA,
            worst,
            f"GPG_TTY names {terminal.named}, which {terminal.named_fault}",
            f"pinentry cannot ask there.{_in_multiplexer(terminal)}",
            _ways_to(terminal),
        )
    elif terminal.named is None and terminal.terminal is None:
        yield Diagnosis(
            "terminal",
            _AREA,
            State.PROBLEM if is_needed else State.NOTE,
            f"there is no terminal{_no_display(pinentry)}",
            "A passphrase cannot be asked for here. Secret keys without one, or a remembered one, work.",
            ("script -q /dev/null",) if is_needed else (),
        )
    elif terminal.named is not None and terminal.terminal not in (None, terminal.named):
        yield Diagnosis(
            "terminal",
            _AREA,
            worst,
            f"GPG_TTY names {terminal.named}, but this terminal is {terminal.terminal}",
            f"pinentry asks in the other one.{_in_multiplexer(terminal)}",
            (_TTY,),
        )
    elif terminal.kind in _PLAIN:
        yield Diagnosis(
            "terminal",
            _AREA,
            worst,
            f"TERM is {terminal.kind or 'not set'}",
            "pinentry cannot draw its question in such a terminal.",
            ("export TERM=xterm",),
        )
    elif terminal.named is None:
        yield Diagnosis(
            "terminal",
            _AREA,
            State.NOTE,
            f"GPG_TTY is not set; eyamlgpg tells gpg to ask on {terminal.terminal}",
            "A gpg that something else starts, such as `git commit -S`, does not know where to ask.",
            (_TTY,),
        )
    else:
        yield Diagnosis("terminal", _AREA, State.GOOD, f"pinentry can ask on {terminal.named}")


def _on_display(terminal: TerminalFacts) -> Iterator[Diagnosis]:
    if terminal.is_remote:
        yield Diagnosis(
            "terminal",
            _AREA,
            State.NOTE,
            f"pinentry asks in a window on {terminal.display}, in a session of ssh",
            "The window opens where that display is. To be asked in this terminal, unset it.",
            ("unset DISPLAY WAYLAND_DISPLAY", _TTY),
        )
    else:
        yield Diagnosis("terminal", _AREA, State.GOOD, f"pinentry asks in a window on {terminal.display}")


def _no_display(pinentry: PinentryFacts) -> str:
    return " and no display" if pinentry.flavour in _GRAPHICAL else ""


def _in_multiplexer(terminal: TerminalFacts) -> str:
    if terminal.multiplexer is None:
        return ""
    return f" In {terminal.multiplexer} each pane is a terminal of its own, so set it in your shell's start-up file."


def _ways_to(terminal: TerminalFacts) -> tuple[str, ...]:
    return ("unset GPG_TTY",) if terminal.terminal is None else (_TTY,)
