"""A password in a URL."""

from eyamlgpg.detectors.token_forms import has_credentials
from eyamlgpg.model.findings import Severity
from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.reading.clear import Clear
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="plaintext-url-credentials",
    severity=Severity.ERROR,
    title="a password in a URL, in clear text",
    why="A URL in the value names a user and a password (`scheme://user:password@host`, RFC 3986, 3.2.1), also with an "
    "empty user, as Redis has it. A password that is looked up or only a placeholder is none.",
    example="profile::app::dsn: postgres://app:Zimtstern12@db1.example.com/app\n",
    mend="Encrypt the password under a key of its own and look it up, so that the rest stays readable:\n\n"
    "```yaml\nprofile::app::dsn: \"postgres://app:%{lookup('profile::app::db_password')}@db1.example.com/app\"\n```\n\n"
    "or encrypt the whole URL: `eyamlgpg set hieradata/common.eyaml profile::app::dsn -p`.",
)


def sees(clear: Clear, _knowledge: Knowledge) -> tuple[str, str] | None:
    """What to say of a value with a URL that holds a password, and a hint."""
    if not has_credentials(clear.text):
        return None
    return (
        "a password stands here in clear text, in a URL",
        "encrypt it under a key of its own, and look it up: scheme://user:%{lookup('that::key')}@host",
    )
