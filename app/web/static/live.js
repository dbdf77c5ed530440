// Keeps fresh what changes by itself: asks for the page again every few seconds and puts its parts in place of the old
// ones. Focus, scrolling and what is typed stay. Without script the page is the same, and is reloaded by hand.
const EVERY_SECONDS = 5;
const controls = document.querySelector(".live");
const pause = document.querySelector("[data-pause]");
const updated = document.querySelector("[data-updated]");
const news = document.querySelector("[data-news]");
const stale = document.querySelector("[data-stale]");
const words = { pause: pause.textContent, resume: pause.dataset.resume };
const title = document.title;
let paused = false;
let missed = 0;
let icon = null;
let told = null;

controls.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? words.resume : words.pause;
  pause.setAttribute("aria-pressed", String(paused));
});

const isTyped = (element) => element?.matches("input:not([type=hidden]), textarea, select");
const nameOf = (element) =>
  element.getAttribute("href") ?? (element.form ? `${element.form.action} ${element.textContent}` : element.id);

// What has the focus keeps it, found again by where it leads.
function replace(part, next) {
  const focused = part.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  const top = part.scrollTop;
  part.replaceWith(next);
  next.scrollTop = top;
  if (focused !== null) {
    const again = [...next.querySelectorAll("a, button, summary")].find((one) => nameOf(one) === focused);
    (again ?? next.querySelector("a, button"))?.focus({ preventScroll: true });
  }
}

const rowsOf = (root) => new Set([...root.querySelectorAll("[data-row]")].map((row) => row.dataset.row));

function announce(before, after) {
  const fresh = [...after].filter((row) => !before.has(row)).length;
  if (news?.dataset.one && fresh) news.textContent = fresh === 1 ? news.dataset.one : news.dataset.many.replace("{n}", fresh);
}

function tell() {
  const due = Number(document.querySelector("[data-due]")?.dataset.due ?? 0);
  document.title = due ? `(${due}) ${title}` : title;
  const mark = document.querySelector("link[rel=icon]");
  icon ??= mark.href;
  mark.href = due ? badge(due) : icon;
  if (told !== null) document.dispatchEvent(new CustomEvent("due", { detail: { due, before: told } }));
  told = due;
}

// The sign of this site in the browser's tab, with the number of promises that are due.
function badge(count) {
  const words = count > 99 ? "99+" : String(count);
  const drawn = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#ffb020"/><text x="16" y="23" font-family="sans-serif" font-size="${words.length > 2 ? 15 : 21}" font-weight="700" text-anchor="middle" fill="#1b2124">${words}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(drawn)}`;
}

async function refresh() {
  const parts = [...document.querySelectorAll("[data-live]")];
  if (paused || document.hidden || !parts.length) return;
  try {
    const answer = await fetch(parts[0].dataset.live, { headers: { Accept: "text/html" } });
    if (answer.redirected) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const before = rowsOf(document);
    for (const part of parts) {
      const next = fresh.getElementById(part.id);
      if (!next || (part.contains(document.activeElement) && isTyped(document.activeElement))) continue;
      const [said, says] = [part, next].map((one) => one.querySelector("[data-say]")?.textContent);
      if (next.outerHTML !== part.outerHTML) replace(part, next);
      if (news && says !== said) news.textContent = says;
    }
    announce(before, rowsOf(document));
    for (const place of [".bar .now", ".bar .softphone", ".bar .presence summary"]) {
      const [old, now] = [document.querySelector(place), fresh.querySelector(place)];
      if (old && now && !old.contains(document.activeElement)) old.replaceWith(now);
    }
    missed = 0;
    if (stale) stale.hidden = true;
    updated.textContent = `${updated.dataset.word} ${new Date().toLocaleTimeString(document.documentElement.lang)}`;
    tell();
  } catch {
    missed += 1;
    if (missed > 1 && stale) stale.hidden = false;
  }
}

const every = Number(document.querySelector("[data-live]")?.dataset.every ?? EVERY_SECONDS);
tell();
setInterval(refresh, every * 1000);
addEventListener("focus", refresh);
