// What the tablet knows and does: who is signed in, which dossiers there are, when to meet the server.
import { CityClock } from "../scanner/clock";
import { clockIsWrong, isOver, newDossier, placeOf, queued, type Place } from "./dossiers";
import { Refused, Server } from "./door";
import { after, send } from "./sending";
import type { Store } from "./store";
import type { Catalogue, Dossier, Member, Mine, Service, Words } from "./types";

const MEET_EVERY_MS = 60_000;

export interface Site {
  readonly root: string;
  readonly signIn: string;
  readonly keptDays: number;
  readonly toleranceSeconds: number;
}

/** Whether the server knows us; `unknown` until it was met. */
export type Standing = "unknown" | "in" | "out" | "stranger";

export class App {
  language: "vi" | "en" = "vi";
  member: Member | null = null;
  catalogue: Catalogue | null = null;
  mine: Mine | null = null;
  dossiers: readonly Dossier[] = [];
  standing: Standing = "unknown";
  metAt: number | undefined;
  sending = false;
  justSent: readonly string[] = [];
  private clockError: number | undefined;
  private next: ReturnType<typeof setTimeout> | undefined;
  private meeting: Promise<void> | null = null;

  constructor(
    readonly site: Site,
    readonly store: Store,
    readonly server: Server,
    readonly clock: CityClock,
    /** Called whenever something changed that a page may show. */
    private readonly changed: () => void,
  ) {}

  say = (words: Words, fills: Readonly<Record<string, string>> = {}): string =>
    words[this.language].replace(/\{(\w*)\}/g, (whole, name: string) => fills[name] ?? whole);

  async begin(): Promise<void> {
    this.language = (await this.store.get("language")) ?? "vi";
    this.member = (await this.store.get("member")) ?? null;
    this.catalogue = (await this.store.get("catalogue")) ?? null;
    this.mine = (await this.store.get("mine")) ?? null;
    this.clockError = await this.store.get("clockError");
    this.metAt = await this.store.get("metAt");
    await this.reload();
    addEventListener("online", () => void this.meet());
    addEventListener("offline", () => this.changed());
    document.addEventListener("visibilitychange", () => void (document.hidden ? undefined : this.meet()));
  }

  /** Own dossiers of this device; what is kept too long is deleted. */
  async reload(): Promise<void> {
    const found = await this.store.dossiers();
    for (const each of found.filter((dossier) => isOver(dossier, this.site.keptDays, Date.now())))
      await this.store.drop(each.key);
    this.dossiers = found.filter((dossier) => !isOver(dossier, this.site.keptDays, Date.now()));
    this.changed();
  }

  get own(): readonly Dossier[] {
    return this.dossiers.filter((dossier) => dossier.member === this.member?.id);
  }

  serviceOf(dossier: Dossier): Service | null {
    return this.catalogue?.services.find((service) => service.code === dossier.service) ?? null;
  }

  /** Minutes by which the clock is off, or null while it agrees; `-1` if it was set back. */
  clockOff(now: number): number | null {
    const { toleranceSeconds } = this.site;
    if (!clockIsWrong(this.clockError, this.metAt, now, toleranceSeconds)) return null;
    const error = Math.abs(this.clockError ?? 0);
    return error > toleranceSeconds ? Math.max(1, Math.round(error / 60)) : -1;
  }

  async start(service: Service): Promise<Dossier> {
    if (!this.member) throw new Error("nobody is signed in");
    const dossier = newDossier(service, this.member, Date.now());
    await this.keep(dossier);
    return dossier;
  }

  async keep(dossier: Dossier): Promise<void> {
    await this.store.keep(dossier);
    await this.reload();
  }

  async enqueue(dossier: Dossier, service: Service): Promise<void> {
    await this.keep(queued(dossier, service, Date.now()));
    void this.meet();
  }

  async remove(key: string): Promise<void> {
    await this.store.drop(key);
    await this.reload();
  }

  placeOf(dossier: Dossier): Place | null {
    const service = this.serviceOf(dossier);
    return service && placeOf(dossier, service);
  }

  async speak(language: "vi" | "en"): Promise<void> {
    this.language = language;
    await this.store.set("language", language);
  }

  /** Delete everything on the device, then end the session if the server can be reached. */
  async signOut(): Promise<void> {
    await this.store.wipe();
    [this.member, this.catalogue, this.mine, this.justSent] = [null, null, null, []];
    this.standing = "out";
    await this.server.signOut().catch(() => undefined);
    await this.reload();
  }

  /** Meet the server and send what waits; one meeting at a time. */
  meet(): Promise<void> {
    this.meeting ??= this.met().finally(() => {
      this.meeting = null;
      this.changed();
    });
    return this.meeting;
  }

  private async met(): Promise<void> {
    clearTimeout(this.next);
    let seconds = MEET_EVERY_MS / 1000;
    try {
      await this.greet();
      if (this.standing === "in") seconds = Math.min(seconds, await this.sendAll());
    } catch (fault) {
      // Without a network everything waits; the browser says when it is back.
      if (!(fault instanceof TypeError) && !(fault instanceof Refused)) throw fault;
    }
    this.next = setTimeout(() => void this.meet(), seconds * 1000);
  }

  private async greet(): Promise<void> {
    const asked = Date.now();
    const session = await this.server.session();
    // The answer was written about half-way between asking and hearing.
    this.clockError = ((asked + Date.now()) / 2 - Date.parse(session.now)) / 1000;
    this.metAt = Date.now();
    await this.store.set("clockError", this.clockError);
    await this.store.set("metAt", this.metAt);
    this.standing = session.member ? "in" : this.member ? "out" : session.signedIn ? "stranger" : "out";
    if (!session.member) return;
    if (this.member?.id !== session.member.id) this.justSent = [];
    // Fetched before it is noted who is here: words of a consent name their reader.
    this.catalogue = await this.server.catalogue();
    this.member = session.member;
    await this.store.set("catalogue", this.catalogue);
    await this.store.set("member", this.member);
    await this.renewMine();
  }

  private async renewMine(): Promise<void> {
    this.mine = await this.server.mine();
    await this.store.set("mine", this.mine);
  }

  /** Send what waits, one after the other; return in how many seconds to come back. */
  private async sendAll(): Promise<number> {
    const locks = navigator.locks as LockManager | undefined;
    const act = () => this.sendInTurn();
    // Of two windows one sends; the other finds nothing left.
    return locks ? locks.request("motcua-teams-sending", act) : act();
  }

  private async sendInTurn(): Promise<number> {
    await this.reload();
    let soonest = Infinity;
    let sent = 0;
    for (const { key } of this.own.filter((dossier) => dossier.stage === "queued")) {
      const dossier = await this.store.dossier(key);
      const service = dossier && this.serviceOf(dossier);
      if (!dossier || dossier.stage !== "queued" || !service) continue;
      this.sending = true;
      this.changed();
      const outcome = await send(dossier, service, this.store, this.server).finally(() => (this.sending = false));
      if (outcome.kind === "sign_in") {
        this.standing = "out";
        break;
      }
      if (outcome.kind === "sent") {
        await this.store.drop(key);
        this.justSent = [...this.justSent, outcome.number];
        sent += 1;
      } else {
        await this.store.keep(after((await this.store.dossier(key)) ?? dossier, outcome));
        if (outcome.kind === "later") soonest = Math.min(soonest, outcome.seconds);
      }
      await this.reload();
    }
    if (sent) await this.renewMine();
    return soonest;
  }
}
