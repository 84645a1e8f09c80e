"""What Puppet makes of the values of one level: ciphertext, plaintext or an error, and why."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.puppet.patterns import interpolations
from eyamlgpg.model.diagnosis import State
from eyamlgpg.model.hiera import EYAML, PKCS7_PRIVATE, PKCS7_PUBLIC, Kind, Level, LocationKind
from eyamlgpg.model.hiera_check import HieraFinding, Master
from eyamlgpg.model.keys import HIDDEN_KEY_ID
from eyamlgpg.operations.puppet.data_text import DataText, Encrypted
from eyamlgpg.operations.puppet.ports import ListedReaders
from eyamlgpg.operations.puppet.reach import Reach


@dataclass(frozen=True, slots=True)
class LevelData:
    """A level with what stands in its files."""

    reach: Reach
    texts: Mapping[str, DataText]
    """By absolute path."""
    shown: Mapping[str, str]

    @property
    def level(self) -> Level:
        """The level itself."""
        return self.reach.level

    def values(self) -> int:
        """Encrypted values in all files."""
        return sum(len(text.values) for text in self.texts.values())

    def of(self, *methods: Method) -> Iterator[tuple[str, list[Encrypted]]]:
        """The files that have values of these methods, with them."""
        for path, text in self.texts.items():
            found = [value for value in text.values if value.method in methods]
            if found:
                yield path, found

    def finding(
        self,
        name: str,
        state: State,
        message: str,
        at: tuple[str, Encrypted] | None = None,
        *,
        hint: str | None = None,
        master: str | None = None,
    ) -> HieraFinding:
        """One about the level, or about a value in a file of it."""
        path, line = (self.reach.config, self.level.line) if at is None else (self.shown[at[0]], at[1].line)
        key = None if at is None else at[1].key
        return HieraFinding(name, state, message, path, line, self.level.name, key, master, hint)


def judge_function(data: LevelData, earlier: Sequence[Reach]) -> Iterator[HieraFinding]:
    """Values in a level whose function does not decrypt."""
    level = data.level
    if level.decrypts or level.kind is None:
        return
    if not level.is_plain and data.values():
        message = f"whether {level.function or 'its function'} decrypts is not known here"
        yield data.finding("unknown-function", State.UNKNOWN, f"{message}; {_values(data.values())} stand in its files")
        return
    for path, values in data.of(*Method) if level.is_plain else ():
        decrypted = next((one for one in earlier if one.level.decrypts and path in one.files), None)
        hands_out = f"{level.function} hands out the ciphertext of {_values(len(values))}"
        if decrypted is None:
            hint = f"read this level by `lookup_key: {EYAML}` with its options, or move the values to such a level"
            yield data.finding("not-decrypted", State.PROBLEM, hands_out, (path, values[0]), hint=hint)
        else:
            message = f"{hands_out} to lookups that merge; for others the level {decrypted.level.name} decrypts first"
            yield data.finding("not-decrypted-in-merges", State.NOTE, message, (path, values[0]))


def judge_options(data: LevelData, is_missing: Callable[[Path], bool]) -> Iterator[HieraFinding]:
    """Values in a level that lacks what their method needs; `is_missing` tells of a file that a master should have."""
    level = data.level
    if not level.decrypts:
        return
    gpg = list(data.of(Method.GPG))
    if gpg and level.gnupghome is None:
        message = f"names no gpg_gnupghome, and {_values(sum(len(found) for _, found in gpg))} need one"
        hint = "options: {gpg_gnupghome: /etc/puppetlabs/puppet/gpg}, or HIERA_EYAML_GPG_GNUPGHOME for the server"
        yield data.finding("no-gnupghome", State.PROBLEM, message, hint=hint)
    pkcs7 = list(data.of(Method.PKCS7))
    if pkcs7:
        yield from _judge_pkcs7(data, pkcs7, is_missing)
    for path, values in gpg:
        damaged = [value for value in values if not value.key_ids]
        if damaged:
            message = f"{_values(len(damaged))} for no key: damaged, or for a passphrase alone"
            hint = f"eyamlgpg check {data.shown[path]} says more"
            yield data.finding("damaged", State.PROBLEM, message, (path, damaged[0]), hint=hint)
    for path, values in data.of(Method.OTHER, Method.UNKNOWN):
        names = ", ".join(sorted({value.scheme for value in values}))
        message = f"{_values(len(values))} of the method {names}: whether the master has its plugin is not known here"
        yield data.finding("other-method", State.UNKNOWN, message, (path, values[0]))


def _judge_pkcs7(
    data: LevelData, found: list[tuple[str, list[Encrypted]]], is_missing: Callable[[Path], bool]
) -> Iterator[HieraFinding]:
    number = sum(len(values) for _, values in found)
    first = (found[0][0], found[0][1][0])
    unnamed = sum(not value.scheme for _, values in found for value in values)
    what = f"{_values(number)} of PKCS7" + (
        f" ({unnamed} name no method, which Puppet takes for PKCS7)" if unnamed else ""
    )
    if not data.level.names(PKCS7_PRIVATE):
        message = f"{what} and no pkcs7_private_key in the options of the level"
        yield data.finding(
            "no-pkcs7-key", State.PROBLEM, message, first, hint="name pkcs7_private_key and pkcs7_public_key"
        )
    elif not data.level.names(PKCS7_PUBLIC):
        message = f"{what} and no pkcs7_public_key in the options, which hiera-eyaml needs before 4.1"
        yield data.finding("no-pkcs7-public-key", State.NOTE, message, first)
    for name in (PKCS7_PRIVATE[0], PKCS7_PUBLIC[0]):
        option = data.level.options.get(name)
        if option is not None and not interpolations(option.value) and is_missing(Path(option.value)):
            message = f"{name} {option.value} is not there"
            yield HieraFinding(
                "pkcs7-key-missing", State.PROBLEM, message, data.reach.config, option.line, data.level.name
            )


def judge_readers(data: LevelData, masters: Sequence[Master], lists: ListedReaders) -> Iterator[HieraFinding]:
    """Values whose message does not name a master."""
    if not data.level.decrypts or not masters:
        return
    for path, values in data.of(Method.GPG):
        read = [value for value in values if value.key_ids and HIDDEN_KEY_ID not in value.key_ids]
        by_none = [value for value in read if not any(value.key_ids & one.key_ids for one in masters)]
        if by_none and len(masters) > 1:
            names = ", ".join(one.name for one in masters)
            message = f"none of the masters can decrypt {_values(len(by_none))}: {names}"
            yield data.finding(
                "for-no-master", State.PROBLEM, message, (path, by_none[0]), hint=_add("MASTER", data, path)
            )
        left = [value for value in read if value not in by_none] if len(masters) > 1 else read
        for master in masters:
            lacking = [value for value in left if not value.key_ids & master.key_ids]
            if lacking:
                yield _lacking(data, path, lacking, master, lists, alone=len(masters) == 1)


def _lacking(
    data: LevelData, path: str, lacking: list[Encrypted], master: Master, lists: ListedReaders, *, alone: bool
) -> HieraFinding:
    message = f"{master.name} cannot decrypt {_values(len(lacking))}: not encrypted to its key"
    at = (path, lacking[0])
    listed = master.fingerprint is not None and lists.names(Path(path).parent, master.fingerprint)
    if listed:
        hint = f"its list names that master: eyamlgpg recrypt {data.shown[path]}"
        return data.finding("not-for-master", State.PROBLEM, message, at, master=master.name, hint=hint)
    if master.is_asked_for or alone:
        hint = _add(master.fingerprint or "FINGERPRINT", data, path)
        return data.finding("not-for-master", State.PROBLEM, message, at, master=master.name, hint=hint)
    message = f"{message}, nor does the list of the folder name it"
    return data.finding("not-meant-for-master", State.NOTE, message, at, master=master.name)


def _add(who: str, data: LevelData, path: str) -> str:
    folder = PurePosixPath(data.shown[path]).parent
    return f"if it should: eyamlgpg recipients add {who} --at {folder}"


def judge_places(data: LevelData) -> Iterator[HieraFinding]:
    """Places of a level that are not known here, or where nothing stands."""
    reach, level = data.reach, data.level
    if reach.folder.taken_for is not None:
        message = f"{level.datadir} is a place on the master; here {reach.folder.taken_for} is looked at for it"
        yield data.finding("datadir-taken", State.NOTE, message)
    if not reach.folder.is_here:
        message = f"there is no folder {level.datadir} here, so what the level reads is not known"
        yield data.finding("datadir-elsewhere", State.UNKNOWN, message)
        return
    if any(one.kind is LocationKind.URI for one in level.locations):
        yield data.finding("uri", State.UNKNOWN, "what stands at a URI is not known here")
    elif not reach.files:
        yield data.finding("level-without-files", State.NOTE, "no file matches it")
    elif reach.absent:
        names = ", ".join(one.location.text for one in reach.absent)
        yield data.finding("path-without-file", State.NOTE, f"there is no file for {names}")


def judge_texts(data: LevelData) -> Iterator[HieraFinding]:
    """Files that Puppet cannot read."""
    level = data.level
    if level.kind is Kind.DATA_HASH and level.function != "yaml_data":
        return
    for path, text in data.texts.items():
        if text.error is not None:
            message = f"not YAML: {text.error.reason}; every lookup that comes to it fails"
            yield HieraFinding("not-yaml", State.PROBLEM, message, data.shown[path], text.error.line, level.name)


def _values(number: int) -> str:
    return "1 value" if number == 1 else f"{number} values"
