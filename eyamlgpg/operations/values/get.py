"""`get`: the plain value at one Hiera key."""

from typing import TYPE_CHECKING

from eyamlgpg.errors import DecryptionError, EyamlgpgError, raise_all
from eyamlgpg.formats.eyaml import tokens
from eyamlgpg.formats.eyaml.methods import Method, method_of
from eyamlgpg.formats.eyaml.tokens import Token
from eyamlgpg.formats.openpgp.packets import looks_like_openpgp
from eyamlgpg.formats.text import encode
from eyamlgpg.formats.yaml import lookup
from eyamlgpg.formats.yaml.key_path import KeyPath

if TYPE_CHECKING:
    from eyamlgpg.operations.ports import Decrypter


def get(text: str, name: str, path: KeyPath, decrypter: "Decrypter", default: Method | None = None) -> bytes:
    """The bytes of the scalar at a key path, its tokens decrypted.

    A scalar that is one token gives the token's exact plaintext; any other its text with the tokens replaced. Tokens
    are looked for in the parsed scalar, as Puppet does, so folded, quoted and escaped ones count. Raises KeyPathError,
    and DecryptionError where a token cannot be opened, PKCS7 ones included.
    """
    try:
        scalar = lookup.read(text, path)
    except EyamlgpgError as error:
        raise error.located(name) from None
    value = scalar.value
    found = [token for token in _tokens(value) if method_of(token, default) is Method.GPG]
    where = f"{name}:{scalar.line}: {path}"
    others = [token for token in _tokens(value) if token not in found]
    raise_all([_not_ours(token, where) for token in others])
    pieces, position, errors = [], 0, []
    results = decrypter.decrypt_many(token.message() for token in found)
    for token, result in zip(found, results, strict=True):
        if result.error is not None:
            errors.append(result.error.located(where))
            continue
        pieces += [encode(value[position : token.start]), result.value()]
        position = token.end
    raise_all(errors)
    rest = value[position:]
    if len(found) == 1 and value.strip() == value[found[0].start : found[0].end]:
        # The white space around is the block scalar's own, not the secret's.
        return pieces[1]
    return b"".join([*pieces, encode(rest)])


def _tokens(value: str) -> list[Token]:
    wider = (token for token in tokens.find_wider(value) if looks_like_openpgp(token.message()))
    return sorted([*tokens.find(value), *wider], key=lambda token: token.start)


def _not_ours(token: Token, where: str) -> EyamlgpgError:
    return DecryptionError(f"{where}: is a value of the method {token.scheme or 'PKCS7'}, which only eyaml decrypts")
