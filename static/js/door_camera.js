// The camera of whoever stands at the door, and each code that is held in front of it.
(() => {
  "use strict";
  const part = document.querySelector("[data-door-camera]");
  if (!part || !navigator.mediaDevices) return;
  const PAUSE = 120;
  const AGAIN_AFTER = 4000;
  // Codes are read further away than in the 640 × 480 that most cameras give unasked.
  const WANTED = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
  const MISSING = ["NotFoundError", "OverconstrainedError"];
  const { texts, press, refuseCode, keepFiles, codeIn, makeReader } = globalThis.lpDoor;
  const button = part.querySelector("button");
  const label = button.querySelector(".pkt-btn__text");
  const opening = label.textContent;
  const video = part.querySelector("video");
  const status = part.querySelector("[role=status]");
  let stream = null;
  let read = null;
  let last = { text: "", at: 0 };

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
      if (video.videoWidth) (await read(video)).forEach(tell);
      await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
    }
  };
  const open = async () => {
    label.textContent = texts.cameraClose;
    status.textContent = texts.cameraStarts;
    try {
      const own = await navigator.mediaDevices.getUserMedia({ video: WANTED });
      stream = own;
      own.getTracks().forEach((track) => { track.onended = () => close(texts.cameraFailed); });
      video.srcObject = own;
      video.hidden = false;
      await video.play();
      read ??= await makeReader({ ...part.dataset, onFetched: keepFiles });
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
