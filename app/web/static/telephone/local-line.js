// A line of the local phone network: what Twilio's SDK does, over plain requests, with words in place of sound.
const EVERY_MS = 400;
const KINDS = { heard: "heard", said: "said", pressed: "pressed" };

export async function open(token, { local }, watch) {
  const line = new LocalLine(token, `${local}/softphone`, watch);
  line.look();
  return line;
}

class LocalLine {
  constructor(token, base, watch) {
    Object.assign(this, { token, base, watch, current: null, after: 0, state: "", closed: false });
  }

  async ask(path, method = "GET", text = undefined) {
    const headers = { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" };
    const body = method === "POST" ? JSON.stringify({ text }) : undefined;
    const answer = await fetch(`${this.base}/${path}`, { method, headers, body, keepalive: method === "DELETE" });
    if (answer.status === 401) throw new Error("refused");
    if (!answer.ok) throw new Error("offline");
    return answer.json();
  }

  renew(token) { this.token = token; }

  close() {
    this.closed = true;
    this.ask("line", "DELETE").catch(() => {});
  }

  async look() {
    if (this.closed) return;
    try {
      await this.once();
    } catch (error) {
      if (this.state !== error.message) this.watch.offline(error.message);
      this.state = error.message;
    }
    if (this.current || this.state !== "registered") setTimeout(() => this.look(), EVERY_MS);
    else this.look();
  }

  async once() {
    const { ringing, active } = await this.ask(this.current || !this.state ? "line" : "line?wait=yes");
    if (this.closed) return;
    if (this.state !== "registered") {
      this.state = "registered";
      this.watch.registered();
    }
    // What another window has answered is not on this one's line.
    const mine = active.filter(({ id }) => id === this.current?.id && this.current.isAnswered);
    const [now] = [...mine, ...ringing];
    if (this.current && this.current.id !== now?.id && !this.current.isAnswering) this.finish();
    if (now && !this.current) this.begin(now);
    if (mine.length) await this.follow();
  }

  begin({ id, from }) {
    const act = (what, text) => this.ask(`calls/${id}/${what}`, "POST", text).catch(() => this.watch.trouble("offline"));
    const current = { id, isAnswering: false, isAnswered: false, talks: false };
    this.current = current;
    this.after = 0;
    this.watch.rings({
      from,
      answer: async () => {
        current.isAnswering = current.isAnswered = true;
        await act("answer");
        current.isAnswering = false;
      },
      decline: () => act("reject"),
      hangUp: () => act("hang-up"),
      press: (key) => act("press", key),
      say: (text) => act("say", text),
      mute: () => {},
    });
  }

  async follow() {
    if (!this.current.talks) {
      this.current.talks = true;
      this.watch.talks();
    }
    const { items } = await this.ask(`calls/${this.current.id}?after=${this.after}`);
    for (const item of items) {
      if (KINDS[item.kind]) this.watch.heard(KINDS[item.kind], item.text);
      this.after = item.seq;
    }
  }

  finish() {
    this.current = null;
    this.watch.ended();
  }
}
