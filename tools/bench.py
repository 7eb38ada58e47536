"""Measure the product against plain SQL and a bare page, as ratios of one run: `make bench`.

A part is a module with `run()`, which gives the lines to print; `make bench part=country` runs only
that one. Without a name all run but the long ones.
"""

from __future__ import annotations

import importlib
import sys

PARTS = {
    "statements": "tools.bench_statements",
    "pages": "tools.bench_pages",
    "reports": "tools.bench_reports",
    "signin": "tools.bench_signin",
    "search": "tools.bench_search",
    "conflicts": "tools.bench_conflicts",
}
LONG = {"country": "tools.bench_country"}
"""Parts that take tens of minutes and gigabytes."""
EVERY = PARTS | LONG


def main(names: list[str]) -> int:
    """Run the parts named, all but the long ones when none is."""
    unknown = [name for name in names if name not in EVERY]
    if unknown:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(EVERY)}", file=sys.stderr)
        return 2
    for name in names or PARTS:
        print(f"== {name}", flush=True)
        for line in importlib.import_module(EVERY[name]).run():
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
