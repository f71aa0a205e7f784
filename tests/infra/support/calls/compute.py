"""The calls for what runs and what watches it: images, functions, roles, schedules, logs, alarms.

Source: the resource's file in internal/service of terraform-provider-aws, whose code the Pulumi provider runs;
which resources an action is authorized on: the service's page in the service authorization reference.
"""

from tests.infra.support.calls.call import Call, change, make, read

_FUNCTION = "arn:aws:lambda:{region}:{account}:function:"
_REPOSITORY = "arn:aws:ecr:{region}:{account}:repository/"
_ROLE = "arn:aws:iam::{account}:role/"
_LOG = "arn:aws:logs:{region}:{account}:log-group:"
_ALARM = "arn:aws:cloudwatch:{region}:{account}:alarm:{name}"
_DASHBOARD = "arn:aws:cloudwatch::{account}:dashboard/{dashboardName}"
_SCHEDULE = "arn:aws:scheduler:{region}:{account}:schedule/{groupName}/{name}"
_GROUP = "arn:aws:scheduler:{region}:{account}:schedule-group/{name}"
_MACHINE = "arn:aws:states:{region}:{account}:stateMachine:{name}"
_RULE = "arn:aws:events:{region}:{account}:rule/"
_BOUNDARY = {"iam:PermissionsBoundary": "{boundary}"}


def _pass(role: str, service: str) -> Call:
    """For updates too, as some services ask again."""
    return Call("make", "iam:PassRole", role, {"iam:PassedToService": service})


