"""Who works here, and in which roles: `.eyamlgpg/people.yaml`, with the puppetmasters that the policy gives roles."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from eyamlgpg.errors import ConfigError, raise_all
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.model.policy import Policy

ROLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What the name of a role is made of."""


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the file."""

    fingerprint: Fingerprint
    """Of the primary key."""
    name: str
    """As the comments of the recipients files have it, usually `Name <address>`."""
    roles: tuple[str, ...] = ()
    until: date | None = None
    """The last day on which they may read; None for no end."""
    line: int = 0
    """Where they stand, from 1; 0 for one that no file names."""

    def is_over(self, today: date) -> bool:
        """True if the last day has passed."""
        return self.until is not None and today > self.until


@dataclass(frozen=True, slots=True)
class People:
    """`.eyamlgpg/people.yaml`."""

    source: str
    """The file as it is shown."""
    members: tuple[Member, ...] = ()

    def of(self, fingerprint: str) -> Member | None:
        """The person with this primary key."""
        return next((member for member in self.members if member.fingerprint == fingerprint), None)


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody who can have a role: people, and puppetmasters."""

    people: People | None = None
    """None where there is no such file."""
    masters: tuple[Member, ...] = field(default=())
    """The puppetmasters of the policy under the names that it gives them; they have no last day."""

    @classmethod
    def of(cls, people: People | None, policy: Policy | None) -> "Roster":
        """Both files together; raises ConfigError by line for a key that is a person's and a puppetmaster's at once."""
        if policy is None:
            return cls(people)
        masters = tuple(
            Member(fingerprint, name, policy.master_roles.get(name, ()))
            for name, fingerprint in policy.puppetmasters.items()
        )
        names = {master.fingerprint: master.name for master in masters}
        raise_all(
            [
                ConfigError(
                    f"{people.source}:{member.line}: {member.name} has the key of the puppetmaster "
                    f"{names[member.fingerprint]}",
                    f"a puppetmaster has its roles in {policy.source}: take one of the two out",
                )
                for member in (people.members if people else ())
                if people is not None and member.fingerprint in names
            ]
        )
        return cls(people, masters)

    def with_key(self, old: Fingerprint, new: Fingerprint) -> "Roster":
        """The same people and puppetmasters, whoever had the old key with the new one."""

        def renewed(members: tuple[Member, ...]) -> tuple[Member, ...]:
            return tuple(replace(one, fingerprint=new) if one.fingerprint == old else one for one in members)

        people = None if self.people is None else People(self.people.source, renewed(self.people.members))
        return Roster(people, renewed(self.masters))

    @property
    def members(self) -> tuple[Member, ...]:
        """People, then puppetmasters."""
        return (*(self.people.members if self.people else ()), *self.masters)

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role that somebody has, sorted."""
        return tuple(sorted({role for member in self.members for role in member.roles}))

    def holders(self, role: str, today: date) -> tuple[Member, ...]:
        """Those who read by a role today, sorted by name; who has their last day behind them is left out."""
        found = [member for member in self.members if role in member.roles and not member.is_over(today)]
        return tuple(sorted(found, key=_by_name))

    def over(self, today: date) -> tuple[Member, ...]:
        """Those whose last day has passed."""
        return tuple(member for member in self.members if member.is_over(today))

    def unknown_role(self, role: str) -> tuple[str, tuple[str, ...]]:
        """The sentence and the hints about a role that nobody has."""
        near = get_close_matches(role, self.roles, n=1)
        known = (
            (f"roles are: {', '.join(self.roles)}",)
            if self.roles
            else ("give it to somebody in .eyamlgpg/people.yaml",)
        )
        return f"nobody has the role {role}", (f"did you mean {near[0]}?",) if near else known


def _by_name(member: Member) -> tuple[str, str]:
    return member.name.casefold(), member.fingerprint
