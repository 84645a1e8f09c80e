"""A private key block in clear text."""

import re
from functools import cache
from typing import TYPE_CHECKING

from eyamlgpg.model.findings import Severity
from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.reading.clear import Clear
from eyamlgpg.rules.rule import Rule

if TYPE_CHECKING:
    from detect_secrets.plugins.base import RegexBasedDetector

RULE = Rule(
    id="plaintext-private-key",
    severity=Severity.ERROR,
    title="a private key in clear text",
    why="A PEM, OpenSSH, PuTTY or OpenPGP private key block, or a static key of OpenVPN, stands in a value, also "
    "behind a certificate. Told by detect-secrets, on the value as YAML reads it (`!!binary` decoded). A block whose "
    "body cannot be a key (`hunter2`, `overridewith…`) is passed over.",
    example="profile::tls::bundle: |\n  -----BEGIN PRIVATE KEY-----\n  MIGHAgEAMBMG\n  -----END PRIVATE KEY-----\n",
    mend="Put the key into the file encrypted, from where it lies:\n\n"
    "```console\n$ eyamlgpg set hieradata/common.eyaml profile::tls::bundle --stdin < bundle.pem\n```\n\n"
    "A key that was pushed in clear is lost: make a new one, and revoke its certificate.",
)


_PUTTY = "PuTTY-User-Key-File-"  # version 3 is younger than the detector
_STATIC = "-----BEGIN OpenVPN Static key"
_BLOCK = re.compile(r"-----BEGIN [^\n-]{0,60}(?:PRIVATE KEY|Static key)[^\n-]{0,20}-----((?:[^-]|-(?!----))*)-----END ")
_RUN = re.compile(r"[A-Za-z0-9+/=]{12,}")
_KINDS = re.compile(r"[0-9]|[a-z][A-Z]")
_ENCRYPTED = "BEGIN ENCRYPTED PRIVATE KEY-----"  # its passphrase may be weak, and is often in the same tree


def sees(clear: Clear, _knowledge: Knowledge) -> tuple[str, str] | None:
    """What to say of a value that holds a private key, and a hint."""
    has_own = any(sign in clear.text for sign in (_ENCRYPTED, _PUTTY, _STATIC))
    if not has_own and "PRIVATE KEY-----" not in clear.text and "PRIVATE KEY BLOCK-----" not in clear.text:
        return None
    if not _may_be_key(clear.text):
        return None
    if has_own or any(True for _ in _detector().analyze_string(clear.text)):
        command = f"{clear.setting} --stdin < key.pem"
        return "a private key stands here in clear text", f"encrypt it: {command}; if it was pushed, make a new key"
    return None


def _may_be_key(text: str) -> bool:
    """Whether no block with an end is left when those are taken out whose body is no key's."""
    blocks = _BLOCK.findall(text)
    is_cut = text.count("-----BEGIN ") > len(blocks) or _PUTTY in text
    return is_cut or not blocks or any(map(_is_body, blocks))


def _is_body(body: str) -> bool:
    """Whether it begins as DER in base64 does, or letters and digits of several kinds stand in a row, as of a key."""
    return body.strip().startswith("MI") or any(
        _KINDS.search(run) is not None for run in _RUN.findall(body.replace("\\n", "\n"))
    )


@cache
def _detector() -> "RegexBasedDetector":
    from detect_secrets.plugins.private_key import PrivateKeyDetector

    return PrivateKeyDetector()
