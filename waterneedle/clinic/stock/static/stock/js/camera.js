// The camera as a scanner: `[data-camera]` is a button beside the input that a keyboard scanner types into, named by `data-into`.
// What the camera reads is put there, as if it had been typed, with Enter. The browser reads it itself where it can; where it
// cannot, the vendored reader is fetched. No picture leaves the browser.
const KINDS = ["data_matrix", "code_128", "ean_13", "ean_8", "upc_a", "itf", "qr_code"];
const EVERY_MS = 150;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-camera]");
  if (button) (button.camera ?? (button.camera = new Camera(button))).turn();
});

class Camera {
  constructor(button) {
    this.button = button;
    this.panel = document.createElement("div");
    this.panel.className = "camera";
    this.video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
    this.said = document.createElement("p");
    this.said.setAttribute("role", "status");
    this.panel.append(this.video, this.said);
  }

  async turn() {
    if (this.stream) return this.stop();
    this.button.after(this.panel);
    this.button.setAttribute("aria-expanded", "true");
    this.say(this.button.dataset.looking);
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      this.video.srcObject = this.stream;
      await this.video.play();
      this.read = await reader(this.button.dataset);
    } catch {
      this.stop();
      return this.say(this.button.dataset.refused);
    }
    this.look();
  }

  async look() {
    while (this.stream) {
      const code = await this.read(this.video);
      if (code && this.stream) return this.found(code);
      await new Promise((done) => setTimeout(done, EVERY_MS));
    }
  }

  found(code) {
    this.stop();
    const input = document.getElementById(this.button.dataset.into);
    input.value = code;
    input.focus();
    const enter = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
    if (input.dispatchEvent(enter) && !input.form.matches("[data-load]")) input.form.requestSubmit();
  }

  stop() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
    this.button.setAttribute("aria-expanded", "false");
    this.panel.remove();
  }

  say(words) {
    this.said.textContent = words;
    if (!this.panel.isConnected) this.button.after(this.panel);
  }
}

// A function of the video that gives the text of a code in it, or "".
async function reader({ reader, wasm }) {
  const known = (await globalThis.BarcodeDetector?.getSupportedFormats?.()) ?? [];
  if (known.includes("data_matrix")) {
    const detector = new BarcodeDetector({ formats: KINDS.filter((kind) => known.includes(kind)) });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? "";
  }
  const zxing = await vendored(reader, wasm);
  const canvas = document.createElement("canvas");
  const drawn = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    drawn.drawImage(video, 0, 0);
    const found = await zxing.readBarcodes(drawn.getImageData(0, 0, canvas.width, canvas.height), { maxNumberOfSymbols: 1, textMode: "Plain" });
    return found[0]?.text ?? "";
  };
}

let loading;

function vendored(address, wasm) {
  loading ??= new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { src: address, onerror: failed });
    script.onload = () => {
      globalThis.ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => wasm } });
      done(globalThis.ZXingWASM);
    };
    document.head.append(script);
  });
  return loading;
}
