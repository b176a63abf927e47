// The bench: a terminal's screen, button, lamp and cables, worked by hand.
//
// Address: /bench?terminal=NAME, otherwise the first terminal that is connected.
// Elements with stable ids: #screen (image), #press (also the space key), #state #meaning (data-state, data-press,
// data-lamp data-sound-hz on body), #key-louder #key-softer, #speaker-level, #plug-camera #plug-microphone #plug-speaker #network (checked: plugged), #stall-camera
// #fault-cut #fault-stall (checked: fault), #kill-screen, #appointment-name #appointment-room #appointment-pin
// #appointment-in #appointment-give, #problem.

const $ = (id) => document.getElementById(id);
const CONSULTATION_S = 1800;
const PATIENCE_MS = 1000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let terminal = "";
let lamp = { steps: [[0, 1000]], since: 0 };
let problemTimer = 0;

async function send(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) {
    const answer = await response.json().catch(() => ({ result: response.statusText }));
    throw new Error(answer.result);
  }
}

async function attempt(promise) {
  try {
    await promise;
    $("problem").hidden = true;
  } catch (error) {
    $("problem").textContent = error.message;
    $("problem").hidden = false;
    clearTimeout(problemTimer);
    problemTimer = setTimeout(() => ($("problem").hidden = true), 5000);
  }
}

const hand = (event, data = null) => attempt(send("POST", `/bench/api/${terminal}/hand`, { event, data }));

// The terminal

async function findTerminal() {
  const asked = new URLSearchParams(location.search).get("terminal");
  while (!terminal) {
    if (asked) {
      terminal = encodeURIComponent(asked);
    } else {
      const found = await fetch("/bench/api").then((r) => r.json()).catch(() => ({ terminals: [] }));
      if (found.terminals?.length) terminal = encodeURIComponent(found.terminals[0]);
      else await pause(PATIENCE_MS);
    }
  }
  const events = new EventSource(`/bench/api/${terminal}/follow`);
  events.addEventListener("state", ({ data }) => showState(JSON.parse(data)));
  events.onerror = () => showState({ connected: false });
}

function showState({ connected, state, press, lamp: shown, sound }) {
  $("absent").hidden = connected;
  $("press").disabled = !connected;
  if (connected && !$("screen").getAttribute("src")) $("screen").src = `/bench/api/${terminal}/watch`;
  if (!connected) $("screen").removeAttribute("src");
  $("state").textContent = connected ? (state ?? "starting").replaceAll("_", " ") : "not connected";
  $("meaning").textContent = connected && press ? `Button: ${press.replaceAll("_", " ")}` : "";
  $("speaker").hidden = !connected || !sound;
  $("speaker-level").value = sound ? Math.max(0, 1 + sound.dbfs / 60) : 0;
  document.body.dataset.soundHz = sound?.hz ?? "";
  Object.assign(document.body.dataset, { state: state ?? "", press: press ?? "", lamp: shown?.pattern ?? "" });
  const steps = connected && shown ? shown.steps : [[0, 1000]];
  // News of the sound must not disturb the lamp's rhythm.
  if (JSON.stringify(steps) !== JSON.stringify(lamp.steps)) lamp = { steps, since: performance.now() };
}

$("screen").addEventListener("load", ({ target }) => {
  $("screen-frame").style.aspectRatio = `${target.naturalWidth} / ${target.naturalHeight}`;
});
$("screen").addEventListener("error", async () => {
  $("screen").removeAttribute("src");
  await pause(PATIENCE_MS);
  if (terminal && $("absent").hidden) $("screen").src = `/bench/api/${terminal}/watch`;
});

function drawLamp(now) {
  const period = lamp.steps.reduce((sum, [, ms]) => sum + ms, 0);
  let rest = (now - lamp.since) % period;
  const [level] = lamp.steps.find(([, ms]) => (rest -= ms) < 0) ?? lamp.steps[0];
  $("press").style.setProperty("--lamp", level);
  requestAnimationFrame(drawLamp);
}

// Hands

$("press").addEventListener("click", () => hand("press"));
addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, button:not(#press)");
  if (event.code !== "Space" || typing || event.repeat) return;
  event.preventDefault();
  $("press").classList.add("down");
  hand("press");
});
addEventListener("keyup", (event) => {
  if (event.code !== "Space") return;
  if (event.target === $("press")) event.preventDefault();
  $("press").classList.remove("down");
});

for (const key of ["louder", "softer"]) {
  const move = (down) => () => {
    if (down !== ($(`key-${key}`).dataset.down === "true")) hand("key", { key, down });
    $(`key-${key}`).dataset.down = down;
  };
  $(`key-${key}`).addEventListener("pointerdown", move(true));
  for (const end of ["pointerup", "pointerleave", "pointercancel"]) $(`key-${key}`).addEventListener(end, move(false));
}

for (const device of ["camera", "microphone", "speaker"]) {
  $(`plug-${device}`).addEventListener("change", ({ target }) => hand("plug", { device, plugged: target.checked }));
}
$("network").addEventListener("change", ({ target }) => hand("network", { up: target.checked }));
$("stall-camera").addEventListener("change", ({ target }) => hand("stall", { device: "camera", stalled: target.checked }));
$("kill-screen").addEventListener("click", () => hand("kill_screen"));

for (const fault of ["cut", "stall"]) {
  $(`fault-${fault}`).addEventListener("change", ({ target }) => attempt(send("POST", "/clinic/api/faults", { [fault]: target.checked })));
}
fetch("/clinic/api/faults").then((r) => r.json()).then(({ result }) => {
  for (const fault of ["cut", "stall"]) $(`fault-${fault}`).checked = result[fault];
}).catch(() => undefined);

$("appointment-form").addEventListener("submit", (event) => {
  event.preventDefault();
  hand("appointment", {
    id: `bench-${Date.now()}`,
    starts_in_s: Number($("appointment-in").value) * 60,
    lasts_s: CONSULTATION_S,
    host: location.origin,
    alias: $("appointment-room").value.trim(),
    pin: $("appointment-pin").value.trim() || null,
    display_name: $("appointment-name").value.trim(),
  });
});

findTerminal();
requestAnimationFrame(drawLamp);
