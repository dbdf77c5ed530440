// Asks the browser whether it may show notes of the system, when somebody presses the button, and tries the sound.
const button = document.querySelector("[data-allow]");
const said = document.querySelector("[data-allowed]");

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
