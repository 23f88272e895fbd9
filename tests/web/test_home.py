"""What the environment may say."""

from pathlib import Path

import pytest

from haidang.web.home import HomeError, database_settings, doubt, home_of

LONG = "x" * 60


def test_an_empty_environment_is_a_site_for_this_machine_alone(tmp_path: Path) -> None:
    home = home_of({"HAIDANG_DATA": str(tmp_path)})
    assert home.hosts == ("localhost", "127.0.0.1", "[::1]")
    assert home.runs == tmp_path / "runs"
    assert (home.rate, home.rate_without) == (600, 120)
    assert home.secret != home_of({}).secret


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"HAIDANG_HOSTS": "city.example.vn"}, "HAIDANG_SECRET_KEY"),
        ({"HAIDANG_SECRET_KEY": "short"}, "HAIDANG_SECRET_KEY"),
        ({"HAIDANG_HTTPS": "maybe"}, "HAIDANG_HTTPS"),
        ({"HAIDANG_DATABASE": "mysql://a/b"}, "HAIDANG_DATABASE"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(environment: dict[str, str], named: str) -> None:
    with pytest.raises(HomeError, match=named):
        home_of(environment)


def test_a_database_address_with_a_mistake_is_not_repeated() -> None:
    with pytest.raises(HomeError) as said:
        home_of({"HAIDANG_DATABASE": "mysql://user:secret@host/name"})
    assert "secret" not in str(said.value)


def test_an_address_of_postgresql_is_taken_apart() -> None:
    found = database_settings("postgresql://nguoi%40so:m%2Fk@db.example:5433/thanh_pho")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "nguoi@so", "m/k", "db.example", "5433", "thanh_pho",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "said"),
    [({}, False), ({"HAIDANG_HTTPS": "yes"}, True), ({"HAIDANG_HTTPS": "yes", "HAIDANG_PROXIES": "1"}, False)],
)
def test_who_has_a_server_in_front_and_does_not_say_so_is_told(environment: dict[str, str], said: bool) -> None:
    assert ("HAIDANG_PROXIES" in doubt(home_of(environment))) == said
