"""Names that promise a secret only with a value of a fitting form, or none with another: `auth: admin:geheim42`."""

import re

from eyamlgpg.detectors.likeness import looks_like_password
from eyamlgpg.detectors.names import sounds_secret

_LAST_WORD = re.compile(r"(?:^|[^A-Za-z]|(?<=[a-z])(?=[A-Z]))([A-Z]?[a-z]+)\Z")
_PAIRED = frozenset({"auth", "userpass", "userpwd", "basicauth", "authorization", "encrypt", "key"})
_USER_AND_PASSWORD = re.compile(r"[A-Za-z_][\w.+-]*:([^\s:/]+)")
_GOSSIP_KEY = re.compile(r"(?=\S*[0-9])(?=\S*[a-z])(?=\S*[A-Z])(?:[\w+/-]{22}==|[\w+/-]{32}|[\w+/-]{43}=)")
"""16, 24 or 32 bytes in base64, as memberlist takes them."""
_KEY = re.compile(
    r"(?!AAAA|MI[IGH])(?=\S*[0-9])(?=\S*[a-z])(?=\S*[A-Z])(?:[\w+/-]{4}){5,22}(?:[\w+/-]{2}==|[\w+/-]{3}=)"
)
"""Some 16 to 64 bytes in base64, with its padding; public keys of SSH and of X.509 begin in ways of their own."""
_OF_PUBLIC_KEYS = re.compile(r"(?i:pub|peer|host|gpg|pgp|apt|dkim|site|known|trusted|fingerprint|authorized)")

_CREDENTIALS = re.compile(r"(?i:Basic|Bearer|Token|ApiKey|Digest) +(?![<%${@\[(])([\w+/=.~:-]{8,})")
"""Of a header `Authorization` (RFC 9110, 11.4)."""
_PLAIN_WORD = re.compile(r"[A-Za-z][a-z_-]*")

_NAMED_KEY = re.compile(r"(?i:(?:.*[^a-z])?(?:auth|deploy)[_-]?key)")
_KEYS_NAME = re.compile(r"[a-z][a-z0-9]*+(?:[-_][a-z0-9]++)+")
_NAME_OF_SECRET = re.compile(r"[a-z]++[0-9]{0,4}+(?:[-_.](?:[a-z]++[0-9]{0,4}+|[0-9]{1,4}+))+")
_MAPPING = re.compile(r"(?i:attr|column|field|label|map|translation)")


def names_a_key(name: str, text: str) -> bool:
    """Whether a value is the name of a key that stands elsewhere, as cfssl's `auth_key: k8s_staging`."""
    bare = text.strip()
    if name == "secretKey" and bare.replace("-", "").replace("_", "").isalpha():
        return sounds_secret(bare)  # of an ExternalSecret of Kubernetes
    return _KEYS_NAME.fullmatch(bare) is not None and _NAMED_KEY.fullmatch(name) is not None


def names_a_secret(text: str) -> bool:
    """Whether an item of `secrets` only names one that stands elsewhere, as containers have it: `db_password_2024`."""
    return _NAME_OF_SECRET.fullmatch(text.strip()) is not None or not looks_like_password(text.strip())


def repeats_name(key: str, name: str, text: str) -> bool:
    """Whether a value only says its own name again, as a label, a constant (`ticket_salt: TicketSalt`) or in a mapping.

    `db::password: password` is no such case: somebody chose that. Nobody chooses `api_token: api_token`.
    """
    bare = text.strip()
    said = name.replace("_", "") if bare[:1].isupper() else name
    if bare.lower() != said.lower():
        return False
    return not (bare == name and bare.islower() and bare.isalpha() and "::" in key and _MAPPING.search(key) is None)


def may_be_paired(name: str) -> bool:
    """Whether there is a form of a secret that goes with this name."""
    last = _LAST_WORD.search(name)
    return last is not None and last[1].lower() in _PAIRED


def is_secret_pair(key: str, name: str, text: str) -> bool:
    """Whether a value has the form of a secret that goes with this name, the last one of the key."""
    last = _LAST_WORD.search(name)
    match last[1].lower() if last else "":
        case "auth" | "userpass" | "userpwd" | "basicauth":
            found = _USER_AND_PASSWORD.fullmatch(text.strip())
            return found is not None and looks_like_password(found[1])
        case "authorization":
            header = _CREDENTIALS.fullmatch(text.strip())
            return header is not None and _PLAIN_WORD.fullmatch(header[1]) is None
        case "encrypt":
            return _GOSSIP_KEY.fullmatch(text.strip()) is not None
        case "key":
            return _KEY.fullmatch(text.strip()) is not None and _OF_PUBLIC_KEYS.search(key) is None
        case _:
            return False
