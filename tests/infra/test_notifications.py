from tests.infra.support.program import ACCOUNT, Program, run, stack_config


def test_without_a_topic_the_stack_makes_one_that_its_alarms_may_publish_to(dev: Program) -> None:
    arn = f"arn:aws:sns:eu-central-1:{ACCOUNT}:csv-pipeline-dev-0a1b2c3"
    assert dev.outputs["topic_arn"] == arn
    assert dev.one("TopicPolicy")["arn"] == arn
    alarms, plain = dev.policy("TopicPolicy", "dev")
    assert alarms["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert alarms["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    assert alarms["Resource"] == [arn]
    assert (plain["Effect"], plain["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_its_topic_is_not_under_a_key_that_alarms_may_not_use(dev: Program) -> None:
    assert "kmsMasterKeyId" not in dev.one("Topic").inputs


def test_a_given_topic_is_shared_and_left_alone(prod: Program) -> None:
    arn = "arn:aws:sns:eu-central-1:111122223333:shared-alerts"
    assert prod.outputs["topic_arn"] == arn
    assert not prod.all("Topic")
    assert not prod.all("TopicPolicy")
    subscription = prod.one("TopicSubscription")
    assert (subscription["topic"], subscription["protocol"]) == (arn, "email")
    assert subscription["endpoint"] == "on-call@example.com"


def test_each_address_is_subscribed_once(dev: Program) -> None:
    assert not dev.all("TopicSubscription")
    emails = ["a@example.com", "b@example.com"]
    program = run("dev", stack_config("Pulumi.dev.yaml", notificationEmails=emails))
    assert sorted(each["endpoint"] for each in program.all("TopicSubscription")) == emails
