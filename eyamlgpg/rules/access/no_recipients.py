"""A file with encrypted values and no recipients file."""

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="access-no-recipients",
    severity=Severity.ERROR,
    title="no recipients file governs a file with GPG values",
    why="There is no hiera-eyaml-gpg.recipients in the folder of the file or above it, or one that names nobody, so "
    "nobody can say who should read its values, and nobody can encrypt to it.",
    example="hieradata/legacy/app.eyaml\n",
    mend="Write one beside the file or above it:\n\n"
    "```console\n$ eyamlgpg recipients add alice@example.com puppetmaster-prod@example.com --at hieradata\n```",
)


def finding(path: str) -> Finding:
    """The finding for a file."""
    return RULE.finding(
        Place(path),
        "no hiera-eyaml-gpg.recipients governs this file: nobody can say who should read its values",
        "write one: eyamlgpg recipients add ID… --at FOLDER",
    )
