"""How messages name the place of a value."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eyamlgpg.formats.eyaml.values import Value
    from eyamlgpg.formats.yaml.structure import Located


def where(file: str, place: "Value | Located") -> str:
    """The place as every message names it: `hieradata/a.eyaml:12: db::password`, or `hieradata/a.eyaml:12`.

    A key that does not look like a name, and so may be a secret, stands as `‹hidden›`; whatever a
    terminal might obey is shown escaped.
    """
    from eyamlgpg.detectors.showable_keys import showable_path  # its expressions take 10 ms, and most runs name nothing

    path = "" if place.path is None else str(showable_path(place.path))
    named = f"{file}:{place.line}: {path}" if path else f"{file}:{place.line}"
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape", "surrogatepass").decode()
        for character in named
    )
