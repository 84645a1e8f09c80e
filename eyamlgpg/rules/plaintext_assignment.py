"""A secret inside a longer text: `DB_PASSWORD=…` in a list of variables, `password=…` in a connection string."""

import re

from eyamlgpg.model.findings import Severity
from eyamlgpg.rules.knowledge import Knowledge
from eyamlgpg.rules.plaintext_key_name import is_secret
from eyamlgpg.rules.rule import Rule
from eyamlgpg.rules.subject import STAND_IN, Clear

RULE = Rule(
    id="plaintext-assignment",
    severity=Severity.ERROR,
    title="a secret inside a longer text, in clear text",
    why="The value is a text in which something whose name promises a secret is set: an environment variable, a "
    "connection string, mount options, a header `Authorization: Basic …`, `mysqldump -p…`. "
    "Names and values are judged as by plaintext-key-name.",
    example="profile::app::env:\n  - DB_HOST=db1.example.com\n  - DB_PASSWORD=Kirschkuchen9\n",
    mend="Several encrypted values may stand in one text, so only the secret needs to be encrypted:\n\n"
    "```yaml\nprofile::app::env:\n  - DB_HOST=db1.example.com\n  - DB_PASSWORD=ENC[GPG,hQEMA…]\n```\n\n"
    "`eyamlgpg encrypt -p` prints a value to paste. Or write `DB_PASSWORD=DEC::GPG[…]!` in `eyamlgpg edit`.",
)

_ASSIGNMENT = re.compile(r"""(?<![\w%{$])([A-Za-z][\w.-]{1,60})=(?!=)["']?([^\s"';&,|)]+)""")
_AUTHORIZATION = re.compile(r"\bAuthorization:\s*(?:Basic|Bearer|Token)\s+(?![<%${])\S{8,}", re.IGNORECASE)

_COMMAND_END = re.compile(r"[|;]")
_MYSQL = re.compile(r"\bmysql\w*+")
_BEHIND_P = re.compile(r"\s-p[^\s'\"%${]")


def sees(clear: Clear, knowledge: Knowledge) -> tuple[str, str] | None:
    """What to say of a text that sets a secret."""
    text = clear.text
    if "=" in text and any(_is_secret(found[1], found[2], knowledge) for found in _ASSIGNMENT.finditer(text)):
        return "a secret stands here in clear text, inside a longer text", _HINT
    if "uthorization" in text and _AUTHORIZATION.search(text):
        return "credentials stand here in clear text, in an Authorization header", _HINT
    if "mysql" in text and any(map(_has_mysql_password, _COMMAND_END.split(text))):
        return "a password stands here in clear text, behind the -p of a command", _HINT
    return None


_HINT = "encrypt the secret alone: eyamlgpg encrypt -p prints a value to paste in its place"


def _has_mysql_password(command: str) -> bool:
    mysql = _MYSQL.search(command)
    return mysql is not None and _BEHIND_P.search(command, mysql.end()) is not None


def _is_secret(name: str, text: str, knowledge: Knowledge) -> bool:
    return STAND_IN not in text and is_secret(name, name, text, knowledge.names)
