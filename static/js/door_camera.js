// Reads codes with the camera: by the browser's own detector, else by one that is fetched when the
// camera is first asked for.
(() => {
  "use strict";
  const part = document.querySelector("[data-door-camera]");
  if (!part || !navigator.mediaDevices) return;
  const PAUSE = 120;
  const AGAIN_AFTER = 4000;
  const MISSING = ["NotFoundError", "OverconstrainedError"];
  const { texts, press, refuseCode, keepFiles, codeIn } = globalThis.lpDoor;
  const button = part.querySelector("button");
  const label = button.querySelector(".pkt-btn__text");
  const opening = label.textContent;
  const video = part.querySelector("video");
  const status = part.querySelector("[role=status]");
  let stream = null;
  let read = null;
  let last = { text: "", at: 0 };

  const ownDetector = async () => {
    const formats = await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []);
    if (!formats?.includes("qr_code")) return null;
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async () => (await detector.detect(video)).map(({ rawValue }) => rawValue);
  };
  const script = (address) => new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = address;
    element.onload = resolve;
    element.onerror = () => reject(new Error(address));
    document.head.append(element);
  });
  const fetchedDetector = async () => {
    const { reader, wasm } = part.dataset;
    if (!globalThis.ZXingWASM) await script(reader);
    const { prepareZXingModule, readBarcodes } = globalThis.ZXingWASM;
    await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
    keepFiles();
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true });
    return async () => {
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      context.drawImage(video, 0, 0);
      const picture = context.getImageData(0, 0, canvas.width, canvas.height);
      const found = await readBarcodes(picture, { formats: ["QRCode"], maxNumberOfSymbols: 1 });
      return found.filter(({ isValid }) => isValid).map(({ text }) => text);
    };
  };

  const close = (words) => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    video.hidden = true;
    label.textContent = opening;
    status.textContent = words;
  };
  // A code that is held still is one code, not one a picture.
  const tell = (text) => {
    const now = performance.now();
    const isSame = text === last.text && now - last.at < AGAIN_AFTER;
    last = { text, at: now };
    if (isSame) return;
    const code = codeIn(text);
    if (code) press({ code });
    else refuseCode();
  };
  const look = async (own) => {
    while (stream === own) {
      if (video.videoWidth) (await read()).forEach(tell);
      await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
    }
  };
  const open = async () => {
    label.textContent = texts.cameraClose;
    status.textContent = texts.cameraStarts;
    try {
      const own = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      stream = own;
      own.getTracks().forEach((track) => { track.onended = () => close(texts.cameraFailed); });
      video.srcObject = own;
      video.hidden = false;
      await video.play();
      read ??= (await ownDetector()) ?? (await fetchedDetector());
      status.textContent = texts.cameraReads;
      await look(own);
    } catch (error) {
      if (error.name === "NotAllowedError") close(texts.cameraDenied);
      else close(MISSING.includes(error.name) ? texts.cameraMissing : texts.cameraFailed);
    }
  };

  let isOpening = false;
  button.addEventListener("click", async () => {
    if (stream) {
      close("");
      return;
    }
    if (isOpening) return;
    isOpening = true;
    await open();
    isOpening = false;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && stream) close("");
  });
  part.hidden = false;
})();
