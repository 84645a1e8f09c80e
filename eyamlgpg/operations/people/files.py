"""The files of `.eyamlgpg` that say who has which role, as a change would leave them."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from eyamlgpg.formats.settings import people_edits
from eyamlgpg.formats.settings import policy as policy_format
from eyamlgpg.formats.text import decode
from eyamlgpg.model.keys import Fingerprint
from eyamlgpg.model.people import Member
from eyamlgpg.operations.ports import Files
from eyamlgpg.operations.recipients.change import SettingsChange
from eyamlgpg.operations.tree.settings import LARGEST_POLICY, PEOPLE, POLICY, TreeSettings


def renewed(
    old: Iterable[Fingerprint], new: Fingerprint, root: Path, settings: TreeSettings, files: Files
) -> tuple[SettingsChange, ...]:
    """The changes by which whoever had one of the old keys has the new one."""
    people, policy = settings.people, settings.policy
    members = () if people is None else tuple(one for one in old if people.of(one) is not None)
    masters = () if policy is None else tuple(one for one in old if one in policy.puppetmasters.values())

    def in_people(text: str) -> str:
        for one in members:
            text = people_edits.with_key(text, one, new, str(PEOPLE))
        return text

    def in_policy(text: str) -> str:
        for one in masters:
            text = people_edits.with_fingerprint(text, one, new, str(POLICY))
        policy_format.parse(text, str(POLICY))
        return text

    changes = []
    for file, gone, edit in ((PEOPLE, members, in_people), (POLICY, masters, in_policy)):
        if gone:
            note = f"{file.as_posix()}: has the key {new} in place of {', '.join(gone)}"
            changes.append(_changed(file, root, files, edit, note))
    return tuple(changes)


def joined(member: Member, note: str, root: Path, files: Files) -> SettingsChange | None:
    """The change by which somebody is among the people, with these roles; None where it is so already."""
    found = _changed(PEOPLE, root, files, lambda text: people_edits.with_member(text, member, str(PEOPLE)), note)
    return found if found.content is None or decode(found.content) != found.text else None


def left(members: Sequence[Member], root: Path, files: Files) -> SettingsChange:
    """The change by which some are not among the people any more."""

    def edit(text: str) -> str:
        for member in members:
            text = people_edits.without_member(text, member.fingerprint, str(PEOPLE))
        return text

    note = f"{PEOPLE.as_posix()}: removed {', '.join(member.name for member in members)}"
    return _changed(PEOPLE, root, files, edit, note)


def without_roles(master: Member, root: Path, files: Files) -> SettingsChange:
    """The change by which a puppetmaster has no roles any more; it stays declared, since rules may name it."""

    def edit(text: str) -> str:
        text = people_edits.without_roles(text, master.name, str(POLICY))
        policy_format.parse(text, str(POLICY))
        return text

    return _changed(POLICY, root, files, edit, f"{POLICY.as_posix()}: {master.name} has no roles any more")


def _changed(file: Path, root: Path, files: Files, edit: Callable[[str], str], note: str) -> SettingsChange:
    path = root / file
    content = files.read(path, limit=LARGEST_POLICY) if files.exists(path) else None
    text = "" if content is None else decode(content)
    return SettingsChange(path, file.as_posix(), content, edit(text), note)
