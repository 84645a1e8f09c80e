"""Short names of people, for a list of many: without the address and the comment, while nobody is taken for another."""

from collections import Counter
from collections.abc import Mapping


def short_name(user_id: str) -> str:
    """A user ID without what stands in brackets; all of it where nothing is left."""
    return user_id.partition("<")[0].partition("(")[0].strip() or user_id


def short_names(user_ids: Mapping[str, str]) -> dict[str, str]:
    """A short name for each user ID, by any names of their own; where two would have the same, both are left whole."""
    counts = Counter(map(short_name, user_ids.values()))
    return {
        one: short_name(user_id) if counts[short_name(user_id)] == 1 else user_id for one, user_id in user_ids.items()
    }
