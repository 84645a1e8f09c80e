"""Nothing that a YAML parser raises gets past the file that it was given, whatever that holds and whoever reads it."""

from collections.abc import Callable

import pytest

from eyamlgpg.errors import ConfigError, FormatError
from eyamlgpg.formats.eyaml import config as eyaml_config
from eyamlgpg.formats.eyaml.values import find_values
from eyamlgpg.formats.settings import baseline, policy
from eyamlgpg.formats.yaml import events
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.formats.yaml.lookup import read
from eyamlgpg.formats.yaml.parse import locate
from eyamlgpg.formats.yaml.structure import NotYaml

ODD = {
    "a version that is not known": "%YAML 1.3\n---\nversion: 1\n",
    "a version of 5,000 digits": f"%YAML 1.{'9' * 5000}\n---\nversion: 1\n",
    "an escape beyond Unicode": 'version: 1\nb: "\\U00110000"\n',
    "an escape beyond the machine's integers": 'version: "\\UFFFFFFFF"\n',
    "half a surrogate pair": 'version: "\\ud800"\n',
    "a pair of surrogates, as in JSON": 'version: "\\ud83d\\ude00"\n',
    "half a surrogate pair in a key": '"\\udfff": 1\n',
    "a surrogate in a tag": "version: !%ED%A0%80 1\n",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
@pytest.mark.parametrize("pure", [False, True])
def test_odd_text_is_not_yaml(text: str, pure: bool) -> None:
    found = locate(text, pure=pure)
    assert isinstance(found, NotYaml)
    assert (1 <= found.line <= 3, bool(found.reason), "9999" in found.reason) == (True, True, False)
    assert find_values(text).yaml_error is not None


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
@pytest.mark.parametrize("reads", [policy.parse, baseline.parse, eyaml_config.parse])
def test_odd_settings_are_an_error_that_names_the_file(reads: Callable[[str, str], object], text: str) -> None:
    with pytest.raises(ConfigError, match=r"\Athe-file"):
        reads(text, "the-file")


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_a_look_into_odd_data_is_an_error_with_the_line(text: str) -> None:
    with pytest.raises(FormatError, match=r"\Aline [123]: the file cannot be read as YAML: "):
        read(text, KeyPath.parse("version"))


@pytest.mark.parametrize(
    ("raised", "reason"),
    [
        *((kind, events.FAILED) for kind in (AssertionError, ValueError, OverflowError, RecursionError, KeyError)),
        (MemoryError, events.NO_MEMORY),
    ],
)
def test_whatever_a_parser_raises_is_a_reason_on_the_line_that_it_had_come_to(
    raised: type[Exception], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy = events._in_python

    def failing(text: str):  # type: ignore[no-untyped-def]
        yield from list(healthy(text))[:6]
        raise raised("Kirschkuchen")

    monkeypatch.setattr(events, "_in_python", failing)
    assert locate("a: 1\nb: 2\nc: 3\n", pure=True) == NotYaml(2, reason)
    with pytest.raises(ConfigError, match=rf"\Aconfig:2: not YAML: {reason}\Z"):
        eyaml_config.parse("quiet: true\ntrace: true\n", "config")
