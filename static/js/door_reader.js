// Reads the codes of a picture: by the browser's own detector, else by one that is fetched when the
// camera is first asked for.
(() => {
  "use strict";
  const SOUGHT = { formats: ["QRCode"], maxNumberOfSymbols: 1 };
  const NEARER = 2;

  const sizeOf = (picture) => [picture.videoWidth ?? picture.width, picture.videoHeight ?? picture.height];

  const ownReader = async () => {
    const formats = await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []);
    if (!formats?.includes("qr_code")) return null;
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (picture) => (await detector.detect(picture)).map(({ rawValue }) => rawValue);
  };

  const script = (address) => new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = address;
    element.onload = resolve;
    element.onerror = () => reject(new Error(address));
    document.head.append(element);
  });
  // A code that is far away, or half in shadow, is read in the middle of the picture at twice its
  // size: looked at in turns, so that no look takes longer for it.
  const fetchedReader = async ({ reader, wasm, onFetched }) => {
    if (!globalThis.ZXingWASM) await script(reader);
    const { prepareZXingModule, readBarcodes } = globalThis.ZXingWASM;
    await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
    onFetched?.();
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true });
    let isNear = false;
    return async (picture) => {
      const [wide, high] = sizeOf(picture);
      const share = isNear ? 1 / NEARER : 1;
      canvas.width = wide;
      canvas.height = high;
      context.drawImage(
        picture, (wide * (1 - share)) / 2, (high * (1 - share)) / 2, wide * share, high * share, 0, 0, wide, high,
      );
      const found = await readBarcodes(context.getImageData(0, 0, wide, high), SOUGHT);
      const texts = found.filter(({ isValid }) => isValid).map(({ text }) => text);
      if (texts.length === 0) isNear = !isNear;
      return texts;
    };
  };

  const makeReader = async (where) => (await ownReader()) ?? fetchedReader(where);

  globalThis.lpDoor = { ...globalThis.lpDoor, makeReader };
})();
