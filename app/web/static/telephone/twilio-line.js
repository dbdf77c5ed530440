// A line of Twilio's network, by Twilio's own SDK, which is loaded only here.
const NOT_ACCEPTED = [20101, 20102, 20103, 20104, 20151, 31202, 31204, 31205, 31206, 51007];
const NO_MICROPHONE = { 31401: "microphone denied", 31402: "microphone missing", 31208: "microphone denied" };
const DOUBT_MS = 8000;
const SOUNDS = ["disconnect", "incoming", "outgoing", ..."0123456789hs"].map((name) => (name.length === 1 ? `dtmf${name}` : name));

export async function open(token, { sdk, digest, key }, watch) {
  await load(sdk, digest);
  const device = new window.Twilio.Device(token, {
    // Sounds of our own house: the SDK's would be loaded from another one.
    sounds: Object.fromEntries(SOUNDS.map((name) => [name, key])),
    logLevel: "silent",
  });
  for (const sound of ["incoming", "outgoing", "disconnect"]) device.audio?.[sound](false);
  // While the network cannot be reached the SDK tries again for ever, and says nothing about it.
  const doubt = setInterval(() => { if (device.state !== "registered") watch.offline(); }, DOUBT_MS);
  device.on("registered", () => watch.registered());
  device.on("unregistered", () => watch.offline());
  device.on("error", (error) => {
    if (NO_MICROPHONE[error.code]) watch.trouble(NO_MICROPHONE[error.code]);
    else watch.offline(NOT_ACCEPTED.includes(error.code) ? "refused" : "offline");
  });
  device.on("incoming", (call) => receive(call, watch));
  device.register().catch(() => watch.offline());
  const close = () => {
    clearInterval(doubt);
    device.destroy();
  };
  return { renew: (next) => device.updateToken(next), close };
}

function receive(call, watch) {
  for (const end of ["cancel", "disconnect", "reject"]) call.on(end, () => watch.ended());
  call.on("accept", () => watch.talks());
  call.on("error", (error) => watch.trouble(NO_MICROPHONE[error.code] ?? "offline"));
  watch.rings({
    from: call.parameters.From ?? "",
    answer: () => call.accept(),
    decline: () => call.reject(),
    hangUp: () => call.disconnect(),
    press: (key) => call.sendDigits(key),
    mute: (on) => call.mute(on),
  });
}

function load(address, digest) {
  if (window.Twilio) return Promise.resolve();
  return new Promise((loaded, failed) => {
    const script = document.createElement("script");
    script.addEventListener("load", loaded);
    script.addEventListener("error", () => failed(new Error("no script")));
    script.integrity = digest;
    script.src = address;
    document.head.append(script);
  });
}
