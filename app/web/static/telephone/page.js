// The page of the telephone: what rings, what is pressed, and what the office is told. Which network it is registered
// with is the matter of a line: Twilio's, or the one of a local run.
import { Tones } from "./tones.js";

const settings = JSON.parse(document.getElementById("settings").textContent);
const { words } = settings;
const byId = (id) => document.getElementById(id);
const panel = document.querySelector(".telephone");
const tones = new Tones();
const TOLD_EVERY_MS = 30_000;
const AGAIN_MS = 5000;
const RENEW_BEFORE_S = 120; // timers of hidden pages may be a minute late
const title = document.title;
let line = null;
let call = null; // what rings or is on the line
let begun = 0;
let muted = false;
let registered = false; // with the network
let over = false; // logged out, or not wanted any more: nothing is tried again
let ending = ""; // why it is over as soon as the conversation is: nobody is cut off in the middle of a word

function show(state, text, problem = "") {
  panel.dataset.state = state;
  if (byId("state").textContent !== text) byId("state").textContent = text;
  byId("problem").textContent = problem;
  byId("problem").hidden = !problem;
  byId("ringing").hidden = state !== "ringing";
  byId("talk").hidden = state !== "talking";
  document.title = state === "ringing" ? `☎ ${words.ringing} · ${title}` : title;
  if (state === "ringing") tones.ring();
  else tones.stopRinging();
}

const rest = () => show("ready", settings.available ? words.ready : words.away);

async function ask(address, fields = {}) {
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ csrf_token: settings.csrf, ...fields }) });
  if (answer.redirected || [400, 401, 403].includes(answer.status)) throw new Error("logged out");
  if (answer.status === 409) throw new Error("not wanted");
  if (!answer.ok) throw new Error("office");
  return answer.json();
}

async function tell(open) {
  const told = await ask(settings.state, { open: open ? "yes" : "no" });
  settings.available = told.available;
  if (told.call) byId("to-call").firstElementChild.href = told.call;
  byId("to-call").hidden = !told.call || !call;
  if (!told.wanted) end("not wanted");
}

async function token() {
  const { token: given, seconds } = await ask(settings.token);
  setTimeout(renew, (seconds - RENEW_BEFORE_S) * 1000);
  return given;
}

async function renew() {
  if (over) return;
  try {
    const given = await token();
    if (line) line.renew(given);
    else await connect(given);
  } catch (error) {
    fail(error);
    setTimeout(renew, AGAIN_MS);
  }
}

function end(why) {
  if (panel.dataset.state === "talking") {
    ending = why;
    return;
  }
  over = true;
  line?.close();
  line = null;
  call = null;
  show("offline", words[why]);
}

function fail(error) {
  if (["logged out", "not wanted"].includes(error.message)) return end(error.message);
  if (!call) show("offline", words[error.message] ?? words.office);
}

/** What a line tells of. */
const watch = {
  registered() {
    registered = true;
    if (!call) rest();
    tell(true).catch(fail);
  },
  offline(why = "offline") {
    if (over) return;
    const wasRegistered = registered;
    registered = false;
    if (call && panel.dataset.state === "talking") return;
    call = null;
    show("offline", words[why] ?? words.offline);
    if (wasRegistered) tell(false).catch(() => {});
  },
  rings(ringing) {
    call = ringing;
    byId("from").textContent = settings.hotlines[ringing.from] ?? ringing.from;
    show("ringing", words.ringing);
    tell(true).catch(() => {});
  },
  talks() {
    begun = Date.now();
    muted = false;
    show("talking", words.talking);
    byId("words")?.replaceChildren();
    byId("keypad").focus();
    tell(true).catch(() => {});
  },
  heard(what, text) {
    const log = byId("words");
    if (!log) return;
    const item = document.createElement("p");
    const who = document.createElement("b");
    who.textContent = words[what];
    item.append(who, text);
    log.append(item);
    log.scrollTop = log.scrollHeight;
  },
  ended() {
    const talked = panel.dataset.state === "talking";
    call = null;
    rest();
    if (ending) return end(ending);
    if (talked) byId("state").textContent = `${words.over} ${settings.available ? words.ready : words.away}`;
    tell(true).catch(() => {});
  },
  trouble(why) { show(panel.dataset.state, byId("state").textContent, words[why] ?? words.offline); },
};

async function connect(given) {
  const { open } = await import(settings.local ? "./local-line.js" : "./twilio-line.js");
  line = await open(given, settings, watch);
}

function press(key) {
  if (panel.dataset.state !== "talking") return;
  const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 130);
  call?.press(key);
}

byId("answer").addEventListener("click", () => {
  tones.wake();
  show("ringing", words.answering);
  tones.stopRinging();
  call?.answer();
});
byId("decline").addEventListener("click", () => call?.decline());
byId("hang-up").addEventListener("click", () => call?.hangUp());
byId("mute").addEventListener("click", () => {
  muted = !muted;
  call?.mute(muted);
  byId("mute").setAttribute("aria-pressed", String(muted));
  byId("mute").textContent = muted ? words.unmute : words.mute;
  byId("state").textContent = muted ? words.muted : words.talking;
});
byId("keypad").addEventListener("click", (event) => { if (event.target.dataset.key) press(event.target.dataset.key); });
byId("keypad").addEventListener("keydown", (event) => { if (/^[0-9*#]$/.test(event.key)) press(event.key); });
byId("say")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("say-words").value.trim();
  if (text && !muted) call?.say(text);
  byId("say-words").value = "";
});

const hears = byId("allow");
hears?.addEventListener("click", async () => {
  tones.wake();
  let state = "microphone ready";
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    stream.getTracks().forEach((track) => track.stop());
  } catch (error) {
    state = error.name === "NotFoundError" ? "microphone missing" : "microphone denied";
  }
  byId("microphone-state").textContent = words[state];
  hears.hidden = state === "microphone ready";
});
navigator.permissions?.query({ name: "microphone" }).then(({ state }) => {
  if (!hears || state === "prompt") return;
  byId("microphone-state").textContent = words[state === "granted" ? "microphone ready" : "microphone denied"];
  hears.hidden = state === "granted";
}).catch(() => {});

setInterval(() => {
  if (registered && !over) tell(true).then(() => { if (!call && !over) rest(); }).catch(fail);
}, TOLD_EVERY_MS);
setInterval(() => {
  if (panel.dataset.state !== "talking") return;
  const seconds = Math.floor((Date.now() - begun) / 1000);
  byId("lasts").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}, 1000);
addEventListener("click", () => tones.wake(), { once: true });
addEventListener("beforeunload", (event) => { if (panel.dataset.state === "talking") event.preventDefault(); });
addEventListener("pagehide", () => {
  if (over) return;
  navigator.sendBeacon(settings.state, new URLSearchParams({ csrf_token: settings.csrf, open: "no" }));
  line?.close();
});
renew();
