// Keeps the queue fresh: asks for the page again every few seconds and puts its list in place of the old one.
// Without script the page is the same, and is reloaded by hand.
const EVERY_MS = 5000;
const controls = document.querySelector(".live");
const pause = document.querySelector("[data-pause]");
const updated = document.querySelector("[data-updated]");
const words = { pause: pause.textContent, resume: pause.dataset.resume };
let paused = false;
let missed = 0;

controls.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? words.resume : words.pause;
  pause.setAttribute("aria-pressed", String(paused));
});

function isBusy(list) {
  return paused || document.hidden || list.contains(document.activeElement);
}

async function refresh() {
  const list = document.querySelector("[data-live]");
  if (!list || isBusy(list)) return;
  try {
    const answer = await fetch(list.dataset.live, { headers: { Accept: "text/html" } });
    if (answer.redirected) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = fresh.querySelector("[data-live]");
    const clock = fresh.querySelector(".bar .now");
    if (!next || isBusy(list)) return;
    list.replaceWith(next);
    if (clock) document.querySelector(".bar .now").replaceWith(clock);
    missed = 0;
    updated.textContent = `${updated.dataset.word} ${new Date().toLocaleTimeString(document.documentElement.lang)}`;
  } catch {
    missed += 1;
    if (missed > 1) updated.textContent = updated.dataset.stale;
  }
}

setInterval(refresh, EVERY_MS);
