// The level of a stream's sound, drawn into an element: custom property --level (0 to 1), and for whoever wants to
// measure, data-level and data-peak-hz (the loudest frequency).

const FFT_SIZE = 4096;
const INTERVAL_MS = 80;
const FLOOR_DB = -60;

export class Meter {
  #context;
  #analyser;
  #source = null;
  #timer = 0;

  constructor(element) {
    this.element = element;
  }

  follow(stream) {
    if (stream.getAudioTracks().length === 0) return;
    if (!this.#context) {
      this.#context = new AudioContext();
      this.#analyser = new AnalyserNode(this.#context, { fftSize: FFT_SIZE, smoothingTimeConstant: 0.3 });
      addEventListener("pointerdown", () => this.#context.resume(), { once: true });
      this.#timer = setInterval(() => this.#measure(), INTERVAL_MS);
    }
    this.#source?.disconnect();
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#source.connect(this.#analyser);
  }

  stop() {
    clearInterval(this.#timer);
    this.#context?.close();
    this.#context = undefined;
    this.#source = null;
    this.element.style.setProperty("--level", "0");
    this.element.dataset.level = "0";
    this.element.dataset.peakHz = "0";
  }

  #measure() {
    const samples = new Float32Array(FFT_SIZE);
    this.#analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / FFT_SIZE;
    const level = Math.min(1, Math.max(0, 1 - (10 * Math.log10(power + 1e-12)) / FLOOR_DB));
    const spectrum = new Float32Array(this.#analyser.frequencyBinCount);
    this.#analyser.getFloatFrequencyData(spectrum);
    const peak = spectrum.reduce((best, value, index) => (value > spectrum[best] ? index : best), 1);
    this.element.style.setProperty("--level", level.toFixed(3));
    this.element.dataset.level = level.toFixed(3);
    this.element.dataset.peakHz = level > 0 ? Math.round((peak * this.#context.sampleRate) / FFT_SIZE) : 0;
  }
}
