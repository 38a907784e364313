// The scanner's page: wires camera, picture and typed code to the judge, and the judge to the view.
import "./scanner.css";
import { Camera, CameraNotAllowed } from "./camera";
import { CityClock } from "./clock";
import { readQr } from "./decode";
import { CLOCK_TOLERANCE, judge, type Holdings } from "./judge";
import { Store } from "./store";
import { holdings, refresh, send, type Session, type Site } from "./sync";
import { FileRefused } from "./trust";
import { View } from "./view";
import { TEXTS } from "./words";

const REFRESH_EVERY_MS = 5 * 60_000;
const SEEN_WITHIN_MS = 30 * 60_000;

class Scanner {
  private readonly view: View;
  private readonly camera: Camera;
  private held: Holdings | null = null;
  private session: Session | null = null;
  private sending = false;
  private text = "";
  /** Draws the last answer again, in the language of the moment. */
  private showAnswer: () => void = () => undefined;

  constructor(
    page: HTMLElement,
    private readonly site: Site,
    private readonly store: Store,
    private readonly clock: CityClock,
  ) {
    this.view = new View(page, clock);
    this.camera = new Camera(this.view.part<HTMLVideoElement>("video"));
  }

  async begin(): Promise<void> {
    this.view.speak((await this.store.get("language")) ?? (document.documentElement.lang === "en" ? "en" : "vi"));
    this.view.part<HTMLInputElement>("checkpoint").value = (await this.store.get("checkpoint")) ?? "";
    this.listen();
    await this.reload();
    this.view.part("page").dataset.ready = "true";
    await this.update();
    setInterval(() => void this.update(), REFRESH_EVERY_MS);
    addEventListener("online", () => void this.update());
  }

  private listen(): void {
    const on = (name: string, event: string, act: () => unknown) =>
      this.view.part(name).addEventListener(event, () => void act());
    on("start", "click", () => this.watch());
    on("stop", "click", () => this.stopCamera());
    on("next", "click", () => this.next());
    on("update", "click", () => this.update());
    on("again", "click", () => this.again());
    on("language", "click", () => this.switchLanguage());
    on("checkpoint", "change", () => this.store.set("checkpoint", this.checkpoint()));
    on("picture", "change", () => this.picture());
    this.view.part("typed").addEventListener("submit", (event) => {
      event.preventDefault();
      // A scanner app that copies the text may add a line break; inside a pass there is none.
      void this.check(this.view.part<HTMLTextAreaElement>("code").value.replace(/[\r\n]+/g, ""));
    });
  }

  private async watch(): Promise<void> {
    this.view.note(null);
    this.view.part("finder").classList.add("finder--live");
    try {
      const text = await this.camera.watch();
      if (text !== null) await this.check(text);
    } catch (fault) {
      if (!(fault instanceof CameraNotAllowed)) throw fault;
      this.view.note(TEXTS.noCamera);
    } finally {
      this.stopCamera();
    }
  }

  private stopCamera(): void {
    this.camera.stop();
    this.view.part("finder").classList.remove("finder--live");
  }

  private async picture(): Promise<void> {
    const input = this.view.part<HTMLInputElement>("picture");
    const file = input.files?.[0];
    if (!file) return;
    this.view.note(null);
    const text = await readQr(file).catch(() => null);
    input.value = "";
    if (text === null) this.view.note(TEXTS.noQr);
    else await this.check(text);
  }

  /** Judge a text, show the answer, and keep the scan to be sent. */
  private async check(text: string): Promise<void> {
    if (!text) return;
    this.text = text;
    const at = new Date();
    this.held ??= await holdings(this.store, this.site);
    const judgement = await judge(text, this.held, at.getTime() / 1000, this.clock.hour(at));
    this.showFreshness(this.held);
    const before = (await this.store.scans())
      .filter((scan) => scan.text === text && at.getTime() - Date.parse(scan.scannedAt) < SEEN_WITHIN_MS)
      .sort((one, other) => one.scannedAt.localeCompare(other.scannedAt))
      .at(-1);
    const layouts = (await this.store.get("layouts")) ?? [];
    const seenAt = before && judgement.pass ? new Date(before.scannedAt) : null;
    this.showAnswer = () => this.view.answer(judgement, layouts, at, seenAt);
    this.showAnswer();
    this.view.show("answer");
    navigator.vibrate?.(judgement.answer === "valid" ? 80 : [180, 90, 180]);
    if (judgement.reason === "not_a_pass") return;
    await this.store.addScan({
      key: crypto.randomUUID(),
      text,
      scannedAt: at.toISOString(),
      answer: judgement.answer,
      reason: judgement.reason,
      checkpoint: this.checkpoint(),
    });
    await this.showQueue();
    if (navigator.onLine) await this.send();
  }

