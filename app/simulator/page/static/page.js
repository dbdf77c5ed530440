// The page: the customer's telephone, the agent's, and the hint that tells a newcomer what to do next.

import { Line, ask } from "./line.js";
import { OfficeClock, Texts, Webhooks, wireFaults, zoneOf } from "./panels.js";
import { allow, append, byId, conversationLine, isAllowed, make } from "./parts.js";
import { Sounds } from "./sounds.js";

const sounds = new Sounds();
const clock = new OfficeClock();
const webhooks = new Webhooks();
const office = { numbers: [], people: [] };
let dialled = "";
let calls = 0;
let kept = false;
let lastHotline = "";

const caller = () => byId("caller").selectedOptions[0];
const hotlineName = (number) => office.numbers.find((one) => one.number === number)?.label ?? number;
const isHotline = (number) => office.numbers.some((one) => one.number === number);

function complain(error) {
  byId("trouble").textContent = error.message.includes("fetch") ? "The phone network does not answer. Is scripts/run still running?" : error.message;
  byId("trouble").hidden = false;
}

async function attempt(action) {
  try { await action(); } catch (error) { complain(error); }
}

/** Somebody shall talk now: at 600× the other end would hang up within the blink of an eye. */
function slowDown() { if (clock.speed > 1) attempt(() => clock.run(1)); }

const ENDS = { busy: "busy", "no-answer": "nobody answered", failed: "it could not be connected", canceled: "it was taken back" };
const over = ({ status }) => (ENDS[status] ? `The call is over: ${ENDS[status]}.` : "The call is over.");

// The customer's telephone

const customer = new Line({
  began(call, incoming) {
    kept = incoming && calls > 0 && isHotline(call.from);
    calls += 1;
    slowDown();
    byId("screen-text").hidden = true;
    const title = incoming ? `${hotlineName(call.from) || "Somebody"} calls ${caller().dataset.name}` : `${caller().dataset.name} calls ${hotlineName(call.to)}`;
    append(byId("log"), make("h3", {}, title));
  },
  heard(item) {
    append(byId("log"), conversationLine(item, { heard: "Hotline", said: caller().dataset.name }));
    if (item.kind === "heard") {
      sounds.speak(item);
      byId("screen-words").textContent = item.text;
    }
    if (item.kind === "beep") sounds.beep();
  },
  ended(call) {
    sounds.hush();
    byId("screen-words").textContent = "";
    append(byId("log"), make("p", { class: "event" }, over(call)));
  },
  changed: showCustomer,
});

const STATES = { keys: "Waiting for keys or words", speech: "Waiting for words", talk: "Connected – talk", record: "Recording – say something, then press #", queue: "In the queue for a person" };

function customerState({ call, rings }) {
  if (rings) return "Ringing";
  if (!call) return dialled ? "Green button to call" : "Press the green button to call";
  if (call.waiting_for) return STATES[call.waiting_for] ?? call.waiting_for;
  return ["queued", "initiated", "ringing"].includes(call.status) ? "Ringing at the hotline …" : "Listen …";
}

function hintFor({ call }) {
  if (call?.waiting_for === "record") return "It records you. Say what happened (a sentence is ready below the conversation), then press #.";
  if (call?.waiting_for === "keys") return "The hotline waits: press a key, or type words and say them. 0 is a person, 9 repeats.";
  if (call?.waiting_for === "talk") return "You are connected. What one of the two says, the other one hears.";
  if (call?.waiting_for === "queue") return "A person is wanted: the agent’s phone should ring. Answer it yourself or let it answer by itself.";
  if (call) return "Listen, and read along in the conversation. You need not wait for the end: keys work at any time.";
  if (kept) return "That was it: a promise, kept. Open the desk to see what stands on record.";
  if (calls) return "Were you promised a call? Turn the clock up to 60× and wait until this phone rings.";
  return `Press the green button: you are ${caller().dataset.name}, calling a hotline that keeps its word.`;
}

