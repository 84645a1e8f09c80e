"""Whether gpg-agent answers, and what it tells of secret keys and of a smart card; it is never started here."""

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from eyamlgpg.errors import GnupgError
from eyamlgpg.gpg.opening.agent import socket_of
from eyamlgpg.gpg.opening.assuan import Answer, Connection, Refused, Unexpected
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.health import AgentFacts, Answering, CardFacts, CardState
from eyamlgpg.model.keys import Fingerprint, Protection

PATIENCE_SECONDS = 4.0
"""How long the agent, or a card behind it, may take to answer."""

# KEYINFO <keygrip> <type> <serialno> <idstr> <cached> <protection> …  (gpg-agent's manual, KEYINFO)
_KEYINFO = re.compile(rb"KEYINFO [0-9A-F]{40} ([DTX-]) \S+ \S+ \S+ ([PC-])")
_PROTECTION = {b"P": Protection.PASSPHRASE, b"C": Protection.CLEAR}
_SERIAL = re.compile(rb"SERIALNO ([0-9A-Fa-f]+)")
_ON_CARD = re.compile(rb"KEY-FPR [0-9] ([0-9A-Fa-f]{40,64})")

_ABSENT = (110, 112, 32848)
"""libgpg-error's numbers for a card that is not there or was taken out, and ENODEV: there is no reader."""
_NO_SCDAEMON = 119


class AgentHealth:
    """The agent of one home. Whoever does not answer in time is not asked again."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._is_silent = False
        self._answering = Answering.UNKNOWN

    def facts(self) -> AgentFacts:
        """Whether it answers."""
        if self.connection is None:
            return AgentFacts(self._answering, process=self._process() if self._is_silent else None)
        version = self._asked(b"GETINFO version")
        is_restricted = self._asked(b"GETINFO restricted") is not None
        return AgentFacts(
            Answering.ALIVE, version.data.decode("ascii", "replace") if version else None, is_restricted=is_restricted
        )

    def protection(self, keygrip: str) -> Protection:
        """How a secret key is kept."""
        told = self._asked(b"KEYINFO " + keygrip.encode())
        found = next((one for status in told.statuses if (one := _KEYINFO.match(status))), None) if told else None
        if found is None:
            return Protection.UNKNOWN
        return Protection.CARD if found[1] == b"T" else _PROTECTION.get(found[2], Protection.UNKNOWN)

    def held(self, keygrips: Iterable[str]) -> frozenset[str]:
        """Those whose secret key an agent on another machine has."""
        if self.connection is None:
            return frozenset()
        return frozenset(keygrip for keygrip in keygrips if self._asked(b"HAVEKEY " + keygrip.encode()) is not None)

    @property
    def no_card(self) -> CardState:
        """What is known of a card without an agent."""
        return CardState.SILENT if self._is_silent else CardState.NOT_ASKED

    def card(self, *, is_installed: bool) -> CardFacts:
        """The card; a scdaemon that is started for this question is stopped again."""
        if not is_installed:
            return CardFacts(CardState.NO_SCDAEMON)
        was_running = self._asked(b"GETINFO scd_running") is not None
        try:
            return self._card()
        finally:
            if not was_running:
                self._asked(b"SCD KILLSCD")

    def _card(self) -> CardFacts:
        if self.connection is None:
            return CardFacts(self.no_card)
        try:
            told = self.connection.ask(b"SCD SERIALNO")
        except Refused as refused:
            code = int(str(refused)) & 0xFFFF if str(refused).isdigit() else 0
            if code in _ABSENT:
                return CardFacts(CardState.ABSENT)
            return CardFacts(CardState.NO_SCDAEMON if code == _NO_SCDAEMON else CardState.FAILED, code=code)
        except Unexpected:
            self._is_silent = True
            return CardFacts(CardState.SILENT)
        serial = next((one[1].decode() for status in told.statuses if (one := _SERIAL.match(status))), None)
        keys = self._asked(b"SCD GETATTR KEY-FPR")
        found = [one[1].decode().upper() for status in keys.statuses if (one := _ON_CARD.match(status))] if keys else []
        return CardFacts(CardState.PRESENT, serial, tuple(map(Fingerprint, found)))

    @cached_property
    def connection(self) -> Connection | None:
        """The connection; None where nobody answers, and why is remembered."""
        path = self._path
        if path is None:
            return None
        try:
            return Connection(path, PATIENCE_SECONDS)
        except Unexpected as error:
            self._is_silent = isinstance(error.__cause__, TimeoutError)
            is_gone = isinstance(error.__cause__, FileNotFoundError | ConnectionRefusedError)
            if self._is_silent or is_gone:
                self._answering = Answering.SILENT if self._is_silent else Answering.NOT_RUNNING
        except Refused:
            self._answering = Answering.UNKNOWN
        return None

    @cached_property
    def _path(self) -> Path | None:
        try:
            return socket_of(self._session)
        except GnupgError:
            return None

    def _asked(self, command: bytes) -> Answer | None:
        """What it answers; None where it refuses, is silent, or was so before."""
        if self._is_silent or self.connection is None:
            return None
        try:
            return self.connection.ask(command)
        except Refused:
            return None
        except Unexpected:
            self._is_silent = True
            return None

    def _process(self) -> int | None:
        """The process that holds the socket, as Linux tells it (proc(5), net/unix and PID/fd).

        SO_PEERCRED names the parent that the agent had before it went to the background.
        """
        try:
            table = Path("/proc/net/unix").read_text(errors="surrogateescape").splitlines()
        except OSError:
            return None
        inodes = [
            fields[6] for line in table if len(fields := line.split(None, 7)) == 8 and fields[7] == str(self._path)
        ]
        wanted = {f"socket:[{inode}]" for inode in inodes}
        for descriptor in Path("/proc").glob("[0-9]*/fd/*") if wanted else ():
            try:
                if str(descriptor.readlink()) in wanted:
                    return int(descriptor.parts[2])
            except OSError:
                continue
        return None
