import pytest

from infra.configuration.topics import fault, region

TOPIC = "arn:aws:sns:eu-central-1:111122223333:shared_alerts-1"


def test_a_standard_topic_of_any_account_has_no_fault() -> None:
    assert fault(TOPIC) == ""
    assert region(TOPIC) == "eu-central-1"


@pytest.mark.parametrize(
    ("arn", "why"),
    [
        (f"{TOPIC}.fifo", "FIFO"),
        (f"{TOPIC}:6b0e71bd-7e97-4d97-80ce-4a0994e55286", f"a subscription; its topic is {TOPIC}$"),
        (TOPIC.replace("arn:aws:", "arn:aws-cn:"), "only the partition aws"),
        (TOPIC.replace("arn:aws:", "arn:aws-us-gov:"), "only the partition aws"),
        (TOPIC.replace("111122223333", "11112222333"), "12 digits"),
        (TOPIC.replace("111122223333", ""), "12 digits"),
        (TOPIC.replace(":sns:", ":sqs:"), "a topic is arn:aws:sns"),
        (f"{TOPIC}:", "a topic is arn:aws:sns"),
        (f"{TOPIC}/x", "a topic is arn:aws:sns"),
        ("shared_alerts", "a topic is arn:aws:sns"),
    ],
)
def test_what_is_no_topic_for_mail_and_alarms_is_named(arn: str, why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        raise AssertionError(fault(arn))
