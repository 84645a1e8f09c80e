"""A value in clear text that Puppet is told to keep out of its logs."""

from eyamlgpg.detectors.harmless import cannot_be_secret
from eyamlgpg.model.findings import Severity
from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.reading.clear import Clear
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="plaintext-sensitive",
    severity=Severity.ERROR,
    title="a key that lookup_options converts to Sensitive stands in clear text",
    why="`lookup_options` with `convert_to: Sensitive` says that the value is a secret, so it should not stand in Git "
    "in clear text. A key that begins with `^` is a regular expression, as in Hiera. Of a hash that is converted as a "
    "whole, only the entries whose own names promise a secret are reported. Values that cannot be a secret do not "
    "count (see plaintext-encrypted-elsewhere).",
    example="lookup_options:\n  profile::mail::relay_cred:\n    convert_to: Sensitive\n"
    "profile::mail::relay_cred: smtp-Relay-2019\n",
    mend="Encrypt the value; Puppet still wraps it after it was decrypted:\n\n"
    "```console\n$ eyamlgpg set hieradata/common.eyaml profile::mail::relay_cred -p\n```",
)


def sees(clear: Clear, knowledge: Knowledge) -> tuple[str, str] | None:
    """What to say of a value whose top key is converted to Sensitive."""
    sensitive = knowledge.sensitive_at(clear.path)
    if sensitive is None or cannot_be_secret(clear.text):
        return None
    is_below_a_name = any(isinstance(segment, str) for segment in clear.path.segments[1:])
    if is_below_a_name and not knowledge.names.suspects(str(clear.path), clear.name):
        return None
    return (
        f"Puppet is told in {sensitive.where} that this value is sensitive, and it stands here in clear text",
        f"encrypt it: {clear.setting} -p",
    )
