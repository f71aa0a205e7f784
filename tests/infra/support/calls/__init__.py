"""Which calls Pulumi's providers make to AWS for each type of resource that the program has."""

from collections.abc import Iterator

from tests.infra.support.calls import compute, data, network
from tests.infra.support.calls.call import Call, Phase, requests
from tests.infra.support.evaluator import Request
from tests.infra.support.program import Program

TABLE: dict[str, tuple[Call, ...]] = network.CALLS | data.CALLS | compute.CALLS


def needed(program: Program, *phases: Phase) -> Iterator[tuple[str, Request]]:
    """Every request that the program's resources lead to, with what it is for."""
    for resource in program.resources:
        if resource.custom:
            for call in TABLE[resource.type]:
                if call.phase in phases:
                    yield from ((resource.type, each) for each in requests(call, resource, program))
