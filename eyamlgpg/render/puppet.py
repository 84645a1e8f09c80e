"""Public keys as resources of the type `gnupg_key`, which the Puppet modules golja/gnupg and h0tw1r3/gnupg bring."""

import re
from collections.abc import Sequence

from eyamlgpg.model.keys import Key
from eyamlgpg.render.words import escaped

CLASS_NAME = re.compile(r"[a-z][a-z0-9_]*(?:::[a-z][a-z0-9_]*)*")
"""Of a Puppet class (language reference, "Reserved words and acceptable names")."""

_HEADER = (
    """\
# The public keys of everybody who may read, for the keyring of the puppetmaster that runs this catalogue.
# Made by `eyamlgpg keys export --format puppet`; needs the module golja/gnupg or h0tw1r3/gnupg.
""",
    """\
gnupg_key {
  default:
    ensure   => present,
    user     => 'puppet',
    key_type => public,
    # With h0tw1r3/gnupg a home other than the user's ~/.gnupg can be named:
    # gnupg_home => '/etc/puppetlabs/puppet/gpg',
  ;
""",
)


def puppet_resources(keys: Sequence[tuple[Key, bytes]], puppet_class: str | None = None) -> str:
    """One resource body a key, titled by its fingerprint; armor holds neither quotes nor backslashes to escape.

    `puppet_class`: the class around them, without which they cannot be a file of a module's manifests.
    """
    comment, resources = _HEADER
    written = resources + "".join(_body(key, armored.decode("ascii")) for key, armored in keys) + "}\n"
    return comment + (written if puppet_class is None else f"class {puppet_class} {{\n\n{written}\n}}\n")


def _body(key: Key, armored: str) -> str:
    return (
        f"  # {escaped(key.user_id)}\n"
        f"  'eyamlgpg {key.fingerprint}':\n"
        f"    key_id      => '{key.fingerprint}',\n"
        f"    key_content => '{armored}',\n"
        "  ;\n"
    )
