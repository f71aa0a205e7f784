from tests.infra.support.program import Program


def test_the_migrations_run_again_when_the_image_the_database_its_class_or_the_secret_is_another(
    program: Program,
) -> None:
    assert program.one("Invocation")["triggers"] == {
        "image": program.outputs["image_uri"],
        "database": program.outputs["database_endpoint"],
        "secret": program.outputs["database_secret_arn"],
        "class": program.one("Instance")["instanceClass"],
    }


def test_a_run_is_counted_as_it_is_made(program: Program) -> None:
    [counted] = [each for each in program.all("LogMetricFilter") if "-migrate-" in each.name]
    assert counted["logGroupName"] == program.one("LogGroup", "-migrate")["name"]
    assert counted.urn in program.before(program.one("Invocation"))


def test_the_invocation_hands_over_nothing(program: Program) -> None:
    assert program.one("Invocation")["input"] == "{}"


def test_the_master_secret_may_be_read_by_the_migrate_function_only(program: Program) -> None:
    readers = [each.name for each in program.all("RolePolicy") if "secret:rds!" in each["policy"]]
    assert readers == [program.one("RolePolicy", "-migrate-permissions").name]


def test_the_migrate_function_has_a_role_of_its_own(program: Program) -> None:
    functions = program.all("Function")
    assert len({each["role"] for each in functions}) == len(functions) == 5
