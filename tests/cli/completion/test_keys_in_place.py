"""The keys that a shell offers behind `encrypt -i FILE --key` and `edit FILE --only`."""

from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from eyamlgpg.cli.main import cli

FILE = "a::b: x\nc:\n  d: ENC[GPG,hQEMA]\n  e: 5\n"


def offered(*words: str) -> list[str]:
    """What stands for the last word."""
    completion = ShellComplete(cli, {}, "eyamlgpg", "_EYAMLGPG_COMPLETE")
    return [
        item.type if item.type == "file" else item.value
        for item in completion.get_completions([*words[:-1]], words[-1])
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["encrypt", "-i", ""], ["file"]),
        (["encrypt", "-i", "f.yaml", "--key", ""], ["a::b", "c.e"]),
        (["encrypt", "-i", "f.yaml", "--key", "c."], ["c.e"]),
        (["encrypt", "-i", "f.yaml", "--key", "a::b", ""], ["a::b", "c.e"]),
        (["edit", "f.yaml", "--only", ""], ["c.d"]),
        (["encrypt", "-i", "none.yaml", "--key", ""], []),
    ],
)
def test_only_keys_that_the_option_takes_are_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], expected: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.yaml").write_text(FILE)
    assert offered(*words) == expected
