"""A provider's token in clear text, told by its form."""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from eyamlgpg.model.findings import Severity
from eyamlgpg.rules.knowledge import Knowledge
from eyamlgpg.rules.rule import Rule
from eyamlgpg.rules.subject import Clear

if TYPE_CHECKING:
    from detect_secrets.plugins.base import RegexBasedDetector

RULE = Rule(
    id="plaintext-provider-token",
    severity=Severity.ERROR,
    title="a provider's token in clear text",
    why="The value has the form of a token of AWS, Azure, GitHub, GitLab, npm, OpenAI, PyPI, SendGrid, Slack, Stripe, "
    "Telegram or another provider, whatever its key is called. Told by the detectors of detect-secrets, on the value "
    "as YAML reads it; nothing is sent anywhere to find out whether it works.",
    example="profile::ci::bot: xoxb-000000000000-FAKEfixtureFAKEfixture00\n",
    mend="Revoke the token with its provider if it was pushed; then write the new one encrypted:\n\n"
    "```console\n$ eyamlgpg set hieradata/common.eyaml profile::ci::bot -p\n```",
)

DETECTORS = {
    "aws": "AWSKeyDetector",
    "azure_storage_key": "AzureStorageKeyDetector",
    "discord": "DiscordBotTokenDetector",
    "github_token": "GitHubTokenDetector",
    "gitlab_token": "GitLabTokenDetector",
    "jwt": "JwtTokenDetector",
    "mailchimp": "MailchimpDetector",
    "npm": "NpmDetector",
    "openai": "OpenAIDetector",
    "pypi_token": "PypiTokenDetector",
    "sendgrid": "SendGridDetector",
    "slack": "SlackDetector",
    "square_oauth": "SquareOAuthDetector",
    "stripe": "StripeDetector",
    "telegram_token": "TelegramBotTokenDetector",
    "twilio": "TwilioKeyDetector",
}
"""Those that go by a form of its own; the ones that guess by entropy, by words or by `NAME = VALUE` are left out."""

SHORTEST = 16
"""Characters; no token of these providers is shorter."""


def sees(clear: Clear, _knowledge: Knowledge) -> tuple[str, str] | None:
    """What to say of a value that holds a provider's token, and a hint."""
    if len(clear.text) < SHORTEST:
        return None
    for detector in _detectors():
        if any(True for _ in detector.analyze_string(clear.text)):
            return (
                f"what stands here in clear text has the form of: {detector.secret_type}",
                f"revoke it with its provider if it was pushed, and encrypt the new one: {clear.setting} -p",
            )
    return None


@cache
def _detectors() -> "tuple[RegexBasedDetector, ...]":
    found = (getattr(import_module(f"detect_secrets.plugins.{module}"), name)() for module, name in DETECTORS.items())
    return tuple(cast("RegexBasedDetector", detector) for detector in found)
