"""Public keys as resources of the type `gnupg_key`, which the Puppet modules golja/gnupg and h0tw1r3/gnupg bring."""

from collections.abc import Sequence

from eyamlgpg.model.keys import Key
from eyamlgpg.render.words import escaped

_HEADER = """\
# The public keys of everybody who may read, for the keyring of the puppetmaster that runs this catalogue.
# Made by `eyamlgpg keys export --format puppet`; needs the module golja/gnupg or h0tw1r3/gnupg.
gnupg_key {
  default:
    ensure   => present,
    user     => 'puppet',
    key_type => public,
    # With h0tw1r3/gnupg a home other than the user's ~/.gnupg can be named:
    # gnupg_home => '/etc/puppetlabs/puppet/gpg',
  ;
"""


def puppet_resources(keys: Sequence[tuple[Key, bytes]]) -> str:
    """One resource body a key, titled by its fingerprint; armor holds neither quotes nor backslashes to escape."""
    return _HEADER + "".join(_body(key, armored.decode("ascii")) for key, armored in keys) + "}\n"


def _body(key: Key, armored: str) -> str:
    return (
        f"  # {escaped(key.user_id)}\n"
        f"  'eyamlgpg {key.fingerprint}':\n"
        f"    key_id      => '{key.fingerprint}',\n"
        f"    key_content => '{armored}',\n"
        "  ;\n"
    )
