// A participant of a room, in a browser: the client API and one peer connection.
//
// Events (CustomEvent, details in brackets): "roster", "conference", "message" {origin, payload}, "state" {text},
// "remote" {stream}, "ended" {reason}.

const CLIENT_ID = "clinic-page";
const REASON_RESTART = "Signaling node disconnected";
const REOPEN_FIRST_MS = 100;
const REOPEN_LAST_MS = 5000;

export class Refused extends Error {
  constructor(status, result) {
    super(typeof result === "string" ? result : `refused (${status})`);
    this.status = status;
    this.result = result;
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class RoomClient extends EventTarget {
  #base;
  #who = {};
  #token = "";
  #tokenLifetimeMs = 120000;
  #left = new AbortController();
  #pc = null;
  #callId = "";
  #refreshTimer = 0;
  #muted = false;
  #videoMuted = false;
  #isCalling = false;

  constructor(alias, stream) {
    super();
    this.#base = `/api/client/v2/conferences/${encodeURIComponent(alias)}`;
    this.stream = stream;
    this.me = "";
    this.role = "";
    this.participants = new Map();
    this.conference = {};
  }

  get isLeft() {
    return this.#left.signal.aborted;
  }

  async join(displayName, pin) {
    this.#who = { displayName, pin };
    await this.#enter();
    this.#followEvents();
    await this.#call();
  }

  async #enter() {
    const { displayName, pin } = this.#who;
    const body = { display_name: displayName, direct_media: false, client_id: CLIENT_ID };
    this.#token = "";
    let result;
    try {
      result = await this.#post("request_token", body, pin ? { pin } : {});
    } catch (error) {
      if (pin || error.result?.guest_pin !== "none") throw error;
      result = await this.#post("request_token", body, { pin: "none" });
    }
    this.#keep(result);
    this.me = result.participant_uuid;
    this.role = result.role;
    this.#planRefresh();
  }

  /** The room has forgotten us (its server was restarted): go in again, as often as it takes. */
  async #enterAgain() {
    clearTimeout(this.#refreshTimer);
    for (let delayMs = REOPEN_FIRST_MS; !this.isLeft; delayMs = Math.min(delayMs * 2, REOPEN_LAST_MS)) {
      try {
        await this.#enter();
        this.#callAgain();
        return;
      } catch (error) {
        if (error instanceof Refused) return this.#end(error.message);
        await pause(delayMs);
      }
    }
  }

  async leave(reason = "User initiated disconnect") {
    if (this.isLeft) return;
    this.#left.abort();
    clearTimeout(this.#refreshTimer);
    this.#pc?.close();
    const quietly = (promise) => promise.catch(() => undefined);
    if (this.#callId) await quietly(this.#post(`${this.#myself}/calls/${this.#callId}/disconnect`));
    await quietly(this.#post("release_token", { reason }));
  }

  /** For a page that is being closed: no answer can be awaited. */
  leaveAtOnce() {
    if (this.#token && !this.isLeft) {
      navigator.sendBeacon(`${this.#base}/release_token?token=${encodeURIComponent(this.#token)}`);
      this.#left.abort();
    }
  }

  say(text) {
    return this.#post("message", { type: "text/plain", payload: text });
  }

  /** admit: "unlock"; also "mute", "unmute", "disconnect"; "transfer" and "fecc" with a body. */
  act(uuid, action, body) {
    return this.#post(`participants/${uuid}/${action}`, body);
  }

  /** "lock", "unlock", "disconnect" (ends the meeting for all). */
  actOnRoom(action) {
    return this.#post(action);
  }

  setMicrophone(on) {
    this.#muted = !on;
    for (const track of this.stream.getAudioTracks()) track.enabled = on;
    return this.#post(`${this.#myself}/${on ? "client_unmute" : "client_mute"}`);
  }

  setCamera(on) {
    this.#videoMuted = !on;
    for (const track of this.stream.getVideoTracks()) track.enabled = on;
    return this.#post(`${this.#myself}/${on ? "video_unmuted" : "video_muted"}`);
  }

  get #myself() {
    return `participants/${this.me}`;
  }

  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  async #post(path, body, headers = {}) {
    const options = { method: "POST", headers: { ...headers } };
    if (this.#token) options.headers.token = this.#token;
    if (body !== undefined) {
      options.headers["Content-Type"] = "application/json";
      options.body = JSON.stringify(body);
    }
    const response = await fetch(`${this.#base}/${path}`, options);
    const { result } = await response.json();
    if (!response.ok) throw new Refused(response.status, result);
    return result;
  }

  #keep({ token, expires }) {
    this.#token = token;
    this.#tokenLifetimeMs = Number(expires) * 1000;
  }

  #planRefresh(delayMs = this.#tokenLifetimeMs / 3) {
    this.#refreshTimer = setTimeout(async () => {
      if (this.isLeft) return;
      try {
        this.#keep(await this.#post("refresh_token"));
        this.#planRefresh();
      } catch (error) {
        // 403: the event stream will be told the same, and goes in again.
        if (error.status !== 403) this.#planRefresh(2000);
      }
    }, delayMs);
  }

  #end(reason) {
    if (this.isLeft) return;
    this.leave(reason);
    this.#emit("ended", { reason });
  }

  // events

  async #followEvents() {
    let delayMs = REOPEN_FIRST_MS;
    while (!this.isLeft) {
      try {
        const response = await fetch(`${this.#base}/events`, {
          headers: { token: this.#token, Accept: "text/event-stream" },
          signal: this.#left.signal,
        });
        if (response.status === 403) {
          await this.#enterAgain();
          continue;
        }
        if (response.ok) {
          delayMs = REOPEN_FIRST_MS;
          await this.#readRecords(response.body.pipeThrough(new TextDecoderStream()).getReader());
        }
      } catch {
        // The connection broke; it is opened again below.
      }
      if (this.isLeft) return;
      this.#emit("state", { text: "Connection lost, reconnecting …" });
      await pause(delayMs);
      delayMs = Math.min(delayMs * 2, REOPEN_LAST_MS);
    }
  }

  async #readRecords(reader) {
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      text += value;
      const records = text.split("\n\n");
      text = records.pop();
      for (const record of records) {
        const field = (name) => record.split("\n").find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
        if (field("event")) this.#receive(field("event"), JSON.parse(field("data") ?? "null"));
      }
    }
  }

  #receive(event, data) {
    if (this.isLeft) return;
    switch (event) {
      case "participant_sync_begin":
        this.participants.clear();
        break;
      case "participant_create":
      case "participant_update":
        this.participants.set(data.uuid, data);
        this.#emit("roster");
        break;
      case "participant_delete":
        this.participants.delete(data.uuid);
        this.#emit("roster");
        break;
      case "participant_sync_end":
        this.#emit("roster");
        this.#emit("state", { text: "" });
        break;
      case "conference_update":
        this.conference = data;
        this.#emit("conference");
        break;
      case "message_received":
        if (data.type.split(";")[0] === "text/plain") this.#emit("message", data);
        break;
      case "call_disconnected":
        this.#callAgain();
        break;
      case "refresh_token":
        clearTimeout(this.#refreshTimer);
        this.#planRefresh(0);
        break;
      case "disconnect":
        if (data.reason !== REASON_RESTART) this.#end(data.reason);
        break;
    }
  }

  // media

  async #call() {
    const pc = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    this.#pc = pc;
    this.#callId = "";
    const candidates = [];
    const remote = new MediaStream();
    for (const kind of ["audio", "video"]) {
      const track = this.stream.getTracks().find((candidate) => candidate.kind === kind);
      pc.addTransceiver(track ?? kind, { direction: track ? "sendrecv" : "recvonly", streams: [this.stream] });
    }
    pc.ontrack = ({ track }) => {
      remote.addTrack(track);
      this.#emit("remote", { stream: remote });
    };
    pc.onconnectionstatechange = () => {
      if (pc === this.#pc && pc.connectionState === "failed") this.#callAgain();
    };
    let send = (candidate) => candidates.push(candidate);
    pc.onicecandidate = ({ candidate }) =>
      send({
        candidate: candidate?.candidate ?? "",
        mid: candidate?.sdpMid ?? "0",
        ...(candidate?.usernameFragment && { ufrag: candidate.usernameFragment }),
      });
    await pc.setLocalDescription(await pc.createOffer());
    const { call_uuid: callId, sdp } = await this.#post(`${this.#myself}/calls`, {
      call_type: "WEBRTC",
      sdp: pc.localDescription.sdp,
      media_type: "video",
      fecc_supported: false,
    });
    this.#callId = callId;
    send = (candidate) =>
      this.#post(`${this.#myself}/calls/${callId}/new_candidate`, candidate).catch(() => undefined);
    await pc.setRemoteDescription({ type: "answer", sdp });
    candidates.forEach(send);
    await this.#post(`${this.#myself}/calls/${callId}/ack`, {});
    // A new call starts with the switches as they were.
    if (this.#muted) await this.setMicrophone(false);
    if (this.#videoMuted) await this.setCamera(false);
  }

  async #callAgain() {
    if (this.#isCalling) return;
    this.#isCalling = true;
    this.#pc?.close();
    for (let delayMs = REOPEN_FIRST_MS; !this.isLeft; delayMs = Math.min(delayMs * 2, REOPEN_LAST_MS)) {
      this.#emit("state", { text: "Picture and sound are being restored …" });
      try {
        await this.#call();
        this.#emit("state", { text: "" });
        break;
      } catch {
        await pause(delayMs);
      }
    }
    this.#isCalling = false;
  }
}
