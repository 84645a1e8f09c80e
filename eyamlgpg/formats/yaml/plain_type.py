"""What Ruby's YAML makes of a plain scalar other than a string: a number, a boolean, a date, a symbol.

After psych's scalar_scanner.rb. An encrypted value is a string to Puppet, whatever it was in clear text.
"""

import re

from eyamlgpg.formats.yaml.structure import Scalar

_BOOLEANS = frozenset({"yes", "true", "on", "no", "false", "off"})
_NUMBER = re.compile(
    r"[-+]?(?:0b[01_,]+|0x[0-9a-fA-F_,]+|[0-9][0-9_,]*(?:\.[0-9_,]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9]+(?:[eE][-+]?[0-9]+)?)"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|\s+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}[0-9.]*\s*[Z0-9:+-]*)?")
_SYMBOL = re.compile(r":[\w\"']\S*")


def type_beside_string(scalar: Scalar) -> str | None:
    """`number`, `boolean`, `date` or `symbol`; None for what is a string to Puppet."""
    if scalar.style or scalar.tag is not None:
        return None
    value = scalar.value
    if value.lower() in _BOOLEANS:
        return "boolean"
    for expression, name in ((_DATE, "date"), (_NUMBER, "number"), (_SYMBOL, "symbol")):
        if expression.fullmatch(value):
            return name
    return None
