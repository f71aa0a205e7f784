"""`pipeline doctor`: is the deployed stack fit, and if not, what is to be done."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ops.deployed.deployment import AwsError, Deployment, DeploymentError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `trouble` says what is wrong and what to do, None that all is well."""

    what: str
    trouble: str | None


def examine(deployment: Deployment) -> Iterator[Finding]:
    """Look at every part of the stack; a part that cannot be looked at is in trouble too."""
    for what, look in _LOOKS.items():
        try:
            yield Finding(what, look(deployment))
        except (*AwsError, DeploymentError) as error:
            yield Finding(what, str(error))


def _function(deployment: Deployment) -> str | None:
    return _active(deployment, deployment.names.function_name)


def _operator(deployment: Deployment) -> str | None:
    return _active(deployment, deployment.names.operator_function_name)


def _active(deployment: Deployment, name: str) -> str | None:
    state = deployment.session.client("lambda").get_function(FunctionName=name)["Configuration"]
    if state["State"] != "Active":
        return f"{name} is {state['State']}: {state.get('StateReason', 'see the Lambda console')}"
    if state["LastUpdateStatus"] != "Successful":
        return f"{name}: the last update is {state['LastUpdateStatus']}; deploy again"
    return None


def _buckets(deployment: Deployment) -> str | None:
    s3, names = deployment.session.client("s3"), deployment.names
    for bucket in (names.input_bucket, names.output_bucket, names.backup_bucket):
        if s3.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
            return f"{bucket} is not versioned: an upload that is overwritten could be lost; deploy again"
    return None


def _notification(deployment: Deployment) -> str | None:
    s3, names = deployment.session.client("s3"), deployment.names
    answer = s3.get_bucket_notification_configuration(Bucket=names.input_bucket)
    arns = [each["LambdaFunctionArn"] for each in answer.get("LambdaFunctionConfigurations", [])]
    if not any(arn.split(":")[6] == names.function_name for arn in arns):
        return f"uploads to {names.input_bucket} do not reach {names.function_name}; deploy again"
    return None


def _secret(deployment: Deployment) -> str | None:
    vault, arn = deployment.session.client("secretsmanager"), deployment.names.database_secret_arn
    stages = vault.describe_secret(SecretId=arn).get("VersionIdsToStages", {})
    if not any("AWSCURRENT" in each for each in stages.values()):
        return f"{arn} has no value: the migration did not run; deploy again"
    return None


def _database(deployment: Deployment) -> str | None:
    status = deployment.ask("status")
    unfinished = status["unfinished"] - status["in_hand"]
    return f"{unfinished} files unfinished: run `pipeline reconcile`" if unfinished else None


def _topic(deployment: Deployment) -> str | None:
    sns, arn = deployment.session.client("sns"), deployment.names.topic_arn
    subscriptions = sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]
    pending = [each["Endpoint"] for each in subscriptions if each["SubscriptionArn"] == "PendingConfirmation"]
    if pending:
        return f"not confirmed, ask for the link in their mail: {', '.join(pending)}"
    return None if subscriptions else f"nobody is subscribed to {arn}: set notificationEmails"


def _dead_letters(deployment: Deployment) -> str | None:
    sqs, url = deployment.session.client("sqs"), deployment.names.dead_letter_queue_url
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    waiting = answer["Attributes"]["ApproximateNumberOfMessages"]
    return (
        f"{waiting} events given up: correct the cause, then `pipeline redrive`" if waiting != "0" else None
    )


_LOOKS: dict[str, Callable[[Deployment], str | None]] = {
    "function": _function,
    "operator": _operator,
    "buckets": _buckets,
    "notification": _notification,
    "secret": _secret,
    "database": _database,
    "topic": _topic,
    "dead letters": _dead_letters,
}
