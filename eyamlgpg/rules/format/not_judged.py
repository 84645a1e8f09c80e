"""A file that could be read and not judged."""

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="format-not-judged",
    severity=Severity.ERROR,
    title="eyamlgpg could not judge the file",
    why="Something in the file made eyamlgpg fail, or it takes more memory than the machine has. Nothing is known of "
    "its secrets and readers then. All other files were looked at. The same is told on stderr, and the exit status is "
    "70 where the fault is in eyamlgpg, 3 where memory ran out.",
    example="# any file that nobody foresaw\n",
    mend="If it says `unexpected`, report it with what `--trace` prints; until it is mended, find the line by "
    "taking others away. If memory ran out, split the file.",
)


def finding(path: str, what: str) -> Finding:
    """The finding for a file, with what happened: never with anything that the file holds."""
    return RULE.finding(Place(path), f"this file could not be judged: {what}", "see what is told on stderr")
