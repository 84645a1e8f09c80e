"""Secrets that are told by their form alone, wherever they stand: in a value, or in a key."""

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from eyamlgpg.detectors.bounded import pieces
from eyamlgpg.detectors.harmless import says_nothing

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

SIGNS = {
    "aws": "A3T|ABIA|ACCA|AKIA|ASIA|(?i:aws)",
    "azure_storage_key": "AccountKey=",
    "discord": r"\.[\w-]{6}\.",
    "github_token": "gh[poushr]_",
    "gitlab_token": "gl[a-z]{2,6}-|GR1348941",
    "jwt": "eyJ",
    "mailchimp": "-us[0-9]",
    "npm": "/:_authToken=",
    "openai": "T3BlbkFJ",
    "pypi_token": "pypi-AgE",
    "sendgrid": r"SG\.",
    "slack": r"(?i:xox[abpors]-|hooks\.slack)",
    "square_oauth": "sq0csp-",
    "stripe": "k_live_",
    "telegram_token": r"\d:[0-9A-Za-z_-]{35}",
    "twilio": "(?:AC|SK)[a-z0-9]{32}",
}
"""What stands in every text that the detector of a module finds anything in, told without importing it."""

_YOUNGER = {
    "github_pat_": ("GitHub Token", r"github_pat_[0-9A-Za-z_]{40,255}"),
    "npm_": ("NPM tokens", r"npm_[0-9A-Za-z]{36}"),
    "xapp-": ("Slack Token", r"xapp-[0-9]-[0-9A-Z]{8,16}-[0-9]{10,16}-[0-9a-f]{32,128}"),
    "hv": ("HashiCorp Vault Token", r"hv[sbr]\.[\w-]{24,300}"),
    "glsa_": ("Grafana Token", r"glsa_[0-9A-Za-z]{32}_[0-9a-f]{8}"),
    "AIza": ("Google API Key", r"AIza[\w-]{35}"),
    "dop_v1_": ("DigitalOcean Token", r"dop_v1_[0-9a-f]{64}"),
    "AGE-SECRET-KEY-1": ("age Secret Key", r"AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}"),
}
"""Forms that detect-secrets does not know, by what each begins with: the name of a token, and its expression."""

_FORMS = {literal: (name, re.compile(rf"(?<![\w-]){form}(?![\w-])")) for literal, (name, form) in _YOUNGER.items()}

SHORTEST = 16
"""Characters; no token of these providers is shorter."""

# Wider than detect-secrets' detector, which wants a user and knows no `!`, `$` or `=` in a password.
_CREDENTIALS = re.compile(r"(?<=[A-Za-z0-9+.-])://[^\s/?#@:]*+:([^\s/@]++)@")
_PLACEHOLDERS = frozenset({"password", "passwd", "pass", "pw", "secret", "token", "xxx", "user", "username"})
_LOOKED_UP = re.compile(r"[%$#]?\{.*|<[^>]*>|\$(?:[A-Z_][A-Z0-9_]*|[a-z_]+[0-9]?)|\*+")


def provider(text: str) -> str | None:
    """Whose token a text holds, in the words of detect-secrets; None where it holds none."""
    if len(text) < SHORTEST:
        return None
    for module in DETECTORS:
        if _sign(module).search(text) is None:
            continue
        detector = _detector(module)
        if any(True for piece in pieces(module, text) for _ in detector.analyze_string(piece)):
            return str(detector.secret_type)
    found = (name for literal, (name, form) in _FORMS.items() if literal in text and form.search(text))
    return next(found, None)


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
def _sign(module: str) -> re.Pattern[str]:
    return re.compile(SIGNS[module])


@cache
def _detector(module: str) -> "RegexBasedDetector":
    """The detector of a module; detect-secrets brings `requests` along, so that its import takes a fifth of a run."""
    made = getattr(import_module(f"detect_secrets.plugins.{module}"), DETECTORS[module])()
    return cast("RegexBasedDetector", made)
