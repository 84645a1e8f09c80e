"""Secrets that are told by the syntax of a program: options of commands, SQL, headers, directives of daemons."""

import re
from collections.abc import Iterator

from eyamlgpg.detectors.assignments import Assigned

_WORD = r"""(?:"[^"\n]{1,300}"|'[^'\n]{1,300}'|[^\s"'|;&]{1,300})"""

_OPTION = re.compile(rf"(?<![\w-])--?([A-Za-z][\w-]{{1,60}})[ \t]++(?![-|;&<>])({_WORD})")
_COMMAND_LINE = re.compile(
    r"[ \t]*+(?:[-/]|(?!(?:use|using|with|without|set|see|pass|try|via|add|give|or|and|the)\b)"
    r"[a-z_A-Z0-9.=\"'-]++[ \t]++-)"
)
_ANY_OPTION = re.compile(r"(?<!\S)--?[A-Za-z]")
_OF_A_SENTENCE = frozenset(
    {"to", "is", "for", "and", "or", "must", "option", "options", "flag", "when", "if", "on", "in"}
)
_MOUNTED = re.compile(r"(?:id|type|src|source)=")
"""`--secret id=npmrc,src=/root/.npmrc`."""
_SENTENCE_END = (".", ",", ":", "?", "!")

_SEPARATOR = re.compile(r"[|;\n]")
_BEHIND = {
    "mysql": re.compile(rf"\bmysql\w*+[^\n]{{0,400}}?\s-p({_WORD})"),
    "mariadb": re.compile(rf"\bmariadb[\w-]{{0,40}}+[^\n]{{0,400}}?\s-p({_WORD})"),
    " login ": re.compile(
        rf"\b(?:docker|podman|helm|buildah|skopeo)\b[^\n]{{0,200}}?\slogin\b[^\n]{{0,400}}?\s-p\s++(?!-)({_WORD})"
    ),
    "ipmitool": re.compile(rf"\bipmitool\b[^\n]{{0,400}}?\s-P\s*+({_WORD})"),
    "smbclient": re.compile(r"\bsmbclient\b[^\n]{0,400}?\s-U\s*+[\"']?[^\s%\"']++%([^\s\"'{][^\s\"']*+)"),
    "sshpass": re.compile(rf"\bsshpass\s++-p\s*+({_WORD})"),
    "ldap": re.compile(rf"\bldap(?:search|add|modify|delete|whoami|passwd|compare)\b[^\n]{{0,400}}?\s-w\s*+({_WORD})"),
    "redis-cli": re.compile(rf"\bredis-cli\b[^\n]{{0,400}}?\s-a\s++({_WORD})"),
    "rabbitmqctl": re.compile(rf"\brabbitmqctl\s++(?:add_user|change_password)\s++[^\s,]++\s++({_WORD})"),
    "htpasswd": re.compile(
        rf"\bhtpasswd\s++-\w{{0,8}}b\w{{0,8}}\s++(?:-\w++\s++){{0,8}}(?!-\w++\s)\S++\s++\S++\s++({_WORD})"
    ),
    "pass:": re.compile(r"\s-pass(?:in|out)?\s++[\"']?pass:([^\s\"']++)"),
    "curl": re.compile(r"\bcurl\b[^\n]{0,400}?\s(?:-u|--user|--proxy-user|-U)[ =]*+[\"']?[\w.@+-]++:([^\s\"']++)"),
}
"""By a literal that stands in every match: how the options of a command hand a password over."""

_USER = re.compile(r"(?<!\S)(?:--(?:proxy-)?user|--?auth)[ =][\"']?[\w.@+-]{1,100}+:([^\s\"']++)")

