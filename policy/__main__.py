"""The policy pack: `pulumi preview --policy-pack policy` and `pulumi up --policy-pack policy`.

A rule is a pure function of one resource: it yields a sentence for each thing that is wrong. The rules hold
for whatever is added to the stack later, so they know nothing of its components.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)

sys.path.insert(0, str(Path(__file__).parents[1]))  # Pulumi runs the folder alone

from policy.rules import buckets, encryption, network, operation, permissions

Rule = Callable[[ResourceValidationArgs], Iterator[str]]
RULES: tuple[Rule, ...] = (
    *buckets.RULES,
    *encryption.RULES,
    *network.RULES,
    *operation.RULES,
    *permissions.RULES,
)


def _policy(rule: Rule) -> ResourceValidationPolicy:
    def validate(args: ResourceValidationArgs, report: ReportViolation) -> None:
        for sentence in rule(args):
            report(f"{args.name}: {sentence}", None)

    return ResourceValidationPolicy(
        name=rule.__name__.replace("_", "-"),
        description=(rule.__doc__ or "").strip(),
        validate=validate,
        enforcement_level=EnforcementLevel.MANDATORY,
    )


if __name__ == "__main__":
    PolicyPack("csv-pipeline", [_policy(rule) for rule in RULES])
