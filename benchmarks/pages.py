"""The page of an audit in Chromium: its size, and when it can be used.

    python -m benchmarks.pages [--people 60] [--values 2000]

Time to first use is from the start of the navigation to the first table of values that answers to its filters. A filter
is measured from the change to the next frame.
"""

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from eyamlgpg.render.audit.page import single_as_page
from tests.support import browser
from tests.support.audits import large

REPEATS = 9

_FIRST_USE = "return performance.getEntriesByName('usable')[0].startTime"
_FILTER = """
const done = arguments[arguments.length - 1];
const control = document.getElementById("person");
const start = performance.now();
control.value = control.options[7].value;
control.dispatchEvent(new Event("change"));
requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
"""


def main() -> int:
    """Print the table; 1 where there is no browser."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages")
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--values", type=int, default=2000)
    options = parser.parse_args()
    reason = browser.absent()
    if reason is not None:
        print(reason)
        return 1
    audit = large(options.people, options.values)
    before = time.perf_counter()
    page = single_as_page(audit)
    made = time.perf_counter() - before
    with tempfile.TemporaryDirectory(prefix="egb") as folder, browser.started(Path(folder) / "profile") as driver:
        file = Path(folder) / "page.html"
        file.write_text(page)
        driver.get(file.as_uri())
        elements = browser.run(driver, "return document.querySelectorAll('*').length")
        first, filtered = [], []
        for _ in range(REPEATS):
            driver.get(file.as_uri())
            first.append(float(browser.run(driver, _FIRST_USE)))
            answer: Any = driver.execute_async_script(_FILTER)
            filtered.append(float(answer))
    print(f"{len(audit.parties)} people and keys, {len(audit.values):,} values; medians of {REPEATS}\n")
    print("| what | measured |\n| --- | --- |")
    print(f"| size | {len(page.encode()) / 1000:.0f} kB |")
    print(f"| to make it from an audit | {made * 1000:.0f} ms |")
    print(f"| time to first use | {median(first):.0f} ms |")
    print(f"| a filter | {median(filtered):.0f} ms |")
    print(f"| elements, all filters off | {elements:,} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
