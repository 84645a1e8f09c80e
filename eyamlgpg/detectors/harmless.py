"""Values that are no secrets whatever their keys are called: empty, looked up, a path, locked, public."""

import re

from eyamlgpg.detectors.unsecret_forms import is_public, is_sealed

NOTHING = frozenset({"", "undef", "nil", "none", "null", "~", ":undef"})
SWITCHES = frozenset(
    {"true", "false", "yes", "no", "on", "off", "enabled", "disabled", "present", "absent", "running", "stopped"}
)
LOCKED = frozenset({"*", "!", "!!", "!*", "*!", "x", "*LK*", "*NP*", "*0", "!locked"})
"""What passwd(5) and shadow(5) hold for an account without a password."""

ATTRIBUTES = frozenset(
    {"userpassword", "unicodepwd", "authpassword", "sambantpassword", "sambalmpassword", "krbprincipalkey"}
    | {"ipanthash", "olcrootpw", "nsslapd-rootpw", "ms-mcs-admpwd"}
)
"""What directories call the attributes that hold passwords (RFC 4519, Active Directory, Samba, Kerberos)."""

_INTERPOLATIONS = re.compile(r"(?:[^\w%$#]*+[%$#]\{[^{}]*+\})+[^\w%$#]*+")
"""Nothing but what is looked up, with signs between: `%{lookup('user')}:%{lookup('password')}`, `${db.password}`."""
_VARIABLES = re.compile(
    r"\$\{\{.*\}\}|\$(?:[A-Z_][A-Z0-9_]*|[a-z_]+)|\{\{.*\}\}|<%.*%>|@@\w+@@|__\w+__"
    r"|\$__\w+\{[^{}]*\}|\$[a-z]\w*(?:\.\w+)+\$|\(\([\w./-]+\)\)|%[A-Z_]+[0-9]?%"  # Grafana, Icinga, Concourse, Windows
    r"|@Microsoft\.KeyVault\([^()]*\)",
    re.DOTALL,
)
_PLACEHOLDER = re.compile(
    r"<[\w .:-]+>|\.{3,}|\*{3,}|[Xx]{3,}|(?:CHANGE|REPLACE|FILL|TODO|FIXME)[A-Z_-]*"
    r"|\[?(?i:placeholder|filtered|redacted|masked|removed)\]?|[nNxX]{3,}(?:-[nNxX]++)*|0{8}(?:-0{4}){3}-0{12}"
)
_COMPONENT = r"[\w.@-]+"
_PATH = re.compile(
    rf"(?:\w+:)?(?:~|\.{{1,2}}|%\{{[^{{}}]*\}}|[A-Za-z]:)?(?:[/\\](?:{_COMPONENT}|%\{{[^{{}}]*\}}))+[/\\]?"
    rf"|(?:[a-z][\w.-]*/)+\.?[a-z][\w.-]*"
)
_PASSWORD_LIKE = re.compile(r"[/\\][^./\\]*[0-9][^./\\]*|(?=.*[A-Z0-9])[a-z][\w-]*(?:/[\w-]+)+")
"""A path of one piece with digits, or a relative one with digits or capitals, neither with a dot: base64 is alike."""
_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s@]+|[a-z][a-z0-9+.-]*://[^\s/:@]*@[^\s@]+")
_SHORT_NUMBER = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]+)?(?:ms|[smhdwy])?")
_TYPE = re.compile(r"[A-Z]\w*+(?:::[A-Z]\w*+)+")
_PUBLIC = re.compile(r"(?:ssh-|ecdsa-|sk-ssh-)\S+ AAAA|-----BEGIN (?:[A-Z ]*CERTIFICATE|[A-Z ]*PUBLIC KEY)")
_PRIVATE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY")
_OPEN_COMMUNITY = re.compile(r"(?i:.*communit(?:y|ies))")
_BGP_COMMUNITIES = re.compile(r"(?:[0-9]{1,10}+(?::[0-9]{1,10}+)+[ ,]*+)+")
"""Of routes (RFC 1997, RFC 8092)."""
_PATH_BEHIND = re.compile(r"[ \t][\"']?(?:/\w[\w.-]*+/[\w.]|[a-z][a-z0-9+.-]{1,20}://)")
"""A path or a URL behind other words: `cat /etc/passwd`, `see https://wiki…`."""
_LABEL = re.compile(r"(?=[A-Z])(?:[^\W\d_]++[?.:!…]*+[ ]*+)+")
_LABELS = re.compile(
    r"(?i:(?<![^\W\d_])(?:pass(?:word|wort|phrase|code)?|kennwort|secret|token|mot de passe|senha)(?![^\W\d_]))"
)
_CRYPT = re.compile(
    r"\$(?:[1567y]|2[abxy]?|gy|argon2\w*|pbkdf2[^\s$]*+|apr1)\$\S+"  # crypt(5), and what web applications write alike
    r"|\*[0-9A-F]{40}|\{(?:S?SHA\d*|CRYPT|SSHA|PBKDF2[^\s}]*+|MD5|SMD5)\}\S+"  # MySQL; LDAP (RFC 2307)
    r"|SCRAM-SHA-\d+\$\S+|md5[0-9a-f]{32}"  # PostgreSQL
)


def says_nothing(text: str) -> bool:
    """Whether a value is empty, a switch, a lookup, a placeholder or another tool's ciphertext: no secret by itself."""
    bare = text.strip()
    return (
        bare.lower() in NOTHING
        or bare.lower() in SWITCHES
        or bare in LOCKED
        or any(form.fullmatch(bare) is not None for form in (_INTERPOLATIONS, _VARIABLES, _PLACEHOLDER))
        or is_sealed(bare)
    )


def cannot_be_secret(text: str) -> bool:
    """Whether the form of a value rules a secret out, whatever is known of its key."""
    return says_nothing(text) or is_public(text)


def is_no_secret(text: str) -> bool:
    """Whether a value under a suspicious name is none: it says nothing, or is a path, an address or public."""
    bare = text.strip()
    return (
        says_nothing(bare)
        or bare.lower() in ATTRIBUTES
        or bare == "pass"  # what a proxy or a packet filter does
        or any(form.fullmatch(bare) is not None for form in (_URL, _SHORT_NUMBER, _TYPE))
        or ("\n" not in bare and _PATH_BEHIND.search(bare) is not None)
        or (_PATH.fullmatch(bare) is not None and _PASSWORD_LIKE.fullmatch(bare) is None)
        or (_PUBLIC.match(bare) is not None and _PRIVATE.search(bare) is None)
    )


def is_open_community(name: str, text: str) -> bool:
    """Whether a value is SNMP's community for everybody, `public`, or one of BGP; `private` may write: a bad secret."""
    is_open = text.strip() == "public" or _BGP_COMMUNITIES.fullmatch(text.strip()) is not None
    return is_open and _OPEN_COMMUNITY.fullmatch(name) is not None


def is_label(text: str) -> bool:
    """Whether a value is what a form shows beside a field: `Password`, `Enter your password`, `Passwort vergessen?`."""
    bare = text.strip()
    return _LABEL.fullmatch(bare) is not None and _LABELS.search(bare) is not None


def is_password_hash(text: str) -> bool:
    """Whether a value is a password's hash, as crypt(5) and databases write it."""
    return _CRYPT.fullmatch(text.strip()) is not None
