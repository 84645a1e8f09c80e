"""What a tree says about itself in `.eyamlgpg`: its policy, its people and its baseline, each read once."""

from functools import cached_property
from pathlib import Path

from eyamlgpg.formats.settings import baseline as baseline_format
from eyamlgpg.formats.settings import people as people_format
from eyamlgpg.formats.settings import policy as policy_format
from eyamlgpg.formats.settings.baseline import BASELINE_FILE, Accepted
from eyamlgpg.formats.text import decode
from eyamlgpg.model.limits import BASELINE
from eyamlgpg.model.people import People, Roster
from eyamlgpg.model.policy import Policy
from eyamlgpg.operations.tree_ports import Tree

POLICY = Path(".eyamlgpg", "policy.yaml")
"""Below the root of the tree."""

PEOPLE = Path(".eyamlgpg", "people.yaml")
"""Below the root of the tree."""

LARGEST_POLICY = 1024 * 1024
"""Bytes; a policy of a thousand rules has some 100,000."""


class TreeSettings:
    """The settings of one tree."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    @cached_property
    def policy(self) -> Policy | None:
        """The policy, None where there is none; raises what is wrong with it, by line.

        FileProblem for a link, which whoever may push could lead to anybody's file.
        """
        path = POLICY.as_posix()
        if not self._tree.has(path):
            return None
        return policy_format.parse(decode(self._tree.read(path, limit=LARGEST_POLICY)), path)

    @cached_property
    def people(self) -> People | None:
        """The people, None where there is no such file; raises as `policy` does."""
        path = PEOPLE.as_posix()
        if not self._tree.has(path):
            return None
        return people_format.parse(decode(self._tree.read(path, limit=LARGEST_POLICY)), path)

    @cached_property
    def roster(self) -> Roster:
        """People and puppetmasters with their roles."""
        return Roster.of(self.people, self.policy)

    @cached_property
    def accepted(self) -> tuple[Accepted, ...]:
        """The entries of the baseline; none where there is none. Raises what is wrong with it, by line."""
        text = decode(self._tree.read(BASELINE_FILE, limit=BASELINE)) if self._tree.has(BASELINE_FILE) else ""
        return baseline_format.parse(text, BASELINE_FILE) if text else ()
