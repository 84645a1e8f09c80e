"""Names that are set inside a text, as files of settings and programs write it: what is found, and what it is set to.

How much a form says by itself decides how the value is judged: quotes and `=` say that something is set, a colon or a
blank may stand in any sentence. Every expression is linear: what it takes is bounded, or cannot be given back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from eyamlgpg.detectors.likeness import is_prose
from eyamlgpg.detectors.names import sounds_secret


@dataclass(frozen=True, slots=True)
class Assigned:
    """A name and what it is set to."""

    name: str
    text: str = field(repr=False)
    is_weak: bool = False
    """Whether the form says so little that the text must look like a password."""
    is_exact: bool = False
    """Whether it fills its line, or the whole value, so that every sign belongs to the text."""


_NAME = r"[A-Za-z](?:[\w.-]|::(?=\w)){1,80}"
_QUOTED = r""""[^"\n]{1,300}"|'[^'\n]{1,300}'"""

# The value stands in a lookahead, so that `OPTS=--password=x` is looked at from inside, too.
_INLINE = re.compile(rf"""(?<![\w%{{$])({_NAME})=(?!=)(?=({_QUOTED}|["']?[^\s"';&,|)]{{1,200}}))""")

_VARIABLE_LINE = re.compile(
    r"^[ \t]*+(?:-[ \t]++)?(?:export[ \t]++)?([A-Z][A-Z0-9_]{1,60})=(?![\"'])(\S{1,300})[ \t]*+$", re.MULTILINE
)
"""As files of environment variables have it; no shell that works something out ends a word so."""
_WHOLE = re.compile(rf"\s*+(?:--?)?({_NAME})=(?![\"'=])(\S{{1,300}})\s*+")
_NEXT = re.compile(r"[&;,][A-Za-z][\w.-]*+=")
"""Of a query, a connection string or options of a mount."""