  /** Meet the server and judge the same text again. */
  private async again(): Promise<void> {
    const button = this.view.part<HTMLButtonElement>("again");
    button.disabled = true;
    await this.update();
    button.disabled = false;
    await this.check(this.text);
  }

  private next(): void {
    this.view.part<HTMLTextAreaElement>("code").value = "";
    this.view.show("scan");
    void this.watch();
  }

  /** Meet the server, if it can be reached; what is stored stays in use otherwise. */
  private async update(): Promise<void> {
    const button = this.view.part<HTMLButtonElement>("update");
    const outcome = this.view.part("outcome");
    button.disabled = true;
    outcome.textContent = this.view.say(TEXTS.updating);
    try {
      this.session = await refresh(this.store, this.site);
      outcome.textContent = this.view.say(TEXTS.updated);
      await this.send();
    } catch (fault) {
      if (!(fault instanceof TypeError) && !(fault instanceof FileRefused)) throw fault;
      outcome.textContent = this.view.say(fault instanceof FileRefused ? TEXTS.refused : TEXTS.offline);
    } finally {
      button.disabled = false;
      await this.reload();
    }
  }

  private async send(): Promise<void> {
    // One sending at a time; what was scanned meanwhile goes with the next.
    if (!this.session || this.sending) return;
    this.sending = true;
    try {
      const outcome = await send(this.store, this.site, this.session);
      if (outcome === "sign_in") this.session = { ...this.session, inspector: false };
    } catch (fault) {
      // Without a network the scans wait.
      if (!(fault instanceof TypeError)) throw fault;
    } finally {
      this.sending = false;
    }
    await this.showQueue();
  }

  private async reload(): Promise<void> {
    this.held = await holdings(this.store, this.site);
    this.showFreshness(this.held);
    await this.showQueue();
  }

  private showFreshness({ bundle, status, clockError, listHours, keysHours }: Holdings): void {
    const now = Date.now() / 1000;
    const listAge = status ? Math.max(0, now - status.issuedAt) : null;
    const keysAge = bundle ? Math.max(0, now - bundle.issuedAt) : null;
    const newest = Math.max(bundle?.issuedAt ?? 0, status?.issuedAt ?? 0);
    const behind = now < newest - CLOCK_TOLERANCE;
    const clockGood = clockError === null ? null : Math.abs(clockError) <= CLOCK_TOLERANCE && !behind;
    const fresh = listAge !== null && listAge <= listHours * 3600 && keysAge !== null && keysAge <= keysHours * 3600;
    this.view.freshness({ listAge, keysAge, clockGood, good: fresh && clockGood !== false });
  }

  private async showQueue(): Promise<void> {
    const count = (await this.store.scans()).length;
    this.view.waiting(count, this.session !== null && !this.session.inspector);
  }

  private async switchLanguage(): Promise<void> {
    const language = this.view.language === "vi" ? "en" : "vi";
    await this.store.set("language", language);
    this.view.speak(language);
    this.view.part("outcome").textContent = "";
    this.view.note(null);
    this.showAnswer();
    await this.reload();
  }

  private checkpoint(): string {
    return this.view.part<HTMLInputElement>("checkpoint").value.trim().slice(0, 80);
  }
}

function siteOf(page: HTMLElement): Site {
  const { published, layouts, session, scans, listHours, keysHours } = page.dataset;
  const address = (value: string | undefined) => value ?? "";
  return {
    published: new URL(address(published), location.href).href,
    layouts: address(layouts),
    session: address(session),
    scans: address(scans),
    listHours: Number(listHours),
    keysHours: Number(keysHours),
  };
}

const page = document.querySelector<HTMLElement>('[data-part="page"]');
if (page) {
  if ("serviceWorker" in navigator && page.dataset.worker) {
    void navigator.serviceWorker.register(page.dataset.worker, { scope: page.dataset.scope ?? "./" });
  }
  const clock = new CityClock(page.dataset.zone ?? "UTC");
  void Store.open().then((store) => new Scanner(document.body, siteOf(page), store, clock).begin());
}
