// The list: what is being filled in, what waits, what was sent; and a new dossier.
import type { App } from "../app";
import { mayChange } from "../dossiers";
import { byId, h } from "../dom";
import type { Dossier, Service } from "../types";
import { TEXTS } from "../words";

export interface Going {
  open(dossier: Dossier): void;
  again(): void;
}

export function homeScreen(app: App, going: Going): HTMLElement[] {
  const { say } = app;
  if (!app.member || !app.catalogue) return [welcome(app)];
  return [
    h("h1", { tabindex: "-1" }, app.member.team),
    h("p", { class: "who" }, app.member.name),
    ...notices(app),
    ...sentNow(app),
    list(app, going, "refusedOnes", app.own.filter((each) => each.stage === "refused")),
    list(app, going, "drafts", app.own.filter((each) => each.stage === "draft")),
    list(app, going, "waiting", app.own.filter((each) => each.stage === "queued")),
    newDossier(app, going),
    filed(app),
    device(app),
  ].filter((each) => each !== null && each instanceof HTMLElement) as HTMLElement[];

  function sentNow(app: App): HTMLElement[] {
    return app.justSent.map((number) =>
      h("p", { class: "done", role: "status", "data-number": number }, say(TEXTS.justSent, { "": number })),
    );
  }
}

function welcome(app: App): HTMLElement {
  const { say } = app;
  const stranger = app.standing === "stranger";
  return h(
    "section",
    { class: "stack" },
    h("h1", { tabindex: "-1" }, say(TEXTS.signInTitle)),
    h("p", {}, say(stranger ? TEXTS.notAMember : TEXTS.signInLead)),
    stranger
      ? h("button", { type: "button", class: "primary", id: "sign-out", onclick: () => void app.signOut() }, say(TEXTS.signOut))
      : h("a", { class: "primary button", id: "sign-in", href: app.site.signIn }, say(TEXTS.signIn)),
  );
}

function notices(app: App): HTMLElement[] {
  const { say } = app;
  const off = app.clockOff(Date.now());
  const waits = app.own.some((each) => each.stage === "queued");
  return [
    app.standing === "out" &&
      h("p", { class: "note" }, say(TEXTS.signInToSend), " ", h("a", { href: app.site.signIn, id: "sign-in" }, say(TEXTS.signIn))),
    off !== null && h("p", { class: "note", id: "clock-warning" }, off < 0 ? say(TEXTS.clockSetBack) : say(TEXTS.clockWrong, { "": String(off) })),
    app.sending && h("p", { class: "note", role: "status" }, say(TEXTS.sending)),
    waits && !app.sending && h("p", { class: "note", role: "status" }, say(TEXTS.willSend)),
    app.dossiers.length > app.own.length && h("p", { class: "note" }, say(TEXTS.othersWait)),
  ].filter((each): each is HTMLParagraphElement => each instanceof HTMLElement);
}

function list(app: App, going: Going, title: "refusedOnes" | "drafts" | "waiting", dossiers: readonly Dossier[]): HTMLElement | null {
  const { say } = app;
  if (!dossiers.length) return null;
  return h(
    "section",
    { "aria-labelledby": `list-${title}`, "data-list": title },
    h("h2", { id: `list-${title}` }, `${say(TEXTS[title])} (${dossiers.length})`),
    h("ul", { class: "cards" }, ...dossiers.map((dossier) => card(app, going, dossier))),
  );
}

function card(app: App, going: Going, dossier: Dossier): HTMLElement {
  const { say } = app;
  const gone = !app.serviceOf(dossier);
  const about = dossier.person?.fullName ?? "";
  return h(
    "li",
    { class: `card card--${dossier.stage}`, "data-dossier": dossier.key },
    h("p", { class: "card__title" }, say(dossier.title)),
    about && h("p", {}, about),
    dossier.refusal && h("p", { class: "fault" }, say(dossier.refusal)),
    ...Object.values(dossier.faults).map((fault) => h("p", { class: "fault" }, say(fault))),
    gone && h("p", { class: "fault" }, say(TEXTS.serviceGone)),
    mayChange(dossier) &&
      h(
        "div",
        { class: "pair" },
        !gone &&
          h("button", { type: "button", onclick: () => going.open(dossier) }, say(dossier.stage === "refused" ? TEXTS.mend : TEXTS.goOn)),
        h("button", { type: "button", class: "quiet", onclick: (event: Event) => sure(app, dossier, event) }, say(TEXTS.remove)),
      ),
  );
}

