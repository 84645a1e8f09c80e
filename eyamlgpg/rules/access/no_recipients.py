"""A file with encrypted values and no recipients file."""

from pathlib import PurePosixPath

from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.rule import Place, Rule, adding

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


def finding(path: str, empty: str | None = None) -> Finding:
    """The finding for a file; `empty`: the list that governs it and names nobody."""
    if empty is None:
        return RULE.finding(
            Place(path),
            "no hiera-eyaml-gpg.recipients governs this file: nobody can say who should read its values",
            "write one: eyamlgpg recipients add ID... --at FOLDER",
        )
    has_usual_name = PurePosixPath(empty).name == RECIPIENTS_FILE
    hint = f"add somebody: {adding(empty)}" if has_usual_name else "write one full fingerprint a line into it"
    return RULE.finding(
        Place(path), f"{empty} governs this file and names nobody: nobody can say who should read its values", hint
    )
