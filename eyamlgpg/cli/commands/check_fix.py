"""`eyamlgpg check --fix`: the values in clear text that were found, encrypted where they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from eyamlgpg.cli.in_place_changes import changes
from eyamlgpg.cli.sources import require_writable
from eyamlgpg.cli.world import World
from eyamlgpg.errors import EyamlgpgError, Interrupted, QuestionError, UsageError
from eyamlgpg.formats.text import decode
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.host.paths import real, working_folder
from eyamlgpg.model.findings import Finding
from eyamlgpg.operations.check.fixable import PREFIX, Fixable, NotFixable, sort_out
from eyamlgpg.operations.paths import short_path
from eyamlgpg.operations.values.in_place import InPlaceRequest, encrypt_in_place
from eyamlgpg.operations.values.past_clear import InClear, in_clear
from eyamlgpg.render.words import counted
from eyamlgpg.repo.git import find_repository

if TYPE_CHECKING:
    from eyamlgpg.repo.history import History


@dataclass
class Fixing:
    """One run over the findings of one tree."""

    root: Path
    world: World

    def run(self, findings: Iterable[Finding]) -> list[EyamlgpgError]:
        """Offer to encrypt each value; the errors of files that could not be changed, and are as they were."""
        by_file: dict[str, list[Finding]] = {}
        for finding in findings:
            if finding.rule.startswith(PREFIX):
                by_file.setdefault(finding.path, []).append(finding)
        if not by_file:
            self.world.messages.say("no value in clear text was found, so there is nothing to encrypt")
        errors: list[EyamlgpgError] = []
        for path, found in by_file.items():
            try:
                self._file(path, found)
            except (Interrupted, QuestionError):
                raise
            except EyamlgpgError as error:
                errors.append(error)
        return errors

    def _file(self, path: str, findings: Sequence[Finding]) -> None:
        file = self.root / path
        name = str(short_path(file, working_folder()))
        judged = list(sort_out(decode(self.world.files.read(file)), findings))
        for one in judged:
            if isinstance(one, NotFixable):
                self.world.messages.warn(_left(name, one))
        offered = [one for one in judged if isinstance(one, Fixable)]
        if not offered:
            return
        require_writable(file)
        folder = real(file).parent
        # Whom it would be encrypted to is settled before anybody is asked.
        self.world.messages.warn(*self.world.wanted(folder).warnings)
        accepted = [one for one in offered if self.world.ask(_question(name, one))]
        if not accepted:
            return
        keys = {one.value.key: one.finding.key or "a value" for one in accepted}
        request = InPlaceRequest(file, name, [*keys])
        done = encrypt_in_place(request, self.world.files, self.world.encrypter, lambda: self.world.wanted_anew(folder))
        self.world.messages.warn(*changes(name, done, keys))
        self.world.messages.say(f"{name}: {counted(len(done.values), 'value')} encrypted")
        if self._history is not None:
            self._tell_past(name, in_clear(self._history, self._from_root(file), done.values), keys)

    def _tell_past(self, name: str, found: Sequence[InClear], keys: Mapping[KeyPath, str]) -> None:
        for one in found:
            if one.first is not None:
                self.world.messages.warn(_past(name, keys[one.value.key], one))
        if any(one.is_staged for one in found):
            self.world.messages.warn(f"{name}: what is staged still holds it in clear text: git add {quote(name)}")
        else:
            self.world.messages.say(f"{name}: for the next commit: git add {quote(name)}")
        if self._history is not None and not any(one.first for one in found):
            self.world.messages.say(f"{name}: no commit of this clone holds these values in clear text")
            self.world.messages.warn(*(f"not complete: {gap}" for gap in self._history.gaps))

    def _from_root(self, file: Path) -> str:
        assert self._history is not None  # noqa: S101 - asked only with one
        return real(file).relative_to(real(self._history.git.root)).as_posix()

    @cached_property
    def _history(self) -> "History | None":
        """All commits of the repository, read once; None outside of one."""
        from eyamlgpg.repo.history import read_history

        if find_repository(self.root, self.world.environ) is None:
            return None
        return read_history(self.root, self.world.environ)


def require_fixable(options: Mapping[str, Any]) -> None:
    """Refuse options that do not go with `--fix`."""
    if options["staged"]:
        raise UsageError(
            "--fix and --staged do not go together: a value is encrypted in the file, and not in what is staged of it",
            "eyamlgpg check --fix, then git add the files",
        )
    if options["update_baseline"]:
        raise UsageError("--fix and --update-baseline do not go together: the one mends what the other accepts")
    if options["keyring"] == "repo":
        raise UsageError("--fix and --keyring repo do not go together: only keys of the GnuPG home are encrypted to")


def _place(name: str, finding: Finding) -> str:
    line = "" if finding.line is None else f":{finding.line}"
    key = "" if finding.key is None else f": {finding.key}"
    return f"{name}{line}{key}"


def _question(name: str, one: Fixable) -> str:
    return f"{_place(name, one.finding)}: encrypt it where it stands? [{one.finding.rule}]"


def _left(name: str, one: NotFixable) -> str:
    hint = f"; {one.hint.splitlines()[0]}" if one.hint else ""
    return f"{_place(name, one.finding)}: cannot be encrypted where it stands: {one.why}{hint}"


def _past(name: str, key: str, one: InClear) -> str:
    assert one.first is not None  # noqa: S101 - asked only with one
    versions = counted(one.versions, "version")
    return (
        f"{name}: {key}: stands in clear text in {versions} of the file that git keeps, first in commit "
        f"{one.first.commit_id[:9]} of {one.first.date[:10]} by {one.first.author}: change the secret itself as well"
    )
