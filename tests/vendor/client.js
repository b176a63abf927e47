// Drives the platform vendor's browser client, as its own web app would; `window.vendor` is what the tests work.
import {
    ClientCallType, createCallSignals, createInfinityClient, createInfinityClientSignals, setLogger,
} from '@pexip/infinity';

const HEARD = ['onConnected', 'onAuthenticatedWithConference', 'onTokenRefreshed', 'onPinRequired', 'onIdp',
    'onRedirect', 'onExtension', 'onError', 'onFailedRequest', 'onDisconnected', 'onMessage', 'onServiceType',
    'onConferenceStatus', 'onTransfer', 'onLiveCaptions', 'onFecc', 'onRaiseHand', 'onCallDisconnected', 'onMyselfMuted'];
const HEARD_OF_CALL = ['onCallConnected', 'onReconnecting', 'onReconnected', 'onPresentationConnectionChange'];

const plain = value => value === undefined ? null : JSON.parse(JSON.stringify(value));

/** A camera in front of one colour with a hand that moves, 15 pictures a second. */
function camera(colour, width = 320, height = 240) {
    const canvas = Object.assign(document.createElement('canvas'), {width, height});
    const pen = canvas.getContext('2d');
    let step = 0;
    const paint = () => {
        pen.fillStyle = colour;
        pen.fillRect(0, 0, width, height);
        pen.fillStyle = 'white';
        pen.fillRect(width / 2 + (step++ % 20), height - 20, 10, 10);
    };
    paint();
    setInterval(paint, 66);
    return canvas.captureStream(15).getVideoTracks()[0];
}

/** A microphone that hears one tone. */
function microphone(hz) {
    const context = new AudioContext();
    const tone = new OscillatorNode(context, {frequency: hz});
    const level = new GainNode(context, {gain: 0.25});
    const out = new MediaStreamAudioDestinationNode(context);
    tone.connect(level).connect(out);
    tone.start();
    return out.stream.getAudioTracks()[0];
}

/** The colour in the upper left quarter of a video, or null while it has no picture. */
function colourOf(video) {
    if (!video.videoWidth) return null;
    const canvas = Object.assign(document.createElement('canvas'), {width: 16, height: 16});
    const pen = canvas.getContext('2d');
    pen.drawImage(video, 0, 0, 16, 16);
    return [...pen.getImageData(3, 3, 1, 1).data.slice(0, 3)];
}

/** The loudest frequency of a stream's sound in Hz, and its level in dB. */
class Ear {
    constructor(stream) {
        const context = new AudioContext({sampleRate: 48000});
        this.analyser = new AnalyserNode(context, {fftSize: 8192, smoothingTimeConstant: 0});
        new MediaStreamAudioSourceNode(context, {mediaStream: stream}).connect(this.analyser);
    }

    loudest() {
        const bins = new Float32Array(this.analyser.frequencyBinCount);
        this.analyser.getFloatFrequencyData(bins);
        const bin = bins.reduce((best, level, index) => level > bins[best] ? index : best, 0);
        return [bin * 48000 / 8192, Math.max(bins[bin], -200)];
    }
}

class Vendor {
    heard = [];      // [name, value] of every signal, in order
    problems = [];   // what the client itself logs as errors, thrown validation errors among them
    requests = [];   // paths of every request, in order

    constructor() {
        setLogger({
            debug() {}, info() {}, trace() {}, addRedactPattern() {}, redact: text => text,
            warn() {},
            error: (meta, message) => this.problems.push(`${message ?? ''} ${meta?.error?.stack ?? JSON.stringify(meta)}`),
        });
        const fetch = window.fetch.bind(window);
        window.fetch = (input, init) => {
            this.requests.push(new URL(input, location.href).pathname.replace(/.*\/conferences\/[^/]+\//, ''));
            return fetch(input, init);
        };
        this.signals = createInfinityClientSignals([], {batchScheduleTimeoutMS: 20, batchBufferSize: 10});
        this.callSignals = createCallSignals([]);
        for (const name of HEARD) this.signals[name].add(value => this.heard.push([name, plain(value)]));
        for (const name of HEARD_OF_CALL) this.callSignals[name].add(value => this.heard.push([name, plain(value)]));
        this.callSignals.onRemoteStream.add(stream => this.show('remote', stream));
        this.callSignals.onRemotePresentationStream.add(stream => this.show('slides', stream));
        this.client = createInfinityClient(this.signals, this.callSignals);
    }

    show(id, stream) {
        document.getElementById(id).srcObject = stream;
        if (id === 'remote' && stream.getAudioTracks().length) this.ear = new Ear(stream);
    }

    /** Join; what request_token answered. */
    async join({alias, name, colour = 'gray', hz = 0, callType = 'AudioVideoPresentation', ...rest}) {
        this.me = {alias, displayName: name};
        const tracks = [];
        if (hz) tracks.push(microphone(hz));
        if (callType.includes('Video')) tracks.push(camera(colour));
        this.stream = new MediaStream(tracks);
        const answer = await this.client.call({
            conferenceAlias: alias, displayName: name, bandwidth: 1500, mediaStream: this.stream,
            callType: ClientCallType[callType], directMedia: false, clientId: 'vendor-test', supportsDirectChat: true,
            ...rest,
        });
        return [answer.status, plain(answer.data.result)];
    }

    present(colour) { this.client.present(new MediaStream([camera(colour, 800, 600)])); }

    people() {
        return plain(this.client.getParticipants('main').map(({rawData, ...person}) => person));
    }

    person(name) { return this.people().find(person => person.displayName === name) ?? null; }

    last(name) { return this.heard.findLast(([heard]) => heard === name)?.[1] ?? null; }

    times(name) { return this.heard.filter(([heard]) => heard === name).length; }

    sees(id = 'remote') { return colourOf(document.getElementById(id)); }

    hears() { return this.ear ? this.ear.loudest() : [0, -200]; }
}

window.vendor = new Vendor();
