"""How the files of one tree stand with its approvers: each is judged once a run."""

import shlex
from collections.abc import Callable

from eyamlgpg.errors import NotApproved
from eyamlgpg.model.approval import LARGEST_SIGNATURE, Approval, Terms, approval, signature_of
from eyamlgpg.operations.approvals.ports import Signatures

BRING_THE_KEY = "if it is an approver's, bring the key: eyamlgpg keys import --repo"


class Standing:
    """The approvers of one tree at one moment."""

    def __init__(self, terms: Terms, signatures: Signatures, read: Callable[[str], bytes | None]) -> None:
        """`read` gives the content of a file of the tree, None where it is not there."""
        self.terms = terms
        self.signatures = signatures
        self.read = read
        self._judged: dict[tuple[str, bytes, bytes | None], Approval] = {}

    def of(self, path: str, content: bytes | None = None) -> Approval:
        """How a file stands that holds this; as it is in the tree, where no content is given."""
        held = (self.read(path) or b"") if content is None else content
        signature = self.signature(path)
        key = (path, held, signature)
        if key not in self._judged:
            self._judged[key] = self._judge(path, held, signature)
        return self._judged[key]

    def signature(self, path: str) -> bytes | None:
        """The signature file of a file; None where there is none."""
        return self.read(signature_of(path))

    def _judge(self, path: str, content: bytes, signature: bytes | None) -> Approval:
        if signature is not None and len(signature) > LARGEST_SIGNATURE:
            return Approval(path, problem="has a signature file that is larger than any signature")
        found = None if signature is None else self.signatures.verify(content, signature)
        return approval(path, found, self.terms)


def refusal(judged: Approval, shown: str, approvers: str) -> NotApproved:
    """The error about a file that no approver signed as it is."""
    brings = [BRING_THE_KEY] if judged.lacks_key else []
    return NotApproved(
        f"{shown}: {judged.problem}",
        *brings,
        f"one of the approvers looks at it and signs it: eyamlgpg recipients sign {shlex.quote(shown)}",
        f"approvers: {approvers}",
    )
