"""Names and policies of the state machine that reads files in parts, as pure functions of ARNs."""

from infra.iam.policies import TRACE_WRITE, Statement, allow, document, with_key

# Neither the delivery of logs nor X-Ray's sampling has an ARN ("Using CloudWatch Logs to log execution
# history" and "Trace requests with X-Ray", Step Functions developer guide).
_DELIVERY = (
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
)
_SAMPLING = ("xray:GetSamplingRules", "xray:GetSamplingTargets")


def state_machine_arn(name: str, region: str, account: str) -> str:
    """The ARN of the state machine of that name, which its own role refers to before it is there."""
    return f"arn:aws:states:{region}:{account}:stateMachine:{name}"


def executions_of(state_machine: str) -> str:
    """The ARNs of all executions that are started of it by name."""
    return f"{state_machine.replace(':stateMachine:', ':execution:')}:*"


def maps_of(state_machine: str) -> str:
    """The ARNs of all executions that its own maps start, one for each part."""
    return f"{state_machine.replace(':stateMachine:', ':execution:')}/*"


def start(state_machine: str, output: str) -> tuple[Statement, ...]:
    """Leave the plan of an execution in the output bucket, start the execution, and look it up."""
    return (
        allow(("s3:GetObject", "s3:PutObject"), f"{output}/work/*"),
        allow(("states:StartExecution",), state_machine),
        allow(("states:DescribeExecution",), executions_of(state_machine)),
    )


def part(*, input_bucket: str, output: str, key: str = "") -> str:
    """Read one part of an upload as planned, and leave what was found: no database, no topic."""
    return document(
        allow(("s3:GetObjectVersion",), f"{input_bucket}/*"),
        # As for the worker: to tell a version that is gone from one that is refused.
        allow(("s3:ListBucket", "s3:ListBucketVersions"), input_bucket),
        allow(("s3:GetObject", "s3:PutObject"), f"{output}/work/*"),
        *with_key(key),
    )


def state_machine(*, state_machine: str, part_function: str, finish_function: str) -> str:
    """Call the two functions, run its own map, and be logged ("Using Distributed Map": IAM policies)."""
    own = (executions_of(state_machine), maps_of(state_machine))
    return document(
        allow(("lambda:InvokeFunction",), part_function, finish_function),
        allow(("states:StartExecution",), state_machine),
        allow(("states:DescribeExecution", "states:StopExecution"), *own),
        allow(_DELIVERY, "*"),
        allow((*_SAMPLING, *TRACE_WRITE), "*"),
    )
