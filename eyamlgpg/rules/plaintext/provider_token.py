"""A provider's token in clear text, told by its form."""

from eyamlgpg.detectors.token_forms import provider
from eyamlgpg.model.findings import Severity
from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.reading.clear import Clear
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="plaintext-provider-token",
    severity=Severity.ERROR,
    title="a provider's token in clear text",
    why="The value has the form of a token of AWS, Azure, DigitalOcean, GitHub, GitLab, Google, Grafana, npm, OpenAI, "
    "PyPI, SendGrid, Slack, Stripe, Telegram, Vault or another provider, or of a key of age, whatever its key is "
    "called. Told by the detectors of detect-secrets and by forms that these do not know, on the value as YAML "
    "reads it; nothing is sent anywhere to find out whether it works.",
    example="profile::ci::bot: xoxb-000000000000-FAKEfixtureFAKEfixture00\n",
    mend="Revoke the token with its provider if it was pushed; then write the new one encrypted:\n\n"
    "```console\n$ eyamlgpg set hieradata/common.eyaml profile::ci::bot -p\n```",
)


def sees(clear: Clear, _knowledge: Knowledge) -> tuple[str, str] | None:
    """What to say of a value that holds a provider's token, and a hint."""
    form = provider(clear.text)
    if form is None:
        return None
    return (
        f"what stands here in clear text has the form of: {form}",
        f"revoke it with its provider if it was pushed, and encrypt the new one: {clear.setting} -p",
    )
