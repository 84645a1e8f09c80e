"""Trees that are checked out in part: a policy or a list that is only in git's index says who may read as well."""

from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from shlex import quote

from eyamlgpg.errors import NotApproved
from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
from eyamlgpg.formats.settings.mentions import may_name_approvers
from eyamlgpg.model.approval import signature_of
from eyamlgpg.operations.tree.settings import PEOPLE, POLICY
from eyamlgpg.operations.tree_ports import Trees

PATTERNS = (
    POLICY.as_posix(),
    *(signature_of(one.as_posix()) for one in (POLICY, PEOPLE)),
    *(f":(glob)**/{one}" for one in (RECIPIENTS_FILE, signature_of(RECIPIENTS_FILE))),
)
"""Of the files that matter, for git."""

LeftOut = Callable[[Path], Mapping[str, bytes | None]]
"""The policy and the lists of a tree that a sparse checkout leaves out; None for a content that git lacks."""


class SparseTrees:
    """What is refused because a sparse checkout leaves out who may say so, or who may read."""

    def __init__(self, left_out: LeftOut, trees: Trees, shown: Callable[[Path], str]) -> None:
        self._ask = left_out
        self._trees = trees
        self._shown = shown
        self._known: dict[Path, Mapping[str, bytes | None]] = {}

    def is_any(self, root: Path) -> bool:
        """True if a policy or a list of a tree is left out."""
        return bool(self._of(root))

    def require_policy(self, root: Path) -> None:
        """Raise NotApproved where a policy is left out that may say that lists must be signed."""
        name = POLICY.as_posix()
        if name not in self._of(root):
            return
        content = self._of(root)[name]
        if content is None or may_name_approvers(content):
            why = "may say" if content is None else "says"
            raise self._absent(root, name, POLICY.parent.as_posix(), f"{why} that recipients must be signed")

    def absent_list(self, folder: Path, usual: Path | None, root: Path) -> NotApproved | None:
        """The error for a list that is left out, and is nearer to a folder than `usual`; None where there is none."""
        if not self._of(root):
            return None
        real = self._trees.real(folder)
        nearest = None if usual is None else self._trees.real(usual.parent)
        for place in (real, *real.parents):
            if place == nearest or not place.is_relative_to(root):
                break
            name = (place / RECIPIENTS_FILE).relative_to(root).as_posix()
            if name in self._of(root):
                return self._absent(root, name, _around(name), f"governs {self._shown(folder)}")
        return None

    def lists(self, root: Path) -> tuple[str, ...]:
        """The lists of a tree that are left out."""
        return tuple(name for name in self._of(root) if PurePosixPath(name).name == RECIPIENTS_FILE)

    def absent_signature(self, root: Path, name: str) -> NotApproved | None:
        """The error for the signature of a file, where that is left out; None where it is not."""
        signature = signature_of(name)
        if signature not in self._of(root):
            return None
        return self._absent(root, signature, _around(signature), f"is the signature of {self._shown(root / name)}")

    def _absent(self, root: Path, name: str, wanted: str, why: str) -> NotApproved:
        return NotApproved(
            f"{self._shown(root / name)}: {why}, and this sparse checkout leaves it out",
            f"check it out: git -C {quote(str(root))} sparse-checkout add {quote(wanted)}",
        )

    def _of(self, root: Path) -> Mapping[str, bytes | None]:
        if root not in self._known:
            self._known[root] = self._ask(root)
        return self._known[root]


def _around(name: str) -> str:
    """What to check out: the folder of a file, as `sparse-checkout` takes it in both of its modes."""
    folder = PurePosixPath(name).parent.as_posix()
    return f"/{RECIPIENTS_FILE}*" if folder == "." else folder
