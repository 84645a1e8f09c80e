"""A link whose target other people read than the place where it stands says."""

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.rule import Place, Rule, argument

RULE = Rule(
    id="access-link-elsewhere",
    severity=Severity.ERROR,
    title="a link leads to where other people may read",
    why="The recipients of a value are those of the real file, links resolved: it is how eyaml does it, too. A link to "
    "Hiera data, or to a folder of it, that stands under one recipients file and leads under another that names other "
    "people makes `eyamlgpg set` and `edit` encrypt for those, whatever the folder of the link looks like. Who may "
    "push can so widen the readers of whatever is saved there next.",
    example="# prod/hiera-eyaml-gpg.recipients names Alice, dev/hiera-eyaml-gpg.recipients names Alice and Bob:\n"
    "prod/secrets.eyaml -> ../dev/prod.eyaml\n",
    mend="Put a file in the place of the link: `rm prod/secrets.eyaml && cp dev/prod.eyaml prod/secrets.eyaml && "
    "eyamlgpg recrypt prod/secrets.eyaml`. Where both are meant to have the same readers, name the same people in both "
    "recipients files, or make one of those a link to the other. What others could read meanwhile must be changed.",
)


def finding(link: str, target: str, own: str, governing: str) -> Finding:
    """The finding for a link: `own` governs the place of the link, `governing` that of its target."""
    return RULE.finding(
        Place(link),
        f"is a link to {target}, whose readers are those of {governing}; "
        f"{own}, which governs the place of the link, names other people",
        f"put a file in its place, or see who may read it: eyamlgpg who {argument(target)}",
    )
