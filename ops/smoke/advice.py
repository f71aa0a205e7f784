"""What to look at when a step of a smoke test has failed. Pure."""

from ops.deployed.deployment import Names

UPLOAD, VERDICT, ROW, RESULT, BACKUP, CLEAN_UP = (
    "upload",
    "verdict",
    "row",
    "result.json",
    "backup",
    "clean-up",
)
"""The steps, in their order."""

_LOOK_AT = {
    UPLOAD: ("permissions", "stack"),
    VERDICT: ("stack", "log", "operators' log", "dead-letter queue", "alarms", "notification"),
    ROW: ("log", "dead-letter queue", "alarms", "stack"),
    RESULT: ("log", "permissions"),
    BACKUP: ("log", "permissions"),
    CLEAN_UP: ("permissions", "left behind", "operators' log"),
}


def advice(step: str, names: Names, stack: str | None) -> dict[str, str]:
    """What to look at, and the command or the document that shows it; the most likely first.

    Args:
        step: the first that failed.
        names: the stack's outputs.
        stack: as it was named with --stack.
    """
    region = f"--region {names.topic_arn.split(':')[3]}"
    begin = names.function_name.removesuffix("worker")  # so do the alarms' names
    known = {
        "stack": f"pipeline doctor{f' --stack {stack}' if stack else ''}",
        "log": f"aws logs tail {names.log_group} --since 15m {region}",
        "operators' log": f"aws logs tail /aws/lambda/{names.operator_function_name} --since 15m {region}",
        "alarms": f"aws cloudwatch describe-alarms --state-value ALARM --alarm-name-prefix {begin} {region}",
        "dead-letter queue": f"aws sqs get-queue-attributes --queue-url {names.dead_letter_queue_url}"
        f" --attribute-names ApproximateNumberOfMessages {region}",
        "notification": "if `pulumi up` has just made or changed it: S3 takes some five minutes, try again",
        "permissions": 'docs/operations.md, "Smoke test": what the credentials of this command need',
        "left behind": 'docs/operations.md, "Smoke test": how to remove it by hand',
    }
    return {what: known[what] for what in _LOOK_AT[step]}
