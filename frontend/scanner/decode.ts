// Finds a QR in a picture: zxing compiled to WebAssembly, served from our own site.
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";

prepareZXingModule({ overrides: { locateFile: () => new URL(wasm, import.meta.url).href } });

const CAREFUL = { formats: ["QRCode" as const], maxNumberOfSymbols: 1, tryHarder: true };
const QUICK = { ...CAREFUL, tryHarder: false, tryInvert: false };

/** Read the text of a QR, or null. */
export async function readQr(picture: Blob | ImageData, quickly = false): Promise<string | null> {
  const [found] = await readBarcodes(picture, quickly ? QUICK : CAREFUL);
  return found?.isValid ? found.text : null;
}
