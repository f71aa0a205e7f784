"""The steps of an upload that an execution reads in parts. Imported when a large file comes."""

from datetime import timedelta

from function.domain import fanout
from function.domain.model import Claim, CsvObject, Deadline
from function.pipeline.ports import Claims, Opened, Split

LEASE = timedelta(minutes=65)
"""How long an execution holds a claim: longer than the time-out of the state machine, which is 60 minutes."""


async def prepare(
    split: Split, obj: CsvObject, claim: Claim, opened: Opened, deadline: Deadline
) -> str | None:
    """Plan the parts and store the plan; the execution's name, or None if the file is read in one piece.

    Raises:
        PipelineError: a service failed.
    """
    plan = await opened.plan(deadline, fanout.part_bytes(obj.size, split.part_megabytes))
    if plan is None:
        return None
    name = fanout.execution_name(claim.row, claim.attempts, obj)
    await split.fan_out().prepare(name, obj, plan)
    return name


async def start(split: Split, claims: Claims, claim: Claim, name: str) -> None:
    """Leave the claim to the execution, and start it.

    In this order, so that whoever finds the claim of one that was never started can start it.

    Raises:
        PipelineError: a service failed; a retry finds the claim, and starts the execution.
    """
    await claims.lend(claim, name, LEASE)
    await split.fan_out().start(name)


async def progress(split: Split | None, name: str) -> fanout.Progress:
    """How far an execution is that holds a claim.

    Without a state machine it has ended: one that is deleted stops its executions, and a last step that still
    runs is fenced off by whoever takes the claim over.

    Raises:
        PipelineError: a service failed.
    """
    return await split.fan_out().progress(name) if split else "ended"


async def has_ended(split: Split | None, name: str) -> bool:
    """Whether the execution that holds a claim has ended; one that was never started is started now.

    Raises:
        PipelineError: a service failed.
    """
    found = await progress(split, name)
    if split and found == "missing":
        await split.fan_out().start(name)
    return found == "ended"
