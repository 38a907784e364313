// The words are read aloud, the person ticks and signs; nothing about them is written down before.
import { h } from "../dom";
import { SignaturePad } from "../signature";
import type { Words } from "../types";
import { TEXTS } from "../words";
import { frame, showMistakes, type Desk } from "./frame";

export function consentScreen(desk: Desk): HTMLElement[] {
  const { app, service } = desk;
  const { say, language } = app;
  const pad = new SignaturePad(say(TEXTS.signature));
  const help = h("input", { type: "checkbox", id: "consent-help" });
  const use = h("input", { type: "checkbox", id: "consent-use" });
  const off = app.clockOff(Date.now());
  const translated = language === "en" ? h("div", { class: "translated", lang: "en" }, ...service.consent.en.map((text) => h("p", {}, text))) : null;
  return frame(
    desk,
    "consent",
    say(TEXTS.consentTitle),
    say(TEXTS.consentLead),
    off === -1 ? h("p", { class: "note" }, say(TEXTS.clockSetBack)) : null,
    h("div", { class: "spoken", lang: "vi", id: "consent-words" }, ...service.consent.vi.map((text) => h("p", {}, text))),
    reader(desk),
    translated,
    h("label", { class: "tick" }, help, h("span", {}, say(TEXTS.tickHelp, { "": app.member?.name ?? "" }))),
    h("label", { class: "tick" }, use, h("span", {}, say(TEXTS.tickUse))),
    h("p", { class: "label", id: "consent-signature" }, say(TEXTS.signature), h("span", { class: "hint" }, say(TEXTS.signatureHint))),
    pad.canvas,
    h("button", { type: "button", class: "quiet", id: "clear-signature", onclick: () => pad.clear() }, say(TEXTS.clear)),
    h("button", { type: "button", class: "primary", id: "agree", onclick: () => void agreed(desk, help, use, pad) }, say(TEXTS.agree)),
    h("button", { type: "button", class: "quiet", id: "disagree", onclick: () => void refusedBy(desk) }, say(TEXTS.disagree)),
  );
}

async function agreed(desk: Desk, help: HTMLInputElement, use: HTMLInputElement, pad: SignaturePad): Promise<void> {
  const faults: Record<string, Words> = {};
  if (!help.checked) faults["consent.help"] = TEXTS.tickMissing;
  if (!use.checked) faults["consent.use"] = TEXTS.tickMissing;
  if (!pad.isSigned) faults["consent.signature"] = TEXTS.signatureMissing;
  if (Object.keys(faults).length) return showMistakes(desk, faults);
  const { app, dossier, service } = desk;
  const { consent: _asked, ...left } = dossier.faults;
  const signed = {
    ...dossier,
    consent: {
      words: service.consent.vi.join("\n"),
      seal: service.consent.seal,
      signature: pad.picture(),
      at: new Date().toISOString(),
    },
    faults: left,
    changedAt: Date.now(),
  };
  speechSynthesis?.cancel();
  await app.keep(signed);
  desk.go(signed, signed.person ? (app.placeOf(signed) ?? "person") : "person");
}

async function refusedBy(desk: Desk): Promise<void> {
  speechSynthesis?.cancel();
  await desk.app.remove(desk.dossier.key);
  desk.home();
}

/** A voice of this device, where it has one for Vietnamese; others would send the words away. */
function reader(desk: Desk): HTMLElement | null {
  const { say } = desk.app;
  const speech = window.speechSynthesis as SpeechSynthesis | undefined;
  const voice = speech?.getVoices().find((each) => each.lang.startsWith("vi") && each.localService);
  if (!speech || !voice) return null;
  const button = h("button", { type: "button", class: "quiet", onclick: () => (speech.speaking ? stop() : read()) }, say(TEXTS.readAloud));
  const stop = () => {
    speech.cancel();
    button.textContent = say(TEXTS.readAloud);
  };
  const read = () => {
    button.textContent = say(TEXTS.stopReading);
    desk.service.consent.vi.forEach((text, at, all) => {
      const spoken = new SpeechSynthesisUtterance(text);
      [spoken.voice, spoken.lang, spoken.rate] = [voice, voice.lang, 0.9];
      if (at === all.length - 1) spoken.onend = stop;
      speech.speak(spoken);
    });
  };
  return button;
}
