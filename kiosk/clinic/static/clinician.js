// The clinician's page: one host in a room.
//
// Addresses: /clinician?room=123456&pin=1234&name=Dr.+Berg&join=1 joins at once.
// Elements with stable ids: #name #room #pin #join (before); #remote #self (videos), #level-remote #level-self (meters
// with data-level and data-peak-hz), #notice, #roster with li[data-uuid] holding button[data-admit] (id admit-<uuid>),
// button[data-mute], button[data-move], button[data-remove]; #camera-control with button[data-axis][data-direction]; #lock, #chat-log, #chat-text, #chat-send, #toggle-mic, #toggle-camera,
// #leave, #end-all (during); #problem (afterwards: why it ended or could not begin).

import { followCameraControl } from "./camera-control.js";
import { Meter } from "./meter.js";
import { RoomClient } from "./room-client.js";

const $ = (id) => document.getElementById(id);
const DEFAULT_ROOM = "123456";
const query = new URLSearchParams(location.search);
const meters = { self: new Meter($("level-self")), remote: new Meter($("level-remote")) };
let client = null;
let stream = null;
let trouble = "";

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

// Joining and leaving

async function openDevices() {
  if (!navigator.mediaDevices) throw new Error("Browsers give the camera to https pages and to this machine only: open the page as http://localhost");
  const video = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  for (const wish of [{ audio, video }, { audio }, { video }]) {
    try {
      return await navigator.mediaDevices.getUserMedia(wish);
    } catch (error) {
      if (error.name === "NotAllowedError") throw new Error("The browser may not use camera and microphone");
    }
  }
  return new MediaStream();
}

function explain(error) {
  if (typeof error.result === "object" && error.result?.pin) return "This room needs a PIN";
  if (error.result === "Neither conference nor gateway found") return "There is no room with this number";
  if (error.result === "transfer failed") return "There is no other room with this number";
  return error.message;
}

async function join() {
  $("problem").hidden = true;
  $("join").disabled = true;
  try {
    stream = await openDevices();
    client = new RoomClient($("room").value.trim(), stream);
    client.addEventListener("roster", showRoster);
    client.addEventListener("conference", showConference);
    client.addEventListener("message", ({ detail }) => showMessage(detail.origin, detail.payload));
    client.addEventListener("remote", ({ detail }) => showRemote(detail.stream));
    client.addEventListener("state", ({ detail }) => showTrouble(detail.text));
    client.addEventListener("ended", ({ detail }) => finish(detail.reason));
    await client.join($("name").value.trim(), $("pin").value.trim());
  } catch (error) {
    await client?.leave();
    finish(explain(error));
    return;
  }
  $("self").srcObject = stream;
  meters.self.follow(stream);
  $("lobby").hidden = true;
  $("meeting").hidden = false;
}

function finish(reason) {
  for (const meter of Object.values(meters)) meter.stop();
  for (const track of stream?.getTracks() ?? []) track.stop();
  for (const id of ["self", "remote"]) $(id).srcObject = null;
  for (const id of ["roster", "chat-log"]) $(id).replaceChildren();
  showSwitch("toggle-mic", true, "Microphone");
  showSwitch("toggle-camera", true, "Camera");
  $("self-frame").classList.remove("off");
  client = stream = null;
  trouble = "";
  $("meeting").hidden = true;
  $("lobby").hidden = false;
  $("join").disabled = false;
  $("problem").textContent = reason;
  $("problem").hidden = !reason;
}

// What is seen and heard

function showRemote(remote) {
  if ($("remote").srcObject !== remote) $("remote").srcObject = remote;
  meters.remote.follow(remote);
}

function showTrouble(text) {
  trouble = text;
  showNotice();
}

function showNotice() {
  const text = trouble || aboutOthers();
  $("notice").textContent = text;
  $("notice").hidden = !text;
}

function aboutOthers() {
  const others = [...client.participants.values()].filter((p) => p.uuid !== client.me);
  const present = others.filter((p) => p.service_type !== "waiting_room");
  const paused = present.find((p) => p.is_video_muted);
  if (paused) return paused.is_client_muted ? `${paused.display_name} has paused` : `${paused.display_name} has stopped the camera`;
  const waiting = others.find((p) => p.service_type === "waiting_room");
  if (present.length === 0) return waiting ? `${waiting.display_name} is waiting to be admitted` : "Nobody else is here yet";
  return "";
}

function showRoster() {
  const people = [...client.participants.values()];
  people.sort((a, b) => Number(b.service_type === "waiting_room") - Number(a.service_type === "waiting_room") || a.start_time - b.start_time);
  const list = $("roster");
  const shown = new Map([...list.children].map((line) => [line.dataset.uuid, line]));
  const lines = people.map((person) => (shown.get(person.uuid)?.dataset.about === aboutLine(person) ? shown.get(person.uuid) : rosterLine(person)));
  for (const line of shown.values()) if (!lines.includes(line)) line.remove();
  // A line that is right is not touched: a button that is being pressed must not be taken from under the pointer.
  lines.forEach((line, place) => {
    if (list.children[place] !== line) list.insertBefore(line, list.children[place] ?? null);
  });
  $("camera-control").hidden = !steerable();
  showNotice();
}

