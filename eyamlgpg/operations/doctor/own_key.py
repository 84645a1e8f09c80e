"""Your own secret key: whether there is one, until when, how it is kept, and the smart card."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from eyamlgpg.model.diagnosis import Area, Diagnosis, State
from eyamlgpg.model.health import CardFacts, CardState, SecretFacts
from eyamlgpg.model.keys import Fingerprint, Key, Protection, Unusable, expiry, unusable_reason

SOON = timedelta(days=60)
"""A key that expires within this time is to be extended now, as `keys check` has it."""

_AREA = Area.KEYS
_MAKE_KEY = "eyamlgpg keys generate --person 'Your Name' --email you@example.com"
_REPLACE = "eyamlgpg recipients replace OLD NEW --everywhere"
_STATUS = "gpg --card-status"


def own_keys(keys: Sequence[Key]) -> tuple[Key, ...]:
    """The keys of which a secret part is here."""
    return tuple(key for key in keys if key.has_secret)


def examine_own_keys(
    own: Sequence[Key], secrets: SecretFacts, now: datetime, masters: Collection[Fingerprint]
) -> Iterator[Diagnosis]:
    """Each own key; `masters` are those that the policy declares."""
    if not own:
        yield Diagnosis(
            "own-key",
            _AREA,
            State.PROBLEM,
            "there is no secret key here",
            "You can encrypt values and check them, but read none. With a smart card, plug it in and run "
            f"`{_STATUS}` once.",
            (_MAKE_KEY,),
        )
    is_any_live = any(unusable_reason(key, now=now) is None for key in own)
    for key in own:
        yield from _own_key(key, now, is_any_live=is_any_live)
        if unusable_reason(key, now=now) is None:
            yield from _passphrase(key, secrets, is_master=_is_master(key, masters))


def _own_key(key: Key, now: datetime, *, is_any_live: bool) -> Iterator[Diagnosis]:
    name = f"{key.user_id} ({key.fingerprint})"
    reason = unusable_reason(key, now=now)
    until = expiry(key, now)
    if reason is not None:
        # An old key beside a good one still opens old values.
        state = State.NOTE if is_any_live else State.PROBLEM
        yield Diagnosis(
            "own-key",
            _AREA,
            state,
            f"nothing can be encrypted to your key {name}: {reason}",
            "What is encrypted to it already can still be read.",
            _ways_on(key, reason),
        )
        return
    yield Diagnosis("own-key", _AREA, State.GOOD, f"your secret key is {name}")
    if not key.validity.is_certified:
        yield Diagnosis(
            "own-key-ownertrust",
            _AREA,
            State.PROBLEM,
            f"your own key {name} has the validity `{key.validity.word}`",
            "gpg does not know that it is yours, so nothing is encrypted to it.",
            (f"echo {key.fingerprint}:6: | gpg --import-ownertrust",),
        )
    if until is None:
        yield Diagnosis("own-key-expiry", _AREA, State.GOOD, "it does not expire")
    elif until - now <= SOON:
        yield Diagnosis(
            "own-key-expiry",
            _AREA,
            State.PROBLEM,
            f"it expires on {until:%Y-%m-%d}",
            "After that nobody can encrypt to you, and values that you should read cannot be changed.",
            _extend(key),
        )
    else:
        yield Diagnosis("own-key-expiry", _AREA, State.GOOD, f"it expires on {until:%Y-%m-%d}")


def _passphrase(key: Key, secrets: SecretFacts, *, is_master: bool) -> Iterator[Diagnosis]:
    match secrets.weakest(tuple(part.fingerprint for part in key.parts)):
        case Protection.PASSPHRASE:
            yield Diagnosis("own-key-passphrase", _AREA, State.GOOD, "it is protected by a passphrase")
        case Protection.CARD:
            yield Diagnosis("own-key-passphrase", _AREA, State.GOOD, "it is on a smart card")
        case Protection.CLEAR if is_master:
            yield Diagnosis(
                "own-key-passphrase", _AREA, State.GOOD, "it has no passphrase, as a Puppet server's key must have none"
            )
        case Protection.CLEAR:
            yield Diagnosis(
                "own-key-passphrase",
                _AREA,
                State.PROBLEM,
                "it has no passphrase",
                "Whoever gets the disk or a backup can read every value that you can read.",
                (f"gpg --passwd {key.fingerprint}",),
            )
        case _:
            yield Diagnosis(
                "own-key-passphrase",
                _AREA,
                State.UNKNOWN,
                "gpg-agent does not tell how it is protected",
                "gpg-agent is asked only while it runs.",
                ("eyamlgpg keys check",),
            )


def examine_card(card: CardFacts, keys: Sequence[Key], own: Sequence[Key], secrets: SecretFacts) -> Iterator[Diagnosis]:
    """The smart card, and which key it holds."""
    on_card = [key for key in own if Protection.CARD in _protections(key, secrets)]
    names = ", ".join(key.user_id for key in on_card)
    match card.state:
        case CardState.PRESENT:
            yield from _present(card, keys)
        case CardState.ABSENT if on_card:
            yield Diagnosis(
                "card",
                _AREA,
                State.NOTE,
                f"no smart card is plugged in; the key of {names} is on one",
                "Values cannot be read without it.",
            )
        case CardState.NO_SCDAEMON if on_card:
            yield Diagnosis(
                "card",
                _AREA,
                State.PROBLEM,
                f"the key of {names} is on a smart card, but scdaemon is not installed",
                "gpg cannot talk to the card.",
                ("sudo apt install scdaemon",),
            )
        case CardState.SILENT:
            yield Diagnosis(
                "card",
                _AREA,
                State.PROBLEM,
                "the smart card, or the agent behind it, does not answer",
                "Another program may hold the reader.",
                ("gpgconf --kill scdaemon", _STATUS),
            )
        case CardState.FAILED:
            yield Diagnosis(
                "card",
                _AREA,
                State.PROBLEM if on_card else State.NOTE,
                f"the smart card cannot be read (error {card.code} of scdaemon)",
                "The card may be locked, or another program may hold the reader.",
                ("gpgconf --kill scdaemon", _STATUS),
            )
        case CardState.NOT_ASKED:
            yield Diagnosis(
                "card",
                _AREA,
                State.UNKNOWN,
                "no smart card was looked for",
                "gpg-agent is not running, and it alone talks to one.",
                (_STATUS,),
            )
        case _:
            yield Diagnosis("card", _AREA, State.GOOD, "no smart card is in use")


def _present(card: CardFacts, keys: Sequence[Key]) -> Iterator[Diagnosis]:
    held = {fingerprint: key for key in keys for part in key.parts if (fingerprint := part.fingerprint)}
    found = tuple(dict.fromkeys(held[one] for one in card.fingerprints if one in held))
    what = f"the smart card {card.serial}" if card.serial else "the smart card"
    if not card.fingerprints:
        yield Diagnosis("card", _AREA, State.NOTE, f"{what} holds no OpenPGP key")
    elif not found:
        yield Diagnosis(
            "card",
            _AREA,
            State.PROBLEM,
            f"{what} holds the key {card.fingerprints[0]}, which is not on the keyring",
            "gpg needs the public key as well. Import it, then let gpg read the card once.",
            ("eyamlgpg keys import --repo", _STATUS),
        )
    elif not any(key.has_secret for key in found):
        yield Diagnosis(
            "card",
            _AREA,
            State.PROBLEM,
            f"{what} holds the key of {found[0].user_id}, and gpg has not seen that yet",
            "gpg has to read the card once on this machine.",
            (_STATUS,),
        )
    else:
        yield Diagnosis("card", _AREA, State.GOOD, f"{what} holds the key of {found[0].user_id}")


def _protections(key: Key, secrets: SecretFacts) -> set[Protection]:
    return {secrets.protections[part.fingerprint] for part in key.parts if part.fingerprint in secrets.protections}


def has_to_ask(own: Sequence[Key], secrets: SecretFacts) -> bool | None:
    """Whether a passphrase or PIN is asked for, by the own key that is kept best; None where nobody tells."""
    kept = {secrets.weakest(tuple(part.fingerprint for part in key.parts)) for key in own}
    if kept & {Protection.PASSPHRASE, Protection.CARD}:
        return True
    return None if Protection.UNKNOWN in kept else False


def _is_master(key: Key, masters: Collection[Fingerprint]) -> bool:
    return key.fingerprint in masters or any("puppet" in user_id.text.lower() for user_id in key.user_ids)


def _ways_on(key: Key, reason: Unusable) -> tuple[str, ...]:
    if reason is Unusable.EXPIRED:
        return _extend(key)
    return (_MAKE_KEY, _REPLACE)


def _extend(key: Key) -> tuple[str, ...]:
    return (
        f"gpg --quick-set-expire {key.fingerprint} 2y",
        f"gpg --quick-set-expire {key.fingerprint} 2y '*'",
        f"eyamlgpg keys export {key.fingerprint}",
    )
