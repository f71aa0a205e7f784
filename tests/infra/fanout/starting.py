"""What worker and operators' function do with the state machine."""

import asyncio
from typing import Any

from function.domain import fanout
from function.domain.instructions import Options
from function.domain.model import CsvObject
from function.scan.parts.model import Plan
from function.scan.parts.plan import plan


def planned(size: int) -> Plan:
    """How a table of so many bytes, as `Processor.put` makes it, is read in one part."""
    table = (b"a,b\n1,2\n" + b"3,4\n" * (size // 4))[:size]
    found = plan(iter([table]), size, Options(), size)
    assert found
    return found


def starts_an_execution(split: Any, obj: CsvObject) -> None:
    """Store the plan, start the execution, twice as a retry does, and look it up."""

    async def start() -> str:
        name, executions = fanout.execution_name(1, 1, obj), split.fan_out()
        await executions.prepare(name, obj, planned(obj.size))
        await executions.start(name)
        await executions.start(name)
        return str(await executions.progress(name))

    assert asyncio.run(start()) in {"running", "ended"}
