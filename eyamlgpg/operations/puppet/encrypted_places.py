"""Which files of the data hold values: version 3 decrypts those of one extension alone."""

from collections.abc import Callable, Sequence

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.formats.text import decode
from eyamlgpg.operations.tree.selection import ALWAYS, IF_ENCRYPTED, SIGNS


def encrypted_places(places: Sequence[str], datadir: str, read: Callable[[str], bytes]) -> tuple[str, ...]:
    """Those below the folder of the data; what cannot be read is left to `hiera check`."""
    prefix = "" if datadir == "." else f"{datadir}/"
    return tuple(
        place
        for place in places
        if place.startswith(prefix) and place.endswith((ALWAYS, *IF_ENCRYPTED)) and _holds_values(place, read)
    )


def _holds_values(place: str, read: Callable[[str], bytes]) -> bool:
    try:
        return SIGNS.search(decode(read(place))) is not None
    except EyamlgpgError:
        return False
