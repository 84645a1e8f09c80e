"""Names that are set inside a text, as files of settings and programs write it: what is found, and what it is set to.

How much a form says by itself decides how the value is judged: quotes and `=` say that something is set, a colon or a
blank may stand in any sentence. Every expression is linear: what it takes is bounded, or cannot be given back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from eyamlgpg.rules.likeness import is_prose


@dataclass(frozen=True, slots=True)
class Setting:
    """A name and what it is set to."""

    name: str
    text: str = field(repr=False)
    is_weak: bool = False
    """Whether the form says so little that the text must look like a password."""


_NAME = r"[A-Za-z][\w.-]{1,60}"
_QUOTED = r""""[^"\n]{1,300}"|'[^'\n]{1,300}'"""

# The value stands in a lookahead, so that `OPTS=--password=x` is looked at from inside, too.
_INLINE = re.compile(rf"""(?<![\w%{{$])({_NAME})=(?!=)(?=({_QUOTED}|["']?[^\s"';&,|)]{{1,200}}))""")

_LINE = re.compile(
    rf"""^[ \t]*+(?P<comment>(?:\#|//|;|--)[ \t\#;]*+)?
    (?:(?:export|set|setenv|local|my|our|var|let|const|final|readonly|declare|-)[ \t]++){{0,3}}+
    [$@:&]?(?P<quote>["']?)(?P<name>{_NAME})(?P=quote)[ \t]*+
    (?P<sign>[:?+]?=(?![=~>])|=>|:(?=[ \t]))[ \t]*+(?P<value>[^\s][^\n]{{0,400}})""",
    re.MULTILINE | re.VERBOSE,
)
_PAIR = re.compile(
    rf"""["']({_NAME})["'][ \t]*+\]?[ \t]*+(?::|=>|=)[ \t]*+({_QUOTED})"""  # JSON, PHP, Ruby, Perl
    rf"""|\bdefine\(\s*["']({_NAME})["']\s*,\s*({_QUOTED})"""  # constants of PHP
    rf"""|\b(?:name|key)=["']({_NAME})["'][ \t]++value=({_QUOTED})"""  # properties in XML
)
_ELEMENT = re.compile(rf"<({_NAME})>([^<>\n]{{1,300}})</")
_DIRECTIVE = re.compile(
    rf"""^[ \t]*+(?P<comment>(?:\#|//|;)[ \t\#;]*+)?(?P<name>{_NAME})[ \t]++
    (?P<value>{_QUOTED}|[^\s"'={{(\[<]\S{{0,200}})[ \t]*+;?[ \t]*+$""",
    re.MULTILINE | re.VERBOSE,
)
PLAIN_DIRECTIVES = frozenset(
    {"requirepass", "masterauth", "rootpw", "bindpw", "bindpasswd", "rootpwmodpw", "auth_pass", "ldap_bindpw"}
    | {"keystorepass", "truststorepass"}
)
"""Names of directives that no sentence begins with: whatever stands behind them is the secret."""

_COMMENT_BEHIND = re.compile(r"[ \t]*+(?:#|;|//|/\*|<!--|$)")
_CALL = re.compile(r"[A-Za-z_][A-Za-z_.:]*+[(\[]|[a-z_][a-z0-9_.]*+\(")
_WORKED_OUT = re.compile(
    r"[%$#@]?\{|[%$]\(|\$\[|`|<%|<<|\$[0-9@*?]|\$\w+(?:->|\[|\.\w)|&?\$|%[sdrq]\b|%\w+%|@\w+@|:[a-z_]+\Z|\?\Z"
    r"|\\[0-9]|\*{3}|[xX]{3,}\Z|[*•.]{4,}|!(?:vault|secret|env|include)\b|\[[A-Za-z_ -]+\]"
)
_VARIABLE = re.compile(r"\$(?:[A-Z_][A-Z0-9_]*|[a-z_]+[0-9]?|\{.*)")
_EXPRESSION = re.compile(r"\.[*+?]|\[\^|\[(?:a-z|A-Z|0-9|:\w+:)|\\[SswWdDb]|\(\?[:=!<P]")
_CONSTANT_OR_FILE = re.compile(
    r"[A-Z]+(?:_[A-Z]+)+|[\w./-]+\.(?:key|pem|crt|cer|p12|pfx|jks|keytab|gpg|asc|txt|json|conf|ya?ml)"
)
_SCHEMA = frozenset({"string", "str", "text", "optional", "required", "sensitive", "hidden", "secret", "password"})


