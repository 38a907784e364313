// The tablet's page: shows one screen at a time, and meets the server whenever it can.
import "./teams.css";
import { CityClock } from "../scanner/clock";
import { App, type Site } from "./app";
import type { Place } from "./dossiers";
import { Server } from "./door";
import { consentScreen } from "./screens/consent";
import type { Desk } from "./screens/frame";
import { homeScreen } from "./screens/home";
import { personScreen } from "./screens/person";
import { reviewScreen } from "./screens/review";
import { stepScreen } from "./screens/step";
import { Store } from "./store";
import type { Dossier } from "./types";
import { TEXTS } from "./words";

interface Open {
  readonly dossier: Dossier;
  readonly place: Place;
}

class Page {
  readonly app: App;
  private open: Open | null = null;

  constructor(
    private readonly root: HTMLElement,
    site: Site,
    store: Store,
    zone: string,
  ) {
    this.app = new App(site, store, new Server(site.root), new CityClock(zone), () => this.renew());
  }

  async begin(): Promise<void> {
    this.part("language").addEventListener("click", () => void this.switchLanguage());
    await this.app.begin();
    this.draw();
    this.root.dataset.ready = "true";
    await this.app.meet();
  }

  private part(name: string): HTMLElement {
    const found = this.root.querySelector<HTMLElement>(`[data-part="${name}"]`);
    if (!found) throw new Error(`the page has no part ${name}`);
    return found;
  }

  /** Something changed behind the page: a form that is being filled in stays as it is. */
  private renew(): void {
    this.bar();
    if (!this.open) this.fill();
  }

  private go(dossier: Dossier, place: Place): void {
    this.open = { dossier, place };
    this.draw();
  }

  private home(): void {
    this.open = null;
    this.draw();
  }

  /** Show another screen, from its top, where a screen reader begins too. */
  private draw(): void {
    this.part("main").querySelector("[data-scanning]")?.dispatchEvent(new Event("leave"));
    this.bar();
    this.fill();
    window.scrollTo(0, 0);
    this.part("main").querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
  }

  private fill(): void {
    const screen = this.open ? this.dossierScreen(this.open) : null;
    const typing = document.activeElement?.id === "find" ? (document.activeElement as HTMLInputElement).value : null;
    if (!screen) this.open = null;
    this.part("main").replaceChildren(...(screen ?? homeScreen(this.app, { open: (dossier) => this.reopen(dossier), again: () => this.draw() })));
    if (typing !== null) this.typeOn(typing);
  }

  /** The list is drawn anew while somebody searches: what they typed stays. */
  private typeOn(text: string): void {
    const find = document.getElementById("find") as HTMLInputElement | null;
    if (!find) return;
    find.value = text;
    find.dispatchEvent(new Event("input"));
    find.focus();
  }

  private reopen(dossier: Dossier): void {
    const place = this.app.placeOf(dossier);
    if (place !== null) this.go(dossier, place);
  }

  private dossierScreen({ dossier, place }: Open): HTMLElement[] | null {
    const service = this.app.serviceOf(dossier);
    if (!service || !this.app.member) return null;
    const desk: Desk = {
      app: this.app,
      dossier,
      service,
      go: (changed, next) => this.go(changed, next),
      home: () => this.home(),
    };
    if (place === "consent") return consentScreen(desk);
    if (place === "person") return personScreen(desk);
    return place === "review" ? reviewScreen(desk) : stepScreen(desk, place);
  }

  private bar(): void {
    const { say, language } = this.app;
    document.documentElement.lang = language;
    document.title = say(TEXTS.title);
    this.part("title").textContent = say(TEXTS.title);
    const chip = this.part("chip");
    chip.textContent = say(navigator.onLine ? TEXTS.online : TEXTS.offline);
    chip.className = navigator.onLine ? "chip chip--good" : "chip chip--away";
    const other = this.part("language");
    other.lang = language === "vi" ? "en" : "vi";
    other.setAttribute("aria-label", say(TEXTS.language));
    other.textContent = other.lang.toUpperCase();
  }

  private async switchLanguage(): Promise<void> {
    await this.app.speak(this.app.language === "vi" ? "en" : "vi");
    this.draw();
  }
}

const page = document.querySelector<HTMLElement>('[data-part="page"]');
if (page) {
  const { worker, scope, root = "", signIn = "", keptDays, tolerance, zone } = page.dataset;
  if ("serviceWorker" in navigator && worker) void navigator.serviceWorker.register(worker, { scope: scope ?? "./" });
  const site: Site = { root, signIn, keptDays: Number(keptDays), toleranceSeconds: Number(tolerance) };
  // Asked for, so that the browser does not clear away what waits when room is short.
  void navigator.storage?.persist?.();
  void Store.open().then((store) => new Page(page, site, store, zone ?? "UTC").begin());
}
