// Asks the browser whether it may show notes of the system, when somebody presses the button, and tries the sound.
import { sound } from "./alert.js";

const button = document.querySelector("[data-allow]");
const said = document.querySelector("[data-allowed]");
const volume = document.querySelector("#volume");
const chosen = document.querySelector("[for=volume][data-value]");

function show() {
  said.textContent = said.dataset[Notification.permission] ?? "";
  button.hidden = Notification.permission !== "default";
}

if (button && "Notification" in window) {
  show();
  button.addEventListener("click", async () => {
    await Notification.requestPermission();
    show();
  });
}

if (volume) {
  chosen.hidden = false;
  volume.addEventListener("input", () => { chosen.value = volume.value; });
  volume.addEventListener("change", () => { if (volume.value > 0) sound(volume.value / 100); });
}
