// While somebody types, the office says what it could promise; whether a number is right is decided there, not here.
const WAIT_MS = 500;
const form = document.querySelector("form[data-foretell]");
let timer = 0;
let asked = 0;

form.querySelector("[data-check]").hidden = true;
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT_MS);
});

async function ask() {
  if (!form.elements.phone.value.trim()) return;
  const mine = (asked += 1);
  try {
    const answer = await fetch(form.dataset.foretell, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const told = page.getElementById("foretold");
    if (mine !== asked || !told) return;
    document.getElementById("foretold").replaceChildren(...told.childNodes);
    for (const field of form.elements) {
      if (field.id) field.toggleAttribute("aria-invalid", page.getElementById(field.id)?.getAttribute("aria-invalid") === "true");
    }
  } catch {
    // The office does not answer: nothing is said; sending the form tells.
  }
}
