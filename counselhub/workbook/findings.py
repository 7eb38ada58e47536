"""What a trial found: faults that stop the import, warnings that do not, each at its cell."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from counselhub.core.errors import RefusedError

FILE = "文件"
"""The place of a fault that is of no single cell."""


class UnreadableError(RefusedError):
    """The file as a whole cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence at one cell, `合同!C5`."""

    cell: str
    message: str

    def document(self) -> dict[str, str]:
        """Return it as commands print it."""
        return {"cell": self.cell, "message": self.message}


@dataclass
class Findings:
    """Everything found so far, in the order of the file."""

    faults: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def put_in_order(self, sheets: Sequence[str]) -> None:
        """Sort by sheet, row and column, as a reader goes through the file."""
        places = {name: place for place, name in enumerate(sheets, start=1)}

        def place(finding: Finding) -> tuple[int, int, int, str]:
            name, _mark, address = finding.cell.rpartition("!")
            letters = address.rstrip("0123456789")
            row = int(address[len(letters) :] or 0) if name else 0
            return places.get(name, len(places) + 1) if name else 0, row, len(letters), letters

        self.faults.sort(key=place)
        self.warnings.sort(key=place)

    def fault(self, cell: str, message: str) -> None:
        """Note what stops the import."""
        self.faults.append(Finding(cell, message))

    def warn(self, cell: str, message: str) -> None:
        """Note what the reader should look at."""
        self.warnings.append(Finding(cell, message))
