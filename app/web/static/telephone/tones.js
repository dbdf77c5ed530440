// Ringing, made by the browser itself: no sound is loaded for it.
export class Tones {
  constructor() {
    this.context = null;
    this.bell = null;
  }

  /** Browsers allow sound only after a press of a button; call this from one. */
  wake() {
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") this.context.resume().catch(() => {});
  }

  ring() {
    if (this.bell) return;
    const strokes = () => [0, 0.4].forEach((at) => this.tone(at));
    strokes();
    this.bell = setInterval(strokes, 2000);
  }

  stopRinging() {
    clearInterval(this.bell);
    this.bell = null;
  }

  tone(at) {
    if (this.context?.state !== "running") return;
    const begin = this.context.currentTime + at;
    const gain = this.context.createGain();
    gain.gain.setValueAtTime(0.08, begin);
    gain.gain.setTargetAtTime(0, begin + 0.28, 0.02);
    gain.connect(this.context.destination);
    for (const frequency of [440, 480]) {
      const source = this.context.createOscillator();
      source.frequency.value = frequency;
      source.connect(gain);
      source.start(begin);
      source.stop(begin + 0.4);
    }
  }
}