def is_worked_out(text: str) -> bool:
    """Whether a text is no value but says where one comes from, or matches one: a variable, a template, an expression.

    `$ecret2024` is a password; a variable has no digits but a last one, or is in capitals.
    """
    bare = text.strip()
    if bare.startswith("$") and bare[1:2].isalpha():
        return _VARIABLE.fullmatch(bare) is not None or re.match(r"\$\w+(?:->|\[|\.\w)", bare) is not None
    return (
        not any(map(str.isalnum, bare))
        or _WORKED_OUT.match(bare) is not None
        or _CONSTANT_OR_FILE.fullmatch(bare) is not None
        or _EXPRESSION.search(bare) is not None
    )


def find(text: str) -> Iterator[Setting]:
    """What a text sets, in the order of how much the forms say."""
    yield from _anywhere(text)
    if " " in text or "\t" in text:
        for found in _LINE.finditer(text):
            yield from _line(found)
        for found in _DIRECTIVE.finditer(text):
            yield from _directive(found)


def _anywhere(text: str) -> Iterator[Setting]:
    if "=" in text:
        for found in _INLINE.finditer(text):
            yield from _inline(found)
    if '"' in text or "'" in text:
        for found in _PAIR.finditer(text):
            name, value = (group for group in found.groups() if group is not None)
            if not is_prose(value):
                yield Setting(name, _unquoted(value))
    if "</" in text:
        yield from (Setting(found[1], found[2]) for found in _ELEMENT.finditer(text) if not is_prose(found[2]))


def _inline(found: re.Match[str]) -> Iterator[Setting]:
    value = found[2]
    if value[0] in "\"'" or _CALL.match(value) is None:
        yield Setting(found[1], _unquoted(value))


def _line(found: re.Match[str]) -> Iterator[Setting]:
    name, value = found["name"], found["value"]
    first = _first(value)
    if first is None:
        return
    is_colon = found["sign"] == ":"
    is_quoted = value[0] in "\"'"
    if (is_colon and is_prose(first)) or (not is_quoted and _CALL.match(first)):
        return
    says_enough = is_quoted or not is_colon or (_is_composed(name) and first.lower() not in _SCHEMA)
    yield Setting(name, first, is_weak=found["comment"] is not None or not says_enough)


def _directive(found: re.Match[str]) -> Iterator[Setting]:
    name, value = found["name"], found["value"]
    text = _unquoted(value.rstrip(";"))
    says_enough = name.lower() in PLAIN_DIRECTIVES or (value[0] in "\"'" and not is_prose(text))
    yield Setting(name, text, is_weak=found["comment"] is not None or not says_enough)


def _first(value: str) -> str | None:
    """What is set: what stands in quotes, or one word with nothing but a comment behind it; None for a sentence."""
    quote = value[0] if value[0] in "\"'" else None
    if quote is not None:
        end = value.find(quote, 1)
        return value[1:end] if end > 1 else None
    word = re.match(r"\S+", value)
    if word is None or _COMMENT_BEHIND.match(value, word.end()) is None:
        return None
    return word[0].rstrip(";,")


def _is_composed(name: str) -> bool:
    """Whether a name has several words, as those of settings have: no sentence begins with `db_password:`."""
    return re.search(r"[_.-]|[a-z][A-Z]", name) is not None


def _unquoted(value: str) -> str:
    return value.strip("\"'")
