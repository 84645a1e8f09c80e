"""A value in clear text under a name that promises a secret."""

import re
from collections.abc import Iterator

from eyamlgpg.detectors.harmless import is_label, is_no_secret, is_open_community, is_password_hash
from eyamlgpg.detectors.likeness import looks_like_password
from eyamlgpg.detectors.name_forms import is_secret_pair, may_be_paired, names_a_key, names_a_secret, repeats_name
from eyamlgpg.detectors.names import NamePolicy, is_container, sounds_secret
from eyamlgpg.model.findings import Severity
from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.reading.clear import STAND_IN, Clear
from eyamlgpg.rules.rule import Rule

RULE = Rule(
    id="plaintext-key-name",
    severity=Severity.ERROR,
    title="a value in clear text under a name that promises a secret",
    why="The key is called `password`, `passphrase`, `secret`, `token`, `api_key`, `private_key` or alike, or the name "
    "above it is (`passwords.alice`, `password.value`) and the value has letters and digits, or the name beside a "
    "`value` is (`{name: DB_PASSWORD, value: …}`). Of `auth` the form `user:password` is reported, of `key` and "
    "`encrypt` some bytes in base64, of `Authorization` what a header holds (`Basic …`, `Bearer …`). Names about a "
    "secret are passed over (`password_min_length`, `token_url`, `private_key_path`), and so are values that are "
    "none: empty, true or false, a small number, a path, a URL without a password, a public key, a locked account "
    "(`*`, `!!`), a placeholder (`<password>`, `CHANGE_ME`), SNMP's `public`, an attribute's name (`userPassword`), "
    "a label (`Enter your password`), a reference (`%{lookup('…')}`, `${DB_PASSWORD}`, "
    "`vault:…`, `conjur:…`, `projects/…/secrets/…`, `Deferred(…)`), or what another tool encrypted (sops, Ansible "
    "Vault, jasypt, a PGP or age message). A password's hash is passed over unless `.eyamlgpg/policy.yaml` says "
    "otherwise.",
    example="mysql::server::root_password: Rosinenbrot7\n",
    mend="Encrypt the value:\n\n"
    "```console\n$ eyamlgpg set hieradata/common.eyaml mysql::server::root_password -p\n```\n\n"
    "If it is none, say so on its line, with the reason:\n\n"
    "```yaml\ndemo::password: demo  # eyamlgpg: allow plaintext-key-name -- public test account\n```",
)

_LIKE_A_PASSWORD = re.compile(r"(?=\S*[0-9])(?=\S*[A-Za-z])\S{8,}")
_GLUED = re.compile(r"(?=[^0-9]*[0-9])[\w!#$%^&*+~-]{8,200}")
"""What stands right before or behind an encrypted value, without the signs of a URL or a setting."""


def is_secret(key: str, name: str, text: str, names: NamePolicy) -> bool:
    """Whether a value under this key and name is a secret, as far as names and forms tell."""
    if not names.suspects(key, name):
        return False
    if is_no_secret(text) or is_label(text) or is_open_community(name, text) or names_a_key(name, text):
        return False
    if repeats_name(key, name, text):
        return False
    return names.rules.report_password_hashes or not is_password_hash(text)


def sees(clear: Clear, knowledge: Knowledge) -> tuple[str, str] | None:
    """What to say of a value whose name promises a secret."""
    said = _promise(clear, knowledge.names)
    if said is None:
        return None
    message = f"{said} promises a secret, and its value stands here in clear text"
    return message, f"encrypt it: {clear.setting} -p"


def _promise(clear: Clear, names: NamePolicy) -> str | None:
    """Which name it is that promises a secret, if the value may be one."""
    if not _may_promise(clear, names):
        return None
    key = str(clear.path)
    texts = tuple(_loose_words(clear.text)) if clear.is_partial else (clear.text,)
    if any(is_secret(key, clear.name, text, names) for text in texts):
        return None if _is_reference(clear) else "the name of this key"
    if _is_secret_below(key, clear, names) or _is_secret_pair(key, clear.name, clear, names):
        return "the name of this key"
    if any(is_secret(key, name, text, names) for name in clear.beside for text in texts):
        return "the name beside this value"
    if any(_is_secret_pair(key, name, clear, names) for name in clear.beside):
        return "the name beside this value"
    return None


def _may_promise(clear: Clear, names: NamePolicy) -> bool:
    """Whether any of the names can promise a secret, whatever the value: told without a look at the whole path."""
    name = clear.name
    return (
        bool(names.rules.secret or clear.beside)
        or sounds_secret(name)
        or sounds_secret(clear.parent)
        or may_be_paired(name)
    )


def _is_reference(clear: Clear) -> bool:
    """Whether an item of a list of `secrets` only names one, as containers have it: `secrets: [db_password]`."""
    is_item = bool(clear.path.segments) and isinstance(clear.path.segments[-1], int)
    return is_item and is_container(clear.name) and names_a_secret(clear.text)


def _is_secret_below(key: str, clear: Clear, names: NamePolicy) -> bool:
    """Whether the name above promises a secret, and the value looks like one: most entries below are none."""
    if not names.suspects_below(key, clear.parent, clear.name):
        return False
    looks_like = _LIKE_A_PASSWORD.fullmatch(clear.text.strip()) is not None
    return looks_like and is_secret(key, clear.parent, clear.text, names)


def _is_secret_pair(key: str, name: str, clear: Clear, names: NamePolicy) -> bool:
    return not clear.is_partial and is_secret_pair(key, name, clear.text) and not names.calls_harmless(key)


def _loose_words(text: str) -> Iterator[str]:
    """The words beside an encrypted value that look like passwords; `Bearer ENC[…]` has none, nor has a URL."""
    if "\n" in text.strip():
        return
    for word in text.split():
        if STAND_IN not in word:
            yield from (word,) if _LIKE_A_PASSWORD.fullmatch(word) else ()
        else:
            yield from (one for one in word.split(STAND_IN) if _GLUED.fullmatch(one) and looks_like_password(one))
