// The camera: a live picture, looked at several times a second until a QR is found.
import { readQr } from "./decode";

export class CameraNotAllowed extends Error {}

const EVERY_MS = 120;
const WIDTH = 720;

export class Camera {
  private stream: MediaStream | null = null;
  private wanted = false;

  constructor(private readonly video: HTMLVideoElement) {}

  /** Watch until a QR is found or the camera is stopped (then null). */
  async watch(): Promise<string | null> {
    const stream = await this.start();
    const canvas = document.createElement("canvas");
    const drawing = canvas.getContext("2d", { willReadFrequently: true });
    while (drawing && this.stream === stream) {
      const { videoWidth, videoHeight } = this.video;
      if (videoWidth) {
        canvas.width = Math.min(WIDTH, videoWidth);
        canvas.height = Math.round((videoHeight * canvas.width) / videoWidth);
        drawing.drawImage(this.video, 0, 0, canvas.width, canvas.height);
        const text = await readQr(drawing.getImageData(0, 0, canvas.width, canvas.height), true);
        if (text !== null && this.stream === stream) return text;
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
    return null;
  }

  stop(): void {
    this.wanted = false;
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.video.srcObject = null;
  }

  private async start(): Promise<MediaStream> {
    this.stop();
    this.wanted = true;
    try {
      const wanted = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
      this.stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    } catch (fault) {
      throw new CameraNotAllowed(String(fault));
    }
    const stream = this.stream;
    if (!this.wanted) {
      this.stop();
      return stream;
    }
    this.video.srcObject = stream;
    // Stopped while starting: the loop in watch then ends at once.
    await this.video.play().catch(() => undefined);
    return stream;
  }
}
