"""Measure the product against plain SQL and a bare page, as ratios of one run: `make bench`.

A part is a module with `run()`, which gives the lines to print; give names to run only some.
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


def main(names: list[str]) -> int:
    """Run the parts named, all of them when none is."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    for name in names or PARTS:
        print(f"== {name}", flush=True)
        for line in importlib.import_module(PARTS[name]).run():
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
