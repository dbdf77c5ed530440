"""A network that runs for a simulated year forgets what is long over; one in a test remembers everything."""

from datetime import timedelta

from app.simulator.people import Person
from tests.simulator.conftest import CUSTOMER, OFFICE


def hang_up_at_once(carrier):
    line = carrier.dial(CUSTOMER, OFFICE)
    line.hang_up()
    carrier.run_until_idle()


def test_usually_nothing_is_forgotten(carrier, office):
    office["/voice/incoming"] = "<Response><Pause length='5'/></Response>"

    hang_up_at_once(carrier)
    carrier.run(86_400)

    assert len(carrier.calls) == 1
    assert carrier.postman.number_sent == len(carrier.webhooks)


def test_a_call_is_forgotten_when_it_is_over_for_so_long_and_not_before(carrier, office):
    carrier.forgets_after = timedelta(hours=6)
    office["/voice/incoming"] = "<Response><Pause length='5'/></Response>"
    line = carrier.dial(CUSTOMER, OFFICE)
    line.hang_up()
    carrier.run(3600)

    assert [leg.over for leg in carrier.calls] == [True]

    carrier.run(6 * 3600)

    assert carrier.calls == []


def test_the_log_keeps_the_latest_and_the_count_goes_on(carrier, office):
    carrier.postman.keeps = 3
    office["/voice/incoming"] = "<Response><Pause length='5'/></Response>"

    for _ in range(6):
        hang_up_at_once(carrier)

    assert carrier.postman.number_sent == carrier.postman.sent.total() == carrier.webhooks[-1].seq > 6
    assert 3 <= len(carrier.webhooks) <= 6


class Writer(Person):
    """Answers every text."""

    def texted(self, body):
        return f"Re: {body}", 60.0


def test_people_may_answer_a_text(carrier, office):
    office["/messages/incoming"] = "<Response/>"
    carrier.own(OFFICE)
    carrier.introduce(CUSTOMER, Writer())
    from app.simulator.texts import send

    send(carrier, OFFICE, CUSTOMER, "Hello")
    carrier.run_until_idle()

    assert [(text.direction, text.body) for text in carrier.texts] == [
        ("outbound-api", "Hello"),
        ("inbound", "Re: Hello"),
    ]