_LINE = re.compile(
    rf"""^[ \t]*+(?P<comment>(?:\#|//|;|--)[ \t\#;]*+)?
    (?=(?P<words>(?:(?:export|set|setenv|local|my|our|var|let|const|final|readonly|declare|-)[ \t]++){{0,3}}))(?P=words)
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
    r"[%$#@]?\{|[\^\\]\$\{|[%$]\(|\$\[|`|<%|<<|\$[0-9@*?]|\$\w+(?:->|\[|\.\w)|&?\$|%[sdrq]\b|%\w+%|@\w+@|:[a-z_]+\Z|\?\Z"
    r"|\\[0-9]|\*{3}|[xX]{3,}\Z|[*•.]{4,}|!(?:vault|secret|env|include)\b|\[[A-Za-z_ -]+\]"
)
_VARIABLE = re.compile(r"\$(?:[A-Z_][A-Z0-9_]*|[a-z_]+[0-9]?|\{.*)")
_EXPRESSION = re.compile(r"\.[*+?]|\[\^|\[(?:a-z|A-Z|0-9|:\w+:)|\\[SswWdDb]|\(\?[:=!<P]")
_EXPRESSION_AS_A_WHOLE = re.compile(r"\[\^|\[(?:a-z|A-Z|0-9|:\w+:)|\\[SswWdDb]|\(\?[:=!<P]|\.[*+]\??\)?\Z")
_CONSTANT = re.compile(r"[A-Z]+(?:_[A-Z]+)+")
_OF_A_PLACEHOLDER = re.compile(r"(?:YOUR|MY|SOME|EXAMPLE|DUMMY|INSERT|SET|ENTER|NOT)_.*")
_FILE = re.compile(r"[\w./-]+\.(?:key|pem|crt|cer|p12|pfx|jks|keytab|gpg|asc|txt|json|conf|ya?ml)")
_CLOSED = re.compile(
    r"[$%#@]\{[^{}]*+\}|\$\([^()]*+\)|`[^`]*+`|\{\{[^{}]*+\}\}|<%|\A(?:\$\w+[^\w$]?){2,}\Z|\A\$[0-9@*?]"
    r"|\A<[^<>]*+>\Z|\A@\w+@\Z|\A\[[A-Za-z_ -]+\]\Z|\*{3}|[*•.]{4,}|\A[xX]{3,}\Z|\A\(\(.*\)\)\Z|\A!(?:vault|secret|env)"
)
_WHOLE_CALL = re.compile(r"[A-Za-z_][\w.:]*+[(\[].*[)\]];?")
_SCHEMA = frozenset({"string", "str", "text", "optional", "required", "sensitive", "hidden", "secret", "password"})


def is_worked_out(setting: Assigned) -> bool:
    """Whether what is set is no value but says where one comes from, or matches one: a variable, a template, a call.

    `$ecret2024` is a password; a variable has no digits but a last one, or is in capitals.
    """
    bare = setting.text.strip()
    if setting.is_exact:
        return _is_closed(bare)
    if bare.startswith("$") and bare[1:2].isalpha():
        return _VARIABLE.fullmatch(bare) is not None or re.match(r"\$\w+(?:->|\[|\.\w)", bare) is not None
    return (
        not any(map(str.isalnum, bare))
        or _WORKED_OUT.match(bare) is not None
        or _CONSTANT.fullmatch(bare) is not None
        or _FILE.fullmatch(bare) is not None
        or _EXPRESSION.search(bare) is not None
    )


def _is_closed(bare: str) -> bool:
    """The same of a text that is known to be whole, so that a sign by itself says nothing: `kX(29fjwQ!`."""
    return (
        not any(map(str.isalnum, bare))
        or any(form.search(bare) is not None for form in (_CLOSED, _EXPRESSION_AS_A_WHOLE))
        or any(form.fullmatch(bare) is not None for form in (_VARIABLE, _FILE, _WHOLE_CALL, _OF_A_PLACEHOLDER))
        or (_CONSTANT.fullmatch(bare) is not None and sounds_secret(bare))
    )


def find(text: str) -> Iterator[Assigned]:
    """What a text sets, in the order of how much the forms say."""
    yield from _anywhere(text)
    if " " in text or "\t" in text:
        for found in _LINE.finditer(text):
            yield from _line(found)
        for found in _DIRECTIVE.finditer(text):
            yield from _directive(found)


def _anywhere(text: str) -> Iterator[Assigned]:
    if "=" in text:
        whole = {found.start(1): Assigned(found[1], found[2], is_exact=True) for found in _whole(text)}
        yield from whole.values()
        for found in _INLINE.finditer(text):
            if found.start(1) not in whole:
                yield from _inline(found)
    if '"' in text or "'" in text:
        for found in _PAIR.finditer(text):
            name, value = (group for group in found.groups() if group is not None)
            if not is_prose(value):
                yield Assigned(name, _unquoted(value))
    if "</" in text:
        yield from (Assigned(found[1], found[2]) for found in _ELEMENT.finditer(text) if not is_prose(found[2]))


def _whole(text: str) -> Iterator[re.Match[str]]:
    """Names that are set by a line, or by the text as a whole, with the value in the second group."""
    yield from (found for found in _VARIABLE_LINE.finditer(text) if _NEXT.search(found[2]) is None)
    item = _WHOLE.fullmatch(text)
    if item is not None and _NEXT.search(item[2]) is None and _EXPRESSION.search(item[2]) is None:
        yield item


def _inline(found: re.Match[str]) -> Iterator[Assigned]:
    value = found[2]
    if value[0] in "\"'" or _CALL.match(value) is None:
        yield Assigned(found[1], _unquoted(value))


def _line(found: re.Match[str]) -> Iterator[Assigned]:
    name, value = found["name"], found["value"]
    first = _first(value)
    if first is None:
        return
    is_colon = found["sign"] == ":"
    is_quoted = value[0] in "\"'"
    if (is_colon and is_prose(first)) or (not is_quoted and _CALL.match(first)):
        return
    says_enough = is_quoted or not is_colon or (_is_composed(name) and first.lower() not in _SCHEMA)
    yield Assigned(name, first, is_weak=found["comment"] is not None or not says_enough)


def _directive(found: re.Match[str]) -> Iterator[Assigned]:
    name, value = found["name"], found["value"]
    text = _unquoted(value.rstrip(";"))
    says_enough = name.lower() in PLAIN_DIRECTIVES or (value[0] in "\"'" and not is_prose(text))
    yield Assigned(name, text, is_weak=found["comment"] is not None or not says_enough)


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
    return re.search(r"[_.:-]|[a-z][A-Z]", name) is not None


def _unquoted(value: str) -> str:
    return value.strip("\"'")
