"""Plans and what was read of parts, as they are stored: each document gives back an equal value."""

from function.scan.parts.wire.body import pack, unpack
from function.scan.parts.wire.merged import merged_document, merged_of
from function.scan.parts.wire.part import part_document, part_of
from function.scan.parts.wire.plan import plan_document, plan_of

__all__ = [
    "merged_document",
    "merged_of",
    "pack",
    "part_document",
    "part_of",
    "plan_document",
    "plan_of",
    "unpack",
]
