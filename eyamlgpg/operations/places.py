"""How messages name the place of a value."""

from eyamlgpg.formats.structure import Located
from eyamlgpg.formats.values import Value
from eyamlgpg.rules.forms import shown


def where(file: str, place: Value | Located) -> str:
    """The place as every message names it: `hieradata/a.eyaml:12: db::password`, or `hieradata/a.eyaml:12`.

    A key that is itself a secret stands as `‹hidden›`, and whatever a terminal might obey is shown escaped.
    """
    path = "" if place.path is None else str(shown(place.path))
    named = f"{file}:{place.line}: {path}" if path else f"{file}:{place.line}"
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape", "surrogatepass").decode()
        for character in named
    )
