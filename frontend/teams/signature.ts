// A field to sign in with a finger, a pen or a mouse; gives a small PNG, black on white.
const WIDTH = 640;
const HEIGHT = 240;
/** A dot or a slip is no signature: so many points of line at least. */
const LEAST_LINE = 80;

export class SignaturePad {
  readonly canvas: HTMLCanvasElement;
  private readonly drawing: CanvasRenderingContext2D;
  private line = 0;
  private last: { x: number; y: number } | null = null;

  constructor(label: string) {
    this.canvas = document.createElement("canvas");
    [this.canvas.width, this.canvas.height] = [WIDTH, HEIGHT];
    this.canvas.id = "signature";
    this.canvas.className = "signature";
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", label);
    const drawing = this.canvas.getContext("2d");
    if (!drawing) throw new Error("no drawing on this device");
    this.drawing = drawing;
    this.clear();
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, () => (this.last = null));
  }

  clear(): void {
    this.line = 0;
    this.last = null;
    this.drawing.fillStyle = "#fff";
    this.drawing.fillRect(0, 0, WIDTH, HEIGHT);
    this.drawing.strokeStyle = "#13272d";
    this.drawing.lineWidth = 4;
    this.drawing.lineCap = "round";
  }

  get isSigned(): boolean {
    return this.line >= LEAST_LINE;
  }

  /** The PNG in Base64. */
  picture(): string {
    return this.canvas.toDataURL("image/png").replace(/^data:image\/png;base64,/, "");
  }

  private begin(event: PointerEvent): void {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.at(event);
  }

  private move(event: PointerEvent): void {
    if (!this.last) return;
    const to = this.at(event);
    this.drawing.beginPath();
    this.drawing.moveTo(this.last.x, this.last.y);
    this.drawing.lineTo(to.x, to.y);
    this.drawing.stroke();
    this.line += Math.hypot(to.x - this.last.x, to.y - this.last.y);
    this.last = to;
  }

  private at(event: PointerEvent): { x: number; y: number } {
    const box = this.canvas.getBoundingClientRect();
    return { x: ((event.clientX - box.left) * WIDTH) / box.width, y: ((event.clientY - box.top) * HEIGHT) / box.height };
  }
}
