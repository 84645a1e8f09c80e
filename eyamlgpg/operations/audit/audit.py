"""Who can read each value of a tree at one moment, told from its ciphertext alone; no private key is needed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Protocol

from eyamlgpg.errors import EyamlgpgError, FileProblem
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.formats.text import decode
from eyamlgpg.model.audit import At, Audit, AuditedValue, Kind, Party, Share, Source
from eyamlgpg.model.keys import HIDDEN_KEY_ID, Fingerprint, Key, KeyId
from eyamlgpg.model.people import Member, Roster
from eyamlgpg.model.recipients import Refused, Resolution, Resolved
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.operations.audit.known_keys import KnownKeys
from eyamlgpg.operations.tree.drift import judge_scan
from eyamlgpg.operations.tree.governance import Governance
from eyamlgpg.operations.tree.selection import ALWAYS, IF_ENCRYPTED, PassedOver, TreeFile
from eyamlgpg.operations.tree_ports import Scope, Tree
from eyamlgpg.rules.risks import risks

_SETTINGS = ".eyamlgpg/"


class AuditedTree(Tree, Scope, Protocol):
    """What an audit looks at."""


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """What is known before the first file is read."""

    at: At
    today: date
    """Of that moment: by it the last day of somebody is judged."""
    default: Method | None = None
    """The method of values that name none."""
    roster: Roster = field(default_factory=Roster)
    own: frozenset[Fingerprint] = frozenset()
    """The keys whose secret part is at hand."""
    errors: tuple[EyamlgpgError, ...] = ()
    """What is wrong with the settings of the tree, which then count as empty."""


def audit(tree: AuditedTree, request: AuditRequest, governance: Governance, known: KnownKeys) -> Audit:
    """Look at every value that was asked for; what cannot be read is an error of the result, the others go on."""
    return _Run(tree, request, governance, known).run()


class _Run:
    """One audit in the making."""

    def __init__(self, tree: AuditedTree, request: AuditRequest, governance: Governance, known: KnownKeys) -> None:
        self._tree = tree
        self._request = request
        self._governance = governance
        self._known = known
        self._members: Mapping[str, Member] = {member.fingerprint: member for member in request.roster.members}
        self._masters = {member.fingerprint for member in request.roster.masters}
        self._parties: dict[str, Party] = {}
        self._readers: dict[tuple[KeyId, ...], tuple[str, ...]] = {}
        self._wanted: dict[str, tuple[str, ...] | None] = {}
        self._errors: dict[str, EyamlgpgError] = {}
        self._warnings: list[str] = []
        self._left_alone = 0
        self._stored = Resolver(lambda: tuple(known.stored()), governance.resolver.now, always_trust=True)

    def run(self) -> Audit:
        values = [value for path in self._paths() for value in self._safely(path)]
        parties = tuple(sorted(self._parties.values(), key=_order))
        places = {party.id: place for place, party in enumerate(parties)}
        ordered: dict[tuple[str, ...], tuple[str, ...]] = {}
        for at, value in enumerate(values):
            if value.readers not in ordered:
                ordered[value.readers] = tuple(sorted(value.readers, key=places.__getitem__))
            values[at] = replace(value, readers=ordered[value.readers])
        values.sort(key=lambda value: (value.path, value.line))
        own = tuple(party for party in parties if party.id in self._request.own)
        mine = {party.id for party in own}
        return Audit(
            at=self._request.at,
            parties=parties,
            values=tuple(values),
            risks=risks(values, self._parties, self._request.today),
            share=Share(own, sum(not mine.isdisjoint(value.readers) for value in values)),
            files=len({value.path for value in values}),
            left_alone=self._left_alone,
            errors=(*self._request.errors, *self._closed(), *self._errors.values()),
            warnings=(*self._warnings, *self._passed_over()),
        )

    def _paths(self) -> Iterator[str]:
        """The files to look at, links resolved, each once."""
        links = self._tree.links()
        found: dict[str, None] = {}
        for path in self._tree.chosen():
            place = links.get(path, "") if path in links else path
            if place is None:
                if _can_hold(path):
                    self._warnings.append(f"{path}: leads out of the tree, or nowhere, and is left out")
            elif self._tree.is_named(path) or _can_hold(place):
                found[place] = None
        return (path for path in found if not path.startswith(_SETTINGS))

    def _passed_over(self) -> Iterator[str]:
        return (PassedOver(Path(one), one).warning("eyamlgpg audit") for one in self._tree.repositories())

    def _closed(self) -> Iterator[EyamlgpgError]:
        return (FileProblem(f"{place}: cannot be read: {why}") for place, why in self._tree.closed().items())

    def _safely(self, path: str) -> Sequence[AuditedValue]:
        try:
            return tuple(self._file(path))
        except EyamlgpgError as error:
            self._errors[str(error)] = error
            return ()

    def _file(self, path: str) -> Iterator[AuditedValue]:
        text = decode(self._tree.read(path))
        on_sight = PurePosixPath(path).suffix.lower() in IF_ENCRYPTED and not self._tree.is_named(path)
        if not TreeFile(Path(path), path, on_sight=on_sight).counts(text):
            return
        scan = find_values(text)
        judged = judge_scan(text, scan, path, None, self._request.default)
        self._left_alone += judged.left_alone
        self._errors |= {str(error): error for error in judged.errors}
        if not judged.values:
            return
        wanted = self._wanted_for(path)
        numbers: Counter[str | None] = Counter()
        for one in judged.values:
            key = None if one.value.path is None else str(one.value.path)
            place = (path, one.value.line, key, numbers[key])
            numbers[key] += 1
            yield AuditedValue(*place, self._readers_of(one.told.key_ids), wanted, passphrase=one.told.symmetric)

    def _readers_of(self, key_ids: tuple[KeyId, ...]) -> tuple[str, ...]:
        """Whoever may stand behind these key IDs; values of the same readers share one tuple of them."""
        if key_ids not in self._readers:
            found = dict.fromkeys(party for key_id in key_ids for party in self._behind(key_id))
            self._readers[key_ids] = tuple(found)
        return self._readers[key_ids]

    def _behind(self, key_id: KeyId) -> Sequence[str]:
        """Whoever may stand behind a key ID of a message."""
        owners = () if key_id == HIDDEN_KEY_ID else self._known.owners(key_id)
        if owners:
            return [self._party(key, source) for key, source in owners]
        if key_id == HIDDEN_KEY_ID:
            party = Party(key_id, "a hidden key", Kind.HIDDEN)
        else:
            party = Party(key_id, f"the unknown key {key_id}", Kind.UNKNOWN)
        return [self._parties.setdefault(party.id, party).id]

    def _party(self, key: Key, source: Source | None) -> str:
        if key.fingerprint not in self._parties:
            member = self._members.get(key.fingerprint)
            roles, until = (member.roles, member.until) if member else ((), None)
            kind = Kind.MASTER if self._is_master(key) else Kind.PERSON
            self._parties[key.fingerprint] = Party(key.fingerprint, key.user_id, kind, source, roles, until)
        return key.fingerprint

    def _is_master(self, key: Key) -> bool:
        """Whether the policy says so; where it names no puppetmaster at all, the word in a user ID does."""
        if self._masters:
            return key.fingerprint in self._masters
        return any("puppet" in user_id.text.lower() for user_id in key.user_ids)

    def _wanted_for(self, path: str) -> tuple[str, ...] | None:
        """Whom the recipients file of a path names; None where there is none, or a line means nobody for sure."""
        try:
            name = self._governance.path_for(path)
            if name is None:
                return None
            if name not in self._wanted:
                self._wanted[name] = None  # where it cannot be read, that is told once
                self._wanted[name] = self._named(self._governance.of_list(name).resolutions)
            return self._wanted[name]
        except EyamlgpgError as error:
            self._errors[str(error)] = error
            return None

    def _named(self, resolutions: Iterable[Resolution]) -> tuple[str, ...] | None:
        keys = [self._meant(resolution) for resolution in resolutions]
        if not keys or None in keys:
            return None
        every = {key.fingerprint: key for key in keys if key is not None}
        for key in every.values():
            owner = self._known.key(key.fingerprint)
            self._party(key, None if owner is None else owner[1])
        return tuple(every)

    def _meant(self, resolution: Resolution) -> Key | None:
        """The key that a line means, whether or not it can be encrypted to; the keyring is asked first."""
        match resolution:
            case Resolved(key=key):
                return key
            case Refused(candidates=(key,)):
                return key
            case Refused(candidates=(), recipient=recipient):
                [again] = self._stored.resolve([recipient])
                candidates = (again.key,) if isinstance(again, Resolved) else again.candidates
                return candidates[0] if len(candidates) == 1 else None
            case _:
                return None


def _can_hold(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in (ALWAYS, *IF_ENCRYPTED)


def _order(party: Party) -> tuple[int, str, str]:
    """People, masters, then unknown and hidden keys; each by name."""
    return tuple(Kind).index(party.kind), party.user_id.casefold(), party.id
