"""Forms that cannot be a secret in clear text: what another tool encrypted or keeps, and what everybody may know."""

import re
from ipaddress import ip_interface

_SEALED = re.compile(
    r"ENC\[AES256_GCM,data:[^\s\],]*+,iv:[^\s\],]++,tag:[^\s\],]++(?:,type:\w++)?\]"  # sops
    r"|\$ANSIBLE_VAULT;[0-9.]+;AES(?:256)?(?:;[\w.-]+)?\s[0-9a-f\s]+"
    r"|ENC\([A-Za-z0-9+/=_-]{22,}\)"  # jasypt: a block of 16 bytes at the least
    r"|\{cipher\}[0-9a-fA-F]{32,}"  # Spring Cloud Config
    r"|-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE|PKCS7|CMS)-----\s[\w+/=\s:.()-]+?-----END [A-Z0-9 ]+-----"
)
_REFERENCE = re.compile(
    r"(?:vault|bao|openbao|conjur|ssm|secretsmanager|keyvault|cyberark|akeyless):/?[\w-][\w./:-]*(?:[#?][\w.=-]+)?"
    r"|projects/[\w.:-]+/secrets/[\w-]+(?:/versions/[\w-]+)?"  # Google's Secret Manager
    r"|arn:aws[\w-]*:[\w:/.*+=@-]+"
    r"|Deferred\(\s*['\"][\w:]{0,80}(?:lookup|vault|secret|get|fetch)[\w:]{0,80}['\"].*\)",  # of Puppet
    re.DOTALL,
)
_OVERRIDDEN = re.compile(r"(?i)over(?:ride|ridden|write|written)[_-]?(?:with|by|in|me|this)?[\w-]*")

_PUBLIC_BLOCK = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ )*(?:CERTIFICATE(?: REQUEST)?|PUBLIC KEY(?: BLOCK)?|DH PARAMETERS|X509 CRL)-----"
    r"[^-]+-----END [A-Z0-9 ]+-----"
)
_PLAIN_URL = re.compile(r"[a-z][a-z0-9+.-]*://[\w.-]+(?::[0-9]+)?(?:/[a-z._-]*)*")
"""A host, perhaps with a path of words: a token in it would have digits or capitals."""
_ABSOLUTE_PATH = re.compile(r"/[a-z][a-z_.-]+(?:/[A-Za-z0-9_.-]+)+")

LONGEST_LIST = 100_000
"""Characters."""


def is_sealed(text: str) -> bool:
    """Whether a value is another tool's ciphertext, a reference into another store, or says that it is overridden."""
    bare = text.strip()
    return any(form.fullmatch(bare) is not None for form in (_SEALED, _REFERENCE, _OVERRIDDEN))


def is_public(text: str) -> bool:
    """Whether a value is a network, an address of a service without a password, a path, or a public PEM block."""
    bare = text.strip()
    return (
        any(form.fullmatch(bare) is not None for form in (_PLAIN_URL, _ABSOLUTE_PATH))
        or _is_public_blocks(bare)
        or _is_networks(bare)
    )


def _is_public_blocks(bare: str) -> bool:
    return bare.startswith("-----BEGIN ") and not _PUBLIC_BLOCK.sub("", bare).strip()


def _is_networks(bare: str) -> bool:
    """One network or address, or a list of them as Postfix has it."""
    if not bare or len(bare) > LONGEST_LIST or set(bare) - set("0123456789abcdefABCDEF.:/[], \t\n"):
        return False
    parts = bare.replace(",", " ").split()
    return all(_is_network(part.replace("[", "").replace("]", "")) for part in parts)


def _is_network(part: str) -> bool:
    try:
        ip_interface(part)
    except ValueError:
        return False
    return True
