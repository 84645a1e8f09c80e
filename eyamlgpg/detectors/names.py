"""Which names of Hiera keys promise a secret, and which only sound like it.

A name is read as words: `rootPassword`, `root_password` and `root-password` are two. A word such as `password` or a
pair such as `api key` makes the name suspicious, unless a later word says that it is about the secret and not the
secret itself (`password_min_length`), or an earlier one that it is something else (`proxy_pass`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache

from eyamlgpg.model.policy import ClearText


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SECRET = _words(
    "password passwords passwd passphrase passcode passwort kennwort pwd pw pass secret secrets token tokens apikey"
    " authpass privpass dbpass rootpw creds credentials bindpw bindpwd bindpasswd requirepass masterauth psk"
    " privkey community authtok"
)
SECRET_PAIRS = frozenset(
    {("erlang", "cookie"), ("shared", "secret"), ("webhook", "secret"), ("ticket", "salt")}
    | {(what, "key") for what in _words("api access secret private auth account encryption signing master shared")}
    | {(what, "key") for what in _words("preshared session license secure deploy gossip rndc enroll enrollment")}
)
ENDINGS = ("password", "passwd", "passphrase", "passwort", "kennwort", "apikey", "secretkey", "privatekey")
"""Of words that somebody wrote together: `rootpassword`."""

SHORT_ENDINGS = re.compile(r"[a-z]{2,}(?:pass|pw|pwd|token|secret|community)")
"""Likewise, where other words end so, too: `mysqlpass`, `adminpw`, `authtoken`, and `NOT_WRITTEN_TOGETHER`."""

NOT_WRITTEN_TOGETHER = _words(
    "kpasswd yppasswd gpasswd smbpasswd"
    " nopasswd nopassword nopass nopw bypass compass overpass underpass trespass surpass encompass impasse"
    " highpass lowpass bandpass allpass multipass singlepass firstpass secondpass onepass keepass gopass lastpass"
    " sshpass askpass chpass mkpasswd chpasswd htpasswd openpass fspass mountpass dumppass badpass fuzzpass"
    " oldpwd getpwd nontoken"
)
"""English words, programs and settings that end so: `bypass`, `keepass`, sudo's `NOPASSWD`, the shell's `OLDPWD`."""

ABOUT = _words(
    "age algorithm algorithms alg alias attempts authentication backend bits chars check class cmd column command"
    " complexity count days digits dir directory enabled encoding encryption endpoint engine env expiration expires"
    " expiry field fields file filename files format generator group hash hashed hashing header help helper hint"
    " history host id ids key keyid label length lib lifetime limit lines link list location lookup map maps max"
    " maxlen message method min mode module mount name names namespace owner parameter params path paths plugin"
    " policy port prefix prompt provider public question ref reference regex regexp requirements reset retries role"
    " rotation rules schema scheme scope scopes server service size source storage store strength suffix text"
    " bucket timeout ttl type uri url user username validity validator var verify version warn warning"
    " attribute attributes attr attrs authenticator category dn driver drivers expired fd filter interval iterations"
    " managed manager mechanism mechanisms modules query regexes reqd required resource rotate rounds script"
    " stdin store stores tries roles symlink uuid guid arn bound chat dialog grace hasher hashers identity lifespan per"
    " period periods placeholder policies program"
)
"""After a suspicious word these say that the value is about a secret."""

BEFORE = _words(
    "max min num number public purge reset rotate validate verify allowed available hash ignored selected list get show"
    " revoke existing forgot forgotten send total bos eos pad unk"
)
"""In front of a suspicious word these say that it is a number, or something else by that name."""

PASSED_BY = _words("proxy fastcgi uwsgi grpc scgi memcached")
"""What hands requests on: `proxy_pass` of nginx is an address, and `proxy_password` a password."""

OTHER_MEANINGS = (
    *("nsswitch::*", "*::nsswitch::*", "lookup_options.*", "lookup_options"),
    *("*server?tokens", "*ServerTokens", "*initial?cluster?token*", "*imagePullSecrets*", "*image_pull_secrets*"),
    *("*etcd*::auth?token", "*kubernetes.io/*-secret*", "*encryptedData.*", "*.translations.*", "*i18n*"),
)
"""Hiera keys that have nothing to do with secrets: `nsswitch::passwd` names a database of users, `ServerTokens` says
how much a web server tells of itself, the token of etcd's first cluster is a name, and its `auth-token` a kind, as are
the pull secrets of Kubernetes and those of an ingress; sealed secrets are encrypted, and translations are words."""

HELD_BY_ANYTHING = _words("passwords passwds passphrases tokens apikeys")
CONTAINERS = HELD_BY_ANYTHING | _words("secrets credentials creds")
"""The entries below such a name are secrets, whatever they are called themselves."""

HOLDERS = _words("backend engine group host id module resource role server service store storage user")
"""Of `ABOUT` what may have a password or a token of its own: `passwords: {root_user: …, backup_host: …}`; below
`secrets` and `credentials` a user and a host are just that."""

NOT_ABOUT_BELOW = _words("hash key")
"""Of `ABOUT` what may be the secret itself below such a name: `secrets: {db_key: …}`."""

VALUES = _words("value default content current plaintext")
"""Names that say nothing but that this is the value of the name above, or of the one beside it."""

NAMING = _words("name key env variable var setting option parameter property")
"""What the name of a value is called that stands beside it: `{name: DB_PASSWORD, value: …}`."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class NamePolicy:
    """What the names of keys promise in a repository with its own rules about some of them."""

    rules: ClearText = field(default_factory=ClearText)

    def suspects(self, key: str, name: str) -> bool:
        """Whether a key promises a secret; `name` is its last part."""
        if any(fnmatchcase(key, pattern) for pattern in self.rules.secret):
            return True
        return sounds_secret(name) and not self.calls_harmless(key)

    def calls_harmless(self, key: str) -> bool:
        """Whether a key is known to hold no secret, whatever its name and its value look like."""
        return any(fnmatchcase(key, pattern) for pattern in (*self.rules.harmless, *OTHER_MEANINGS))

    def harmless_by(self, key: str) -> str:
        """The first pattern of the repository that calls a key harmless; empty for none."""
        return next((pattern for pattern in self.rules.harmless if fnmatchcase(key, pattern)), "")

    def suspects_below(self, key: str, parent: str, name: str) -> bool:
        """Whether a key promises a secret by the name above its last part: `passwords.alice`, `password.value`."""
        last = _last_word(parent)
        if name not in VALUES and last not in CONTAINERS:
            return False
        told = ABOUT - NOT_ABOUT_BELOW - (HOLDERS if last in HELD_BY_ANYTHING else frozenset())
        is_about = any(word.lower() in told for word in _WORD.findall(name))
        return (name in VALUES or not is_about) and self.suspects(key, parent)


