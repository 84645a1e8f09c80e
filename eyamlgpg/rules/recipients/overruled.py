"""A setting of a repository by which none of its recipients files counts."""

from collections.abc import Iterable, Iterator

from eyamlgpg.formats.eyaml.config import Setting
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="recipients-overruled",
    severity=Severity.ERROR,
    title="a repository's config file overrules its recipients files",
    why="With `gpg_recipients` or `gpg_recipients_file` in `.eyaml/config.yaml`, whoever works in that folder encrypts "
    "to the people named there, whatever the recipients files say. Whoever may push can add it. Told by "
    "`eyamlgpg recipients lint` in that folder; every command warns of it.",
    example="gpg_recipients: alice@example.com,malice@example.com\n",
    mend="Take the setting out, and see by `eyamlgpg who --check` what was encrypted meanwhile.",
)


def find(settings: Iterable[Setting]) -> Iterator[Finding]:
    """A finding for each setting that overrules the recipients files."""
    for setting in settings:
        yield RULE.finding(
            Place(setting.source, setting.line),
            f"{setting.name} overrules the recipients files for everybody who works in this folder",
            "take the setting out, and see who can read what was encrypted meanwhile: eyamlgpg who --check",
        )
