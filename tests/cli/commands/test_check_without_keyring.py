"""`check` on machines where nobody can be judged: a fresh container, a hook in a bare environment."""

from pathlib import Path

import pytest

from tests.support.keyrings import known
from tests.support.tool import Tool


@pytest.mark.parametrize(
    ("words", "environ", "problem"),
    [
        ((), {"GNUPGHOME": "/nowhere/gnupg"}, "/nowhere/gnupg: there is no such GnuPG home"),
        (("--keyring", "repo"), {}, "--keyring repo: there is no key in .eyamlgpg/keys"),
    ],
)
def test_secrets_in_clear_text_are_found_and_the_keyrings_problem_is_told_once(
    tool: Tool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    environ: dict[str, str],
    problem: str,
) -> None:
    (tmp_path / "hiera-eyaml-gpg.recipients").write_text(f"{known('alice').fingerprint}\n")
    for name in "ab":
        (tmp_path / f"{name}.eyaml").write_text("db::password: Rosinenbrot7\n")
    monkeypatch.chdir(tmp_path)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    ran = tool("check", *words)
    assert ran.status == 3
    assert ran.out.count(b"[plaintext-key-name]") == 2
    assert ran.err.count(problem) == 1
