"""A recipients file that stands outside of the repository."""

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="access-outside",
    severity=Severity.WARNING,
    title="the recipients file stands outside of the repository",
    why="The nearest hiera-eyaml-gpg.recipients is above the repository, so it is not under version control, and on "
    "another machine another one may apply, or none.",
    example="# /srv/hiera-eyaml-gpg.recipients, while the repository is /srv/control\n",
    mend="Copy it into the repository: `cp ../hiera-eyaml-gpg.recipients . && git add hiera-eyaml-gpg.recipients`.",
)


def finding(path: str, source: str) -> Finding:
    """The finding for a file that such a recipients file governs."""
    message = f"is governed by {source}, which stands outside of the repository"
    return RULE.finding(Place(path), message, "copy that file into the repository, and commit it")