function showCustomer(line = customer) {
  const { call, rings } = line;
  byId("phone").classList.toggle("ringing", rings !== null);
  byId("phone").classList.toggle("busy", call !== null);
  byId("screen-own").textContent = line.number;
  byId("screen-main").textContent = rings ? hotlineName(rings.from)
    : call ? hotlineName(call.to === line.number ? call.from : call.to) : dialled || "Ready";
  say(byId("state"), customerState(line));
  say(byId("hint"), hintFor(line));
  byId("go").querySelector("span").textContent = rings ? "Answer" : "Call";
  byId("stop").querySelector("span").textContent = rings ? "Reject" : !call && dialled ? "Clear" : "Hang up";
  allow(byId("go"), call === null);
  allow(byId("stop"), call !== null || rings !== null || dialled !== "");
  byId("caller").disabled = call !== null;
  byId("suggestion").hidden = call?.waiting_for !== "record";
  if (rings) {
    const promised = isHotline(rings.from) && calls > 0;
    byId("calling-who").textContent = promised ? "The hotline calls you back!" : `${hotlineName(rings.from)} is calling.`;
    byId("calling-why").textContent = promised ? "It promised to, and here it is." : `${caller().dataset.name}’s phone rings.`;
  }
  byId("calling").hidden = rings === null;
  byId("hint-box").hidden = rings !== null;
  document.title = rings ? "☎ It rings · Rückruf" : "Telephone · Rückruf";
  ringOrNot();
}

function say(element, text) { if (element.textContent !== text) element.textContent = text; }

function ringOrNot() {
  const rings = customer.rings ?? (byId("manned").checked ? agent.rings : null);
  if (!rings) { sounds.stopRinging(); return; }
  slowDown();
  sounds.ring();
}

function go() {
  sounds.wake();
  byId("trouble").hidden = true;
  if (customer.rings) return customer.answer();
  if (customer.call) return undefined;
  const to = dialled ? dialled.replace(/^00/, "+") : byId("hotline").value;
  dialled = "";
  lastHotline = to;
  return customer.dial(byId("withheld").checked ? byId("withheld").value : customer.number, to);
}

function stop() {
  sounds.hush();
  dialled = "";
  showCustomer();
  return customer.hangUp();
}

function press(key) {
  sounds.wake();
  sounds.key(key);
  const button = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 130);
  if (customer.call) {
    sounds.hush();
    attempt(() => customer.press(key));
  } else if (!customer.rings && dialled.length < 18) {
    dialled += key;
    showCustomer();
  }
}

async function speak(line, field) {
  const words = field.value.trim();
  if (!words) return;
  if (!line.call) {
    complain(new Error("Nobody is on the line. Call first, then say it."));
    return;
  }
  byId("trouble").hidden = true;
  sounds.hush();
  field.value = "";
  await line.say(words);
}

function beSomebody() {
  const { story, language, plight } = caller().dataset;
  byId("plight").textContent = plight;
  byId("suggest").textContent = story;
  byId("suggest").lang = language;
  showCustomer();
}

async function changeCaller() {
  const before = customer.number;
  await customer.sitAt(caller().value, true);
  if (before && before !== customer.number) await ask(`lines/${encodeURIComponent(before)}`, { manned: false });
  beSomebody();
  await texts.poll(customer.number);
}

// The agent's telephone

const agent = new Line({
  began() { byId("agent-log").replaceChildren(); },
  heard(item) { append(byId("agent-log"), conversationLine(item, { heard: "Heard", said: "Agent" })); },
  ended(call) { append(byId("agent-log"), make("p", { class: "event" }, over(call))); },
  changed: showAgent,
});

function agentState({ call, rings }) {
  const manned = byId("manned").checked;
  if (rings) return manned ? "Ringing – answer it" : "Ringing – answers by itself";
  if (call) return call.waiting_for === "keys" ? "Press 1 to take the call" : call.waiting_for === "talk" ? "Talking" : "Listen …";
  return manned ? "You answer it" : "Answers by itself";
}

function showAgent(line = agent) {
  const { call, rings } = line;
  const manned = byId("manned").checked;
  byId("deskphone").classList.toggle("ringing", rings !== null);
  byId("deskphone").classList.toggle("busy", call !== null);
  say(byId("agent-main"), rings ? `Call from ${hotlineName(rings.from)}` : call ? "On the line" : "On the hook");
  say(byId("agent-state"), agentState(line));
  byId("agent-stop").querySelector("span").textContent = rings ? "Reject" : "Hang up";
  allow(byId("agent-go"), rings !== null && manned);
  allow(byId("agent-one"), call !== null);
  allow(byId("agent-stop"), call !== null || rings !== null);
  byId("agent-say").hidden = call === null || !manned;
  ringOrNot();
}

