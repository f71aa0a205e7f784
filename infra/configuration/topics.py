"""Which ARN names a topic that mail and alarms can go to. Pure: text in, fault out."""

import re

_NAME = r"[\w-]{1,256}"  # "CreateTopic", Amazon SNS API reference
_TOPIC = re.compile(rf"arn:aws:sns:[a-z0-9-]+:\d{{12}}:{_NAME}", re.ASCII)
_SUBSCRIPTION = re.compile(_TOPIC.pattern + r":[0-9a-f-]+", re.ASCII)
_OTHER_PARTITION = re.compile(r"arn:(?!aws:)[\w-]+:sns:.*", re.ASCII)


def fault(arn: str) -> str:
    """Why the pipeline could not use this as its topic; empty if it can."""
    if arn.endswith(".fifo"):
        return "a FIFO topic takes neither e-mail addresses nor alarms"
    if _SUBSCRIPTION.fullmatch(arn):
        return f"this is a subscription; its topic is {arn.rpartition(':')[0]}"
    if _OTHER_PARTITION.fullmatch(arn):
        return "only the partition aws is supported"
    return (
        "" if _TOPIC.fullmatch(arn) else "a topic is arn:aws:sns:REGION:ACCOUNT:NAME, ACCOUNT with 12 digits"
    )


def region(arn: str) -> str:
    """The topic's region."""
    return arn.split(":")[3]
