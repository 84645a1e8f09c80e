"""A key that was revoked in the repository is nobody's new reader, though the keyring does not know yet."""

from collections.abc import Callable
from pathlib import Path

from tests.support import keyrings
from tests.support.keyrings import NewKey, known
from tests.support.tool import Person


def test_a_key_that_is_revoked_in_the_repository_is_not_added(home_copy: Callable[[str], Path], tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    file = tmp_path / "hiera-eyaml-gpg.recipients"
    before = f"{known('alice').fingerprint}\n"
    file.write_text(before)
    ring, hers = home_copy("alice"), home_copy("empty")
    zoe = keyrings.make_key(hers, NewKey("Zoe <zoe@example.com>"))
    keyrings.gpg(ring, "--import", stdin=keyrings.gpg(hers, "--export", zoe))
    keyrings.gpg(ring, "--quick-lsign-key", zoe)
    keyrings.revoke(hers, zoe)
    store = tmp_path / ".eyamlgpg" / "keys"
    store.mkdir(parents=True)
    (store / f"{zoe}.asc").write_bytes(keyrings.gpg(hers, "--armor", "--export", zoe))
    said = Person(ring, tmp_path)("recipients", "add", "zoe@example.com", "-y")
    assert (said.status, said.text, file.read_text()) == (3, "", before)
    assert said.err.splitlines() == [
        f"eyamlgpg: {zoe} (Zoe <zoe@example.com>): is newer in .eyamlgpg/keys/{zoe}.asc than on this keyring",
        "eyamlgpg:   first: eyamlgpg keys import --repo",
    ]
