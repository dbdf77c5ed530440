"""The ten commonest tasks at the desk with a keyboard alone: Tab, Enter, Space, arrows, typing, the desk's own keys.

1 come in and go out; 2 say whether one takes calls; 3 take the next promise and give it back; 4 go down the list, open
a case, read the life of its promise; 5 write a note; 6 call the customer and hang up; 7 document the conversation;
8 hand a case over; 9 find a case, filter the call log; 10 choose what one's desk shows. At each step what has the focus
is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from app.models.case import Case
from app.models.promise import Promise
from app.simulator.people import Person
from tests.web.busy_office import PASSWORD
from tests.web.keyboard import Keyboard
from tests.web.room import Room, new_window, open_room

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Room]:
    with open_room(tmp_path_factory.mktemp("keyboard"), browser) as opened:
        yield opened


@pytest.fixture(scope="module")
def at_desk(room: Room, browser: Browser) -> Callable[[str, str], Keyboard]:
    """The keyboard of somebody who came in by it, before a page."""

    def sit_down(name: str, path: str) -> Keyboard:
        if name not in room.people:
            room.people[name] = new_window(browser, room.faults)
            come_in(Keyboard(room.people[name]), room, name)
        room.people[name].goto(room.base + path)
        return Keyboard(room.people[name])

    return sit_down


@pytest.fixture(autouse=True)
def faultless(room: Room) -> Iterator[None]:
    yield
    assert room.faults == []


def come_in(keys: Keyboard, room: Room, name: str) -> None:
    keys.page.goto(f"{room.base}/desk/login")
    keys.fill("E-mail", f"{name}@example.org", most=1)
    keys.fill("Password", PASSWORD, most=1)
    keys.use("Log in", most=1)
    keys.page.wait_for_url("**/desk/")


def test_1_max_comes_in_and_goes_out(room, at_desk):
    keys = at_desk("max", "/desk/")
    keys.use("Max")
    keys.use("Log out", most=4)

    expect(keys.page.get_by_role("heading", name="Log in")).to_be_visible()
    del room.people["max"]
    keys.page.context.close()


def test_2_mira_takes_calls_and_goes_away_with_a_reason(at_desk):
    keys = at_desk("mira", "/desk/")
    state = keys.page.locator(".presence summary")
    keys.use("away")
    keys.use("Take calls now", most=1)
    expect(state).to_contain_text("available")
    keys.use("available")
    keys.tab_to("Why", most=2)
    keys.type("Lun")
    keys.use("Go away from the telephone", most=1)

    expect(state).to_contain_text("away")
    expect(state).to_contain_text("lunch")


def test_3_ada_takes_the_next_promise_and_gives_it_back(room, at_desk):
    room.let_go()
    keys = at_desk("ada", "/desk/")
    keys.press("n")
    keys.page.wait_for_url("**/desk/cases/*")
    keys.skip()
    keys.use("Give the promise back")
    expect(keys.page.get_by_role("button", name="Take this promise")).to_be_visible()
    keys.press("t")
    expect(keys.page.get_by_role("button", name="Give the promise back")).to_be_visible()
    keys.press("t")

    expect(keys.page.get_by_role("button", name="Take this promise")).to_be_visible()


def test_4_ada_reads_the_sheet_of_keys_opens_a_case_from_the_list_and_reads_the_life_of_its_promise(at_desk):
    keys = at_desk("ada", "/desk/")
    keys.press("?")
    sheet = keys.page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    keys.press("Escape")
    expect(sheet).to_be_hidden()
    keys.press("j", "j", "k")
    assert keys.focused()
    keys.press("Enter")
    keys.page.wait_for_url("**/desk/cases/*")
    keys.skip()
    keys.use("The whole life of this promise")
    expect(keys.page.get_by_role("heading", name="Its life")).to_be_visible()
    keys.skip()
    keys.tab_to("Back to the case", most=1)
    keys.press("g", "q")
    keys.page.wait_for_url("**/desk/")


def test_5_ada_writes_a_note(room, at_desk):
    keys = at_desk("ada", room.case(1))
    keys.skip()
    keys.use("Add a note")
    keys.fill("Note", "He will be at home after five.", most=1)
    keys.use("Add the note", most=3)

    expect(keys.page.locator(".history")).to_contain_text("He will be at home after five.")


def test_6_and_7_ada_calls_the_customer_hangs_up_and_documents_how_the_conversation_ended(room, at_desk):
    for number in ("+493023125001", "+493023125052"):
        room.office.carrier.introduce(number, Person(talk_seconds=600))
    room.let_go()
    keys = at_desk("ada", room.case(2))
    keys.skip()
    keys.use("Call +49")
    expect(keys.page.get_by_text("Your telephone rings")).to_be_visible()
    room.office.run(seconds=30)
    expect(keys.page.get_by_role("button", name="Put on hold")).to_be_visible()
    keys.skip()
    with keys.page.expect_response("**/hang-up"):
        keys.use("Hang up", most=3)
    room.office.run(seconds=5)
    expect(keys.page.get_by_role("heading", name="The call has ended")).to_be_visible()
    keys.press("e")
    keys.page.wait_for_url("**/wrap-up*")

    keys.skip()
    keys.tab_to("Explained, and the customer is content", most=2)
    keys.tab_to("Refund", by="ArrowDown", most=12)
    keys.fill("What the customer was told", "You get your money back.")
    keys.use("Save how it ended")

    expect(keys.page.get_by_text("Still to do: pay the refund")).to_be_visible()
    with room.office.runtime.database.reads() as session:
        query = sa.select(Case.outcome, Promise.status).join(Promise, Promise.case_id == Case.id)
        found = session.execute(query.where(Case.protocol == room.protocols[2])).one()
    assert tuple(found) == ("refund", "kept")


def test_8_ada_hands_a_case_over(room, at_desk):
    keys = at_desk("ada", room.case(0))
    keys.skip()
    keys.use("Hand over")
    keys.tab_to("To", most=1)
    keys.type("Mira")
    keys.fill("Reason", "She speaks to them.", most=1)
    keys.use("Hand it over", most=1)

    expect(keys.page.get_by_text("handed it over to Mira")).to_be_visible()


def test_9_sue_finds_a_case_and_filters_the_call_log(room, at_desk):
    keys = at_desk("sue", "/desk/")
    keys.press("/")
    expect(keys.page.get_by_label("Protocol or telephone number")).to_be_focused()
    keys.type(room.protocols[1])
    keys.press("Enter")
    keys.page.wait_for_url(f"**{room.case(1)}*")
    keys.press("g", "l")
    keys.page.wait_for_url("**/floor/calls")
    keys.press("/")
    assert keys.focused()
    keys.use("More to filter by")
    keys.tab_to("Language")
    keys.type("German")
    keys.use("Find", by="Shift+Tab")

    keys.page.wait_for_url("**language=de*")


def test_10_ada_chooses_what_her_desk_shows(at_desk):
    keys = at_desk("ada", "/desk/")
    keys.use("Ada")
    keys.use("Your desk", most=1)
    keys.page.wait_for_url("**/desk/settings")
    keys.skip()
    keys.use("telephone number", key="Space")
    keys.use("Remember it")

    expect(keys.page.get_by_text("It is remembered")).to_be_visible()
