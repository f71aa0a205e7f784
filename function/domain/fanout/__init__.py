"""Fan-out of a large upload. Pure.

A part is a range of stored bytes that one invocation reads; an execution is one run of the state machine that
reads all parts of one upload and merges what they found.
"""

from function.domain.fanout.documents import execution_input, notification
from function.domain.fanout.names import Item, execution_name, merged_key, part_key, plan_key
from function.domain.fanout.parts import MAX_PARTS, MEGABYTE, Plan, Progress, part_bytes, parts_digest

__all__ = [
    "MAX_PARTS",
    "MEGABYTE",
    "Item",
    "Plan",
    "Progress",
    "execution_input",
    "execution_name",
    "merged_key",
    "notification",
    "part_bytes",
    "part_key",
    "parts_digest",
    "plan_key",
]
