// What stands around the telephones: the office's clock, text messages, webhooks and faults.

import { append, byId, clockTime, make, setOfficeClock, setZone, stamp } from "./parts.js";
import { ask } from "./line.js";

/** Where the people live who call such numbers, if the network does not say: deadlines are spoken in their time. */
const ZONES = { "+49": "Europe/Berlin", "+44": "Europe/London", "+55": "America/Sao_Paulo", "+387": "Europe/Sarajevo", "+385": "Europe/Zagreb" };

export function zoneOf(number) { return Object.entries(ZONES).find(([prefix]) => number.startsWith(prefix))?.[1]; }

export class OfficeClock {
  constructor() {
    setOfficeClock(() => (this.base === null ? null : this.now()));
    this.speed = 1;
    this.base = null;
    this.read = 0;
    this.buttons = [...document.querySelectorAll("[data-speed]")];
    this.buttons.forEach((button) => button.addEventListener("click", () => this.run(Number(button.dataset.speed))));
    setInterval(() => this.show(), 250);
  }

  set({ now, speed, zone = this.zone }) {
    this.base = new Date(now).getTime();
    this.read = performance.now();
    this.speed = speed;
    this.zone = zone;
    setZone(zone ?? undefined);
    byId("zone").textContent = zone ? `Office time, ${zone.split("/").at(-1).replaceAll("_", " ")}` : "Office time";
    this.buttons.forEach((button) => button.setAttribute("aria-pressed", String(Number(button.dataset.speed) === speed)));
    this.show();
  }

  async run(speed) { this.set({ ...(await ask("clock", { speed })), speed, now: this.now() }); }

  now() { return new Date(this.base + (performance.now() - this.read) * this.speed).toISOString(); }

  show() {
    if (this.base === null) return;
    const options = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
    byId("now").textContent = clockTime(this.now(), this.speed > 60 ? options : { ...options, second: "2-digit" });
  }
}

export class Texts {
  constructor(name, arrived) {
    this.name = name;
    this.arrived = arrived;
    this.number = "";
    this.known = 0;
  }

  async poll(number) {
    if (number !== this.number) {
      this.number = number;
      this.known = 0;
      byId("texts").replaceChildren(make("p", { class: "empty" }, "None yet. The protocol number comes here after a complaint."));
    }
    const { items } = await ask(`texts?number=${encodeURIComponent(number)}`);
    if (number !== this.number) return;
    const fresh = items.slice(this.known);
    this.known = items.length;
    fresh.forEach((text) => {
      const own = text.from === number;
      append(byId("texts"), make("p", { class: own ? "said" : "heard" }, make("b", {}, own ? "You" : this.name(text.from)),
        make("span", {}, text.body), stamp(text.at)));
    });
    const last = fresh.findLast((text) => text.from !== number);
    if (last) this.arrived(last);
  }
}

/** TwiML indented by two spaces a level; anything else as it came. */
export function pretty(source) {
  const tree = new DOMParser().parseFromString(source, "text/xml");
  if (tree.querySelector("parsererror")) return source;
  const lines = [];
  const quote = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const walk = (element, depth) => {
    const indent = "  ".repeat(depth);
    const attributes = [...element.attributes].map((one) => ` ${one.name}="${quote(one.value)}"`).join("");
    if (!element.children.length) {
      const text = quote(element.textContent.trim());
      lines.push(`${indent}<${element.tagName}${attributes}${text ? `>${text}</${element.tagName}>` : "/>"}`);
      return;
    }
    lines.push(`${indent}<${element.tagName}${attributes}>`);
    element.childNodes.forEach((node) => {
      if (node.nodeType === Node.ELEMENT_NODE) walk(node, depth + 1);
      else if (node.textContent.trim()) lines.push(`${indent}  ${quote(node.textContent.trim())}`);
    });
    lines.push(`${indent}</${element.tagName}>`);
  };
  walk(tree.documentElement, 0);
  return lines.join("\n");
}

export class Webhooks {
  constructor() {
    this.after = 0;
    this.count = 0;
    this.paused = false;
    byId("pause").addEventListener("click", () => {
      this.paused = !this.paused;
      byId("pause").setAttribute("aria-pressed", String(this.paused));
    });
  }

  async poll() {
    if (this.paused) return;
    const { items } = await ask(`webhooks?after=${this.after}`);
    if (this.paused) return; // the button was pressed while the answer was on its way: asked for again afterwards
    const fresh = items.filter((item) => item.seq > this.after);
    if (!fresh.length) return;
    this.after = fresh.at(-1).seq;
    this.count += fresh.length;
    byId("wires-count").textContent = String(this.count);
    byId("wires-empty").hidden = true;
    fresh.forEach((item) => byId("wirelist").prepend(this.row(item)));
    while (byId("wirelist").children.length > 200) byId("wirelist").lastElementChild.remove();
  }

  row(item) {
    const failed = item.status === 0 || item.status >= 400;
    const summary = make("summary", {},
      stamp(item.at), make("span", { class: "method" }, item.method),
      make("span", { class: "path" }, item.path),
      make("span", { class: failed ? "status failed" : "status" }, item.status === 0 ? "no answer" : `${failed ? "✕ " : ""}${item.status}`),
      make("span", { class: "ms" }, `${Math.round(item.ms)} ms`));
    const details = make("details", {}, summary);
    // Built when it is opened: most never are.
    details.addEventListener("toggle", () => {
      if (!details.open || details.querySelector(".inside")) return;
      const params = make("dl", {});
      Object.entries(item.params ?? {}).forEach(([name, value]) => params.append(make("dt", {}, name), make("dd", {}, String(value))));
      const document = make("pre", { tabindex: "0", role: "region", "aria-label": "The answer" }, pretty(item.document ?? "") || "(empty)");
      details.append(make("div", { class: "inside" }, params, document));
    });
    return make("li", {}, details);
  }
}

/** One in five is lost, each comes three times, up to 20 s late, or so late that they overtake one another. */
const FAULTS = { lose: [0, 0.2], duplicate: [0, 2], delay: [0, 20], reorder: [false, true] };

export function wireFaults(failed) {
  byId("faults").addEventListener("change", () => {
    const ticked = (name) => byId("faults").querySelector(`[name=${name}]`).checked;
    const body = Object.fromEntries(Object.entries(FAULTS).map(([name, [well, badly]]) => [name, ticked(name) ? badly : well]));
    ask("faults", body).catch(failed);
  });
}
