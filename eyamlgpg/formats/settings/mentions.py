"""Whether a policy may name approvers, told from its bytes: most do not, and are not parsed for it."""

_MARKS = (b"signed_by", b"\\", b"\0")
"""The setting itself, what may spell it (`"signed\\u005fby"`), and what stands in UTF-16 and UTF-32."""


def may_name_approvers(content: bytes) -> bool:
    """Whether a policy must be read to know; False means that it names none."""
    return any(mark in content for mark in _MARKS)
