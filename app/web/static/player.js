// Ten seconds back and on, and the speed, of a recording; an address that ends in #t=73 begins there.
const start = Number(new URLSearchParams(location.hash.slice(1)).get("t"));
for (const figure of document.querySelectorAll(".recording")) {
  const audio = figure.querySelector("audio");
  const controls = figure.querySelector("[data-player]");
  if (!controls) continue;
  controls.hidden = false;
  for (const button of controls.querySelectorAll("[data-skip]")) {
    button.addEventListener("click", () => {
      const end = Number.isFinite(audio.duration) ? audio.duration : Infinity;
      audio.currentTime = Math.min(Math.max(audio.currentTime + Number(button.dataset.skip), 0), end);
    });
  }
  const speed = controls.querySelector("select");
  speed.addEventListener("change", () => { audio.playbackRate = Number(speed.value); });
  if (start > 0) audio.addEventListener("loadedmetadata", () => { audio.currentTime = start; }, { once: true });
}
