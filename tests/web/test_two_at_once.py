"""The ten commonest tasks at the desk, by two people at once: nothing is done twice, and who lost learns who won."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app.models.promise import Attempt
from app.models.staff import LoginSession, Staff
from tests.web.pictures import log_in
from tests.web.room import Room, open_room

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Room]:
    with open_room(tmp_path_factory.mktemp("two"), browser, "ada", "mira", "sue", "max") as opened:
        yield opened


def look_anew(page: Page) -> None:
    """Come back to the window, which asks at once what has changed."""
    page.evaluate("dispatchEvent(new Event('focus'))")


def test_1_and_2_of_two_who_take_one_promise_the_second_learns_who_was_faster_and_keeps_the_focus(room):
    room.let_go()
    ada, mira = room.all_open(room.case(2), "ada", "mira")
    ada.get_by_role("button", name="Take this promise").click()
    mira.get_by_role("button", name="Take this promise").click()

    expect(ada.get_by_role("button", name="Give the promise back")).to_be_visible()
    expect(mira.get_by_text("Ada was faster and holds this promise")).to_be_visible()

    ada, mira = room.all_open("/desk/", "ada", "mira")
    mira.get_by_role("link", name="mine", exact=True).focus()
    ada.get_by_role("button", name=f"Give back {room.protocols[2]}").click()
    mira.goto(f"{room.base}/desk/")
    ada.get_by_role("button", name=f"Take it {room.protocols[2]}").wait_for()
    mira.get_by_role("link", name="mine", exact=True).focus()
    ada.get_by_role("button", name=f"Take it {room.protocols[2]}").click()
    ada.wait_for_url("**/desk/cases/*")
    look_anew(mira)

    expect(mira.locator(".rows > li").filter(has_text="Staubsauger").get_by_text("Ada")).to_be_visible()
    expect(mira.get_by_role("link", name="mine", exact=True)).to_be_focused()


def test_3_two_who_press_n_get_two_promises(room):
    room.let_go()
    ada, mira = room.all_open("/desk/", "ada", "mira")
    ada.keyboard.press("n")
    mira.keyboard.press("n")
    ada.wait_for_url("**/desk/cases/*")
    mira.wait_for_url("**/desk/cases/*")

    assert ada.url != mira.url


def test_4_and_5_two_clicks_and_a_colleagues_are_one_call_whose_page_follows_it_and_hangs_up(room):
    room.let_go()
    ada, mira = room.all_open(room.case(2), "ada", "mira")
    ada.get_by_role("button", name="Call +49").dblclick()
    ada.wait_for_url("**/desk/calls/*")
    mira.get_by_role("button", name="Call +49").click()

    expect(ada.get_by_text("Your telephone rings")).to_be_visible()
    expect(mira.get_by_text("Ada was faster")).to_be_visible()
    found = Axe().run(ada, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    with room.office.runtime.database.reads() as session:
        of_promise = Attempt.promise_id == room.promise_of(2).id
        assert session.scalar(sa.select(sa.func.count()).where(of_promise)) == 1

    with ada.expect_response("**/hang-up"):
        ada.get_by_role("button", name="Hang up").click()
    room.office.run(seconds=5)
    look_anew(ada)

    expect(ada.get_by_text("The call has ended")).to_be_visible()


def test_6_of_two_who_correct_the_same_fact_the_second_sees_both_and_chooses(room):
    ada, mira = room.all_open(room.case(1), "ada", "mira")
    for page, word in ((ada, "a silver toaster"), (mira, "a red toaster")):
        page.get_by_text("Correct what stands in it").click()
        page.get_by_label("Product", exact=True).fill(word)
        page.get_by_role("button", name="Correct Product").click()
    mira.get_by_label("a red toaster").check()
    mira.get_by_role("button", name="Choose this one").click()

    expect(mira.get_by_text("Ada corrected “Product”: a toaster → a silver toaster")).to_be_visible()
    expect(mira.get_by_text("Mira corrected “Product”: a silver toaster → a red toaster")).to_be_visible()


def test_7_what_is_typed_survives_a_reload_and_two_windows_are_offered_for_choice(room):
    ada = room.people["ada"]
    ada.goto(room.base + room.case(1))
    other = ada.context.new_page()
    other.goto(room.base + room.case(1))
    for page, words in ((ada, "first window"), (other, "second window")):
        page.get_by_text("Add a note").first.click()
        page.get_by_label("Note", exact=True).press_sequentially(words)
        if page is ada:
            expect(page.get_by_text("kept ")).to_be_visible()
    other.get_by_role("button", name="Take what stands above").click()
    expect(other.get_by_label("Note", exact=True)).to_have_value("first window")
    other.close(run_before_unload=False)
    ada.reload()

    expect(ada.get_by_label("Note", exact=True)).to_have_value("first window")


def test_8_of_two_who_answer_a_question_the_second_learns_who_was_faster(room):
    ada = room.people["ada"]
    ada.goto(f"{room.base}{room.case(1)}/wrap-up")
    ada.get_by_label("Refund").check()
    ada.get_by_label("Money granted").fill("250")
    ada.get_by_text("Ask for approval of more than").click()
    ada.get_by_label("Why it should be granted").fill("Charged twice.")
    ada.get_by_role("button", name="Ask a supervisor").click()
    sue, max_ = room.all_open("/floor/approvals", "sue", "max")
    sue.get_by_role("button", name="Approve 250.00").click()
    max_.get_by_label("Why (needed if you refuse)").fill("No.")
    max_.get_by_role("button", name="Refuse").click()
    ada.goto(f"{room.base}/desk/")

    expect(max_.get_by_text("Sue was faster: it is approved already")).to_be_visible()
    expect(ada.get_by_text("250.00 is approved")).to_be_visible()


def test_9_a_conversation_is_documented_once_whoever_presses_first(room):
    ada = room.people["ada"]
    ada.goto(f"{room.base}/desk/")
    ada.get_by_role("link", name="Document your conversation").first.click()
    sue = room.people["sue"]
    sue.goto(ada.url)
    for page in (ada, sue):
        page.get_by_label("Regret, no short-term solution").check()
        page.get_by_label("What the customer was told").fill("We are sorry.")
        page.get_by_role("button", name="Save how it ended").click()

    expect(ada.get_by_text("Ada documented: Regret").first).to_be_visible()
    expect(sue.get_by_text("is documented already")).to_be_visible()


def test_10_a_case_is_handed_over_once_and_presence_is_told(room):
    ada, sue = room.all_open(room.case(0), "ada", "sue")
    for page in (ada, sue):
        page.get_by_text("Hand over", exact=True).click()
        page.get_by_label("To", exact=True).select_option(
            label=page.get_by_label("To", exact=True).locator("option", has_text="Mira").inner_text()
        )
        page.get_by_label("Reason", exact=True).fill("She speaks to them.")
        page.get_by_role("button", name="Hand it over").click()
    expect(ada.get_by_text("handed it over to Mira")).to_be_visible()
    expect(sue.get_by_text("Mira owns this case already")).to_be_visible()
    ada.locator(".presence summary").click()
    ada.get_by_role("button", name="Take calls now").click()

    expect(ada.locator(".presence summary")).to_contain_text("available")


def test_when_the_office_is_silent_the_page_says_so_until_it_answers_again(room):
    (ada,) = room.all_open("/desk/", "ada")
    ada.context.set_offline(True)
    warning = ada.get_by_text("The office does not answer")
    look_anew(ada)
    look_anew(ada)
    expect(warning).to_be_visible()
    ada.context.set_offline(False)
    look_anew(ada)

    expect(warning).to_be_hidden()


def test_a_login_that_ends_is_kept_by_a_click_or_taken_up_again_without_losing_what_was_typed(room):
    page, note, words = room.people["mira"], "#note", "He rang about the kettle."
    box = page.get_by_role("dialog", name="Are you still there?")
    page.clock.install()
    page.goto(room.base + room.case(1))
    page.get_by_text("Add a note").first.click()
    page.fill(note, words)
    page.clock.run_for(2100)
    expect(page.get_by_text("kept ")).to_be_visible()

    def left(**but):
        wall_now = room.office.runtime.wall.now()
        with room.office.runtime.database.sessions.begin() as session:
            mira = sa.select(Staff.id).where(Staff.name == "Mira").scalar_subquery()
            values = {name: wall_now - ago for name, ago in but.items()}
            session.execute(sa.update(LoginSession).where(LoginSession.staff_id == mira).values(**values))

    left(seen_at=timedelta(minutes=118, seconds=30))
    page.clock.fast_forward("01:58:30")
    box.get_by_role("button", name="Stay logged in").click()
    expect(box).to_be_hidden()

    left(seen_at=timedelta(minutes=121))
    page.clock.fast_forward("02:00:10")
    expect(box.get_by_text("Your login has ended.")).to_be_visible()
    with page.context.expect_page() as anew:
        box.get_by_role("link", name="Log in in another window").click()
    log_in(anew.value, room.base, "mira")
    anew.value.close()
    box.get_by_role("button", name="I have logged in").click()
    expect(box).to_be_hidden()
    expect(page.locator(note)).to_have_value(words)
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_text(words)).to_be_visible()
    assert room.faults == []
