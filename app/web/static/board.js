// Keeps a wallboard fresh; says so when the office does not answer, and what stood there stays.
const EVERY_MS = 10000;
const stale = document.querySelector("[data-stale]");
let missed = 0;

async function refresh() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const place of ["[data-board]", "header time"]) {
      document.querySelector(place).replaceWith(fresh.querySelector(place));
    }
    missed = 0;
  } catch {
    missed += 1;
  }
  stale.hidden = missed < 2;
}

setInterval(refresh, EVERY_MS);
