"""Names that promise a secret only with a value of a fitting form, or none with another: `auth: admin:geheim42`."""

import re

from eyamlgpg.rules.likeness import looks_like_password

_LAST_WORD = re.compile(r"(?:^|[^A-Za-z]|(?<=[a-z])(?=[A-Z]))([A-Z]?[a-z]+)\Z")
_USER_AND_PASSWORD = re.compile(r"[A-Za-z_][\w.+-]*:([^\s:/]+)")
_GOSSIP_KEY = re.compile(r"(?=\S*[0-9])(?=\S*[a-z])(?=\S*[A-Z])(?:[\w+/-]{22}==|[\w+/-]{32}|[\w+/-]{43}=)")
"""16, 24 or 32 bytes in base64, as memberlist takes them."""


_NAMED_KEY = re.compile(r"(?i:(?:.*[^a-z])?(?:auth|deploy)[_-]?key)")
_KEYS_NAME = re.compile(r"[a-z][a-z0-9]*+(?:[-_][a-z0-9]++)++")


def names_a_key(name: str, text: str) -> bool:
    """Whether a value is the name of a key that stands elsewhere, as cfssl's `auth_key: k8s_staging`."""
    return _KEYS_NAME.fullmatch(text.strip()) is not None and _NAMED_KEY.fullmatch(name) is not None


def is_secret_pair(name: str, text: str) -> bool:
    """Whether a value has the form of a secret that goes with this name."""
    last = _LAST_WORD.search(name)
    match last[1].lower() if last else "":
        case "auth" | "userpass" | "userpwd" | "basicauth":
            found = _USER_AND_PASSWORD.fullmatch(text.strip())
            return found is not None and looks_like_password(found[1])
        case "encrypt":
            return _GOSSIP_KEY.fullmatch(text.strip()) is not None
        case _:
            return False
