"""How each value of a text differs from what governs it, told from its ciphertext alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from eyamlgpg.errors import DamagedMessage, EyamlgpgError, FormatError
from eyamlgpg.formats.eyaml.methods import Method, method_of, unknown_method
from eyamlgpg.formats.eyaml.values import Scan, Value, find_values
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.text import holds, other_encoding
from eyamlgpg.model.access import AccessDrift, Audience
from eyamlgpg.operations.shown import where

_OF_PKCS7 = packets.Message((), integrity_protected=False, symmetric=False)
"""What a message of PKCS7 tells: nobody, since the private key stands for all of its readers."""

_SAVE = "save it as UTF-8, without a byte order mark"


@dataclass(frozen=True, slots=True)
class ValueDrift:
    """A value and what its message tells: of GPG, or one of PKCS7 that is to be moved, which tells nothing."""

    value: Value
    message: bytes = field(repr=False)
    told: packets.Message
    drift: AccessDrift | None
    """None where there is no audience to hold it against."""
    method: Method = Method.GPG

    @property
    def is_in_line(self) -> bool:
        """Encrypted to exactly those who should read it, and opened by no passphrase."""
        return self.drift is not None and self.drift.is_clean and not self.told.symmetric


@dataclass(frozen=True, slots=True)
class TextDrift:
    """All values of a text."""

    values: tuple[ValueDrift, ...]
    """Those of the GPG method, and of PKCS7 where these are to be moved, in order."""
    left_alone: int
    """Values of another method."""
    pkcs7: int
    """Of these, the values of PKCS7."""
    errors: tuple[EyamlgpgError, ...]
    """Each with its place: values of unknown methods, of damaged messages, and scalars that hide a token."""


def judge(
    text: str, name: str, audience: Audience | None, default: Method | None = None, *, moves_pkcs7: bool = False
) -> TextDrift:
    """Judge a file's text without key paths, which the places of errors have all the same."""
    return judge_scan(text, find_values(text, with_paths=False), name, audience, default, moves_pkcs7=moves_pkcs7)


def judge_scan(
    text: str, scan: Scan, name: str, audience: Audience | None, default: Method | None, *, moves_pkcs7: bool = False
) -> TextDrift:
    """Judge what a scan of the text found. `moves_pkcs7`: values of PKCS7 are among the values, not left alone."""
    if (encoding := other_encoding(text)) is not None and holds(text, "ENC["):
        return TextDrift(
            (), 0, 0, (FormatError(f"{name}: is written in {encoding}: its values cannot be seen", _SAVE),)
        )
    judged: list[ValueDrift] = []
    wrong: dict[int, EyamlgpgError] = {}
    left_alone = pkcs7 = 0
    for value in scan.values:
        match method_of(value.token, default):
            case Method.PKCS7 if moves_pkcs7:
                drift = audience.drift(()) if audience else None
                judged.append(ValueDrift(value, value.token.message(), _OF_PKCS7, drift, Method.PKCS7))
            case Method.PKCS7 | Method.OTHER as method:
                left_alone += 1
                pkcs7 += method is Method.PKCS7
            case Method.UNKNOWN:
                wrong[value.token.start] = unknown_method(value.token)
            case Method.GPG:
                message = value.token.message()
                try:
                    told = packets.read(message)
                except FormatError as error:
                    wrong[value.token.start] = damaged(error)
                    continue
                judged.append(ValueDrift(value, message, told, audience.drift(told.key_ids) if audience else None))
    errors = (*_placed(wrong, text, name, scan), *_disguised(scan, name, moves_pkcs7=moves_pkcs7))
    return TextDrift(tuple(judged), left_alone, pkcs7, errors)


def damaged(error: FormatError) -> DamagedMessage:
    """The error for what should be an OpenPGP message and is none."""
    return DamagedMessage(f"not a whole OpenPGP message: {error.sentence}", *error.hints)


def with_paths(text: str, values: Sequence[Value]) -> tuple[Value, ...]:
    """The same values with their Hiera key paths."""
    starts = {value.token.start for value in values}
    return tuple(value for value in find_values(text).values if value.token.start in starts)


def _placed(wrong: Mapping[int, EyamlgpgError], text: str, name: str, scan: Scan) -> tuple[EyamlgpgError, ...]:
    if not wrong:
        return ()
    values = with_paths(text, [value for value in scan.values if value.token.start in wrong])
    return tuple(wrong[value.token.start].located(where(name, value)) for value in values)


def _disguised(scan: Scan, name: str, *, moves_pkcs7: bool) -> tuple[EyamlgpgError, ...]:
    return tuple(
        FormatError(
            f"{where(name, scalar)}: is a token for Puppet only after YAML took its escapes away",
            "write it without escapes, then run it again",
        )
        for scalar in (*scan.disguised, *(scan.disguised_pkcs7 if moves_pkcs7 else ()))
    )
