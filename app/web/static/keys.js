// Single keys for who works here all day. They do nothing while somebody types, none is taken from the browser or from
// assistive technology, and they can be turned off, after which this file is not loaded.
const sheet = document.querySelector("dialog.of-keys");
const WINDOW_MS = 1500; // between "g" and the letter of the place
let going = 0;

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable], dialog") !== null;
const rows = () => [...document.querySelectorAll(".rows > li > a, .wide tbody tr td:first-child a, .dangers > li > a")];
const visible = (element) => element.getClientRects().length > 0;

function step(by) {
  const all = rows().filter(visible);
  if (!all.length) return;
  const at = all.indexOf(document.activeElement);
  all[Math.min(all.length - 1, Math.max(0, at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by))].focus();
}

function press(key) {
  const place = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(visible);
  place?.click();
}

function search() {
  const field = document.querySelector("[data-search], [role=search] input");
  if (field) field.focus();
  else location.href = `${document.querySelector('[data-go="c"]').href}#q`;
}

function go(letter) {
  const place = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
  if (place) location.href = place.href;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTyping(event.target)) return;
  const key = event.key;
  if (going && Date.now() - going < WINDOW_MS) {
    going = 0;
    event.preventDefault();
    go(key);
    return;
  }
  going = 0;
  const does = {
    j: () => step(1), k: () => step(-1), n: () => press("n"), c: () => press("c"), t: () => press("t"),
    e: () => press("e"), "/": search, g: () => { going = Date.now(); }, "?": () => sheet.showModal(),
  }[key];
  if (!does) return;
  event.preventDefault();
  does();
});
