// The wire: requests to the phone network, and one telephone line with the call on it. Knows no page.

export const ENDED = ["completed", "busy", "failed", "no-answer", "canceled"];

export class Refusal extends Error {}

export async function ask(path, body) {
  const options = body === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  const answer = await fetch(`/phone/api/${path}`, options);
  const found = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refusal(found?.error ?? `The phone network answered ${answer.status}.`);
  return found ?? {};
}

export class Line {
  /** `watch.began(call, incoming)`, `.heard(item, call)`, `.changed(line)`, `.ended(call)` tell what happens. */
  constructor(watch) {
    this.watch = watch;
    this.number = "";
    this.moves = Promise.resolve();
    this.drop();
  }

  drop() {
    this.call = null;
    this.rings = null;
    this.after = 0;
  }

  get rest() { return this.call === null && this.rings === null; }

  async sitAt(number, manned) {
    if (number !== this.number) this.drop();
    this.number = number;
    await ask(`lines/${encodeURIComponent(number)}`, { manned });
    this.watch.changed(this);
  }

  /** The call is on the screen at once; keys pressed before the network knows it follow it in order. */
  dial(from, to) {
    const call = this.take({ id: null, from, to, status: "queued" }, false);
    return this.then(async () => {
      try {
        call.id = (await ask("calls", { from, to })).id;
      } catch (error) {
        this.drop();
        this.watch.changed(this);
        throw error;
      }
      await this.poll();
    });
  }

  /** One move after the other, whatever the network's answers take. */
  then(move) {
    const made = this.moves.then(move);
    this.moves = made.catch(() => {});
    return made;
  }

  act(what, body) {
    const call = this.call;
    return this.then(async () => {
      if (!call?.id || call !== this.call) return;
      await ask(`calls/${call.id}/${what}`, body);
      await this.poll();
    });
  }

  take(call, incoming) {
    this.call = { waiting_for: null, ...call };
    this.rings = null;
    this.after = 0;
    this.watch.began(this.call, incoming);
    this.watch.changed(this);
    return this.call;
  }

  async answer() {
    const ringing = this.rings;
    if (!ringing) return;
    await ask(`calls/${ringing.id}/answer`, {});
    this.take({ ...ringing, to: this.number, status: "in-progress" }, true);
    await this.poll();
  }

  async hangUp() {
    if (this.rings) {
      await ask(`calls/${this.rings.id}/reject`, {});
      this.rings = null;
      this.watch.changed(this);
    } else await this.act("hang-up", {});
  }

  press(keys) { return this.act("press", { keys }); }

  say(text) { return this.act("say", { text }); }

  /** Look what happened since the last look. */
  async poll() {
    if (this.call) await this.follow();
    else if (this.number) await this.listen();
  }

  async follow() {
    const id = this.call.id;
    if (!id) return;
    const found = await ask(`calls/${id}?after=${this.after}`);
    if (this.call?.id !== id) return;
    const fresh = found.items.filter((item) => item.seq > this.after);
    fresh.forEach((item) => this.watch.heard(item, this.call));
    this.after = fresh.at(-1)?.seq ?? this.after;
    const changed = fresh.length || found.status !== this.call.status || found.waiting_for !== this.call.waiting_for;
    this.call.status = found.status;
    this.call.waiting_for = found.waiting_for;
    if (ENDED.includes(found.status)) {
      const over = this.call;
      this.drop();
      this.watch.ended(over);
      this.watch.changed(this);
    } else if (changed) this.watch.changed(this);
  }

  async listen() {
    const number = this.number;
    const { ringing, active } = await ask(`lines/${encodeURIComponent(number)}`);
    if (this.call || number !== this.number) return;
    const [running] = active;
    if (running) {
      this.take({ from: "", to: number, status: "in-progress", ...running }, true);
      return;
    }
    const next = ringing[0] ?? null;
    if (next?.id !== this.rings?.id) {
      this.rings = next;
      this.watch.changed(this);
    }
  }
}