/** Everything that a person's line depends on. */
function aboutLine(person) {
  const { display_name, role, service_type, is_muted, is_client_muted, is_video_muted, transfer_supported } = person;
  return JSON.stringify([display_name, role, service_type, is_muted, is_client_muted, is_video_muted, transfer_supported]);
}

function rosterLine(person) {
  const isMe = person.uuid === client.me;
  const waiting = person.service_type === "waiting_room";
  const about = [
    isMe ? "you" : person.role === "chair" ? "host" : "guest",
    waiting && "waiting",
    person.is_muted === "YES" && "muted by host",
    person.is_client_muted && "microphone off",
    person.is_video_muted && "camera off",
  ].filter(Boolean);
  const line = element("li", { className: waiting ? "waiting" : "" }, element("span", { className: "who" }, person.display_name, element("small", {}, about.join(", "))));
  line.dataset.uuid = person.uuid;
  line.dataset.about = aboutLine(person);
  if (isMe) return line;
  const actions = element("span", { className: "actions" });
  if (waiting) actions.append(actionButton(person, "admit", "unlock", "Admit", "primary small"));
  else if (person.is_muted === "YES") actions.append(actionButton(person, "mute", "unmute", "Unmute", "small"));
  else actions.append(actionButton(person, "mute", "mute", "Mute", "small"));
  if (!waiting && person.transfer_supported === "YES") actions.append(moveButton(person));
  actions.append(actionButton(person, "remove", "disconnect", "Remove", "danger small"));
  line.append(actions);
  return line;
}

function actionButton(person, name, action, text, className) {
  const button = element("button", { id: `${name}-${person.uuid}`, className, type: "button" }, text);
  button.dataset[name] = person.uuid;
  button.addEventListener("click", () => attempt(client.act(person.uuid, action)));
  return button;
}

function moveButton(person) {
  const button = element("button", { id: `move-${person.uuid}`, className: "small", type: "button", title: "To another room" }, "Move");
  button.dataset.move = person.uuid;
  button.addEventListener("click", () => {
    const room = prompt(`Move ${person.display_name} to which room?`)?.trim();
    if (room) attempt(client.act(person.uuid, "transfer", { role: "guest", conference_alias: room }));
  });
  return button;
}

/** The participant whose camera the arrows steer: the guest in the call who allows it. */
function steerable() {
  const others = [...(client?.participants.values() ?? [])].filter((p) => p.uuid !== client.me);
  return others.find((p) => p.service_type !== "waiting_room" && p.fecc_supported === "YES");
}

function steerCamera(action, axis, direction, timeout) {
  const person = steerable();
  if (person) attempt(client.act(person.uuid, "fecc", { action, target: person.uuid, movement: [{ axis, direction }], timeout }));
}

function showConference() {
  $("lock").textContent = client.conference.locked ? "Unlock room" : "Lock room";
}

function showMessage(origin, text) {
  const line = element("li", {}, element("b", {}, origin), text);
  $("chat-log").append(line);
  line.scrollIntoView({ block: "nearest" });
}

function showSwitch(id, on, name) {
  $(id).setAttribute("aria-pressed", String(on));
  $(id).textContent = `${name} ${on ? "on" : "off"}`;
}

// Actions

async function attempt(promise) {
  try {
    await promise;
    return true;
  } catch (error) {
    showTrouble(explain(error));
    setTimeout(() => client && showTrouble(""), 4000);
    return false;
  }
}

function flip(id, name, act) {
  $(id).addEventListener("click", () => {
    const on = $(id).getAttribute("aria-pressed") !== "true";
    showSwitch(id, on, name);
    attempt(act(on));
  });
}

$("join-form").addEventListener("submit", (event) => {
  event.preventDefault();
  join();
});
$("chat-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("chat-text").value.trim();
  if (!text || !(await attempt(client.say(text)))) return;
  $("chat-text").value = "";
  showMessage("You", text);
});
followCameraControl($("camera-control"), steerCamera);
flip("toggle-mic", "Microphone", (on) => client.setMicrophone(on));
flip("toggle-camera", "Camera", (on) => {
  $("self-frame").classList.toggle("off", !on);
  return client.setCamera(on);
});
$("lock").addEventListener("click", () => attempt(client.actOnRoom(client.conference.locked ? "unlock" : "lock")));
$("end-all").addEventListener("click", () => attempt(client.actOnRoom("disconnect")));
$("leave").addEventListener("click", async () => {
  await client.leave();
  finish("");
});
addEventListener("pagehide", () => client?.leaveAtOnce());

$("name").value = query.get("name") ?? "Clinician";
$("room").value = query.get("room") ?? DEFAULT_ROOM;
$("pin").value = query.get("pin") ?? "";
if (query.get("join") === "1") join();
