"""Why gpg did not open a message, in words: where a secret key is here and was not used, they are gpg's own."""

from collections.abc import Iterable

from eyamlgpg.errors import BrokenOff, DamagedMessage, DecryptionError, NoSecretKey, WrongPassphrase
from eyamlgpg.formats.gnupg import status
from eyamlgpg.formats.gnupg.status import Keyword
from eyamlgpg.gpg import passphrases
from eyamlgpg.gpg.homedir import socket_is_too_long
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.session import Ran, Session
from eyamlgpg.model.ended import ending
from eyamlgpg.model.key_ids import HIDDEN_KEY_ID, KeyId

_WITHOUT_AGENT = (b"can't connect to the agent", b"can't connect to the gpg-agent")
"""What gpg 2.2 and 2.4 say in the C locale; they have no status for it, and then call every secret key missing."""

_NOT_STARTED = b"no gpg-agent running in this session"
"""The same where `no-autostart` keeps gpg from starting one."""

_KEY_FAILED = b"gpg: public key decryption failed: "

_SEE_GPG_CONF = "see whether gpg.conf cuts, mixes or hides it: `unwrap`, `list-only`, `logger-fd`, `passphrase-fd`"


class Failures:
    """The errors for messages that gpg of one home did not open."""

    def __init__(self, session: Session, keyring: GnupgKeyring) -> None:
        """`keyring`: for whose keys are here."""
        self._session = session
        self._keyring = keyring

    def of(self, ran: Ran, key_ids: tuple[KeyId, ...]) -> DecryptionError:
        """The error for a run of gpg that gave no plaintext, of a message to these keys."""
        statuses = ran.statuses
        if ran.returncode < 0:
            return _killed(ran.returncode)
        if _NOT_STARTED in ran.stderr or any(words in ran.stderr for words in _WITHOUT_AGENT):
            return self._no_agent(is_forbidden=_NOT_STARTED in ran.stderr)
        if words := passphrases.not_given(ran, self._session.environment):
            sentence, hints = words
            return WrongPassphrase(sentence, *hints)
        if statuses.has(Keyword.BADSIG):
            return DamagedMessage("the message is damaged: the signature in it is not of this plaintext")
        if ran.returncode == 0 or statuses.has(Keyword.DECRYPTION_OKAY) or statuses.has(Keyword.NODATA):
            return DecryptionError("gpg did not give its plaintext as it should, so it is not used", _SEE_GPG_CONF)
        # NO_SECKEY comes for each of the other recipients, too; DECRYPTION_INFO once a session key was found.
        if statuses.has(Keyword.DECRYPTION_INFO):
            return DamagedMessage("the message is damaged: it fails its integrity check")
        own = tuple(key_id for key_id in key_ids if key_id in self._keyring.own_key_ids())
        # Of a hidden recipient gpg 2.4 tells the reason of the last key that it tried, which need not be the right one.
        if own or (_reason(ran) and HIDDEN_KEY_ID not in key_ids):
            return self._not_used(ran, own)
        return self.no_secret_key(key_ids)

    def no_secret_key(self, key_ids: tuple[KeyId, ...]) -> NoSecretKey:
        """The error for a message whose keys are other people's."""
        return NoSecretKey(
            f"no secret key here opens it; it is encrypted to {self._people(key_ids)}",
            f"looked for in the GnuPG home {self._session.homedir}; --gpg-gnupghome or GNUPGHOME names another",
            "values can be added and replaced without reading them: eyamlgpg set, or eyamlgpg edit -d",
        )

    def _not_used(self, ran: Ran, own: tuple[KeyId, ...]) -> DecryptionError:
        reason = _reason(ran) or ran.reason
        whose = f"the secret key of {self._people(own)}" if own else "a secret key for it"
        sentence = f"{whose} is here, but gpg could not use it: {reason}"
        if ran.statuses.codes & status.BROKEN_OFF or reason.endswith("No secret key"):
            return BrokenOff(sentence, f"gpg-agent may have ended or run out of memory; {self._see_agent()}")
        return DecryptionError(sentence, self._see_agent())

    def _see_agent(self) -> str:
        home = self._session.homedir
        return f"see what it says of the key: gpg-connect-agent --homedir '{home}' 'keyinfo --list' /bye"

    def _no_agent(self, *, is_forbidden: bool) -> DecryptionError:
        home = self._session.homedir
        if is_forbidden:
            return DecryptionError(
                f"gpg-agent does not run for {home}, and `no-autostart` keeps gpg from starting it",
                f"start it: gpg-agent --homedir '{home}' --daemon",
            )
        if socket_is_too_long(home):
            return DecryptionError(
                f"gpg-agent cannot start: the path of its home is too long for a socket: {home}",
                f"link to it by a shorter one, and use that as GNUPGHOME: ln -s '{home}' ~/.g",
            )
        return DecryptionError(
            f"gpg-agent could not be started or reached for {home}",
            f"see why: gpg-agent --homedir '{home}' --daemon",
        )

    def _people(self, key_ids: Iterable[KeyId]) -> str:
        """Whom a message is for, by name where the keyring knows."""
        return ", ".join(dict.fromkeys(self._person(key_id) for key_id in key_ids)) or "a passphrase"

    def _person(self, key_id: KeyId) -> str:
        if key_id == HIDDEN_KEY_ID:
            return "a hidden recipient"
        key = self._keyring.find(key_id)
        return key.user_id if key is not None else f"the unknown key {key_id}"


def _reason(ran: Ran) -> str | None:
    """Why gpg could not use a secret key, in its own words; None where it had none."""
    words = [line.removeprefix(_KEY_FAILED) for line in ran.stderr.splitlines() if line.startswith(_KEY_FAILED)]
    return next((word.decode("utf-8", "replace") for word in words if word != b"No secret key"), None)


def _killed(status: int) -> BrokenOff:
    return BrokenOff(
        f"gpg {ending(status)} before it had opened the message",
        "the machine may be out of memory, or somebody ended gpg; run the command again",
    )
