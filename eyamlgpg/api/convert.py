"""From what the use cases return to what the API promises."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from eyamlgpg.api.results import Access, Before, Reader, SetResult, Value, WhoResult
from eyamlgpg.errors import flattened
from eyamlgpg.model.access import AccessDrift, HiddenReader, UnknownReader
from eyamlgpg.model.access import Reader as KnownReader
from eyamlgpg.model.recipients import Resolved
from eyamlgpg.operations.readers.access import AccessReport, ValueAccess
from eyamlgpg.operations.values import set as operation

_BEFORE = {
    operation.Before.NO_FILE: Before.NO_FILE,
    operation.Before.NO_KEY: Before.NO_KEY,
    operation.Before.A_VALUE: Before.VALUE,
}


def set_result(result: operation.ValueSet) -> SetResult:
    """What came of setting a value of GPG."""
    wanted = () if result.wanted is None else result.wanted.readers
    return SetResult(before=_BEFORE[result.was], readers=tuple(_resolved(Access.READER, wanted)))


def who_result(report: AccessReport, base: Path) -> WhoResult:
    """A report with the names of files told from a folder."""
    values = tuple(_value(value, _from(base, Path(file.name))) for file in report.files for value in file.values)
    lists = (error.sentence for error in flattened(report.policy_errors))
    return WhoResult(values=values, warnings=(*report.warnings, *lists))


def _from(base: Path, file: Path) -> Path:
    return file.relative_to(base) if file.is_relative_to(base) else file


def _value(value: ValueAccess, file: Path) -> Value:
    return Value(
        file=file,
        line=value.line,
        key=None if value.path is None else str(value.path),
        readers=tuple(_readers(value)),
        in_line=None if value.drift is None else value.is_in_line,
    )


def _readers(value: ValueAccess) -> Iterator[Reader]:
    drift = value.drift or AccessDrift()
    for one in value.readers:
        match one:
            case KnownReader():
                yield _reader(_access(one, drift), one.key.user_id, one.key.fingerprint, one.subkey.key_id)
            case UnknownReader():
                yield _reader(Access.UNKNOWN, key_id=one.key_id)
            case HiddenReader():
                yield _reader(Access.HIDDEN)
    if value.passphrase:
        yield _reader(Access.PASSPHRASE)
    yield from _resolved(Access.MISSING, drift.missing)


def _access(reader: KnownReader, drift: AccessDrift) -> Access:
    if reader in drift.unexpected:
        return Access.UNEXPECTED
    return Access.STALE if reader in drift.stale else Access.READER


def _resolved(access: Access, resolved: Iterable[Resolved]) -> Iterator[Reader]:
    for one in resolved:
        yield _reader(access, one.key.user_id, one.key.fingerprint, one.subkey.key_id)


def _reader(
    access: Access, user_id: str | None = None, fingerprint: str | None = None, key_id: str | None = None
) -> Reader:
    return Reader(access=access, user_id=user_id, fingerprint=fingerprint, key_id=key_id)
