"""Which files a location may name."""

import pytest

from eyamlgpg.formats.puppet.patterns import candidates, interpolations
from eyamlgpg.model.hiera import Location, LocationKind

PATH, GLOB, MAPPED = LocationKind.PATH, LocationKind.GLOB, LocationKind.MAPPED


@pytest.mark.parametrize(
    ("kind", "text", "yes", "no"),
    [
        (PATH, "common.yaml", ("common.yaml",), ("xcommon.yaml", "a/common.yaml")),
        (PATH, "nodes/%{trusted.certname}.yaml", ("nodes/a.b.yaml",), ("nodes/a/b.yaml", "nodes/a.eyaml")),
        (PATH, "%{::os}/%{lookup('x')}.yaml", ("Debian/12.yaml",), ("Debian.yaml",)),
        (PATH, "50%{literal('%')}.yaml", ("50%.yaml",), ("50x.yaml",)),
        (PATH, "../other/x.yaml", ("../other/x.yaml",), ("other/x.yaml",)),
        (GLOB, "*.yaml", ("a.yaml",), ("a/b.yaml",)),
        (GLOB, "**/*.yaml", ("a.yaml", "a/b/c.yaml"), ("a.eyaml",)),
        (GLOB, "x/{a,b}/[cd].{yaml,eyaml}", ("x/a/c.yaml", "x/b/d.eyaml"), ("x/c/c.yaml", "x/a/c.json")),
        (GLOB, "%{role}/*.yaml", ("web/a.yaml",), ("a.yaml",)),
        (MAPPED, "tier/%{tier}.yaml", ("tier/prod.yaml",), ("tier.yaml",)),
    ],
)
def test_a_location_names_these_files_and_not_those(
    kind: LocationKind, text: str, yes: tuple[str, ...], no: tuple[str, ...]
) -> None:
    found = candidates("/tree/data", Location(kind, text, 1))
    assert [name for name in yes if not found.matches(_absolute(name))] == []
    assert [name for name in no if found.matches(_absolute(name))] == []


def _absolute(name: str) -> str:
    return "/tree/" + name.removeprefix("../") if name.startswith("../") else f"/tree/data/{name}"


def test_a_value_with_a_slash_is_thought_of_apart() -> None:
    found = candidates("/tree/%{environment}", Location(PATH, "role/%{role}.yaml", 1))
    assert not found.matches("/tree/prod/role/web/front.yaml")
    assert found.might_match("/tree/prod/role/web/front.yaml")


def test_interpolations_are_named_without_literals() -> None:
    assert interpolations("%{a.b}/%{literal('%')}%{ ::c }") == ("a.b", " ::c ")


def test_unfinished_interpolations_take_no_time() -> None:
    assert interpolations("%{" * 50_000) == ()


def test_braces_do_not_unfold_without_end() -> None:
    assert len(candidates("/d", Location(GLOB, "{a,b}" * 40, 1)).near) == 64
