// Small pieces of page: elements, times, and the lines of a conversation.

export const byId = (id) => document.getElementById(id);

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Ready or not, without losing the focus as `disabled` would. */
export function allow(button, allowed) { button.setAttribute("aria-disabled", String(!allowed)); }

export const isAllowed = (button) => button.getAttribute("aria-disabled") !== "true";

let zone;

export function setZone(name) { zone = name; }

export function clockTime(value, options = { hour: "2-digit", minute: "2-digit", second: "2-digit" }) {
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? "" : new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options }).format(at);
}

let officeNow = () => null;

export function setOfficeClock(now) { officeNow = now; }

/** The office's time of something that the network noted in its own: the same, unless the office's clock was turned. */
export function stamp(at) {
  const seen = Math.abs(Date.now() - new Date(at)) < 5000 ? officeNow() ?? at : at;
  return make("time", { datetime: String(seen) }, clockTime(seen));
}

const SHOWN_ELSEWHERE = ["queued", "initiated", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"];

/** One line of a conversation, or null for what the page shows elsewhere. `names` says who is who. */
export function conversationLine(item, names) {
  const { kind, text, at } = item;
  const language = item.language || null;
  if (kind === "heard" && /^https?:/.test(text)) {
    return make("div", { class: "heard" }, make("b", {}, names.heard),
      make("audio", { controls: true, preload: "none", src: item.audio || text, "aria-label": "What was played" }), stamp(at));
  }
  if (kind === "heard") {
    return make("p", { class: "heard" }, make("b", {}, names.heard), make("span", { lang: language }, text), stamp(at));
  }
  if (kind === "said") return make("p", { class: "said" }, make("b", {}, names.said), make("span", {}, `“${text}”`), stamp(at));
  if (kind === "pressed") {
    const keys = [...text].map((key) => make("kbd", {}, key));
    return make("p", { class: "pressed" }, make("b", {}, `${names.said} pressed`), make("span", {}, ...keys), stamp(at));
  }
  if (kind === "recording") {
    const player = item.audio && make("audio", { controls: true, preload: "none", src: item.audio, "aria-label": "The recording" });
    if (text === "started") return null;
    return make("div", { class: "recording" }, make("p", {}, text === "ended" ? "Recorded" : text), player || null);
  }
  if (kind === "beep") return make("p", { class: "event" }, "beep");
  if (kind === "state" && SHOWN_ELSEWHERE.includes(text)) return null;
  return text ? make("p", { class: "event" }, kind === "text" ? `Text message: ${text}` : text) : null;
}

/** Add a line, and keep the end in sight unless somebody is reading further up. */
export function append(list, line) {
  if (!line) return;
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  list.querySelector(".empty")?.remove();
  list.append(line);
  while (list.children.length > 400) list.firstElementChild.remove();
  if (atEnd) list.scrollTop = list.scrollHeight;
}
