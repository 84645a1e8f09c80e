"""`get`: the plain value at one Hiera key."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from eyamlgpg.errors import DecryptionError, EyamlgpgError, raise_all
from eyamlgpg.formats.eyaml import tokens
from eyamlgpg.formats.eyaml.messages import looks_encrypted
from eyamlgpg.formats.eyaml.methods import Method, method_of
from eyamlgpg.formats.eyaml.tokens import Token
from eyamlgpg.formats.text import encode
from eyamlgpg.formats.yaml import lookup
from eyamlgpg.formats.yaml.key_path import KeyPath

if TYPE_CHECKING:
    from eyamlgpg.model.messages import Decrypted
    from eyamlgpg.operations.ports import Decrypter, Pkcs7Opener


def get(
    text: str,
    name: str,
    path: KeyPath,
    decrypter: "Decrypter",
    default: Method | None = None,
    pkcs7: "Pkcs7Opener | None" = None,
) -> bytes:
    """The bytes of the scalar at a key path, its tokens decrypted.

    A scalar that is one token gives the token's exact plaintext; any other its text with the tokens replaced. Tokens
    are looked for in the parsed scalar, as Puppet does, so folded, quoted and escaped ones count. Raises KeyPathError,
    and DecryptionError where a token cannot be opened; of PKCS7 ones also where there is no private key for them.
    """
    try:
        scalar = lookup.read(text, path)
    except EyamlgpgError as error:
        raise error.located(name) from None
    value = scalar.value
    found = _tokens(value)
    openers: dict[Method, Decrypter] = {Method.GPG: decrypter}
    if pkcs7 is not None and any(method_of(token, default) is Method.PKCS7 for token in found) and pkcs7.opens:
        openers[Method.PKCS7] = pkcs7
    where = f"{name}:{scalar.line}: {path}"
    raise_all([_not_ours(token, where) for token in found if method_of(token, default) not in openers])
    pieces, position, errors = [], 0, []
    results = _opened(found, openers, default)
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
    wider = (token for token in tokens.find_wider(value) if looks_encrypted(token.message()))
    return sorted([*tokens.find(value), *wider], key=lambda token: token.start)


def _opened(
    found: Sequence[Token], openers: "Mapping[Method, Decrypter]", default: Method | None
) -> "Iterator[Decrypted]":
    """What came of each token, in order, those of one method next to each other together."""
    for method, some in groupby(found, lambda token: method_of(token, default)):
        yield from openers[method].decrypt_many(token.message() for token in some)


def _not_ours(token: Token, where: str) -> EyamlgpgError:
    method = (token.scheme or Method.PKCS7).upper()
    if method == Method.PKCS7:
        return DecryptionError(
            f"{where}: is a value of PKCS7, and no private key for these was found", "--pkcs7-private-key FILE names it"
        )
    return DecryptionError(f"{where}: is a value of the method {method}, which only eyaml decrypts")
