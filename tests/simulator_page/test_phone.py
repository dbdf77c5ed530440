"""The browser telephone as a newcomer uses it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.simulator_page.fake import ADA, HOTLINE, FakeNetwork, RunningFake

pytestmark = pytest.mark.browser
KLARA = "+493023125042"
LARGEST_PAGE = 150 * 1024


def test_a_caller_dials_presses_and_reads_what_is_said(telephone: Page, network: FakeNetwork) -> None:
    telephone.get_by_role("button", name="Call", exact=True).click()
    talk = telephone.get_by_role("log", name="What is heard, pressed and said")
    expect(talk).to_contain_text("Für eine Beschwerde drücken Sie die 1")

    telephone.get_by_role("button", name="1", exact=True).first.click()

    expect(talk).to_contain_text("Erzählen Sie nach dem Ton")
    expect(telephone.locator("#state")).to_have_text("Recording – say something, then press #")
    assert (network.talks["CA1"].caller, network.talks["CA1"].to) == (KLARA, HOTLINE)


def test_a_story_is_offered_when_the_hotline_records_and_the_receipt_arrives(telephone: Page) -> None:
    telephone.get_by_role("button", name="Call", exact=True).click()
    telephone.get_by_role("button", name="1", exact=True).first.click()

    telephone.get_by_role("button", name="Meine Waschmaschine").click()

    expect(telephone.locator("#log")).to_contain_text("Wir rufen Sie heute bis 15 Uhr zurück")
    expect(telephone.get_by_role("log", name="Text messages")).to_contain_text("Beschwerde 4711 ist notiert.")


def test_digits_on_the_keyboard_press_keys_while_the_phone_has_the_focus(telephone: Page, network: FakeNetwork) -> None:
    telephone.get_by_role("button", name="Call", exact=True).click()
    expect(telephone.locator("#state")).to_have_text("Waiting for keys or words")

    telephone.keyboard.press("7")
    expect(telephone.locator("#log kbd")).to_have_text(["7"])
    telephone.get_by_label("Say something").fill("")
    telephone.get_by_label("Say something").press_sequentially("42")

    expect(telephone.get_by_label("Say something")).to_have_value("42")
    assert network.seen_press == ["7"]


def test_a_number_typed_on_the_keypad_is_dialled_and_may_be_out_of_service(telephone: Page, faults: list[str]) -> None:
    for key in "0049":
        telephone.locator(f"[data-key='{key}']").click()

    telephone.get_by_role("button", name="Call", exact=True).click()

    expect(telephone.get_by_role("alert")).to_have_text("This number is not in service.")
    expect(telephone.locator("#state")).to_have_text("Press the green button to call")
    assert len(faults) == 1, "the browser itself notes the refusal"
    faults.clear()


def test_a_withheld_number_calls_as_the_network_reports_it(telephone: Page, network: FakeNetwork) -> None:
    telephone.get_by_label("Hide my number").check()

    telephone.get_by_role("button", name="Call", exact=True).click()

    expect(telephone.locator("#log")).to_contain_text("Guten Tag")
    assert network.talks["CA1"].caller == "+266696687"


def test_the_callback_rings_unmistakably_and_is_answered(telephone: Page, network: FakeNetwork) -> None:
    telephone.get_by_role("button", name="Call", exact=True).click()
    telephone.get_by_role("button", name="Hang up").first.click()
    telephone.get_by_role("button", name="600×").click()
    expect(telephone.get_by_role("button", name="600×")).to_have_attribute("aria-pressed", "true")

    network.ring(HOTLINE, KLARA)
    expect(telephone.get_by_role("alert")).to_contain_text("The hotline calls you back!")
    expect(telephone).to_have_title("☎ It rings · Rückruf")
    telephone.get_by_role("alert").get_by_role("button", name="Answer").click()

    expect(telephone.locator("#log")).to_contain_text("wir hatten es versprochen")
    expect(telephone.get_by_role("alert")).to_be_hidden()
    telephone.get_by_role("button", name="Hang up").first.click()
    expect(telephone.locator("#hint")).to_contain_text("a promise, kept")
    assert network.speed == 1, "nobody can talk at 600 times the speed"


def test_a_call_that_is_refused_stops_ringing(telephone: Page, network: FakeNetwork) -> None:
    ring = network.ring(HOTLINE, KLARA)

    telephone.get_by_role("button", name="Reject").first.click()

    expect(telephone.get_by_role("alert")).to_be_hidden()
    assert ring.status == "busy"


def test_an_agent_who_sits_at_the_phone_answers_and_presses_one(telephone: Page, network: FakeNetwork) -> None:
    telephone.get_by_label("I answer this phone myself").check()
    agent = telephone.get_by_role("region", name="The agent’s phone")
    expect(agent.get_by_role("status")).to_have_text("You answer it")
    network.ring(HOTLINE, ADA)

    agent.get_by_role("button", name="Answer").click()
    expect(agent.get_by_role("status")).to_have_text("Press 1 to take the call")
    agent.get_by_role("button", name="Press 1").click()

    expect(agent.locator("kbd")).to_have_text(["1"])
    assert network.manned[ADA] is True


def test_a_text_to_the_hotline_is_sent_from_the_customers_number(telephone: Page, network: FakeNetwork) -> None:
    telephone.get_by_label("Text the hotline").fill("STOP")

    telephone.get_by_role("button", name="Send").click()

    expect(telephone.get_by_role("log", name="Text messages")).to_contain_text("STOP")
    assert [(text["from"], text["to"]) for text in network.texts] == [(KLARA, HOTLINE)]


def test_a_webhook_opens_to_its_parameters_and_indented_twiml(telephone: Page) -> None:
    telephone.get_by_role("button", name="Call", exact=True).click()

    telephone.get_by_text("/voice/incoming").click()

    expect(telephone.get_by_role("region", name="The answer")).to_contain_text('  <Gather numDigits="1">\n    <Say')
    expect(telephone.locator(".inside dl")).to_contain_text("CallSid")


def test_a_lost_webhook_is_told_apart_without_colour(telephone: Page, network: FakeNetwork) -> None:
    network.deliver("/voice/status", "", status=0)
    network.deliver("/voice/status", "", status=503)

    expect(telephone.locator("#wirelist .status")).to_have_text(["✕ 503", "no answer"])


def test_a_paused_list_of_webhooks_stands_still(telephone: Page, network: FakeNetwork) -> None:
    telephone.get_by_role("button", name="Pause the list").click()
    network.deliver("/voice/status", "")
    telephone.wait_for_timeout(1500)
    expect(telephone.locator("#wirelist li")).to_have_count(0)

    telephone.get_by_role("button", name="Pause the list").click()

    expect(telephone.locator("#wirelist li")).to_have_count(1)


def test_what_was_asked_for_before_the_list_was_paused_is_not_added_to_it(
    telephone: Page, network: FakeNetwork
) -> None:
    network.answers.clear()
    with telephone.expect_request("**/webhooks?*"):
        pass
    telephone.get_by_role("button", name="Pause the list").click()
    network.deliver("/voice/status", "")

    with telephone.expect_response("**/webhooks?*"):
        network.answers.set()
    telephone.wait_for_timeout(300)

    expect(telephone.locator("#wirelist li")).to_have_count(0)


def test_faults_are_switched_on_and_off(telephone: Page, network: FakeNetwork) -> None:
    for label, is_on in (("loses", True), ("reorders", True), ("loses", False)):
        with telephone.expect_response("**/faults"):
            telephone.get_by_label(label).set_checked(is_on)

    assert network.faults == {"lose": 0, "duplicate": 0, "delay": 0, "reorder": True}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_is_accessible_and_fits_in_every_state(
    telephone: Page, network: FakeNetwork, width: int, scheme: str
) -> None:
    telephone.set_viewport_size({"width": width, "height": 800})
    telephone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    telephone.get_by_role("button", name="Call", exact=True).click()
    telephone.get_by_role("button", name="1", exact=True).first.click()
    expect(telephone.locator("#suggestion")).to_be_visible()
    telephone.get_by_text("/voice/incoming").click()
    talking = Axe().run(telephone)
    telephone.get_by_role("button", name="Hang up").first.click()
    network.ring(HOTLINE, KLARA)
    expect(telephone.get_by_role("alert")).to_be_visible()
    ringing = Axe().run(telephone)

    assert talking.violations_count == 0, talking.generate_report()
    assert ringing.violations_count == 0, ringing.generate_report()
    assert telephone.evaluate("document.documentElement.scrollWidth") == width


def test_the_page_is_small_and_allows_nothing_from_elsewhere(telephone: Page, running: RunningFake) -> None:
    loaded = telephone.request.get(running.url)
    size = telephone.evaluate(
        "performance.getEntries().filter((one) => !one.name.includes('/api/'))"
        ".reduce((sum, one) => sum + (one.encodedBodySize ?? 0), 0)"
    )

    assert "unsafe" not in loaded.headers["content-security-policy"]
    assert loaded.headers["content-security-policy"].startswith("default-src 'none'")
    assert "style=" not in loaded.text()
    assert 20_000 < size < LARGEST_PAGE


def test_keys_pressed_before_the_network_has_placed_the_call_follow_it_in_order(
    telephone: Page, network: FakeNetwork
) -> None:
    telephone.evaluate(
        "['go', 'k9', 'k8', 'k7'].forEach((id) => document.querySelector("
        "id === 'go' ? '#go' : `[data-key='${id[1]}']`).click())"
    )

    expect(telephone.locator("#log kbd")).to_have_text(["9", "8", "7"])
    assert network.seen_press == ["9", "8", "7"]
