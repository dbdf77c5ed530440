// Tells by a sound or a note of the system that something fell due, for who wants that; the sound is made here, not fetched.
const place = document.querySelector("[data-alert]");
const volume = Number(place?.dataset.sound ?? 0) / 100;
const mute = place?.querySelector("button");
const MUTED = "muted";
let muted = sessionStorage.getItem(MUTED) === "yes";

function show() {
  mute.textContent = muted ? mute.dataset.unmute : mute.dataset.mute;
  mute.setAttribute("aria-pressed", String(muted));
}

export function sound(volume) {
  const context = new AudioContext();
  const gain = context.createGain();
  gain.gain.setValueAtTime(volume, context.currentTime);
  gain.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.6);
  gain.connect(context.destination);
  for (const [at, pitch] of [[0, 660], [0.18, 880]]) {
    const tone = context.createOscillator();
    tone.frequency.value = pitch;
    tone.connect(gain);
    tone.start(context.currentTime + at);
    tone.stop(context.currentTime + 0.6);
  }
  setTimeout(() => context.close(), 1000);
}

if (place && volume > 0) {
  mute.hidden = false;
  show();
  mute.addEventListener("click", () => {
    muted = !muted;
    sessionStorage.setItem(MUTED, muted ? "yes" : "no");
    show();
  });
}

document.addEventListener("due", (event) => {
  if (!place || event.detail.due <= event.detail.before) return;
  if (volume > 0 && !muted) sound(volume);
  if (place.dataset.note === "yes" && "Notification" in window && Notification.permission === "granted") {
    const note = new Notification(place.dataset.words.replace("{n}", event.detail.due), { tag: "due" });
    note.onclick = () => window.focus();
  }
});
