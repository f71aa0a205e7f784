"""The shared topic: one of our own, or the one that other pipelines use already."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.configuration.config import Config
from infra.iam import resource_policies


@dataclass(frozen=True, kw_only=True)
class NotificationsArgs:
    """Where to publish, and who is told.

    Attributes:
        config: names an existing topic, whose policy is its owner's, or none for one of our own; and who
            gets every message, once the address has confirmed.
        account: this AWS account, the only one whose alarms may publish.
        key: what a topic of our own is encrypted with, if anything.
    """

    config: Config
    account: pulumi.Input[str]
    key: pulumi.Input[str] | None


class Notifications(pulumi.ComponentResource):
    """The topic and its subscriptions.

    Attributes:
        topic_arn: where verdicts and alarms go.
    """

    def __init__(self, name: str, args: NotificationsArgs, opts: pulumi.ResourceOptions | None = None):
        super().__init__("csv-pipeline:notifications:Notifications", name, None, opts)
        self._name, self._child = name, pulumi.ResourceOptions(parent=self)
        self.topic_arn: pulumi.Input[str] = args.config.topic_arn or self._topic(args)
        for email in args.config.notification_emails:
            aws.sns.TopicSubscription(
                f"{name}-{email}", topic=self.topic_arn, protocol="email", endpoint=email, opts=self._child
            )
        self.register_outputs({"topic_arn": self.topic_arn})

    def _topic(self, args: NotificationsArgs) -> pulumi.Output[str]:
        """Not encrypted with AWS's own SNS key: CloudWatch may not use that one, and alarms would be lost."""
        topic = aws.sns.Topic(self._name, kms_master_key_id=args.key, opts=self._child)
        aws.sns.TopicPolicy(
            self._name,
            arn=topic.arn,
            policy=pulumi.Output.all(topic.arn, args.account).apply(
                lambda both: resource_policies.topic(*both)
            ),
            opts=self._child,
        )
        return topic.arn
