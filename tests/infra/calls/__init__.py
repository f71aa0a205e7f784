"""Which calls Pulumi's providers make to AWS for each type of resource that the program has."""

from tests.infra.calls import compute, data, network
from tests.infra.calls.call import Call, Phase, requests

TABLE: dict[str, tuple[Call, ...]] = network.CALLS | data.CALLS | compute.CALLS

__all__ = ["TABLE", "Call", "Phase", "requests"]