/** Ask before a dossier is deleted, in its own place. */
function sure(app: App, dossier: Dossier, event: Event): void {
  const { say } = app;
  const here = (event.currentTarget as HTMLElement).parentElement;
  const yes = h("button", { type: "button", class: "danger", onclick: () => void app.remove(dossier.key) }, say(TEXTS.removeYes));
  here?.replaceWith(
    h(
      "div",
      { class: "stack" },
      h("p", {}, say(TEXTS.removeSure)),
      h("div", { class: "pair" }, yes, h("button", { type: "button", onclick: () => void app.reload() }, say(TEXTS.stay))),
    ),
  );
  yes.focus();
}

function newDossier(app: App, going: Going): HTMLElement {
  const { say } = app;
  const services = app.catalogue?.services ?? [];
  const rows = services.map((service) => serviceRow(app, going, service));
  const none = h("p", { hidden: true }, say(TEXTS.nothingFound));
  const search = h("input", { id: "find", type: "search", autocomplete: "off", oninput: () => narrow() });
  const narrow = () => {
    const wanted = folded(search.value).split(/\s+/);
    rows.forEach((row, at) => {
      const service = services[at];
      const text = service ? folded(`${service.title.vi} ${service.title.en} ${service.summary.vi}`) : "";
      row.hidden = !wanted.every((word) => text.includes(word));
    });
    none.hidden = rows.some((row) => !row.hidden);
  };
  return h(
    "section",
    { "aria-labelledby": "new", class: "stack" },
    h("h2", { id: "new" }, say(TEXTS.start)),
    h("label", { for: "find" }, say(TEXTS.find), h("span", { class: "hint" }, say(TEXTS.findHint))),
    search,
    h("ul", { class: "cards" }, ...rows),
    none,
  );
}

function serviceRow(app: App, going: Going, service: Service): HTMLElement {
  const { say } = app;
  const begin = async () => going.open(await app.start(service));
  return h(
    "li",
    {},
    h("button", { type: "button", class: "service", id: `start-${service.code}`, onclick: () => void begin() }, say(service.title)),
  );
}

/** Letters without accents and case, as people search. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase().replaceAll("đ", "d").trim();
}

function filed(app: App): HTMLElement | null {
  const { say, mine } = app;
  if (!mine) return null;
  const { mineThisWeek, teamThisWeek } = mine.counts;
  return h(
    "section",
    { "aria-labelledby": "filed", class: "stack", "data-list": "sent" },
    h("h2", { id: "filed" }, say(TEXTS.sent)),
    h("p", { id: "counts" }, say(TEXTS.counts, { team: String(teamThisWeek), mine: String(mineThisWeek) })),
    h("p", { class: "hint" }, say(TEXTS.sentLead)),
    h(
      "ul",
      { class: "cards" },
      ...mine.filed.map((each) =>
        h(
          "li",
          { class: "card", "data-case": each.number },
          h("p", { class: "card__title" }, say(each.title)),
          h("p", { class: "number" }, each.number),
          h("p", {}, `${say(each.state)} · ${app.clock.moment(new Date(each.filedAt))}`),
        ),
      ),
    ),
  );
}

function device(app: App): HTMLElement {
  const { say } = app;
  return h(
    "section",
    { "aria-labelledby": "device", class: "stack", id: "device-section" },
    h("h2", { id: "device" }, say(TEXTS.device)),
    h("p", {}, say(TEXTS.deviceLead)),
    app.metAt !== undefined && h("p", { class: "hint" }, say(TEXTS.updated, { "": app.clock.moment(new Date(app.metAt)) })),
    h("button", { type: "button", id: "update", onclick: () => void app.meet() }, say(TEXTS.update)),
    h("button", { type: "button", class: "quiet", id: "sign-out", onclick: () => leaving(app) }, say(TEXTS.signOut)),
  );
}

function leaving(app: App): void {
  const { say } = app;
  if (!app.dossiers.length) return void app.signOut();
  const yes = h("button", { type: "button", class: "danger", id: "sign-out-anyway", onclick: () => void app.signOut() }, say(TEXTS.signOutAnyway));
  byId("sign-out")?.replaceWith(
    h(
      "div",
      { class: "stack", role: "alert" },
      h("p", { class: "note" }, say(TEXTS.signOutWarning, { "": String(app.dossiers.length) })),
      h("div", { class: "pair" }, yes, h("button", { type: "button", onclick: () => void app.reload() }, say(TEXTS.stay))),
    ),
  );
  yes.focus();
}
