"""How values sound in the four languages, as callers hear them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.domain.yaml_source import read_yaml
from app.ivr.spoken import SPECS, spoken
from app.ivr.spoken_forms import SpokenForms, read_forms, read_locale
from app.ivr.written import WRITTEN, written

PROMPTS = Path(__file__).parents[2] / "ivr_flows" / "prompts"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)  # a Sunday
BERLIN = ZoneInfo("Europe/Berlin")


def forms_of(language: str) -> SpokenForms:
    root = read_yaml(PROMPTS / f"{language}.yaml")
    return read_forms(root.entries()["spoken"], read_locale(language, root))


FORMS = {language: forms_of(language) for language in ("de", "en", "pt-BR", "bs")}


def said(
    spec: str, value: object, language: str, *, now: datetime = NOW, zone: ZoneInfo = BERLIN, name_zone: bool = False
) -> str:
    return spoken(spec, value, FORMS[language], now=now, zone=zone, name_zone=name_zone)


def at(local: str, zone: ZoneInfo = BERLIN) -> str:
    return datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC).isoformat()


DEADLINES = [
    ("de", "2026-11-22T15:00", "heute um 15 Uhr"),
    ("de", "2026-11-23T01:05", "morgen um ein Uhr 5"),
    ("de", "2026-11-26T15:30", "Donnerstag, den 26. November, um 15 Uhr 30"),
    ("de", "2026-11-27T00:00", "Donnerstag, den 26. November, um 24 Uhr"),
    ("de", "2026-11-23T00:00", "heute um 24 Uhr"),
    ("de", "2027-12-31T12:00", "Freitag, den 31. Dezember 2027, um 12 Uhr"),
    ("en", "2026-11-22T15:00", "3 p.m. today"),
    ("en", "2026-11-23T00:30", "12:30 a.m. tomorrow"),
    ("en", "2026-11-26T15:30", "Thursday, November 26th, at 3:30 p.m."),
    ("en", "2026-11-26T12:00", "Thursday, November 26th, at 12 noon"),
    ("en", "2026-11-26T12:01", "Thursday, November 26th, at 12:01 p.m."),
    ("en", "2026-11-27T00:00", "Thursday, November 26th, at 11:59 p.m."),
    ("en", "2026-12-01T09:00", "Tuesday, December 1st, at 9 a.m."),
    ("en", "2026-12-22T09:00", "Tuesday, December 22nd, at 9 a.m."),
    ("en", "2026-12-13T11:05", "Sunday, December 13th, at 11:05 a.m."),
    ("pt-BR", "2026-11-22T15:00", "hoje às 15 horas"),
    ("pt-BR", "2026-11-23T01:01", "amanhã à uma hora e um minuto"),
    ("pt-BR", "2026-11-26T15:30", "quinta-feira, 26 de novembro, às 15 horas e 30 minutos"),
    ("pt-BR", "2026-11-26T22:00", "quinta-feira, 26 de novembro, às vinte e duas horas"),
    ("pt-BR", "2026-12-01T02:00", "terça-feira, primeiro de dezembro, às duas horas"),
    ("pt-BR", "2026-11-27T00:00", "quinta-feira, 26 de novembro, às 24 horas"),
    ("bs", "2026-11-22T15:00", "danas u petnaest sati"),
    ("bs", "2026-11-23T01:01", "sutra u jedan sat i jednu minutu"),
    ("bs", "2026-11-26T15:30", "četvrtka, dvadeset šestog novembra, u petnaest sati i trideset minuta"),
    ("bs", "2026-11-27T00:00", "četvrtka, dvadeset šestog novembra, u dvadeset četiri sata"),
    ("bs", "2026-11-29T21:22", "nedjelje, dvadeset devetog novembra, u dvadeset jedan sat i dvadeset dvije minute"),
    ("bs", "2027-12-31T12:00", "petka, trideset prvog decembra dvije hiljade dvadeset sedme godine, u dvanaest sati"),
]


@pytest.mark.parametrize(("language", "local", "words"), DEADLINES, ids=[f"{a}-{b}" for a, b, _ in DEADLINES])
def test_a_deadline_sounds_as_one_says_it_in_the_language(language: str, local: str, words: str) -> None:
    assert said("deadline", at(local), language) == words


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        ("2026-03-29T00:59:00+00:00", "heute um ein Uhr 59"),
        ("2026-03-29T01:00:00+00:00", "heute um 3 Uhr"),
        ("2026-03-30T00:30:00+00:00", "morgen um 2 Uhr 30"),
    ],
)
def test_the_hour_that_spring_skips_is_never_spoken(instant: str, words: str) -> None:
    saturday_night = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # 00:30 on Sunday in Berlin
    assert said("deadline", instant, "de", now=saturday_night) == words


@pytest.mark.parametrize("instant", ["2026-10-25T00:30:00+00:00", "2026-10-25T01:30:00+00:00"])
def test_both_half_past_twos_of_autumn_are_spoken_alike(instant: str) -> None:
    assert said("deadline", instant, "en", now=datetime(2026, 10, 24, 23, tzinfo=UTC)) == "2:30 a.m. today"


def test_today_is_the_listeners_day_not_the_offices() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # Monday in Berlin, still Sunday in São Paulo
    assert said("deadline", "2026-11-23T18:00:00+00:00", "pt-BR", now=late, zone=ZoneInfo("America/Sao_Paulo")) == (
        "amanhã às 15 horas"
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "heute um 11 Uhr, Ortszeit São Paulo"),
        ("en", "11 a.m. today, Sao Paulo time"),
        ("pt-BR", "hoje às 11 horas, no horário de São Paulo"),
        ("bs", "danas u jedanaest sati, po vremenu u gradu Sao Paulo"),
    ],
)
def test_the_zone_is_named_when_asked_for(language: str, words: str) -> None:
    zone = ZoneInfo("America/Sao_Paulo")
    assert said("deadline", "2026-11-22T14:00:00+00:00", language, zone=zone, name_zone=True) == words


def test_a_midnight_that_has_passed_belongs_to_its_own_day() -> None:
    assert said("moment", at("2026-11-22T00:00"), "de") == "heute um null Uhr"


GENITIVE_MONTHS = (
    "januara", "februara", "marta", "aprila", "maja", "juna",
    "jula", "augusta", "septembra", "oktobra", "novembra", "decembra",
)  # fmt: skip
GENITIVE_DAYS = (
    "prvog", "drugog", "trećeg", "četvrtog", "petog", "šestog", "sedmog", "osmog", "devetog", "desetog", "jedanaestog",
    "dvanaestog", "trinaestog", "četrnaestog", "petnaestog", "šesnaestog", "sedamnaestog", "osamnaestog",
    "devetnaestog", "dvadesetog", "dvadeset prvog", "dvadeset drugog", "dvadeset trećeg", "dvadeset četvrtog",
    "dvadeset petog", "dvadeset šestog", "dvadeset sedmog", "dvadeset osmog", "dvadeset devetog", "tridesetog",
    "trideset prvog",
)  # fmt: skip


@pytest.mark.parametrize("day", [date(2026, 1, 1) + timedelta(days=number) for number in range(365)], ids=str)
def test_every_day_of_the_year_stands_in_the_genitive_in_bosnian(day: date) -> None:
    ordinal, month = said("date", day, "bs", now=datetime(day.year, day.month, 1, 9, tzinfo=UTC)).rsplit(" ", 1)

    assert month == GENITIVE_MONTHS[day.month - 1]
    assert ordinal == GENITIVE_DAYS[day.day - 1]


@pytest.mark.parametrize(
    ("language", "count", "words"),
    [
        ("de", 0, "weniger als eine Minute"), ("de", 1, "eine Minute"), ("de", 2, "2 Minuten"),
        ("en", 0, "less than a minute"), ("en", 1, "one minute"), ("en", 21, "21 minutes"),
        ("pt-BR", 0, "menos de um minuto"), ("pt-BR", 1, "um minuto"), ("pt-BR", 2, "2 minutos"),
        ("bs", 0, "manje od jedne minute"), ("bs", 1, "jedna minuta"), ("bs", 2, "dvije minute"),
        ("bs", 4, "četiri minute"), ("bs", 5, "pet minuta"), ("bs", 11, "jedanaest minuta"),
        ("bs", 12, "dvanaest minuta"), ("bs", 21, "dvadeset jedna minuta"), ("bs", 22, "dvadeset dvije minute"),
        ("bs", 25, "dvadeset pet minuta"), ("bs", 120, "120 minuta"),
    ],
)  # fmt: skip
def test_minutes_take_the_plural_of_the_language(language: str, count: int, words: str) -> None:
    assert said("minutes", count, language) == words


@pytest.mark.parametrize(
    ("language", "digits", "words"),
    [
        ("de", "2612345679", "2, 6, 1; 2, 3, 4; 5, 6, 7, 9"),
        ("bs", "2612345679", "dva, šest, jedan; dva, tri, četiri; pet, šest, sedam, devet"),
        ("en", "26 12-3", "2, 6, 1; 2, 3"),
        ("en", "ab12", "A, B, 1, 2"),
        ("en", "slot cars", "slot cars"),
        ("de", "7", "7"),
    ],
)
def test_numbers_are_spoken_digit_by_digit_in_threes(language: str, digits: str, words: str) -> None:
    assert said("digits", digits, language) == words


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [
        ("de", "+493012345678", "plus 4, 9; 3, 0; 1, 2, 3; 4, 5, 6; 7, 8"),
        ("pt-BR", "+5511912345678", "mais 5, 5; 1, 1; 9, 1, 2; 3, 4; 5, 6, 7, 8"),
        ("bs", "+38761123456", "plus tri, osam, sedam; šest, jedan; jedan, dva, tri; četiri, pet, šest"),
        ("en", "0151 23", "0, 1, 5, 1; 2, 3"),
    ],
)
def test_a_telephone_number_is_grouped_as_it_is_written(language: str, number: str, words: str) -> None:
    assert said("phone", number, language) == words


@pytest.mark.parametrize(
    ("language", "time", "words"),
    [
        ("de", "09:00", "9 Uhr"), ("de", "24:00", "24 Uhr"), ("en", "00:00", "12 midnight"), ("en", "12:00", "12 noon"),
        ("en", "17:45", "5:45 p.m."), ("pt-BR", "08:30", "8 horas e 30 minutos"), ("bs", "22:00", "dvadeset dva sata"),
    ],
)  # fmt: skip
def test_opening_hours_are_times_of_day_without_a_zone(language: str, time: str, words: str) -> None:
    assert said("time", time, language, zone=ZoneInfo("Asia/Tokyo")) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Donnerstag, 26. November, 15:30 Uhr"),
        ("en", "Thursday, November 26, 3:30 p.m."),
        ("pt-BR", "quinta-feira, 26 de novembro, 15h30"),
        ("bs", "četvrtka, 26. novembra u 15:30"),
    ],
)
def test_a_text_message_has_figures(language: str, words: str) -> None:
    assert written("deadline", at("2026-11-26T15:30"), FORMS[language], now=NOW, zone=BERLIN) == words


def test_a_text_message_never_says_today_because_it_is_read_tomorrow() -> None:
    assert written("deadline", at("2026-11-22T15:00"), FORMS["de"], now=NOW, zone=BERLIN) == (
        "Sonntag, 22. November, 15:00 Uhr"
    )


def test_a_moment_behind_a_colon_stands_in_the_nominative() -> None:
    assert (
        written("moment", at("2026-11-26T15:30"), FORMS["bs"], now=NOW, zone=BERLIN) == "četvrtak, 26. novembra u 15:30"
    )
    assert said("moment", at("2026-11-26T15:00"), "bs") == "četvrtak, dvadeset šestog novembra, u petnaest sati"


def test_a_text_message_groups_a_protocol_number_and_leaves_other_numbers_alone() -> None:
    assert written("digits", "2612345679", FORMS["de"], now=NOW, zone=BERLIN) == "26 1234 5679"
    assert written("digits", "4711", FORMS["de"], now=NOW, zone=BERLIN) == "4711"
    assert written("phone", "+493012345678", FORMS["de"], now=NOW, zone=BERLIN) == "+49 30 12345678"


@pytest.mark.parametrize("value", ["2026-11-26T15:30:00", "soon"])
def test_an_instant_without_its_offset_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"offset|isoformat"):
        said("deadline", value, "de")


@pytest.mark.parametrize("language", FORMS)
def test_every_minute_of_a_day_can_be_spoken_in_every_way(language: str) -> None:
    start = datetime(2026, 11, 24, tzinfo=UTC)
    instants = [(start + timedelta(minutes=minute)).isoformat() for minute in range(24 * 60)]

    spoken_times = {said("time", instant, language) for instant in instants}

    assert len(spoken_times) == 24 * 60
    assert not any("{" in words or "  " in words for words in spoken_times)


def test_every_spec_is_spoken_and_written() -> None:
    assert WRITTEN.keys() == SPECS.keys()


def test_an_address_is_said_as_words_with_its_postal_code_digit_by_digit() -> None:
    assert said("address", "Hauptstraße 5, 10115 Berlin", "de") == "Hauptstraße 5, 1, 0, 1; 1, 5 Berlin"
    assert written("address", "Hauptstraße 5, 10115 Berlin", FORMS["de"], now=NOW, zone=BERLIN).endswith("10115 Berlin")
