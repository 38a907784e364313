// A dossier from the first question to the queue; pure, so that it can be tried without a page.
import { incompleteStep, shown } from "./checks";
import type { Dossier, Member, Service, Values } from "./types";

export const DAY_MS = 86_400_000;

export function newDossier(service: Service, member: Member, now: number): Dossier {
  return {
    key: crypto.randomUUID(),
    member: member.id,
    service: service.code,
    title: service.title,
    stage: "draft",
    consent: null,
    person: null,
    values: {},
    begun: false,
    unsure: false,
    refusal: null,
    faults: {},
    changedAt: now,
  };
}

/** The photographs that go along: field and id on this device. */
export function papersOf(dossier: Dossier, service: Service): [string, string][] {
  return service.steps
    .flatMap((step) => step.fields)
    .filter((field) => field.kind && dossier.values[field.name] !== undefined)
    .filter((field) => dossier.values[field.name] !== field.data)
    .map((field) => [field.name, String(dossier.values[field.name])]);
}

/** Whether its bearer may change it: not while an answer to its filing is missing. */
export function mayChange(dossier: Dossier): boolean {
  return dossier.stage !== "queued" && !dossier.unsure;
}

/** Where filling in goes on: consent, person, a step of the form, or the last look. */
export type Place = "consent" | "person" | "review" | number;

export function placeOf(dossier: Dossier, service: Service): Place {
  const wrong = Object.keys(dossier.faults);
  if (!dossier.consent || wrong.includes("consent")) return "consent";
  if (!dossier.person || wrong.some((name) => name.startsWith("person."))) return "person";
  const marked = service.steps.findIndex((step) => step.fields.some((field) => wrong.includes(field.name)));
  if (marked >= 0) return marked;
  return incompleteStep(service, dossier.values) ?? "review";
}

/** Put it in the queue; what is hidden or asked no more stays behind. */
export function queued(dossier: Dossier, service: Service, now: number): Dossier {
  return {
    ...dossier,
    stage: "queued",
    values: shown(service, dossier.values),
    refusal: null,
    faults: {},
    changedAt: now,
  };
}

export function withValues(dossier: Dossier, values: Values, now: number): Dossier {
  const faults = Object.fromEntries(
    Object.entries(dossier.faults).filter(([name]) => values[name] === dossier.values[name]),
  );
  return { ...dossier, values, faults, changedAt: now };
}

/** Whether nobody should keep it any longer: a consent is good for so many days. */
export function isOver(dossier: Dossier, days: number, now: number): boolean {
  return !dossier.unsure && now - dossier.changedAt > days * DAY_MS;
}

/** How a clock stands against the server's: seconds ahead at the last meeting, or set back since. */
export function clockIsWrong(error: number | undefined, metAt: number | undefined, now: number, tolerance: number): boolean {
  const setBack = metAt !== undefined && now < metAt - tolerance * 1000;
  return setBack || Math.abs(error ?? 0) > tolerance;
}