CALLS: dict[str, tuple[Call, ...]] = {
    "pulumi:providers:aws": (read("sts:GetCallerIdentity"),),
    "aws:ecr/repository:Repository": (  # ecr/repository.go
        read("ecr:DescribeRepositories ecr:ListTagsForResource", f"{_REPOSITORY}{{name}}"),
        make("ecr:CreateRepository ecr:TagResource", f"{_REPOSITORY}{{name}}"),
        change("ecr:PutImageTagMutability ecr:PutImageScanningConfiguration", f"{_REPOSITORY}{{name}}"),
        change("ecr:TagResource ecr:UntagResource ecr:DeleteRepository", f"{_REPOSITORY}{{name}}"),
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": (  # ecr/lifecycle_policy.go
        read("ecr:GetLifecyclePolicy", f"{_REPOSITORY}{{repository}}"),
        make("ecr:PutLifecyclePolicy", f"{_REPOSITORY}{{repository}}"),
        change("ecr:PutLifecyclePolicy ecr:DeleteLifecyclePolicy", f"{_REPOSITORY}{{repository}}"),
    ),
    # BuildKit, with the login of the machine: "Required IAM permissions for pushing an image", ECR user guide.
    "docker-build:index:Image": (
        read("ecr:GetAuthorizationToken"),
        read("ecr:BatchGetImage ecr:GetDownloadUrlForLayer", f"{_REPOSITORY}{{repository}}"),
        make("ecr:BatchCheckLayerAvailability ecr:BatchGetImage", f"{_REPOSITORY}{{repository}}"),
        make("ecr:GetDownloadUrlForLayer ecr:InitiateLayerUpload", f"{_REPOSITORY}{{repository}}"),
        make("ecr:UploadLayerPart ecr:CompleteLayerUpload ecr:PutImage", f"{_REPOSITORY}{{repository}}"),
    ),
    # lambda/function.go; the repository: "Amazon ECR permissions", the network: "Required IAM permissions",
    # AWS Lambda developer guide.
    "aws:lambda/function:Function": (
        read("lambda:GetFunction lambda:GetFunctionConfiguration", f"{_FUNCTION}{{name}}"),
        read("lambda:GetFunctionCodeSigningConfig lambda:GetFunctionConcurrency", f"{_FUNCTION}{{name}}"),
        read("lambda:ListVersionsByFunction lambda:ListTags", f"{_FUNCTION}{{name}}"),
        read("ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcs"),
        read("ecr:GetRepositoryPolicy", f"{_REPOSITORY}{{repository}}"),
        make("lambda:CreateFunction lambda:TagResource", f"{_FUNCTION}{{name}}"),
        make("lambda:PutFunctionConcurrency", f"{_FUNCTION}{{name}}"),
        make("ecr:SetRepositoryPolicy ecr:BatchGetImage", f"{_REPOSITORY}{{repository}}"),
        make("ecr:GetDownloadUrlForLayer", f"{_REPOSITORY}{{repository}}"),
        _pass("{role}", "lambda.amazonaws.com"),
        change("lambda:UpdateFunctionCode lambda:UpdateFunctionConfiguration", f"{_FUNCTION}{{name}}"),
        change("lambda:PutFunctionConcurrency lambda:DeleteFunctionConcurrency", f"{_FUNCTION}{{name}}"),
        change("lambda:TagResource lambda:UntagResource lambda:DeleteFunction", f"{_FUNCTION}{{name}}"),
    ),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": (  # lambda/function_event_invoke_config.go
        read("lambda:GetFunctionEventInvokeConfig", f"{_FUNCTION}{{functionName}}"),
        make("lambda:PutFunctionEventInvokeConfig", f"{_FUNCTION}{{functionName}}"),
        change("lambda:PutFunctionEventInvokeConfig", f"{_FUNCTION}{{functionName}}"),
        change("lambda:UpdateFunctionEventInvokeConfig", f"{_FUNCTION}{{functionName}}"),
        change("lambda:DeleteFunctionEventInvokeConfig", f"{_FUNCTION}{{functionName}}"),
    ),
    "aws:lambda/invocation:Invocation": (  # lambda/invocation.go: reads nothing, and undoes nothing
        make("lambda:InvokeFunction", f"{_FUNCTION}{{functionName}}"),
    ),
    "aws:lambda/permission:Permission": (  # lambda/permission.go
        read("lambda:GetPolicy", f"{_FUNCTION}{{function}}"),
        make("lambda:AddPermission", f"{_FUNCTION}{{function}}"),
        change("lambda:RemovePermission", f"{_FUNCTION}{{function}}"),
    ),
    "aws:iam/role:Role": (  # iam/role.go
        read("iam:GetRole iam:ListRolePolicies iam:ListAttachedRolePolicies", f"{_ROLE}{{name}}"),
        read("iam:GetRolePolicy iam:ListInstanceProfilesForRole", f"{_ROLE}{{name}}"),
        Call("make", "iam:CreateRole", f"{_ROLE}{{name}}", _BOUNDARY),
        make("iam:TagRole", f"{_ROLE}{{name}}"),
        Call("change", "iam:PutRolePermissionsBoundary", f"{_ROLE}{{name}}", _BOUNDARY),
        change("iam:UpdateRole iam:UpdateAssumeRolePolicy", f"{_ROLE}{{name}}"),
        change("iam:TagRole iam:UntagRole iam:DeleteRole", f"{_ROLE}{{name}}"),
    ),
    "aws:iam/rolePolicy:RolePolicy": (  # iam/role_policy.go
        read("iam:GetRolePolicy", f"{_ROLE}{{role}}"),
        Call("make", "iam:PutRolePolicy", f"{_ROLE}{{role}}", _BOUNDARY),
        Call("change", "iam:PutRolePolicy iam:DeleteRolePolicy", f"{_ROLE}{{role}}", _BOUNDARY),
    ),
    "aws:scheduler/scheduleGroup:ScheduleGroup": (  # scheduler/schedule_group.go
        read("scheduler:GetScheduleGroup scheduler:ListTagsForResource", _GROUP),
        make("scheduler:CreateScheduleGroup scheduler:TagResource", _GROUP),
        change("scheduler:TagResource scheduler:UntagResource scheduler:DeleteScheduleGroup", _GROUP),
    ),
    "aws:scheduler/schedule:Schedule": (  # scheduler/schedule.go
        read("scheduler:GetSchedule", _SCHEDULE),
        make("scheduler:CreateSchedule", _SCHEDULE),
        _pass("{target[roleArn]}", "scheduler.amazonaws.com"),
        change("scheduler:UpdateSchedule scheduler:DeleteSchedule", _SCHEDULE),
    ),
    "aws:sfn/stateMachine:StateMachine": (  # sfn/state_machine.go; the first for every preview of a change
        read("states:ValidateStateMachineDefinition"),
        read("states:DescribeStateMachine states:ListStateMachineVersions", _MACHINE),
        read("states:ListTagsForResource", _MACHINE),
        make("states:CreateStateMachine states:TagResource", _MACHINE),
        _pass("{roleArn}", "states.amazonaws.com"),
        change("states:UpdateStateMachine states:DeleteStateMachine", _MACHINE),
        change("states:TagResource states:UntagResource", _MACHINE),
    ),
    "aws:cloudwatch/eventRule:EventRule": (  # events/rule.go
        read("events:DescribeRule events:ListTagsForResource", f"{_RULE}{{name}}"),
        make("events:PutRule events:TagResource", f"{_RULE}{{name}}"),
        change("events:PutRule events:TagResource events:UntagResource", f"{_RULE}{{name}}"),
        change("events:DeleteRule", f"{_RULE}{{name}}"),
    ),
    "aws:cloudwatch/eventTarget:EventTarget": (  # events/target.go
        read("events:ListTargetsByRule", f"{_RULE}{{rule}}"),
        make("events:PutTargets", f"{_RULE}{{rule}}"),
        change("events:PutTargets events:RemoveTargets", f"{_RULE}{{rule}}"),
    ),
    "aws:cloudwatch/logGroup:LogGroup": (  # logs/group.go
        read("logs:DescribeLogGroups"),
        read("logs:ListTagsForResource", f"{_LOG}{{name}}"),
        make("logs:CreateLogGroup logs:TagResource logs:PutRetentionPolicy", f"{_LOG}{{name}}"),
        change("logs:PutRetentionPolicy logs:DeleteRetentionPolicy", f"{_LOG}{{name}}"),
        change("logs:AssociateKmsKey logs:DisassociateKmsKey", f"{_LOG}{{name}}"),
        change("logs:TagResource logs:UntagResource logs:DeleteLogGroup", f"{_LOG}{{name}}"),
    ),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": (  # logs/metric_filter.go
        read("logs:DescribeMetricFilters", f"{_LOG}{{logGroupName}}"),
        make("logs:PutMetricFilter", f"{_LOG}{{logGroupName}}"),
        change("logs:PutMetricFilter logs:DeleteMetricFilter", f"{_LOG}{{logGroupName}}"),
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": (  # cloudwatch/metric_alarm.go
        read("cloudwatch:DescribeAlarms"),
        read("cloudwatch:ListTagsForResource", _ALARM),
        make("cloudwatch:PutMetricAlarm cloudwatch:TagResource", _ALARM),
        change("cloudwatch:PutMetricAlarm cloudwatch:DeleteAlarms", _ALARM),
        change("cloudwatch:TagResource cloudwatch:UntagResource", _ALARM),
    ),
    "aws:cloudwatch/dashboard:Dashboard": (  # cloudwatch/dashboard.go
        read("cloudwatch:GetDashboard", _DASHBOARD),
        make("cloudwatch:PutDashboard", _DASHBOARD),
        change("cloudwatch:PutDashboard cloudwatch:DeleteDashboards", _DASHBOARD),
    ),
}
