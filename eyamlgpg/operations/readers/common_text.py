"""What two texts have in common at their beginning and at their end, compared by large pieces first."""

_STEP = 1 << 16


def common_prefix(one: bytes, other: bytes) -> int:
    """How many bytes at the beginning are the same."""
    most, place = min(len(one), len(other)), 0
    while place < most and other.startswith(one[place : min(place + _STEP, most)], place):
        place = min(place + _STEP, most)
    low, high = place, min(place + _STEP, most)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[place:middle] == other[place:middle] else (low, middle - 1)
    return low


def common_suffix(one: bytes, other: bytes, most: int) -> int:
    """How many bytes at the end are the same; no more than `most`."""
    size = 0
    while size < most and _ends_alike(one, other, size, min(size + _STEP, most)):
        size = min(size + _STEP, most)
    low, high = size, min(size + _STEP, most)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _ends_alike(one, other, size, middle) else (low, middle - 1)
    return low


def _ends_alike(one: bytes, other: bytes, size: int, more: int) -> bool:
    """Whether the last bytes are the same, from `size` before the end up to `more` before it."""
    return one[len(one) - more : len(one) - size] == other[len(other) - more : len(other) - size]
