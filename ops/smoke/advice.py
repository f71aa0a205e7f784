"""What to check when a step of a smoke test has failed. Pure."""

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
    """What to check, and the command or the document that shows it; the most likely first.

    Args:
        step: the first failed step.
        names: the stack's outputs.
        stack: the value of --stack.
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
        "notification": "S3 applies a new or changed one after about five minutes: try again then",
        "permissions": 'docs/operations.md, "Smoke test": the permissions that this command needs',
        "left behind": 'docs/operations.md, "Smoke test": how to remove it by hand',
    }
    return {what: known[what] for what in _LOOK_AT[step]}
