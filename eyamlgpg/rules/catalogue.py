"""Every rule, in the order of the documentation."""

from eyamlgpg.rules import (
    access_few_people,
    access_hidden,
    access_link_elsewhere,
    access_missing,
    access_no_puppetmaster,
    access_no_recipients,
    access_outside,
    access_passphrase,
    access_stale,
    access_unexpected,
    access_unknown,
    clear_text,
    exceptions,
    file_format,
    format_not_judged,
    plaintext_assignment,
    plaintext_edit_marker,
    plaintext_editor_leftover,
    plaintext_near_marker,
    plaintext_was_encrypted,
    recipient_weak,
    recipients_rules,
)
from eyamlgpg.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    plaintext_edit_marker.RULE,
    plaintext_near_marker.RULE,
    plaintext_editor_leftover.RULE,
    plaintext_was_encrypted.RULE,
    *(rule.RULE for rule in clear_text.BY_KEY),
    *(rule.RULE for rule in clear_text.BY_VALUE),
    plaintext_assignment.RULE,
    *(rule.RULE for rule in file_format.FINDERS),
    format_not_judged.RULE,
    access_missing.RULE,
    access_unexpected.RULE,
    access_stale.RULE,
    access_unknown.RULE,
    access_hidden.RULE,
    access_passphrase.RULE,
    access_no_recipients.RULE,
    access_outside.RULE,
    access_link_elsewhere.RULE,
    access_no_puppetmaster.RULE,
    access_few_people.RULE,
    *recipients_rules.TIER_RULES,
    *recipients_rules.RULES,
    recipient_weak.RULE,
    exceptions.STALE,
    exceptions.UNEXPLAINED,
    exceptions.MISPLACED,
)

IDS = frozenset(rule.id for rule in RULES)

BY_ID = {rule.id: rule for rule in RULES}


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
