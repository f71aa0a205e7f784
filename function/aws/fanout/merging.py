"""The results of all parts: merged, or what has to be read again."""

import json

from function.aws.fanout.work import UnreadableError, Work
from function.domain.fanout import Item
from function.domain.model import Document
from function.scan.parts.merge import merge
from function.scan.parts.model import Merged, Redo, Unsure

MOST_ROUNDS = 3
"""How often parts are read again before the object is read in one piece."""
_MOST_BYTES = 200_000  # of an answer; a state may pass on 256 KB ("Service quotas", AWS Step Functions)


def merge_parts(work: Work, name: str, number: int) -> tuple[Document, str | None]:
    """Merge the parts of an execution, in flat memory.

    Args:
        work: where the results are.
        name: of the execution.
        number: of the round, from 1.

    Returns:
        The answer to the state machine: {"state": "merged"}, {"state": "redo", "items": [item, ...]} or
        {"state": "sequential"}; and why, of the last.

    Raises:
        TransientError, SettingsError: S3 failed.
    """
    found = _merged(work, name)
    match found:
        case Merged():
            work.write_merged(name, found)
            return {"state": "merged"}, None
        case Redo(parts):
            items = [str(Item(name, part, known)) for part, known in parts]
            if number <= MOST_ROUNDS and len(json.dumps(items)) <= _MOST_BYTES:
                return {"state": "redo", "items": items}, None
            return {"state": "sequential"}, f"round {number}: {len(items)} parts do not fit"
        case Unsure(reason):
            return {"state": "sequential"}, reason


def _merged(work: Work, name: str) -> Merged | Redo | Unsure:
    planned = work.plan(name)
    try:
        planned.check_code()
        return merge(planned.plan, work.parts(name, planned.plan.count))
    except UnreadableError as error:
        return Unsure(str(error))
