"""Settings: what a safe start needs, and that every fault is named at once."""

import base64

import pytest

from app.settings import Settings, SettingsFault

KEY = base64.b64encode(bytes(range(32))).decode()


def faults_of(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsFault) as fault:
        Settings.read(environ)
    return str(fault.value)


def test_an_empty_environment_names_everything_that_is_missing(environ: dict[str, str]) -> None:
    message = faults_of({})

    assert [line.split()[0] for line in message.splitlines() if line.endswith(" is missing")] == [
        "PUBLIC_URL", "SECRET_KEY", "DATA_KEYS", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("TWILIO_AUTH_TOKEN", "", id="an empty auth token"),
        pytest.param("TWILIO_AUTH_TOKEN", "   ", id="a blank auth token"),
        pytest.param("TWILIO_AUTH_TOKEN", "change-me", id="the example's auth token"),
        pytest.param("TWILIO_ACCOUNT_SID", "AC12", id="a short account"),
        pytest.param("SECRET_KEY", "", id="no secret"),
        pytest.param("SECRET_KEY", "short", id="a short secret"),
        pytest.param("SECRET_KEY", "change-me" * 9, id="the example's secret"),
        pytest.param("DATA_KEYS", f"k1:{KEY[:-8]}", id="a short key"),
        pytest.param("DATA_KEYS", KEY, id="a key without an id"),
        pytest.param("DATA_KEYS", ",", id="no key"),
        pytest.param("DATA_KEYS", f"k1:{KEY},k1:{KEY}", id="one id twice"),
        pytest.param("DATA_KEYS", "k1:" + base64.b64encode(bytes(32)).decode(), id="a key of zeros"),
        pytest.param("PUBLIC_URL", "http://hotline.example.org", id="http to the world"),
        pytest.param("PUBLIC_URL", "http://127.0.0.1.example.org", id="http to a name that looks like loopback"),
        pytest.param("PUBLIC_URL", "hotline.example.org", id="no URL"),
        pytest.param("PUBLIC_URL", "http://[::1", id="a broken URL"),
        pytest.param("TWILIO_API_URL", "http://api.twilio.com", id="the REST API over http"),
        pytest.param("DATABASE_URL", "mysql://localhost/office", id="another database"),
        pytest.param("CLOCK_SPEED", "0", id="a clock that stands"),
        pytest.param("CLOCK_SPEED", "3601", id="a clock too fast"),
        pytest.param("CLOCK_SPEED", "nan", id="no number"),
        pytest.param("PORT", "65536", id="no port"),
        pytest.param("LOG_LEVEL", "LOUD", id="no level"),
    ],
)
def test_an_unsafe_or_senseless_value_is_refused(environ: dict[str, str], name: str, value: str) -> None:
    message = faults_of({**environ, name: value})

    assert message.splitlines()[1].split()[0] == name
    assert len(message.splitlines()) == 3


def test_a_fast_clock_is_refused_where_real_callers_can_reach_us(environ: dict[str, str]) -> None:
    message = faults_of({**environ, "CLOCK_SPEED": "60", "PUBLIC_URL": "https://hotline.example.org"})

    assert "CLOCK_SPEED must be 1 unless PUBLIC_URL is on a loopback address" in message


def test_the_clock_may_run_fast_on_a_loopback_address(environ: dict[str, str]) -> None:
    assert Settings.read({**environ, "CLOCK_SPEED": "600"}).clock_speed == 600


def test_neither_the_settings_nor_their_faults_show_a_secret(environ: dict[str, str]) -> None:
    secrets = {
        "SECRET_KEY": "sesame-one-sesame-one-sesame-one-sesame",
        "DATA_KEYS": f"k1:{KEY}",
        "TWILIO_AUTH_TOKEN": "sesame-two",
        "TWILIO_AUTH_TOKEN_SECONDARY": "sesame-three",
        "DATABASE_URL": "postgresql://office:sesame-four@localhost/office",
    }
    shown = repr(Settings.read({**environ, **secrets}))
    refused = faults_of(
        {**environ, **secrets, "DATABASE_URL": "mysql://office:sesame-four@localhost", "PORT": "sesame"}
    )

    assert "sesame" not in shown + refused
    assert KEY not in shown + refused


def test_the_first_data_key_stands_first(environ: dict[str, str]) -> None:
    keys = Settings.read({**environ, "DATA_KEYS": f"new:{KEY}, old:{KEY}"}).data_keys

    assert keys == (("new", bytes(range(32))), ("old", bytes(range(32))))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_name_postgresql_means_psycopg(environ: dict[str, str], scheme: str) -> None:
    url = Settings.read({**environ, "DATABASE_URL": f"{scheme}://office@db/office"}).database_url

    assert url == "postgresql+psycopg://office@db/office"


def test_without_a_database_url_the_office_keeps_an_sqlite_file_under_var(environ: dict[str, str]) -> None:
    assert Settings.read({**environ, "VAR_DIR": "/srv/office"}).database_url == "sqlite:////srv/office/rueckruf.db"


def test_the_public_url_ends_without_a_slash(environ: dict[str, str]) -> None:
    url = Settings.read({**environ, "PUBLIC_URL": "https://hotline.example.org/"}).public_url

    assert url == "https://hotline.example.org"
