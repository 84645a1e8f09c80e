"""The border around one file of a check: whatever goes wrong inside is told with its name, and the others go on."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from eyamlgpg.errors import EyamlgpgError, FileProblem, FormatError, RecipientError, Unexpected

T = TypeVar("T")

NO_MEMORY = "to look into it takes more memory than there is"


@dataclass(slots=True)
class Border:
    """What went wrong with files so far."""

    errors: list[EyamlgpgError] = field(default_factory=list)
    unjudged: dict[str, str] = field(default_factory=dict)
    """Files that are readable and that nothing can be said about, each with what happened."""

    def around(self, path: str, look: Callable[[], T]) -> T | None:
        """What comes of a look into a file; None where that fails, which becomes an error of the check.

        Errors that concern every file, as of gpg, pass.
        """
        try:
            return look()
        except (FileProblem, FormatError, RecipientError) as error:
            self.errors.append(error)
        except EyamlgpgError:
            raise
        except OSError as error:
            # A disk that fails for a moment, or a folder that is closed: the system's word on it.
            words = f"cannot be read: {error.strerror or 'the system refuses it'}"
            self._failed(path, FileProblem(f"{path}: {words}"), words)
        except MemoryError:
            self._failed(path, FileProblem(f"{path}: {NO_MEMORY}"), NO_MEMORY)
        except Exception as error:  # noqa: BLE001 - the border: one file must not hide what is wrong with the others
            unexpected = Unexpected.from_exception(error).located(path)
            unexpected.__cause__ = error
            self._failed(path, unexpected, Unexpected.from_exception(error).sentence)
        return None

    def _failed(self, path: str, error: EyamlgpgError, what: str) -> None:
        self.errors.append(error)
        self.unjudged[path] = what
