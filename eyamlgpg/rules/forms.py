"""Secrets that are told by their form alone, wherever they stand: in a value, or in a key."""

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from eyamlgpg.rules.bounded import pieces
from eyamlgpg.rules.harmless import says_nothing

if TYPE_CHECKING:
    from detect_secrets.plugins.base import RegexBasedDetector

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

# Wider than detect-secrets' detector, which wants a user and knows no `!`, `$` or `=` in a password.
_CREDENTIALS = re.compile(r"(?<=[A-Za-z0-9+.-])://[^\s/?#@:]*+:([^\s/@]++)@")
_PLACEHOLDERS = frozenset({"password", "passwd", "pass", "pw", "secret", "token", "xxx", "user", "username"})
_LOOKED_UP = re.compile(r"[%$#]?\{.*|<[^>]*>|\$\w+|\*+")


def provider(text: str) -> str | None:
    """Whose token a text holds, in the words of detect-secrets; None where it holds none."""
    if len(text) < SHORTEST:
        return None
    for module, detector in _detectors():
        if any(True for piece in pieces(module, text) for _ in detector.analyze_string(piece)):
            return str(detector.secret_type)
    return None


def has_credentials(text: str) -> bool:
    """Whether a URL with a password stands in a text."""
    if "://" not in text:
        return False
    passwords = (credentials[1] for credentials in _CREDENTIALS.finditer(text))
    return any(
        password.lower() not in _PLACEHOLDERS and not says_nothing(password) and not _LOOKED_UP.fullmatch(password)
        for password in passwords
    )


@cache
def _detectors() -> "tuple[tuple[str, RegexBasedDetector], ...]":
    found = (
        (module, getattr(import_module(f"detect_secrets.plugins.{module}"), name)())
        for module, name in DETECTORS.items()
    )
    return tuple((module, cast("RegexBasedDetector", detector)) for module, detector in found)
