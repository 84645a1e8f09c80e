"""Whom key IDs and lines of recipients files mean, named alike at both moments."""

from collections.abc import Iterable, Sequence

from eyamlgpg.formats.eyaml.recipients_lines import identity
from eyamlgpg.model.audit import Kind, Party
from eyamlgpg.model.diff import ListedReader
from eyamlgpg.model.keys import HIDDEN_KEY_ID, KeyId
from eyamlgpg.model.recipients import Recipient, Refused, Resolved
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.operations.audit.difference import PASSPHRASE
from eyamlgpg.operations.audit.known_keys import KnownKeys
from eyamlgpg.operations.diff.values import Standing


class Readers:
    """The names of one run."""

    def __init__(self, known: KnownKeys, resolver: Resolver) -> None:
        self._known = known
        self._resolvers = (
            resolver,
            Resolver(lambda: tuple(known.stored()), resolver.now, always_trust=True),
        )
        self._by_ids: dict[tuple[KeyId, ...], tuple[str, ...]] = {}
        self._parties: dict[str, Party] = {}

    @property
    def parties(self) -> dict[str, Party]:
        """Everybody who was named, by their ids."""
        return self._parties

    def of(self, one: Standing) -> tuple[str, ...]:
        """The ids of those who can read a value, a passphrase among them."""
        key_ids = one.past.key_ids
        if key_ids not in self._by_ids:
            self._by_ids[key_ids] = tuple(dict.fromkeys(id_ for key_id in key_ids for id_ in self._behind(key_id)))
        found = self._by_ids[key_ids]
        return (*found, PASSPHRASE) if one.passphrase else found

    def listed(self, recipients: Iterable[Recipient]) -> dict[str, ListedReader]:
        """The lines of a recipients file by the ids of those whom they mean."""
        return {one.id: one for one in map(self._line, recipients)}

    def _line(self, recipient: Recipient) -> ListedReader:
        for resolver in self._resolvers:
            match resolver.resolve([recipient]):
                case [Resolved(key=key)] | [Refused(candidates=(key,))]:
                    return ListedReader(key.fingerprint, key.user_id)
                case _:
                    continue
        claim = f"unknown key; the comment says: {recipient.comment}" if recipient.comment else "unknown key"
        return ListedReader(identity(recipient.name), claim, is_known=False)

    def _behind(self, key_id: KeyId) -> Sequence[str]:
        owners = () if key_id == HIDDEN_KEY_ID else self._known.owners(key_id)
        for key, source in owners:
            self._parties.setdefault(key.fingerprint, Party(key.fingerprint, key.user_id, Kind.PERSON, source))
        if owners:
            return [key.fingerprint for key, _ in owners]
        is_hidden = key_id == HIDDEN_KEY_ID
        name = "a hidden key" if is_hidden else f"the unknown key {key_id}"
        self._parties.setdefault(key_id, Party(key_id, name, Kind.HIDDEN if is_hidden else Kind.UNKNOWN))
        return [key_id]
