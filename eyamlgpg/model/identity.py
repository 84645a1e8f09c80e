"""What a finding is known by from one run to the next, in a baseline and in reports: never by how its key is shown.

A key that must not be shown, since it may be a secret, is known by a short digest. Who reads the digest can only try
guesses, each of which takes scrypt's time, and of a thousand million guesses some sixty fit: 24 bits tell apart the few
hidden keys of a file, and no more.
"""

from functools import lru_cache
from hashlib import scrypt

from eyamlgpg.model.findings import Finding
from eyamlgpg.model.showable_names import HIDDEN

_BYTES = 3
_COST = 2**12
_OPENING, _CLOSING = HIDDEN[:-1], HIDDEN[-1]


def key_of(finding: Finding) -> str | None:
    """The key of a finding with a digest for what is hidden of it: `a.‹hidden 1f00ba›.password`."""
    if finding.about is None:
        return finding.key
    marked = f"{_OPENING} {_digest(finding.about, finding.path)}{_CLOSING}"
    return marked if finding.key is None else finding.key.replace(HIDDEN, marked, 1)


def is_undetermined(key: str | None) -> bool:
    """Whether a key was written down as it is shown, so that it may mean any hidden one."""
    return key is not None and HIDDEN in key and f"{_OPENING} " not in key


@lru_cache(maxsize=4096)
def _digest(text: str, path: str) -> str:
    salt = f"eyamlgpg {path}".encode("utf-8", "surrogatepass")
    return scrypt(text.encode("utf-8", "surrogatepass"), salt=salt, n=_COST, r=8, p=1, dklen=_BYTES).hex()