_IN_QUOTES = r"'([^'\n]{1,300})'"
_PHRASES = (
    ("dentified", re.compile(rf"(?i:\bidentified\s++(?:with\s++\S++\s++)?by\s++(?:password\s++)?){_IN_QUOTES}")),
    ("assword", re.compile(rf"(?i:\b(?:role|user)\s[^;\n]{{0,120}}?\bpassword\s++){_IN_QUOTES}")),
    ("PASSWORD", re.compile(rf"(?i:\b(?:role|user)\s[^;\n]{{0,120}}?\bpassword\s++){_IN_QUOTES}")),
    ("IDENTIFIED", re.compile(rf"\bIDENTIFIED\s++(?:WITH\s++\S++\s++)?BY\s++(?:PASSWORD\s++)?{_IN_QUOTES}")),
    ("assword", re.compile(r"\bmachine\s++\S++\s++login\s++\S++\s++password\s++(\S++)")),  # netrc(5)
    ("assword", re.compile(r"\binsecure-password\s++(\S++)")),  # haproxy
    ("stats", re.compile(r"^[ \t]*+stats\s++auth\s++[^\s:]++:(\S++)", re.MULTILINE)),  # haproxy
    (
        "]",
        re.compile(r"^[ \t]*+\[[\w-]++(?:\.[\w-]++)+\](?::\w++)?[ \t]++[^\s:]++:(?!//)(\S++)[ \t]*+$", re.MULTILINE),
    ),  # smtp_sasl_password_maps of postconf(5)
    ('"', re.compile(r":[ \t]*+(?:PSK|EAP|XAUTH|NTLM)[ \t]++\"([^\"\n]{1,300})\"")),  # ipsec.secrets(5)
)

_COMMUNITY = re.compile(
    r"^[ \t]*+(?:r[ow]community6?|snmp-server\s++community|com2sec6?\s++\S++\s++\S++)\s++([^\s\"']++)", re.MULTILINE
)
"""snmpd.conf(5), and routers of Cisco."""

_USM = re.compile(
    rf"\b(?:MD5|SHA(?:-?[0-9]{{3}})?)\s++({_WORD})(?:\s++(?:DES|AES(?:-?[0-9]{{3}}C?)?)(?:\s++({_WORD}))?)?"
)
"""A passphrase behind the algorithm that it is for, as SNMPv3 users are written (snmpd.conf(5), RFC 3414)."""
_USM_SHORTEST = 8

_AUTHORIZATION = re.compile(
    r"\bAuthorization[\"']?\s{0,5}(?:[:=,]|=>)?\s{0,5}[\"']?(?:Basic|Bearer|Token)\s{1,5}(?![<%${@\[(])[\w+/=.~-]{8,}+"
    r"(?![:\s]*[\[({<])",
    re.IGNORECASE,
)
_STAND_IN_WORDS = re.compile(r"(?i)(?:basic|bearer|token)\s+(?:[a-z_-]+)\Z")


def has_authorization(text: str) -> bool:
    """Whether credentials stand in an Authorization header; one plain word in their place is none."""
    if "uthorization" not in text and "UTHORIZATION" not in text:
        return False
    return any(_STAND_IN_WORDS.search(found[0]) is None for found in _AUTHORIZATION.finditer(text))


def find(text: str) -> Iterator[Assigned]:
    """Passwords that a text hands to programs, under names that say so."""
    if " " not in text:
        return
    for line in _SEPARATOR.split(text):
        if "-" in line:
            yield from _options(line)
        for literal, option in _BEHIND.items():
            if literal in line:
                yield from (Assigned("password", _bare(found[1])) for found in option.finditer(line))
    for literal, phrase in _PHRASES:
        if literal in text:
            yield from (Assigned("password", _bare(found[1])) for found in phrase.finditer(text))
    if "ommunity" in text or "com2sec" in text:
        yield from (Assigned("community", found[1]) for found in _COMMUNITY.finditer(text))
    if "createUser" in text or "snmp" in text.lower():
        yield from _usm(text)


def _options(line: str) -> Iterator[Assigned]:
    is_command = _COMMAND_LINE.match(line) is not None or len(_ANY_OPTION.findall(line)) > 1
    for found in _OPTION.finditer(line):
        value = found[2]
        if is_mounted(value):
            continue
        is_sentence = value in _OF_A_SENTENCE or value.endswith(_SENTENCE_END) or not is_command
        yield Assigned(found[1], _bare(value), is_weak=value[0] not in "\"'" and is_sentence)
    if ":" in line:
        yield from (Assigned("password", found[1], is_weak=True) for found in _USER.finditer(line))


def is_mounted(value: str) -> bool:
    """Whether the value of an option says which file or variable holds a secret, as containers are told of it."""
    return _MOUNTED.match(value) is not None


def _bare(value: str) -> str:
    return value.strip("\"'")


def _usm(text: str) -> Iterator[Assigned]:
    for found in _USM.finditer(text):
        for value in found.groups():
            bare = _bare(value or "")
            if len(bare) >= _USM_SHORTEST:
                yield Assigned("password", bare)
