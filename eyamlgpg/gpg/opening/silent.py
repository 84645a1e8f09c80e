"""Opening messages without asking anybody: whatever a passphrase, a PIN or a touch would be needed for stays closed."""

from collections import Counter
from collections.abc import Collection

from eyamlgpg.errors import EyamlgpgError, FormatError
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.openpgp.unusual import LeftToGnupg, Unusual
from eyamlgpg.gpg.opening import proof
from eyamlgpg.gpg.opening.agent import Agent, socket_of
from eyamlgpg.gpg.opening.assuan import Unexpected
from eyamlgpg.gpg.opening.engine import NEVER_ASK, WRITES_HERE, Engine
from eyamlgpg.gpg.opening.opener import Opener
from eyamlgpg.gpg.opening.own_keys import own_keys
from eyamlgpg.gpg.session import Session
from eyamlgpg.model import limits
from eyamlgpg.model.keys import KeyId

BY_GPG = 50
"""Messages that are given to gpg in one run; each one is a process."""

REFUSALS = 3
"""How often in a row the agent may refuse a key before it is no longer asked for it.

One refusal may be the fault of a message that somebody made for it.
"""

_FOR_GPG = frozenset(Unusual) - {
    *(Unusual.DAMAGED, Unusual.LARGE, Unusual.NO_INTEGRITY, Unusual.NO_KEY, Unusual.PASSPHRASE)
}
"""What gpg may open without asking where this process does not."""


class SilentOpener:
    """The secret keys of one home, as far as the agent lets them be used at once."""

    def __init__(self, session: Session) -> None:
        """Raises GnupgError where there is no gpg."""
        self._engine = Engine(session)
        self._refusals: Counter[KeyId] = Counter()
        self._left_for_gpg = BY_GPG
        self._opener: Opener | None = None
        keys = own_keys(session)
        socket = socket_of(session) if keys else None
        if socket is not None:
            try:
                self._opener = Opener(keys, Agent(socket, session.waiting))
            except (Unexpected, EyamlgpgError):
                self._opener = None

    @property
    def is_locked(self) -> bool:
        """Whether the agent would have had to ask somebody for a key."""
        return bool(self._refusals)

    def open(self, message: bytes) -> bytes | None:
        """The exact, proved plaintext; None for a message that does not open without asking."""
        try:
            if not packets.read(message).integrity_protected:
                return None
        except FormatError:
            return None
        if self._opener is None:
            return self._by_gpg(message)
        refused: set[KeyId] = set()
        try:
            plaintext = self._opener.open(message, self._allowed(self._opener), refused)
        except LeftToGnupg as left:
            self._refusals.update(refused)
            return self._by_gpg(message) if left.why in _FOR_GPG else None
        except (Unexpected, EyamlgpgError):
            self._opener = None
            return self._by_gpg(message)
        self._refusals.clear()
        return plaintext

    def _allowed(self, opener: Opener) -> Collection[KeyId]:
        return {key_id for key_id in opener.keys if self._refusals[key_id] < REFUSALS}

    def _by_gpg(self, message: bytes) -> bytes | None:
        if not self._left_for_gpg:
            return None
        self._left_for_gpg -= 1
        ran = self._engine.opened(message, *WRITES_HERE, proof.bound(limits.AT_ONCE), NEVER_ASK)
        if len(ran.stdout) > limits.AT_ONCE or not proof.is_whole(ran.statuses, ran.stderr, ran.stdout):
            return None
        return ran.stdout if proof.ended_well(ran) and proof.holds_no_words(ran) else None
