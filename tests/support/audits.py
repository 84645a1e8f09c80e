"""Trees of many people and many values, their messages fake, and what an audit tells of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import PurePosixPath
from random import Random

from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.model.audit import At, Audit, Source
from eyamlgpg.model.keys import HIDDEN_KEY_ID, Fingerprint, Key, KeyId
from eyamlgpg.model.people import Member, People, Roster
from eyamlgpg.model.resolve import Resolver
from eyamlgpg.operations.audit.audit import AuditRequest, audit
from eyamlgpg.operations.audit.known_keys import KnownKeys
from eyamlgpg.operations.tree.governance import Governance, TreeLists
from eyamlgpg.trees.files import TreeFiles
from tests.support.fakes import FakeTree
from tests.support.keys import NOW, key
from tests.support.trees import value

TODAY = date(2025, 6, 1)
STRANGER = KeyId("0123456789ABCDEF")
_FIRST = (
    *("Ada", "Ben", "Cleo", "Dirk", "Eva", "Finn", "Gro", "Hugo", "Ida", "Jan"),
    *("Kira", "Lars", "Mina", "Nils", "Olga", "Paul", "Rosa", "Sven", "Tilda", "Uwe"),
)
_LAST = (
    *("Adler", "Brandt", "Conrad", "Dietz", "Ebert", "Falk", "Graf", "Hahn", "Iwen"),
    *("Jost", "Kern", "Lenz", "Moll", "Noack", "Ott", "Pohl", "Roth", "Senn"),
)
_ROLES = ("ops", "dba", "web", "network", "mail", "backup")
_PLACES = ("common", "production", "production/nodes", "staging", "staging/nodes", "roles/db", "roles/web", "sites/ham")
_NAMES = ("db::password", "api::token", "ldap::bind", "smtp::secret", "backup::key", "cert::passphrase", "cookie::salt")


@dataclass(frozen=True)
class Scene:
    """Files by path, and what is known around them."""

    files: Mapping[str, str]
    ring: Sequence[Key] = ()
    stored: Sequence[Key] = ()
    roster: Roster = field(default_factory=Roster)
    own: frozenset[Fingerprint] = frozenset()
    at: At = field(default_factory=lambda: At(None, "2025-06-01T00:00:00+00:00"))
    links: Mapping[str, str] = field(default_factory=dict)

    def audit(self, *paths: str) -> Audit:
        """What an audit of it tells."""
        tree = FakeTree(self.files, written=self.links, paths=paths)
        known = KnownKeys((Source.KEYRING, lambda: self.ring), (Source.REPOSITORY, lambda: self.stored))
        governance = Governance(TreeLists(tree, TreeFiles()), Resolver(lambda: tuple(self.ring), NOW))
        return audit(tree, AuditRequest(self.at, TODAY, None, self.roster, self.own), governance, known)


def roster(people: Mapping[Key, tuple[tuple[str, ...], date | None]], masters: Sequence[Key] = ()) -> Roster:
    """People with their roles and their last day, and puppetmasters."""
    members = [Member(one.fingerprint, one.user_id, *rest) for one, rest in people.items()]
    servers = tuple(Member(one.fingerprint, one.user_id) for one in masters)
    return Roster(People("people.yaml", tuple(members)), servers)


def governed(folder: str, *readers: Key) -> dict[str, str]:
    """A recipients file."""
    place = str(PurePosixPath(folder) / RECIPIENTS_FILE)
    return {place: "".join(f"{one.fingerprint}\n" for one in readers)}


@cache
def large(people: int = 60, values: int = 2000) -> Audit:
    """A team with roles over folders, a tenth of its values with readers of their own, and some of every risk."""
    random = Random(5)  # noqa: S311 - a scene is drawn, and no key
    names = [f"{_FIRST[n % 20]} {_LAST[(n * 7) % 18]}" for n in range(people - 4)]
    team = [key(f"{name} <{name.lower().replace(' ', '.')}@example.com>") for name in names]
    masters = [key(f"puppetmaster-{one} <puppet@{one}.example.com>") for one in ("prod", "dev", "dmz", "lab")]
    roles: dict[Key, tuple[tuple[str, ...], date | None]] = {
        one: (tuple(sorted(random.sample(_ROLES, 1 + n % 2))), date(2025, 3, 31) if n % 19 == 4 else None)
        for n, one in enumerate(team)
    }
    files: dict[str, str] = {}
    for number, place in enumerate(_PLACES):
        role = _ROLES[number % len(_ROLES)]
        readers = [one for one in team if role in roles[one][0]] + masters[number % 4 :][:2]
        files |= governed(f"data/{place}", *readers)
        for file in range(10):
            lines = []
            for n in range(values // (len(_PLACES) * 10)):
                chosen: Sequence[Key | str] = readers
                draw = random.random()
                if draw < 0.06:
                    chosen = [one for one in readers if random.random() < 0.8] + [random.choice(team)]
                elif draw < 0.07:
                    chosen = [*readers, STRANGER]
                elif draw < 0.075:
                    chosen = [readers[0], HIDDEN_KEY_ID]
                elif draw < 0.08:
                    chosen = [readers[0]]
                lines.append(f"profile::{_NAMES[n % 7]}_{n}: {value('x', *dict.fromkeys(chosen))}\n")
            files[f"data/{place}/host{file:02}.example.com.eyaml"] = "---\n" + "".join(lines)
    own = frozenset({team[0].fingerprint})
    at = At("4f1c2d3e5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c0d", "2025-06-01T09:30:00+02:00", "main")
    return Scene(files, (*team, *masters), roster=roster(roles, masters), own=own, at=at).audit()
