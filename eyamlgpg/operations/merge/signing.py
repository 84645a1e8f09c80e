"""What a merge of a recipients file means for its signature: each side's is for the list of that side alone."""

from eyamlgpg.model.approval import signature_of
from eyamlgpg.rules.rule import argument


def to_be_signed(name: str, approvers: str) -> str:
    """What is to be done where the merged list is the list of neither side. `approvers`: who may sign."""
    return (
        f"{name}: no signature fits the merged list; one of the approvers looks at it and signs it: "
        f"eyamlgpg recipients sign {argument(name)}, then: git add {argument(name)} {argument(signature_of(name))}; "
        f"approvers: {approvers}"
    )
