"""`eyamlgpg explain`."""

import os

import click

from eyamlgpg.cli import screen
from eyamlgpg.cli.completion.offers import complete_rule
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.model.suggestions import nearest
from eyamlgpg.render.rule_page import rule_page_for_terminal
from eyamlgpg.rules.catalogue import RULES, page
from eyamlgpg.rules.rule import Rule


@click.command("explain", cls=TeachingCommand)
@click.argument("name", metavar="RULE", shell_complete=complete_rule)
def command(name: str) -> int:
    """Show the page of a rule, with an example and how to mend it.

    RULE is the name at the end of a finding, such as plaintext-key-name; the brackets around it may stay. The page is
    laid out on a terminal, and plain Markdown elsewhere.

    $ eyamlgpg explain plaintext-key-name
    """
    text = page(_rule(name))
    width = screen.width()
    if width is not None:
        text = rule_page_for_terminal(text, width=width, in_colour=screen.has_colours(os.environ))
    answer(text)
    return 0


def _rule(name: str) -> Rule:
    """The rule of that name; raises with the nearest names where there is none."""
    rules = {rule.id: rule for rule in RULES}
    wanted = name.strip("[] ").lower()
    if wanted in rules:
        return rules[wanted]
    near = nearest(wanted, rules)
    hint = f"did you mean {' or '.join(near)}?" if near else "a finding ends with the name of its rule, in brackets"
    raise EyamlgpgError(f"{name}: there is no such rule", hint)
