"""How one upload ended, as it is answered and logged. Pure."""

from dataclasses import dataclass
from typing import Self

from function.domain.model import CsvObject, Document


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one upload ended in this invocation.

    Attributes:
        status: `"succeeded"`, `"failed"`, or `"processing"` if another invocation, or an execution of the
            state machine, is processing it.
        doubts: how many warnings the reader has.
        doubt_codes: their codes, separated by commas.
        remarks: how many things are unlike the earlier files of its series.
        remark_codes: their codes, separated by commas.
        repeated: nothing was left to do.
        execution: the name of that execution.
    """

    obj: CsvObject
    status: str
    rows: int | None = None
    doubts: int | None = None
    doubt_codes: str = ""
    remarks: int = 0
    remark_codes: str = ""
    error_code: str | None = None
    repeated: bool = False
    execution: str | None = None

    @classmethod
    def of(cls, obj: CsvObject, result: Document) -> Self:
        """The outcome that a result tells."""
        csv, remarks = result["csv"], (result.get("series") or {}).get("remarks", [])
        return cls(
            obj,
            result["status"],
            rows=csv and csv["rows"],
            doubts=csv and len(csv["warnings"]),
            doubt_codes=",".join(warning["code"] for warning in csv["warnings"]) if csv else "",
            remarks=len(remarks),
            remark_codes=",".join(remark["code"] for remark in remarks),
            error_code=result["error"] and result["error"]["code"],
        )

    @property
    def is_of_another(self) -> bool:
        """Whether another invocation, or an execution that was started before, is processing it."""
        return self.status == "processing" and self.repeated

    def document(self) -> Document:
        """For whoever called by hand, and for the log, of which metrics and the dashboard are made."""
        return {
            "key": self.obj.key,
            "version_id": self.obj.version_id,
            "status": self.status,
            "rows": self.rows,
            "doubts": self.doubts,
            "doubt_codes": self.doubt_codes,
            "remarks": self.remarks,
            "remark_codes": self.remark_codes,
            "error_code": self.error_code,
            "repeated": self.repeated,
            "execution": self.execution,
        }
