// What is typed into a form is kept at the office every two seconds, so that a reload, a logout or a crash takes nothing.
const EVERY_MS = 2000;

for (const form of document.querySelectorAll("form[data-draft]")) keep(form);

function keep(form) {
  const state = form.querySelector("[data-draft-state]");
  const conflict = form.querySelector("[data-draft-conflict]");
  let typed = false;
  let busy = false;
  let theirs = null;
  let sent = false;

  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { sent = true; });
  addEventListener("beforeunload", (event) => { if (typed && !sent) event.preventDefault(); });

  for (const button of form.querySelectorAll("[data-draft-take]")) {
    button.addEventListener("click", () => {
      form.elements.draft_version.value = theirs.version;
      if (button.dataset.draftTake === "theirs") fill(form, theirs.values);
      theirs = null;
      conflict.hidden = true;
      typed = true;
    });
  }

  async function save() {
    if (!typed || busy || theirs || sent) return;
    busy = true;
    typed = false;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (answer.redirected) throw new Error("logged out");
      if (answer.status === 409) {
        theirs = await answer.json();
        show(conflict, theirs);
        typed = true;
      } else if (answer.ok) {
        form.elements.draft_version.value = (await answer.json()).version;
        const time = new Date().toLocaleTimeString(document.documentElement.lang);
        state.textContent = state.dataset.kept.replace("{time}", time);
      } else {
        throw new Error(String(answer.status));
      }
    } catch (error) {
      typed = true;
      state.textContent = error.message === "logged out" ? state.dataset.out : state.dataset.lost;
    }
    busy = false;
  }

  setInterval(save, EVERY_MS);
}

function show(conflict, theirs) {
  const words = Object.entries(theirs.values).map(([, value]) => value).join("\n");
  conflict.querySelector("[data-draft-theirs]").textContent = words;
  conflict.hidden = false;
}

function fill(form, values) {
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden") continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = values[field.name] === field.value;
    else field.value = values[field.name] ?? "";
  }
}
