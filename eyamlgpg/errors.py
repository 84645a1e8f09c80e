"""Every error that eyamlgpg raises on purpose, each with the exit status it leads to.

    EyamlgpgError                   3   it could not be done
    ├── UsageError                  2   the words of the call are wrong
    ├── ConfigError                 3   an eyaml config file or `.eyamlgpg/policy.yaml` is wrong
    ├── FileProblem                 3   a file is missing, unreadable, not writable
    │   └── ChangedMeanwhile        3   somebody else wrote it since we read it
    ├── FormatError                 3   a text is not what it should be: a marker, a token, a recipients file
    ├── KeyPathError                3   no such Hiera key, or one that holds no single value
    ├── RecipientError              3   one recipient cannot be used, or there is none
    │   └── NotApproved             3   no approver signed the recipients file as it is
    ├── GnupgError                  3   gpg is missing, its homedir is wrong, it failed
    ├── EditorError                 3   no editor, or the editor failed
    ├── LockError                   3   another run works on this tree
    ├── QuestionError               3   a question without a terminal to answer it on
    ├── CommitRefused               1   a hook of git found something
    ├── NotSaved                    –   an edit given up after an error; the status of that error
    ├── DecryptionError             4   a value could not be decrypted
    │   ├── NoSecretKey             4
    │   ├── BrokenOff               4   gpg or its agent ended before they were done
    │   ├── WrongPassphrase         4   refused, cancelled or not asked for
    │   ├── DamagedMessage          4   not an OpenPGP message, truncated, or failing its integrity check
    │   └── OversizedPlaintext      4   unfolds to more than the limit
    ├── Interrupted               130   Ctrl-C, SIGTERM or SIGHUP
    ├── Unexpected                 70   a fault of eyamlgpg itself
    └── Several                     –   all that is wrong in one run; the status that comes first in PRECEDENCE

An error is one sentence that names the thing (file, line, Hiera key, recipient, fingerprint), then hints: what the
user can do about it. No error ever holds a plaintext.
"""

from collections.abc import Iterable, Sequence

PRECEDENCE = (130, 70, 2, 3, 4, 1, 0)
"""Where several exit statuses apply, the first of these is given."""


def worst(statuses: Iterable[int]) -> int:
    """The status that a run ends with when its parts ended with these; 0 for no parts."""
    return min(statuses, key=PRECEDENCE.index, default=0)


class EyamlgpgError(Exception):
    """It could not be done: a sentence, then hints."""

    status = 3

    def __init__(self, sentence: str, *hints: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hints = hints

    def located(self, where: str) -> "EyamlgpgError":
        """The same error, its sentence starting with the place: `hieradata/a.eyaml:3: db::password: …`."""
        return type(self)(f"{where}: {self.sentence}", *self.hints)


class UsageError(EyamlgpgError):
    """The words of the call are wrong."""

    status = 2


class ConfigError(EyamlgpgError):
    """A config or policy file is wrong."""


class FileProblem(EyamlgpgError):
    """A file is missing, unreadable or not writable."""


class ChangedMeanwhile(FileProblem):
    """Somebody else wrote, made or removed the file since we read it; it is as they left it."""


class FormatError(EyamlgpgError):
    """A text is not what it should be; the sentence names its line."""


class KeyPathError(EyamlgpgError):
    """There is no such Hiera key, or it holds no single value."""


class RecipientError(EyamlgpgError):
    """A recipient cannot be used, or there is none at all."""


class NotApproved(RecipientError):
    """A recipients file, or the policy, is not signed by an approver as it is."""


class GnupgError(EyamlgpgError):
    """GnuPG is missing, its homedir is wrong, or it failed."""


class EditorError(EyamlgpgError):
    """There is no editor, or it failed."""


class LockError(EyamlgpgError):
    """Another run works on the same tree."""


class QuestionError(EyamlgpgError):
    """A question needs an answer, and there is no terminal to ask on."""


class CommitRefused(EyamlgpgError):
    """A hook of git found something, or could not look; the sentence names the ways out, so that it ends the run."""

    status = 1


class NotSaved(EyamlgpgError):
    """The user gave an edit up after an error that was shown already; the file is as it was."""

    def __init__(self, sentence: str, *hints: str, status: int = 3) -> None:
        super().__init__(sentence, *hints)
        self.status = status


class DecryptionError(EyamlgpgError):
    """A value could not be decrypted."""

    status = 4


class NoSecretKey(DecryptionError):
    """No secret key here opens this message."""


class BrokenOff(DecryptionError):
    """Gpg or its agent ended before they were done: once more may be better."""


class WrongPassphrase(DecryptionError):
    """The passphrase was wrong, refused, or could not be asked for."""


class DamagedMessage(DecryptionError):
    """Not an OpenPGP message, cut short, or failing its integrity check."""


class OversizedPlaintext(DecryptionError):
    """A message unfolds to more than the limit."""


class Interrupted(EyamlgpgError):
    """The user, or the closing of a terminal, ended the run; every file is whole."""

    status = 130


class Unexpected(EyamlgpgError):
    """Something happened that nobody foresaw."""

    status = 70

    @classmethod
    def from_exception(cls, error: Exception) -> "Unexpected":
        """The words for an exception; only its kind is named, since its message may quote a plaintext."""
        return cls(
            f"unexpected {type(error).__name__}",
            "this is a bug in eyamlgpg; please report it with what `--trace` prints",
        )


class Several(EyamlgpgError):
    """All that went wrong in one run, in order."""

    def __init__(self, errors: Sequence[EyamlgpgError]) -> None:
        super().__init__("; ".join(error.sentence for error in errors))
        self.errors = tuple(flattened(errors))
        self.status = worst(error.status for error in self.errors)

    def located(self, where: str) -> "Several":
        """Each of them with the place in front."""
        return Several([error.located(where) for error in self.errors])


def flattened(errors: Iterable[EyamlgpgError]) -> Iterable[EyamlgpgError]:
    """The single errors, those inside a `Several` included."""
    for error in errors:
        if isinstance(error, Several):
            yield from error.errors
        else:
            yield error


def raise_all(errors: Sequence[EyamlgpgError]) -> None:
    """Raise nothing for no error, the error itself for one, a `Several` for more."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise Several(errors) from next((error.__cause__ for error in errors if error.__cause__), None)
