"""A YAML file in `.eyamlgpg` that is not one of ours."""

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="format-among-settings",
    severity=Severity.ERROR,
    title="a YAML file stands in .eyamlgpg that is not eyamlgpg's own",
    why="The folder `.eyamlgpg` is for the policy, the people, the baseline and the keys. Commands that look at the "
    "tree pass it over, but a `hiera.yaml` may name any folder, so secrets there would be read by Puppet and "
    "re-encrypted by nobody.",
    example=".eyamlgpg/data/app.eyaml\n",
    mend="Move the file: `git mv .eyamlgpg/data/app.eyaml hieradata/app.eyaml`.",
)


def finding(path: str) -> Finding:
    """The finding for such a file."""
    message = (
        "only the policy, the people, the baseline and keys belong into .eyamlgpg: other commands pass this file over"
    )
    return RULE.finding(Place(path), message, "move it out of .eyamlgpg")
