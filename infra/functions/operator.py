"""The function that does what operators and the schedule ask: reconcile, replay, status, history.

No bucket calls it: only who may invoke functions of this account reaches it.
"""

from dataclasses import dataclass

import pulumi

from infra.functions.function import Function
from infra.functions.processing import Processing
from infra.iam import policies

_HANDLER = "function.operator_handler.handler"


@dataclass(frozen=True, kw_only=True)
class OperatorArgs:
    """What the function is given: the same as the worker, as it replays and re-drives files."""

    processing: Processing


class Operator(pulumi.ComponentResource):
    """The function; nothing is reserved for it, and no queue keeps what it failed on.

    A call of the schedule that fails is tried twice more by Lambda, which is its default; after that, the
    alarms on its errors and on its silence tell of it, and the next run goes on where this one stopped.

    Attributes:
        function: the function with its log group.
    """

    def __init__(self, name: str, args: OperatorArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:operator:Operator", name, None, opts)
        self.function = Function(
            name,
            args.processing.function(
                handler=_HANDLER,
                description="Reconciles, replays and reports, for operators and the schedule",
                policy=policies.operator,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"arn": self.function.function.arn})
