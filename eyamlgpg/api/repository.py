"""`Repository`: the values of a folder of Puppet data, for programs."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from eyamlgpg.api.settings import Given, Silence, bare_environment
from eyamlgpg.errors import FileProblem, FormatError, UsageError, raise_all
from eyamlgpg.host import paths

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from eyamlgpg.api.ports import Notices, Opener
    from eyamlgpg.api.results import CheckResult, SetResult, WhoResult
    from eyamlgpg.api.run import Run


class Repository:
    """A folder of Puppet data with values that GPG encrypts: in git or not, the root of its tree or a folder in it.

    Every call looks at the files, the recipients files and the keyring as they are at that moment; nothing is kept
    between calls. So a Repository may be used by several threads at once. Errors are `EyamlgpgError`s: a `sentence`
    that names the thing, and `hints`. None holds a plaintext, and no result does but that of `read`.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] = ".",
        *,
        gnupghome: str | os.PathLike[str] | None = None,
        always_trust: bool = False,
        notices: Notices | None = None,
        environ: Mapping[str, str] | None = None,
        pkcs7: Opener | None = None,
    ) -> None:
        """Name a folder; raises FileProblem where there is none.

        `gnupghome` is the GnuPG home; without it that of `environ`, else `~/.gnupg`. `always_trust` encrypts to keys
        that nobody certified. `notices` is told warnings and what is done; without it nobody is. `environ` is the
        environment of gpg and git: pass `os.environ` for the caller's own. Without it they get a bare one, which
        finds them in /usr/bin and /bin. Neither `os.environ` nor an eyaml config file is read. `pkcs7` opens values of
        PKCS7 for `read`, as `--pkcs7-private-key` does for the command; no key is looked for in `./keys`.
        """
        self._path = paths.real(Path(path))
        if not paths.is_folder(self._path):
            problem = "is not a folder" if paths.exists(self._path) else "there is no such folder"
            raise FileProblem(f"{path}: {problem}")
        home = None if gnupghome is None else Path(gnupghome)
        if home is not None and home.parts[:1] != ("~",):
            home = home.absolute()
        self._settings = Given(gnupghome=home, always_trust=always_trust)
        self._notices = notices or Silence()
        self._opener = pkcs7
        self._environ = bare_environment() if environ is None else dict(environ)
        if home is not None:
            # In the gems this variable beats even the option; here the argument is meant.
            self._environ.pop("HIERA_EYAML_GPG_GNUPGHOME", None)

    def __repr__(self) -> str:
        return f"Repository({str(self._path)!r})"

    @property
    def path(self) -> Path:
        """The folder, links resolved; relative paths of the calls are told from it."""
        return self._path

    def read(self, file: str | os.PathLike[str], key: str) -> bytes:
        """Decrypt the value at a Hiera key of a file: its exact bytes, as `eyamlgpg get` prints them.

        `key` is a path such as `profile::db::password` or `users.0.password`. A value in clear text is given as it
        is. gpg-agent may ask for a passphrase. Raises FileProblem, KeyPathError, FormatError, GnupgError, and
        DecryptionError where the value cannot be opened; one of PKCS7 can be only with `pkcs7`.
        """
        from eyamlgpg.api.values import read_value
        from eyamlgpg.formats.text import decode
        from eyamlgpg.formats.yaml.key_path import KeyPath

        parsed = KeyPath.parse(key)
        with self._run() as run:
            return read_value(run, decode(run.files.read(self._place(file))), str(Path(file)), parsed)

    def set(self, file: str | os.PathLike[str], key: str, value: bytes) -> SetResult:
        """Encrypt a value into a Hiera key of a file for those whom the nearest recipients file names.

        Everything else in the file stays as it is. A file, key or parent that is missing is made; a folder is not.
        The file is replaced as a whole, after its new content was verified. Needs no secret key. Raises FileProblem,
        ChangedMeanwhile, KeyPathError, FormatError, RecipientError, NotApproved, GnupgError, LockError. A value of
        PKCS7 is not replaced: FormatError.
        """
        from eyamlgpg.api.convert import set_result
        from eyamlgpg.api.places import require_place
        from eyamlgpg.api.values import set_gpg_value
        from eyamlgpg.formats.eyaml.methods import Method
        from eyamlgpg.formats.yaml.key_path import KeyPath
        from eyamlgpg.operations.values.set import SetRequest, method_at, require_settable

        if not isinstance(value, bytes):
            raise TypeError(f"value must be bytes, not {type(value).__name__}")
        path, parsed = self._place(file), KeyPath.parse(key)
        with self._run() as run:
            require_place(path)
            if method_at(path, parsed, run.files, run.default_method) is Method.PKCS7:
                raise FormatError(
                    f"{Path(file)}: {parsed}: is a value of PKCS7, which the Python API does not replace",
                    "`eyamlgpg set` does; `eyamlgpg recrypt --from pkcs7` moves values to GPG",
                )
            request = SetRequest(path, str(Path(file)), parsed, lambda: value)
            require_settable(request, run.files)
            return set_result(set_gpg_value(run, request))

    def who(
        self,
        *paths: str | os.PathLike[str],
        person: str | None = None,
        key: str | None = None,
        only_drift: bool = False,
    ) -> WhoResult:
        """Tell who can read each value, from the ciphertext itself; no secret key is needed.

        `paths` are files and folders; without any, the repository's path. `person` (a fingerprint, a key ID, an
        address or a user ID) takes only values that they can read, or should and cannot; `key` only those at this
        Hiera key or inside of it; `only_drift` only those that differ from the recipients file. Where there is no
        such value, the result is empty. Raises RecipientError for a person whom nobody knows, and where a file or
        folder cannot be read an error that names each of them.
        """
        from eyamlgpg.api.access import access_report
        from eyamlgpg.api.convert import who_result
        from eyamlgpg.formats.yaml.key_path import KeyPath
        from eyamlgpg.operations.readers.access import AccessRequest
        from eyamlgpg.operations.readers.key_ids import key_ids_of

        places = [self._place(path) for path in paths]
        parsed = None if key is None else KeyPath.parse(key)
        with self._run() as run:
            request = AccessRequest(
                default=run.default_method,
                person=None if person is None else key_ids_of(person, run.keyring, run.kept),
                person_name=person or "",
                key=parsed,
                only_drift=only_drift,
            )
            report = access_report(run, places or [self._path], request)
            raise_all(report.errors)
            result = who_result(report, self._path)
            run.messages.warn(*result.warnings)
            return result

    def check(
        self,
        *paths: str | os.PathLike[str],
        staged: bool = False,
        keyring: Literal["gnupg", "repo"] = "gnupg",
        baseline: str | os.PathLike[str] | None = None,
        approved_in: str | None = None,
    ) -> CheckResult:
        """Find clear-text secrets, unreadable values and wrong readers, as `eyamlgpg check`; no secret key is needed.

        `paths` are files and folders of one tree; without any, the whole tree around the repository's path. `staged`
        looks at what the next commit holds. `keyring="repo"` judges readers by the keys of `.eyamlgpg/keys` alone.
        `baseline` is a file of accepted findings in place of the tree's own. `approved_in` is the commit whose
        approvers count, in place of the default branch. Raises UsageError for a path outside of the tree, ConfigError
        for a policy that is wrong, and where a file cannot be looked into an error that names each of them.
        """
        from contextlib import ExitStack

        from eyamlgpg.api.check import CheckRequest, TreeCheck
        from eyamlgpg.api.checked_tree import opened
        from eyamlgpg.api.convert_check import check_result

        if keyring not in ("gnupg", "repo"):
            raise UsageError(f"keyring must be 'gnupg' or 'repo', not {keyring!r}")
        request = CheckRequest(
            by_stored_keys=keyring == "repo",
            approved_in=approved_in,
            baseline=None if baseline is None else self._place(baseline),
        )
        places = [self._place(path) for path in paths]
        with self._run() as run, opened(places, staged=staged, run=run) as tree, ExitStack() as stack:
            check = TreeCheck(tree, request, run, stack)
            report = check.report(check.accepted())
            raise_all(report.errors)
            run.messages.warn(*report.warnings)
            return check_result(report, tree.root, check.policy)

    def _place(self, path: str | os.PathLike[str]) -> Path:
        """A path of the caller's; FileProblem for one that no system has."""
        if "\0" in str(path):
            raise FileProblem(f"{str(path)!r}: is no path")
        return self._path / path

    @contextmanager
    def _run(self) -> Iterator[Run]:
        """The wiring of one call."""
        from eyamlgpg.api.run import Run

        run = Run(self._settings, self._notices, self._environ, datetime.now(UTC), self._path, opener=self._opener)
        with run.at_end:
            yield run