async function changeAgent() {
  const person = office.people.find((one) => one.number === byId("agents").value);
  if (!person) return;
  byId("manned").checked = person.manned;
  await agent.sitAt(person.number, person.manned);
}

// The office

const texts = new Texts(hotlineName, ({ from }) => {
  if (customer.rest) say(byId("state"), `New text message from ${hotlineName(from)}`);
  byId("screen-text").hidden = false;
  sounds.tone([1318], 0.09);
  sounds.tone([1760], 0.16, 0.06, 0.12);
});

function fill(select, options) {
  const values = options.map(([value]) => value).join();
  if (select.dataset.values === values) return;
  const chosen = select.value;
  select.replaceChildren(...options.map(([value, label]) => make("option", { value }, label)));
  select.dataset.values = values;
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}

async function lookAround() {
  const found = await ask("office");
  const customers = [...byId("caller").options].map((option) => option.value);
  Object.assign(office, found, { people: found.people.filter((person) => !customers.includes(person.number)) });
  fill(byId("hotline"), office.numbers.map(({ number, label }) => [number, `${label} · ${number}`]));
  const chosen = office.numbers.find(({ number }) => number === byId("hotline").value);
  clock.set({ ...found, zone: chosen?.zone ?? found.zone ?? zoneOf(chosen?.number ?? "") });
  fill(byId("agents"), office.people.map(({ number, label }) => [number, `${label} · ${number}`]));
  if (found.desk) {
    byId("desk").href = found.desk;
    byId("desk").hidden = false;
  }
  if (!agent.number) await changeAgent();
}

const on = (id, event, action) => byId(id).addEventListener(event, (happening) => attempt(() => action(happening)));

function wire(id, action) { byId(id).addEventListener("click", () => { if (isAllowed(byId(id))) attempt(action); }); }

wire("go", go);
wire("stop", stop);
wire("calling-answer", async () => { await go(); byId("go").focus(); });
wire("agent-go", () => { sounds.wake(); return agent.answer(); });
wire("agent-stop", () => agent.hangUp());
wire("agent-one", async () => { sounds.key("1"); await agent.press("1"); });
wire("suggest", () => { byId("words").value = byId("suggest").textContent; return speak(customer, byId("words")); });
wire("sound", () => {
  sounds.wake();
  sounds.switch(!sounds.on);
  byId("sound").setAttribute("aria-pressed", String(sounds.on));
  localStorage.setItem("sound", sounds.on ? "on" : "off");
});
document.querySelectorAll("[data-key]").forEach((button) => button.addEventListener("click", () => press(button.dataset.key)));
byId("phone").addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || !/^[0-9*#]$/.test(event.key)) return;
  event.preventDefault();
  press(event.key);
});
on("caller", "change", changeCaller);
on("hotline", "change", lookAround);
on("agents", "change", changeAgent);
on("manned", "change", () => agent.sitAt(agent.number, byId("manned").checked));
on("say", "submit", (event) => { event.preventDefault(); return speak(customer, byId("words")); });
on("agent-say", "submit", (event) => { event.preventDefault(); return speak(agent, byId("agent-words")); });
on("text", "submit", async (event) => {
  event.preventDefault();
  const body = byId("text-words").value.trim();
  if (!body) return;
  await ask("texts", { from: customer.number, to: lastHotline || byId("hotline").value, body });
  byId("text-words").value = "";
  await texts.poll(customer.number);
});
byId("texts").addEventListener("focus", () => { byId("screen-text").hidden = true; });
wireFaults(complain);
if (localStorage.getItem("sound") === "off") byId("sound").click();

let round = 0;
async function look() {
  try {
    if (round % 4 === 0) await lookAround();
    await Promise.all([customer.poll(), agent.poll(), webhooks.poll(), round % 3 ? null : texts.poll(customer.number)]);
    if (byId("trouble").textContent.startsWith("The phone network")) byId("trouble").hidden = true;
  } catch (error) { complain(error); }
  round += 1;
  setTimeout(look, clock.speed > 60 ? 250 : 600); // at 600× a minute of the office is a tenth of a second
}

attempt(changeCaller).then(look);
