"""Files that git hands to a merge driver, and a folder for texts without any value that git is to merge."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from eyamlgpg.errors import FileProblem


def read(path: Path) -> bytes:
    """The content of a file; FileProblem where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileProblem(f"{path}: {error.strerror}") from None


def write(path: Path, content: bytes) -> None:
    """Leave the answer where git reads it; where that fails, what stood there is whole."""
    new = path.with_name(f"{path.name}.eyamlgpg")
    try:
        with _gone_after(new), new.open("xb") as file:
            file.write(content)
            file.close()
            new.replace(path)
    except OSError as error:
        raise FileProblem(f"{path}: {error.strerror}") from None


@contextmanager
def _gone_after(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def in_files(*contents: bytes) -> Iterator[tuple[Path, ...]]:
    """Files that hold these contents, for one user alone, and gone afterwards."""
    with in_folder() as folder:
        paths = tuple(folder / str(number) for number in range(len(contents)))
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
        yield paths


@contextmanager
def in_folder() -> Iterator[Path]:
    """An empty folder for one user alone, gone afterwards."""
    try:
        with TemporaryDirectory(prefix="eg-") as name:
            yield Path(name)
    except OSError as error:
        raise FileProblem(f"no folder for temporary files: {error.strerror}") from None
