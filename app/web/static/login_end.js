// Two minutes before a login ends by itself it can be kept; after its end one logs in elsewhere and goes on here.
const SOON_MS = 120_000;
const LOOK_MS = 5_000;
const box = document.querySelector("dialog[data-left]");
const [stay, anew, again] = ["stay", "anew", "again"].map((name) => box.querySelector(`[data-login-${name}]`));
const tokens = () => document.querySelectorAll("input[name=csrf_token]");
let endsAt = Date.now() + Number(box.dataset.seconds) * 1000;
let isLast = false;
let busy = false;

setInterval(look, LOOK_MS);
addEventListener("focus", () => { if (box.open) ask(); });
stay.addEventListener("click", () => ask({ method: "POST", body: new URLSearchParams({ csrf_token: tokens()[0].value }) }));
again.addEventListener("click", () => ask());
box.addEventListener("cancel", (event) => event.preventDefault());
look();

// Another window may have kept it: the office is asked before anybody is disturbed.
async function look() {
  if (box.open ? Date.now() >= endsAt : Date.now() >= endsAt - SOON_MS) await ask();
  if (Date.now() >= endsAt - SOON_MS) show();
}

async function ask(options) {
  if (busy) return;
  busy = true;
  try {
    const answer = await fetch(options ? box.dataset.stay : box.dataset.left, options);
    if (answer.ok && !answer.redirected) {
      const told = await answer.json();
      endsAt = Date.now() + told.seconds * 1000;
      isLast = told.last;
      if (told.token) for (const each of tokens()) each.value = told.token;
    }
  } catch { /* the office cannot be reached: what was known before holds */ }
  busy = false;
  if (Date.now() < endsAt - SOON_MS) box.close();
  else if (box.open) show();
}

function show() {
  const over = Date.now() >= endsAt;
  const now = over ? "over" : isLast ? "last" : "soon";
  for (const each of box.querySelectorAll("[data-when]")) each.hidden = each.dataset.when !== now;
  stay.hidden = now !== "soon";
  anew.hidden = again.hidden = now === "soon";
  if (!box.open) box.showModal();
}
