// Everything once more, to be read back; then the queue.
import { isAsked } from "../conditions";
import type { Place } from "../dossiers";
import { h } from "../dom";
import type { Field, Value } from "../types";
import { TEXTS } from "../words";
import { frame, type Desk } from "./frame";

export function reviewScreen(desk: Desk): HTMLElement[] {
  const { app, dossier, service } = desk;
  const { say } = app;
  const person = dossier.person;
  return frame(
    desk,
    "review",
    say(TEXTS.reviewTitle),
    say(TEXTS.reviewLead),
    group(desk, say(TEXTS.personTitle), dossier.begun ? null : "person", [
      [say(TEXTS.number), person?.number ?? ""],
      [say(TEXTS.fullName), person?.fullName ?? ""],
      [say(TEXTS.bornOn), person ? day(person.bornOn) : ""],
    ]),
    ...service.steps.map((step, at) =>
      group(
        desk,
        say(step.label),
        at,
        step.fields
          .filter((field) => isAsked(field, dossier.values))
          .map((field): [string, string] => [say(field.label), inWords(desk, field, dossier.values[field.name])]),
      ),
    ),
    h("button", { type: "button", class: "primary", id: "enqueue", onclick: () => void enqueue(desk) }, say(TEXTS.enqueue)),
  );
}

async function enqueue(desk: Desk): Promise<void> {
  const { app, dossier, service } = desk;
  const place = app.placeOf({ ...dossier, faults: {} });
  // A newer form may ask for more than was answered.
  if (place !== null && place !== "review") return desk.go(dossier, place);
  await app.enqueue(dossier, service);
  desk.home();
}

function group(desk: Desk, title: string, place: Place | null, rows: readonly (readonly [string, string])[]): HTMLElement {
  const { say } = desk.app;
  return h(
    "section",
    { class: "group" },
    h(
      "div",
      { class: "group__head" },
      h("h2", {}, title),
      place !== null &&
        h("button", { type: "button", class: "link", "aria-label": `${say(TEXTS.change)}: ${title}`, onclick: () => desk.go(desk.dossier, place) }, say(TEXTS.change)),
    ),
    h("dl", {}, ...rows.flatMap(([label, value]) => [h("dt", {}, label), h("dd", {}, value)])),
  );
}

function inWords(desk: Desk, field: Field, value: Value | undefined): string {
  const { say, catalogue } = desk.app;
  if (value === undefined || value === "") return say(TEXTS.notGiven);
  if (field.kind) return say(value === field.data ? TEXTS.dataInstead : TEXTS.photographed);
  if (typeof value === "boolean") return say(value ? TEXTS.yes : TEXTS.no);
  if (field.widget === "date") return day(String(value));
  if (field.widget === "place") return catalogue?.places.find(([code]) => code === value)?.[1] ?? String(value);
  const option = field.options?.find((each) => each.value === value);
  return option ? say(option.label) : String(value);
}

function day(iso: string): string {
  const [year, month, on] = iso.split("-").map(Number);
  return `${on}/${month}/${year}`;
}
