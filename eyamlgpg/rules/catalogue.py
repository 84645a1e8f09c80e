"""Every rule, in the order of the documentation."""

from eyamlgpg.rules.access import (
    few_people,
    hidden,
    link_elsewhere,
    missing,
    no_puppetmaster,
    no_recipients,
    outside,
    passphrase,
    stale,
    unexpected,
    unknown,
)
from eyamlgpg.rules.format import not_judged
from eyamlgpg.rules.format import order as file_format
from eyamlgpg.rules.plaintext import assignment, edit_marker, editor_leftover, near_marker, was_encrypted
from eyamlgpg.rules.plaintext import order as clear_text
from eyamlgpg.rules.reading import exceptions
from eyamlgpg.rules.recipients import pages as recipients_rules
from eyamlgpg.rules.recipients import weak
from eyamlgpg.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    edit_marker.RULE,
    near_marker.RULE,
    editor_leftover.RULE,
    was_encrypted.RULE,
    *(rule.RULE for rule in clear_text.BY_KEY),
    *(rule.RULE for rule in clear_text.BY_VALUE),
    assignment.RULE,
    *(rule.RULE for rule in file_format.FINDERS),
    not_judged.RULE,
    missing.RULE,
    unexpected.RULE,
    stale.RULE,
    unknown.RULE,
    hidden.RULE,
    passphrase.RULE,
    no_recipients.RULE,
    outside.RULE,
    link_elsewhere.RULE,
    no_puppetmaster.RULE,
    few_people.RULE,
    *recipients_rules.TIER_RULES,
    *recipients_rules.RULES,
    weak.RULE,
    exceptions.STALE,
    exceptions.UNEXPLAINED,
    exceptions.MISPLACED,
)

IDS = frozenset(rule.id for rule in RULES)


def page(rule: Rule) -> str:
    """The documentation page of a rule, in Markdown."""
    return (
        f"# {rule.id}\n\n"
        f"{rule.severity.capitalize()}: {rule.title}.\n\n"
        f"{rule.why}\n\n"
        f"## Example\n\n```yaml\n{rule.example.rstrip()}\n```\n\n"
        f"## How to mend it\n\n{rule.mend.rstrip()}\n"
    )


def index() -> str:
    """The page that lists them all."""
    rows = "".join(f"| [{rule.id}]({rule.id}.md) | {rule.severity} | {rule.title} |\n" for rule in RULES)
    return (
        "# Rules of `eyamlgpg check`\n\n"
        "An id keeps its meaning for good. How to except a finding stands in [the guide](../../howto/check.md).\n\n"
        f"| rule | severity | what is wrong |\n| --- | --- | --- |\n{rows}"
    )
