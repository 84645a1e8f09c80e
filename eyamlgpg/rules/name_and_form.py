"""Names that promise a secret only if the value has a form that fits: `auth: admin:geheim42`, consul's `encrypt`."""

import re

from eyamlgpg.rules.likeness import looks_like_password

_LAST_WORD = re.compile(r"(?:^|[^A-Za-z]|(?<=[a-z])(?=[A-Z]))([A-Z]?[a-z]+)\Z")
_USER_AND_PASSWORD = re.compile(r"[A-Za-z_][\w.+-]*:([^\s:/]+)")
_GOSSIP_KEY = re.compile(r"(?=\S*[0-9])(?=\S*[a-z])(?=\S*[A-Z])(?:[\w+/-]{22}==|[\w+/-]{32}|[\w+/-]{43}=)")
"""16, 24 or 32 bytes in base64, as memberlist takes them."""


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
