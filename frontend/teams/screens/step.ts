// One page of the form: questions that come and go with the answers, and papers to photograph.
import { checkedStep } from "../checks";
import { isAsked } from "../conditions";
import { withValues } from "../dossiers";
import { h } from "../dom";
import { question, typedIn } from "../fields";
import { NotAPicture, shrunk } from "../photos";
import type { Dossier, Field, Step, Value, Values } from "../types";
import { TEXTS } from "../words";
import { frame, showMistakes, type Desk } from "./frame";

export function stepScreen(desk: Desk, at: number): HTMLElement[] {
  const { app, service } = desk;
  const { say } = app;
  const step = service.steps[at];
  if (!step) throw new Error(`the form has no step ${at}`);
  // Photographs change the dossier while the page stands.
  const page = new Page(desk, step, at);
  return frame(
    desk,
    at,
    say(step.label),
    "",
    h("div", { class: "stack", oninput: () => page.narrow(), onchange: () => page.narrow() }, ...page.blocks()),
    h("button", { type: "button", class: "primary", id: "next", onclick: () => void page.onward() }, say(TEXTS.next)),
  );
}

class Page {
  private dossier: Dossier;
  private readonly boxes = new Map<string, HTMLElement>();

  constructor(
    private readonly desk: Desk,
    private readonly step: Step,
    private readonly at: number,
  ) {
    this.dossier = desk.dossier;
  }

  blocks(): HTMLElement[] {
    for (const field of this.step.fields) {
      const box = h("div", {}, field.kind ? this.paper(field) : this.question(field));
      box.hidden = !isAsked(field, this.dossier.values);
      this.boxes.set(field.name, box);
    }
    return [...this.boxes.values()];
  }

  private question(field: Field): HTMLElement {
    const { say, catalogue } = this.desk.app;
    return question(field, {
      say,
      value: this.dossier.values[field.name],
      fault: this.dossier.faults[field.name],
      places: catalogue?.places ?? [],
    });
  }

  /** A paper: a photograph, or data in its place where the form allows. */
  private paper(field: Field): HTMLElement {
    const { say } = this.desk.app;
    const id = `field-${field.name}`;
    const value = this.dossier.values[field.name];
    const taken = value !== undefined && value !== field.data;
    const fault = this.dossier.faults[field.name];
    const input = h("input", { type: "file", accept: "image/*", capture: "environment", id, onchange: () => void this.take(field, input) });
    const label = taken ? say(TEXTS.photographAgain) : say(TEXTS.photograph, { "": say(field.kind ?? field.label).toLowerCase() });
    const preview = h("img", { class: "preview", alt: say(TEXTS.photoOf, { "": say(field.label) }), hidden: !taken });
    if (taken) void this.show(String(value), preview);
    const data = field.data ? h("input", { type: "checkbox", id: `${id}-data`, checked: value === field.data, onchange: () => void this.leave(field, data) }) : null;
    return h(
      "div",
      { class: fault ? "question question--wrong" : "question", "data-paper": field.name, "data-taken": taken ? "yes" : "no" },
      h("p", { class: "label" }, say(field.label) + (field.required ? "" : ` ${say(TEXTS.optional)}`)),
      field.help && h("p", { class: "hint" }, say(field.help)),
      fault && h("p", { class: "fault" }, say(fault)),
      preview,
      h("label", { class: "pick" }, h("span", {}, label), input),
      taken && h("button", { type: "button", class: "quiet", onclick: () => void this.put(field, undefined) }, say(TEXTS.photoDrop)),
      data && h("label", { class: "tick" }, data, h("span", {}, say(TEXTS.dataInstead))),
      h("p", { class: "fault", role: "alert", hidden: true, "data-note": true }),
    );
  }

  private async show(id: string, preview: HTMLImageElement): Promise<void> {
    const content = await this.desk.app.store.paper(id);
    if (!content) return;
    const address = URL.createObjectURL(new Blob([content], { type: "image/jpeg" }));
    preview.onload = () => URL.revokeObjectURL(address);
    preview.src = address;
  }

  private async take(field: Field, input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (!file) return;
    try {
      const content = await shrunk(file);
      const id = crypto.randomUUID();
      await this.desk.app.store.keepPaper(id, this.dossier.key, content);
      await this.put(field, id);
    } catch (fault) {
      if (!(fault instanceof NotAPicture)) throw fault;
      const note = this.boxes.get(field.name)?.querySelector<HTMLElement>("[data-note]");
      if (note) [note.hidden, note.textContent] = [false, this.desk.app.say(TEXTS.notAPicture)];
    }
  }

  private async leave(field: Field, data: HTMLInputElement | null): Promise<void> {
    await this.put(field, data?.checked ? field.data : undefined);
  }

  /** Keep a photograph with the dossier at once: a battery may end before the page does. */
  private async put(field: Field, value: Value | undefined): Promise<void> {
    const before = this.dossier.values[field.name];
    const { [field.name]: _replaced, ...others } = this.dossier.values;
    const values: Values = value === undefined ? others : { ...others, [field.name]: value };
    this.dossier = withValues(this.dossier, values, Date.now());
    await this.desk.app.keep(this.dossier);
    if (before !== undefined && before !== field.data) await this.desk.app.store.dropPaper(String(before));
    this.boxes.get(field.name)?.replaceChildren(this.paper(field));
  }

  private typed(): Record<string, string | boolean> {
    return Object.fromEntries(
      this.step.fields.map((field) => [field.name, field.kind ? String(this.dossier.values[field.name] ?? "") : typedIn(field)]),
    );
  }

  /** Show and hide questions as the answers above them say. */
  narrow(): void {
    const { values } = checkedStep(this.step, this.typed(), this.dossier.values);
    for (const field of this.step.fields) {
      const box = this.boxes.get(field.name);
      if (box) box.hidden = !isAsked(field, values);
    }
  }

  async onward(): Promise<void> {
    const { values, faults } = checkedStep(this.step, this.typed(), this.dossier.values);
    this.mark(faults);
    if (Object.keys(faults).length) return showMistakes(this.desk, faults);
    const kept = withValues(this.dossier, values, Date.now());
    await this.desk.app.keep(kept);
    const last = this.at + 1 >= this.desk.service.steps.length;
    this.desk.go(kept, last ? "review" : this.at + 1);
  }

  private mark(faults: Readonly<Record<string, unknown>>): void {
    for (const [name, box] of this.boxes) box.firstElementChild?.classList.toggle("question--wrong", name in faults);
  }
}

