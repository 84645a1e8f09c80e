"""`check --staged` as a hook of git runs it: whatever stops a commit says so in its last line."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from eyamlgpg.errors import CommitRefused, EyamlgpgError, Interrupted, raise_all
from eyamlgpg.model.findings import Finding
from eyamlgpg.render.check import refusal

# Git names the index of the commit to each of its commit hooks, also to one of husky or of the pre-commit framework.
_INDEX = "GIT_INDEX_FILE"


def is_in_hook(environ: Mapping[str, str], *, staged: bool) -> bool:
    """Whether a commit waits for what is found."""
    return staged and _INDEX in environ


def refuse(failing: Sequence[Finding], environ: Mapping[str, str], *, staged: bool) -> int:
    """The status for the findings that fail, 0 for none; raises CommitRefused where a commit waits for it."""
    if failing and is_in_hook(environ, staged=staged):
        raise CommitRefused(refusal(failing))
    return 1 if failing else 0


@contextmanager
def refusing(environ: Mapping[str, str], *, staged: bool) -> Iterator[None]:
    """Add to any error that the commit is refused, where one waits."""
    try:
        yield
    except (CommitRefused, Interrupted):
        raise
    except EyamlgpgError as error:
        if is_in_hook(environ, staged=staged):
            raise_all((error, CommitRefused(refusal(()))))
        raise
