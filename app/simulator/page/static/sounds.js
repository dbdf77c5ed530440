// What a telephone sounds like: keys, ringing, the beep, and what is spoken, one after another.

const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477];
const KEYS = ["123", "456", "789", "*0#"];

export class Sounds {
  constructor() {
    this.on = true;
    this.context = null;
    this.queue = [];
    this.playing = null;
    this.bell = null;
  }

  /** Browsers allow sound only after a press of a button; call this from one. */
  wake() {
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") this.context.resume().catch(() => {});
  }

  switch(on) {
    this.on = on;
    if (!on) { this.hush(); this.stopRinging(); }
  }

  tone(frequencies, seconds, loudness = 0.06, delay = 0) {
    if (!this.on || this.context?.state !== "running") return;
    const begin = this.context.currentTime + delay;
    const gain = this.context.createGain();
    gain.gain.setValueAtTime(loudness, begin);
    gain.gain.setTargetAtTime(0, begin + seconds, 0.015);
    gain.connect(this.context.destination);
    frequencies.forEach((frequency) => {
      const source = this.context.createOscillator();
      source.frequency.value = frequency;
      source.connect(gain);
      source.start(begin);
      source.stop(begin + seconds + 0.1);
    });
  }

  key(key) {
    const row = KEYS.findIndex((keys) => keys.includes(key));
    if (row >= 0) this.tone([ROWS[row], COLUMNS[KEYS[row].indexOf(key)]], 0.13);
  }

  beep() { this.tone([1000], 0.35); }

  ring() {
    if (this.bell) return;
    const strokes = () => [0, 0.12, 0.24, 0.36, 0.48].forEach((at) => this.tone([at % 0.24 ? 880 : 1108], 0.09, 0.05, at));
    strokes();
    this.bell = setInterval(strokes, 1800);
  }

  stopRinging() {
    clearInterval(this.bell);
    this.bell = null;
  }

  /** Play a recording of the words, or let a voice of this machine read them. */
  speak({ audio, text, language }) {
    if (!this.on) return;
    this.queue.push({ audio, text, language });
    if (!this.playing) this.next();
  }

  next() {
    const words = this.queue.shift();
    this.playing = words ?? null;
    if (!words) return;
    const done = () => { if (this.playing === words) this.next(); };
    if (words.audio) {
      const player = new Audio(words.audio);
      words.stop = () => player.pause();
      player.addEventListener("ended", done);
      player.addEventListener("error", done);
      player.play().catch(done);
      return;
    }
    const voice = localVoice(words.language);
    if (!voice || !words.text) { done(); return; }
    const utterance = new SpeechSynthesisUtterance(words.text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.addEventListener("end", done);
    utterance.addEventListener("error", done);
    words.stop = () => speechSynthesis.cancel();
    speechSynthesis.speak(utterance);
  }

  /** Pressing a key cuts the hotline short, as on any telephone. */
  hush() {
    const words = this.playing;
    this.queue = [];
    this.playing = null;
    words?.stop?.();
  }
}

// Only voices of this machine: others would send the words to somebody's servers.
function localVoice(language) {
  const wanted = (language ?? "").toLowerCase();
  const voices = (globalThis.speechSynthesis?.getVoices() ?? []).filter((voice) => voice.localService);
  const same = (voice) => voice.lang.replace("_", "-").toLowerCase();
  return voices.find((voice) => same(voice) === wanted)
    ?? voices.find((voice) => wanted && same(voice).split("-")[0] === wanted.split("-")[0]);
}
