// Puts answers, ages and words on the page; holds no knowledge of passes.
import type { Cbor } from "./cbor";
import type { CityClock } from "./clock";
import type { Answer, Judgement, Pass } from "./judge";
import type { Layout, Words } from "./store";
import { ANSWERS, LABELS, REASONS, TEXTS, type Language } from "./words";

const SHAPES: Record<Answer, string> = {
  valid: "M32 2a30 30 0 1 0 0 60a30 30 0 0 0 0-60zM14 33l6-6l8 8l16-17l6 6l-22 23z",
  not_valid: "M20 2h24l18 18v24l-18 18h-24l-18-18v-24zM19 25l6-6l7 7l7-7l6 6l-7 7l7 7l-6 6l-7-7l-7 7l-6-6l7-7z",
  cannot_tell:
    "M32 2l31 58h-62zM28.900 54h6.200v-5.600h-6.200zM28.900 46h6.200c0-3.800 5.100-4.800 5.100-10.200c0-4.600-3.600-7.600-8.200-7.600c-4.800 0-8.300 3-8.300 7.800h5.400c0-1.800 1.200-2.900 2.900-2.900c1.600 0 2.800 1.100 2.800 2.700c0 3-5.900 3.900-5.900 10.200z",
};

export interface Freshness {
  readonly listAge: number | null;
  readonly keysAge: number | null;
  readonly clockGood: boolean | null;
  readonly good: boolean;
}

export class View {
  language: Language = "vi";

  constructor(
    private readonly root: HTMLElement,
    private readonly clock: CityClock,
  ) {}

  /** Find a part of the page by its name. */
  part<T extends HTMLElement>(name: string): T {
    const found = this.root.querySelector<T>(`[data-part="${name}"]`);
    if (!found) throw new Error(`the page has no part ${name}`);
    return found;
  }

  say(words: Words): string {
    return words[this.language];
  }

  speak(language: Language): void {
    this.language = language;
    document.documentElement.lang = language;
    document.title = this.say(TEXTS.title);
    for (const element of this.root.querySelectorAll<HTMLElement>("[data-text]")) {
      element.textContent = this.say(TEXTS[element.dataset.text as keyof typeof TEXTS]);
    }
    const other = this.part("language");
    other.lang = language === "vi" ? "en" : "vi";
    other.setAttribute("aria-label", this.say(TEXTS.language));
    other.textContent = other.lang.toUpperCase();
  }

  show(screen: "scan" | "answer"): void {
    this.part("scan").hidden = screen !== "scan";
    this.part("answer").hidden = screen !== "answer";
    window.scrollTo(0, 0);
    if (screen === "answer") this.part("verdict").focus();
  }

  /** Show an answer so that it can be told at arm's length: colour, shape and word. */
  answer(judgement: Judgement, layouts: readonly Layout[], checkedAt: Date, seenAt: Date | null): void {
    const verdict = this.part("verdict");
    verdict.className = `verdict verdict--${judgement.answer}`;
    this.part("shape").setAttribute("d", SHAPES[judgement.answer]);
    this.part("word").textContent = this.say(ANSWERS[judgement.answer]);
    this.part("why").textContent = this.say(REASONS[judgement.reason]);
    verdict.dataset.reason = judgement.reason;
    this.part("again").hidden = judgement.answer !== "cannot_tell";
    const { pass } = judgement;
    this.part("content").hidden = !pass;
    if (pass) this.content(pass, layouts);
    const seen = this.part("seen");
    seen.hidden = !seenAt;
    if (seenAt) seen.textContent = `${this.say(TEXTS.seenBefore)} ${this.clock.hour(seenAt)}.`;
    this.part("checked").textContent = `${this.say(TEXTS.checkedAt)} ${this.clock.moment(checkedAt)}`;
  }

  private content(pass: Pass, layouts: readonly Layout[]): void {
    const layout = layouts.find((each) => each.kind === pass.kind);
    this.part("kind").textContent = layout ? this.say(layout.title) : pass.kind;
    const labels = new Map(layout?.claims.map((claim) => [claim.key, claim.label]));
    const names = [...new Set(["n", ...labels.keys(), ...pass.claims.keys()])].filter((name) => !NOT_ANSWERED.has(written(pass.claims.get(name)).trim()));
    const rows = names.map((name) => {
      const label = labels.get(name) ?? LABELS[name];
      return this.row(label ? this.say(label) : name, written(pass.claims.get(name)), name === "n" ? "name" : "");
    });
    const [from, until] = [pass.notBefore, pass.expiresAt].map((second) => this.clock.moment(new Date(second * 1000)));
    const times = [this.row(this.say(TEXTS.until), until ?? "", "wide")];
    if (Date.now() / 1000 < pass.notBefore) times.unshift(this.row(this.say(TEXTS.from), from ?? "", "wide"));
    rows.splice(names.includes("n") ? 1 : 0, 0, ...times);
    this.part("claims").replaceChildren(...rows);
  }

  private row(label: string, value: string, look: "" | "name" | "wide" = ""): HTMLElement {
    const row = document.createElement("div");
    if (look) row.className = `claim--${look}`;
    const [term, description] = [document.createElement("dt"), document.createElement("dd")];
    [term.textContent, description.textContent] = [label, value];
    row.append(term, description);
    return row;
  }

  freshness({ listAge, keysAge, clockGood, good }: Freshness): void {
    this.part("list-age").textContent = this.age(listAge);
    this.part("keys-age").textContent = this.age(keysAge);
    const words = clockGood === null ? TEXTS.clockUnknown : clockGood ? TEXTS.clockGood : TEXTS.clockBad;
    this.part("clock").textContent = this.say(words);
    const chip = this.part("chip");
    chip.textContent = this.say(good ? TEXTS.ready : TEXTS.stale);
    chip.className = good ? "chip chip--good" : "chip chip--stale";
  }

  private age(seconds: number | null): string {
    if (seconds === null) return this.say(TEXTS.never);
    const minutes = Math.floor(seconds / 60);
    if (minutes < 1) return this.say(TEXTS.justNow);
    const [count, unit] =
      minutes < 120
        ? [minutes, TEXTS.minutes]
        : minutes < 2880
          ? [Math.floor(minutes / 60), TEXTS.hours]
          : [Math.floor(minutes / 1440), TEXTS.days];
    return `${count} ${this.say(unit)} ${this.say(TEXTS.ago)}`;
  }

  waiting(count: number, signIn: boolean): void {
    this.part("queue").hidden = count === 0;
    this.part("queue-count").textContent = String(count);
    this.part("sign-in").hidden = !(signIn && count > 0);
  }

  note(words: Words | null): void {
    const note = this.part("note");
    note.hidden = !words;
    note.textContent = words ? this.say(words) : "";
  }
}

/** A pass may carry a mark where nothing was answered, such as no plate; to an inspector it says nothing. */
const NOT_ANSWERED = new Set(["", "-", "–"]);

function written(value: Cbor | undefined): string {
  return Array.isArray(value) ? value.map(written).join(", ") : String(value ?? "");
}
