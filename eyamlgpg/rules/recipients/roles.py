"""Role blocks that are not what the people and the policy say, and readers whose last day has passed."""

from collections.abc import Iterator, Sequence
from datetime import date

from eyamlgpg.formats.eyaml.recipients_file import RecipientsFile
from eyamlgpg.formats.eyaml.recipients_lines import identity
from eyamlgpg.formats.eyaml.role_blocks import RoleBlock
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.model.people import Member, Roster
from eyamlgpg.model.recipients import Refused, Resolution
from eyamlgpg.rules.rule import Place, Rule

_BLOCK = (
    "# eyamlgpg: role dba\n# Alice Anders <alice@example.com>\n51F4BC395EEF5EFE3C19D9ECA006732DF5CE8A4F\n"
    "# eyamlgpg: end\n"
)

BROKEN = Rule(
    id="recipients-broken-block",
    severity=Severity.ERROR,
    title="a role block of a recipients file is broken",
    why="The two comments `# eyamlgpg: role ROLE` and `# eyamlgpg: end` hold the people of a role between them, one "
    "block a role. One of the two is missing, the role is one that nobody has in `.eyamlgpg/people.yaml` or the "
    "policy, or a comment begins with `eyamlgpg:` and says something else. No command changes such a file.",
    example=_BLOCK.replace("# eyamlgpg: end\n", ""),
    mend="Mend the line by hand. The block of a role that nobody has is taken out by "
    "`eyamlgpg recipients remove @ROLE`.",
)
OUT_OF_SYNC = Rule(
    id="recipients-out-of-sync",
    severity=Severity.ERROR,
    title="a role block names others than have the role",
    why="Somebody got or lost a role in `.eyamlgpg/people.yaml` or the policy, or a line was changed by hand, and the "
    "recipients file does not follow yet: whoever reads the list of people believes something else than "
    "what values are encrypted to.",
    example=_BLOCK,
    mend="Write the blocks anew, which re-encrypts the values: `eyamlgpg recipients sync`.",
)
UNTIL_PASSED = Rule(
    id="recipients-until-passed",
    severity=Severity.WARNING,
    title="a recipient's last day has passed",
    why="`.eyamlgpg/people.yaml` says until when somebody may read (`until`), and that day is over, by UTC. Values are "
    "encrypted to them still.",
    example="# Bob Brown <bob@example.com>\n073E93CD53687E2982B1EB370D0F98448A0C6A33\n",
    mend="If they have left: `eyamlgpg offboard FINGERPRINT`, which also lists the secrets to change. To take them out "
    "of the blocks of their roles alone: `eyamlgpg recipients sync`. If they stay, give them a later day.",
)
RULES = (BROKEN, OUT_OF_SYNC, UNTIL_PASSED)


def find(file: RecipientsFile, resolutions: Sequence[Resolution], roster: Roster, today: date) -> Iterator[Finding]:
    """What is wrong with the blocks of a file, and with the time of those whom it names."""
    for broken in file.roles.broken:
        yield BROKEN.finding(Place(file.source, broken.line), broken.reason, "mend the line by hand")
    for block in file.roles.blocks:
        if block.role not in roster.roles:
            sentence, hints = roster.unknown_role(block.role)
            yield BROKEN.finding(Place(file.source, block.start), sentence, "\n".join(hints))
        else:
            yield from _out_of_sync(file, block, roster, today)
    over: dict[str, Member] = {member.fingerprint: member for member in roster.over(today)}
    for resolution in resolutions if over else ():
        for fingerprint in _fingerprints(resolution):
            if fingerprint in over:
                yield _passed(resolution, over[fingerprint])


def _out_of_sync(file: RecipientsFile, block: RoleBlock, roster: Roster, today: date) -> Iterator[Finding]:
    standing = [entry for entry in file.entries if entry.block == block]
    named = {identity(entry.recipient.name): entry for entry in standing}
    holders = {holder.fingerprint: holder for holder in roster.holders(block.role, today)}
    said = [f"{holder.name} is missing" for fingerprint, holder in holders.items() if fingerprint not in named]
    over = {member.fingerprint for member in roster.over(today) if block.role in member.roles}
    said += [
        f"{entry.comment or entry.recipient.shown} stands there in line {entry.recipient.line}"
        for name, entry in named.items()
        if name not in holders and name not in over
    ]
    is_as_written = [(entry.recipient.name, entry.comment) for entry in standing if entry.recipient.name not in over]
    if not said and is_as_written != [(holder.fingerprint, holder.name) for holder in holders.values()]:
        said = ["its lines are not in the form that `recipients sync` gives them"]
    if said:
        message = f"the block of the role {block.role} is out of sync: {', '.join(said)}"
        yield OUT_OF_SYNC.finding(Place(file.source, block.start), message, "write it anew: eyamlgpg recipients sync")


def _passed(resolution: Resolution, member: Member) -> Finding:
    recipient = resolution.recipient
    message = f"{member.name}: the last day was {member.until}, and they are a recipient still"
    hint = f"if they have left: eyamlgpg offboard {member.fingerprint}\nif they stay: give them a later day (until)"
    return UNTIL_PASSED.finding(Place(recipient.source, recipient.line, about=recipient.name), message, hint)


def _fingerprints(resolution: Resolution) -> set[str]:
    """The keys that a line means, or the one that it writes."""
    keys = resolution.candidates if isinstance(resolution, Refused) else (resolution.key,)
    return {key.fingerprint for key in keys} or {identity(resolution.recipient.name)}
