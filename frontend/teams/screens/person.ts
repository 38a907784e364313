// Whom the dossier is for: from the QR of the identity card, or typed from it.
import { Camera, CameraNotAllowed } from "../../scanner/camera";
import { readQr } from "../../scanner/decode";
import { faultsOf, personOnCard } from "../card";
import { isoDay } from "../checks";
import { byId, h } from "../dom";
import { dateParts, typedDate } from "../fields";
import type { Person, Words } from "../types";
import { TEXTS } from "../words";
import { frame, showMistakes, type Desk } from "./frame";

export function personScreen(desk: Desk): HTMLElement[] {
  const { app, dossier } = desk;
  const { say } = app;
  const person = dossier.person ?? { number: "", fullName: "", bornOn: "" };
  return frame(
    desk,
    "person",
    say(TEXTS.personTitle),
    say(TEXTS.personLead),
    scanning(desk),
    text(desk, "number", TEXTS.number, TEXTS.numberHint, person.number, "numeric"),
    text(desk, "full_name", TEXTS.fullName, null, person.fullName, null),
    born(desk, person.bornOn),
    h("button", { type: "button", class: "primary", id: "next", onclick: () => void onward(desk) }, say(TEXTS.next)),
  );
}

function text(desk: Desk, name: string, label: Words, hint: Words | null, value: string, mode: string | null): HTMLElement {
  const { say } = desk.app;
  const fault = desk.dossier.faults[`person.${name}`];
  const input = h("input", { id: `person-${name}`, type: "text", inputmode: mode, autocomplete: "off", autocapitalize: "words" });
  input.value = value;
  return h(
    "div",
    { class: fault ? "question question--wrong" : "question" },
    h("label", { for: `person-${name}` }, say(label)),
    hint && h("p", { class: "hint" }, say(hint)),
    fault && h("p", { class: "fault" }, say(fault)),
    input,
  );
}

function born(desk: Desk, value: string): HTMLElement {
  const { say } = desk.app;
  const fault = desk.dossier.faults["person.born_on"];
  return h(
    "fieldset",
    { class: fault ? "question question--wrong" : "question", id: "person-born_on", tabindex: "-1" },
    h("legend", {}, say(TEXTS.bornOn)),
    h("p", { class: "hint" }, say(TEXTS.dateHint)),
    fault && h("p", { class: "fault" }, say(fault)),
    dateParts("person-born_on", value, say),
  );
}

function scanning(desk: Desk): HTMLElement {
  const { say } = desk.app;
  const video = h("video", { playsinline: true, muted: true, hidden: true });
  const note = h("p", { class: "note", role: "alert", hidden: true });
  const camera = new Camera(video);
  const start = h("button", { type: "button", id: "scan-card", onclick: () => void watch() }, say(TEXTS.scan));
  const stop = h("button", { type: "button", hidden: true, onclick: () => halt() }, say(TEXTS.scanStop));
  const picture = h("input", { type: "file", accept: "image/*", id: "card-picture", onchange: () => void look() });
  const tell = (words: Words | null) => {
    note.hidden = !words;
    note.textContent = words ? say(words) : "";
  };
  const halt = () => {
    camera.stop();
    [video.hidden, stop.hidden, start.hidden] = [true, true, false];
  };
  const found = (text: string | null) => {
    const person = text === null ? null : personOnCard(text);
    tell(person ? null : TEXTS.noCard);
    if (person) fill(desk, person);
  };
  const watch = async () => {
    [video.hidden, stop.hidden, start.hidden] = [false, false, true];
    tell(null);
    try {
      const text = await camera.watch();
      if (text !== null) found(text);
    } catch (fault) {
      if (!(fault instanceof CameraNotAllowed)) throw fault;
      tell(TEXTS.noCamera);
    } finally {
      halt();
    }
  };
  const look = async () => {
    const file = picture.files?.[0];
    if (file) found(await readQr(file).catch(() => null));
    picture.value = "";
  };
  return h(
    "div",
    { class: "stack", "data-scanning": true, onleave: () => halt() },
    start,
    stop,
    video,
    h("label", { class: "pick" }, h("span", {}, say(TEXTS.cardPicture)), picture),
    note,
  );
}

function fill(desk: Desk, person: Person): void {
  const put = (id: string, value: string) => {
    const input = byId<HTMLInputElement>(id);
    if (input) input.value = value;
  };
  put("person-number", person.number);
  put("person-full_name", person.fullName);
  byId("person-born_on")?.querySelector(".date")?.replaceWith(dateParts("person-born_on", person.bornOn, desk.app.say));
}

async function onward(desk: Desk): Promise<void> {
  const { app, dossier } = desk;
  const person: Person = {
    number: (byId<HTMLInputElement>("person-number")?.value ?? "").replace(/[\s.-]/g, ""),
    fullName: (byId<HTMLInputElement>("person-full_name")?.value ?? "").trim().replace(/\s+/g, " "),
    bornOn: isoDay(typedDate("person-born_on")) ?? "",
  };
  const faults = faultsOf(person, new Date().toISOString().slice(0, 10));
  if (Object.keys(faults).length) return showMistakes(desk, faults);
  const left = Object.fromEntries(Object.entries(dossier.faults).filter(([name]) => !name.startsWith("person.")));
  const kept = { ...dossier, person, faults: left, changedAt: Date.now() };
  await app.keep(kept);
  desk.go(kept, app.placeOf(kept) ?? 0);
}
