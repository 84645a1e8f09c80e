"""Every rule, in the order of the documentation."""

from eyamlgpg.rules import keys_pages, tiers
from eyamlgpg.rules.access import link_elsewhere, no_recipients, outside, pkcs7
from eyamlgpg.rules.access import order as access
from eyamlgpg.rules.format import among_settings, not_judged
from eyamlgpg.rules.format import order as file_format
from eyamlgpg.rules.plaintext import edit_marker, editor_leftover, near_marker, was_encrypted
from eyamlgpg.rules.plaintext import order as clear_text
from eyamlgpg.rules.reading import exceptions
from eyamlgpg.rules.recipients import pages as recipients_rules
from eyamlgpg.rules.rule import Rule

OF_CHECK: tuple[Rule, ...] = (
    edit_marker.RULE,
    near_marker.RULE,
    editor_leftover.RULE,
    was_encrypted.RULE,
    *(one.rule for one in clear_text.BY_KEY),
    *(one.rule for one in clear_text.BY_FORM),
    clear_text.INSIDE.rule,
    *(one.rule for one in file_format.BY_FILE),
    among_settings.RULE,
    not_judged.RULE,
    *(one.rule for one in access.BY_MESSAGE),
    no_recipients.RULE,
    outside.RULE,
    link_elsewhere.RULE,
    pkcs7.RULE,
    *(one.rule for one in access.BY_LIST),
    *tiers.RULES,
    *recipients_rules.RULES,
    access.WEAK.rule,
    exceptions.STALE,
    exceptions.UNEXPLAINED,
    exceptions.MISPLACED,
)
"""What `check` and `recipients lint` find, and what an exception may be for."""

RULES: tuple[Rule, ...] = (*OF_CHECK, *keys_pages.RULES)

IDS = frozenset(rule.id for rule in OF_CHECK)


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
        "# Rules\n\n"
        "What `eyamlgpg check`, `recipients lint` and `keys check` find. An id keeps its meaning for good. How to "
        "except a finding stands in [the guide](../../howto/check.md).\n\n"
        f"| rule | severity | what is wrong |\n| --- | --- | --- |\n{rows}"
    )