def is_container(name: str) -> bool:
    """Whether a name ends in a plural, so that secrets stand below it: `passwords`."""
    return _last_word(name) in CONTAINERS


def _last_word(name: str) -> str:
    words = _WORD.findall(name)
    return words[-1].lower() if words else ""


@lru_cache(maxsize=4096)
def sounds_secret(name: str) -> bool:
    """Whether a name alone promises a secret."""
    words = [word.lower() for word in _WORD.findall(name) if not word.isdigit()]
    first, last = _suspicious(words)
    if last is None:
        return False
    if set(words[last:]) & ABOUT:
        return False
    if words[first:last] == ["pass"] and set(words[:first]) & PASSED_BY:
        return False
    return not set(words[:first]) & BEFORE


def _suspicious(words: Sequence[str]) -> tuple[int, int | None]:
    """Where the last suspicious word or pair begins, and the place behind it; None where there is none."""
    for place in range(len(words) - 1, -1, -1):
        if tuple(words[place : place + 2]) in SECRET_PAIRS:
            return place, place + 2
        if _promises(words[place]):
            return place, place + 1
    return 0, None


def _promises(word: str) -> bool:
    if word in SECRET:
        return True
    is_ending = word.endswith(ENDINGS) or SHORT_ENDINGS.fullmatch(word) is not None
    return is_ending and word not in NOT_WRITTEN_TOGETHER
