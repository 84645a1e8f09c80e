"""A value in clear text whose key is encrypted elsewhere in the tree."""

from eyamlgpg.detectors.harmless import cannot_be_secret
from eyamlgpg.model.findings import Severity
from eyamlgpg.rules.knowledge.tree import Knowledge, general
from eyamlgpg.rules.reading.clear import Clear
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="plaintext-encrypted-elsewhere",
    severity=Severity.ERROR,
    title="a key that is encrypted elsewhere in the tree stands in clear text",
    why="The same Hiera key is encrypted in another file, so its value is a secret: it does not become less of one in "
    "another tier. In lists the place does not count: `users.0.phrase` and `users.3.phrase` are the same. The "
    "items of a list are not compared with each other. Values that cannot be a secret do not count: empty ones, "
    "references, placeholders, what another tool encrypted, networks, paths, plain URLs, certificates and public keys.",
    example="# production/app.eyaml: profile::app::pepper: ENC[GPG,hQEMA…]\n"
    "# development/app.yaml:\nprofile::app::pepper: devpepper\n",
    mend="Encrypt the value:\n\n"
    "```console\n$ eyamlgpg set hieradata/development/app.eyaml profile::app::pepper -p\n```\n\n"
    "If it truly is no secret there, say so on its line, with the reason:\n\n"
    "```yaml\nprofile::app::pepper: devpepper"
    "  # eyamlgpg: allow plaintext-encrypted-elsewhere -- local sandbox only\n```",
)


def sees(clear: Clear, knowledge: Knowledge) -> tuple[str, str] | None:
    """What to say of a value whose key is encrypted somewhere in the tree."""
    key = general(clear.path)
    where = None if key is None else knowledge.encrypted.get(key)
    if where is None or cannot_be_secret(clear.text):
        return None
    return (
        f"this key is encrypted in {where} and stands here in clear text",
        f"encrypt it: {clear.setting} -p",
    )
