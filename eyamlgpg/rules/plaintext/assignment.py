"""A secret inside a longer text: `DB_PASSWORD=…` in a list of variables, `password = …` in a file of settings."""

from eyamlgpg.detectors import assignments, commands
from eyamlgpg.detectors.assignments import Assigned, is_worked_out
from eyamlgpg.detectors.harmless import ATTRIBUTES
from eyamlgpg.detectors.likeness import looks_like_password
from eyamlgpg.model.findings import Severity
from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.plaintext.key_name import is_secret
from eyamlgpg.rules.reading import list_commands
from eyamlgpg.rules.reading.clear import STAND_IN, Clear
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="plaintext-assignment",
    severity=Severity.ERROR,
    title="a secret inside a longer text, in clear text",
    why="The value is a text in which something whose name promises a secret is set: an environment variable, a "
    "connection string, mount options, a line of a configuration file (`password = …`, `password: …`, `requirepass "
    "…`), JSON, XML or code, an option of a command (`--password …`, `curl -u user:…`, `mysqldump -p…`; also as "
    "items of a list), a header `Authorization: Basic …`, SQL (`IDENTIFIED BY '…'`), SNMP's `createUser`. Names and "
    "values are judged as by plaintext-key-name. Where the form says little (a word behind `password:` or "
    "`password`, a comment), the word must look like a password, with letters and digits or signs; sentences, "
    "variables, templates, calls and regular expressions are passed over.",
    example="profile::app::env:\n  - DB_HOST=db1.example.com\n  - DB_PASSWORD=Kirschkuchen9\n",
    mend="Several encrypted values may stand in one text, so only the secret needs to be encrypted:\n\n"
    "```yaml\nprofile::app::env:\n  - DB_HOST=db1.example.com\n  - DB_PASSWORD=ENC[GPG,hQEMA…]\n```\n\n"
    "`eyamlgpg encrypt -p` prints a value to paste. Or write `DB_PASSWORD=DEC::GPG[…]!` in `eyamlgpg edit`.",
)

_HINT = "encrypt the secret alone: eyamlgpg encrypt -p prints a value to paste in its place"


def sees(clear: Clear, knowledge: Knowledge) -> tuple[str, str] | None:
    """What to say of a text that sets a secret."""
    text = clear.text
    if any(_is_secret(setting, knowledge) for setting in assignments.find(text)):
        return "a secret stands here in clear text, inside a longer text", _HINT
    if commands.has_authorization(text):
        return "credentials stand here in clear text, in an Authorization header", _HINT
    if any(_is_secret(setting, knowledge) for setting in (*commands.find(text), *list_commands.find(clear))):
        return "a password stands here in clear text, in a command or a directive", _HINT
    return None


def sets_anything(clear: Clear) -> bool:
    """Whether a text sets anything at all, be it a secret or not; `sees` sees nothing in one that does not."""
    settings = (*assignments.find(clear.text), *commands.find(clear.text), *list_commands.find(clear))
    return bool(settings) or commands.has_authorization(clear.text)


def _is_secret(setting: Assigned, knowledge: Knowledge) -> bool:
    text = setting.text
    if STAND_IN in text or is_worked_out(setting) or (setting.is_weak and not looks_like_password(text)):
        return False
    name = setting.name.rpartition("::")[2]
    if name.lower() in ATTRIBUTES and text.isalpha():
        return False  # an attribute and what it is called elsewhere: `userPassword=password` of Dovecot
    return is_secret(setting.name, name, text, knowledge.names)
