"""Somebody who has a keyboard and no mouse, and needs to see where they are (WCAG 2.1.1, 2.4.3, 2.4.7, 2.4.11)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

MOST_TABS = 30
# What has the focus: its name, and whether its middle is seen and nothing lies over it.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  const label = [...(one.labels ?? [])].map((label) => label.textContent).join(" ");
  const name = one.getAttribute("aria-label") || label || one.textContent || "";
  const box = one.getClientRects()[0];
  if (!box) return { name, fault: "is not drawn" };
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const top = document.elementFromPoint(x, y);
  const where = `at ${Math.round(x)}, ${Math.round(y)}`;
  const fault = x < 0 || y < 0 || x > innerWidth || y > innerHeight ? `is outside the window, ${where}`
    : !one.contains(top) ? `lies under <${top?.tagName} class="${top?.className}">, ${where}`
    : getComputedStyle(one).outlineStyle === "none" ? "does not show that it has the focus" : "";
  return { name: name.replace(/\\s+/g, " ").trim(), fault };
}"""


@dataclass(frozen=True)
class Keyboard:
    """The keys of one page. Every element that is passed must be seen while it has the focus."""

    page: Page

    def press(self, *keys: str) -> None:
        """Press keys one after the other, once the page is there with its scripts."""
        self.page.wait_for_load_state()
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def focused(self) -> str | None:
        """The name of what has the focus, None if nothing has.

        Raises:
            AssertionError: if it cannot be seen.
        """
        found: dict[str, Any] | None = self.page.evaluate(FOCUSED)
        if found is None:
            return None
        assert not found["fault"], f"{found['name'][:60]!r} has the focus on {self.page.url} and {found['fault']}"
        return str(found["name"])

    def tab_to(self, name: str, *, most: int = MOST_TABS, by: str = "Tab") -> None:
        """Go on until what has the focus is named so (its name begins with `name`).

        Raises:
            AssertionError: if it is not reached with that many keys, or the focus cannot be seen on the way.
        """
        self.page.wait_for_load_state()
        passed: list[str | None] = []
        for _ in range(most):
            self.page.keyboard.press(by)
            passed.append(self.focused())
            if re.match(re.escape(name) + r"(?!\w)", passed[-1] or ""):
                return
        raise AssertionError(f"{most} times {by} did not lead to {name!r} on {self.page.url}, but by {passed}")

    def use(self, name: str, *, most: int = MOST_TABS, key: str = "Enter", by: str = "Tab") -> None:
        """Go to what is named so, and press Enter (or another key) on it."""
        self.tab_to(name, most=most, by=by)
        self.page.keyboard.press(key)

    def skip(self) -> None:
        """Past the places, the bar and the list, by the first link of the page."""
        self.use("Skip to the matter", most=1)

    def fill(self, name: str, words: str, *, most: int = MOST_TABS) -> None:
        """Go to a field and type into it."""
        self.tab_to(name, most=most)
        self.page.keyboard.type(words)
        assert self.focused(), "the focus was lost while somebody typed"
