"""The structure of a text that has one."""

import pytest

from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.structure import Structure

both_parsers = pytest.mark.parametrize("pure", [False, True], ids=["c", "python"])


def structure(text: str, *, pure: bool = False) -> Structure:
    found = locate(text, pure=pure)
    assert isinstance(found, Structure), found
    return found
