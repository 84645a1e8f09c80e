"""The bill of materials names each package's licence once, in the words that are best known."""

from typing import Any

import pytest

from release.bill import licence, licences


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([], "not told"),
        ([{"expression": "Apache-2.0 OR BSD-3-Clause"}], "Apache-2.0 OR BSD-3-Clause"),
        ([{"license": {"id": "MIT"}}], "MIT"),
        ([{"license": {"name": "License :: OSI Approved :: BSD License"}}], "BSD License"),
        (
            [{"license": {"name": "License :: OSI Approved :: BSD License"}}, {"license": {"id": "BSD-3-Clause"}}],
            "BSD-3-Clause",
        ),
        ([{"license": {"name": "A text\nof many lines"}}], "A text"),
    ],
)
def test_a_licence_is_told_once(entries: list[dict[str, Any]], told: str) -> None:
    assert licence(entries) == told


def test_the_list_is_sorted_by_name_whatever_the_case() -> None:
    page = licences([{"name": "zlib", "version": "1"}, {"name": "Jinja2", "version": "3"}, {"name": "click"}])
    assert [line.split()[1] for line in page.splitlines()[4:]] == ["click", "Jinja2", "zlib"]
