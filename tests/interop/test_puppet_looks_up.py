"""What eyamlgpg writes, `puppet lookup` returns through eyaml_lookup_key."""

from pathlib import Path

import pytest

from tests.interop.peers import RECIPIENTS, Puppet
from tests.support.tool import Tool

pytestmark = pytest.mark.interop

PEM = "-----BEGIN PRIVATE KEY-----\n" + "QUJD" * 16 + "\n-----END PRIVATE KEY-----\n"

SECRETS = {
    "umlauts": "Grüße aus Zürich, žluťoučký kůň, 日本語, 🔑",
    "pem": PEM,
    "large": "0123456789abcdef" * 4096,
    "quotes": "\"double\" 'single' `back` \\ back\\slash",
    "yaml": "- a: b # c\n  ---\n",
    "bang": "b]!c]\\!",
    "empty": "",
    "blanks": "  around  ",
    "percent": "100% %% %{",
    "literal": "50%{literal('%')}{x}",
    "interpolated": "at %{facts.site}, 50%{}g",
}

AS_PUPPET_INTERPOLATES = {"literal": "50%{x}", "interpolated": "at north, 50g"}


def written(tool: Tool, puppet: Puppet, secrets: dict[str, str]) -> None:
    for key, secret in secrets.items():
        words = ("set", str(puppet.data), f"all.{key}", "--stdin", "--gpg-recipients", RECIPIENTS)
        ran = tool(*words, home=puppet.home, stdin=secret.encode())
        assert ran.status == 0, ran.err


def test_each_value_that_set_wrote(tool: Tool, puppet: Puppet) -> None:
    """Hiera takes one final newline off; it is the value's own on one line, and the block's own in a block."""
    written(tool, puppet, SECRETS)

    expected = {key: secret.removesuffix("\n") for key, secret in SECRETS.items()}
    assert puppet.lookup("all") == expected | AS_PUPPET_INTERPOLATES


def test_each_value_in_a_block_that_encrypt_wrote(tool: Tool, puppet: Puppet, tmp_path: Path) -> None:
    source = tmp_path / "source.eyaml"
    blocks = {key: secret for key, secret in SECRETS.items() if key not in ("bang", "empty")}
    source.write_text("all:\n" + "".join(f"  {key}: >\n    DEC::GPG[{blocks[key]}]!\n" for key in blocks))
    ran = tool("encrypt", "-e", str(source), "--gpg-recipients", RECIPIENTS, home=puppet.home)
    assert ran.status == 0, ran.err
    puppet.data.write_bytes(ran.out)

    assert puppet.lookup("all") == blocks | AS_PUPPET_INTERPOLATES


def test_a_value_inside_of_other_text(tool: Tool, puppet: Puppet, tmp_path: Path) -> None:
    source = tmp_path / "source.eyaml"
    source.write_text('url: "https://svc:DEC::GPG[pä]!@db/?k=DEC::GPG[two]!"\n')
    puppet.data.write_bytes(tool("encrypt", "-e", str(source), "--gpg-recipients", RECIPIENTS, home=puppet.home).out)

    assert puppet.lookup("url") == "https://svc:pä@db/?k=two"
