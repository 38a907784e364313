// What every page of a dossier has: where it stands, its mistakes, the way on and back.
import type { App } from "../app";
import type { Place } from "../dossiers";
import { byId, h } from "../dom";
import type { Dossier, Service, Words } from "../types";
import { TEXTS } from "../words";

/** What a page of a dossier works with. */
export interface Desk {
  readonly app: App;
  readonly dossier: Dossier;
  readonly service: Service;
  go(dossier: Dossier, place: Place): void;
  home(): void;
}

export function numberOf(place: Place, service: Service): number {
  if (place === "consent") return 1;
  if (place === "person") return 2;
  return place === "review" ? service.steps.length + 3 : place + 3;
}

export function before(place: Place, desk: Desk): Place | null {
  const { dossier, service } = desk;
  if (place === "consent") return null;
  if (place === "person") return dossier.begun ? null : "consent";
  if (place === "review") return service.steps.length - 1;
  return place > 0 ? place - 1 : dossier.begun ? null : "person";
}

export function frame(desk: Desk, place: Place, title: string, lead: string, ...content: (Node | null)[]): HTMLElement[] {
  const { app, dossier, service } = desk;
  const { say } = app;
  const back = before(place, desk);
  const all = String(service.steps.length + 3);
  return [
    h(
      "div",
      { class: "ways" },
      back !== null && h("button", { type: "button", class: "link", id: "back", onclick: () => desk.go(dossier, back) }, `‹ ${say(TEXTS.back)}`),
      h("button", { type: "button", class: "link", id: "home", onclick: () => desk.home() }, say(TEXTS.home)),
    ),
    h("p", { class: "caption" }, `${say(service.title)} · ${say(TEXTS.stepOf, { at: String(numberOf(place, service)), all })}`),
    h("h1", { tabindex: "-1" }, title),
    lead ? h("p", {}, lead) : null,
    h("div", { id: "mistakes", role: "alert" }),
    ...content,
  ].filter((each): each is HTMLElement => each instanceof HTMLElement);
}

/** List what is wrong above the page, each leading to its place. */
export function showMistakes(desk: Desk, faults: Readonly<Record<string, Words>>): void {
  const { say } = desk.app;
  const place = byId("mistakes");
  if (!place) return;
  place.replaceChildren(
    h(
      "div",
      { class: "mistakes" },
      h("h2", {}, say(TEXTS.mistakes)),
      h("ul", {}, ...Object.entries(faults).map(([name, fault]) => h("li", {}, h("a", { href: `#${idOf(name)}` }, say(fault))))),
    ),
  );
  place.scrollIntoView();
}

export function idOf(name: string): string {
  return name.includes(".") ? name.replace(".", "-") : `field-${name}`;
}
