"""The browser of the tests."""

from playwright.sync_api import Page


def test_a_page_is_rendered_and_its_script_runs(page: Page) -> None:
    page.set_content("<title>office</title><script>document.title += ' ' + (40 + 2)</script>")

    assert page.title() == "office 42"


def test_a_fresh_window_remembers_nothing(page: Page) -> None:
    assert page.context.cookies() == []
