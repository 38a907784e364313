// The board's island: the map, and the choice of what it shows. Everything else on the page is the server's.
import "./board.scss";
import { PlaceMap } from "./map";
import { readTable, type PlaceTable } from "./table";

// Whoever draws the page may name another figure to begin with.
const SHOWN_FIRST = "requests";

function table(holder: HTMLElement): PlaceTable | null {
  const found = document.getElementById(holder.dataset["table"] ?? "");
  return found instanceof HTMLTableElement ? readTable(found) : null;
}

function firstOf(holder: HTMLElement): string {
  return holder.dataset["first"] ?? SHOWN_FIRST;
}

function choices(holder: HTMLElement, figures: PlaceTable, chosen: (code: string) => void): HTMLFieldSetElement {
  const set = document.createElement("fieldset");
  set.className = "mc-map-choice";
  const legend = document.createElement("legend");
  legend.className = "govuk-visually-hidden";
  legend.textContent = holder.dataset["choose"] ?? "";
  set.append(legend);
  for (const { code, label } of figures.columns) {
    const option = document.createElement("label");
    const radio = document.createElement("input");
    radio.type = "radio";
    radio.name = "map-figure";
    radio.checked = code === firstOf(holder);
    radio.addEventListener("change", () => chosen(code));
    const words = document.createElement("span");
    words.textContent = label;
    option.append(radio, words);
    set.append(option);
  }
  return set;
}

async function start(holder: HTMLElement): Promise<void> {
  const figures = table(holder);
  const address = holder.dataset["outlines"];
  if (figures === null || address === undefined) return;
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) return;
  const canvas = document.createElement("div");
  canvas.className = "mc-map__canvas";
  canvas.dataset["none"] = holder.dataset["none"] ?? "";
  canvas.dataset["first"] = firstOf(holder);
  // The table beneath says the same and more; a reader of the page is sent there.
  canvas.setAttribute("aria-hidden", "true");
  let code = firstOf(holder);
  const redraw = (): void => {
    const now = table(holder);
    if (now !== null) map.show(now, code);
  };
  holder.hidden = false;
  holder.append(
    choices(holder, figures, (wanted) => {
      code = wanted;
      redraw();
    }),
    canvas,
  );
  const map = new PlaceMap(canvas, await answer.json());
  redraw();
  document.body.addEventListener("htmx:afterSettle", redraw);
}

// The page renews its numbers by itself: what a reader has opened stays open.
const opened = new Set<string>();
const folds = (): NodeListOf<HTMLDetailsElement> => document.querySelectorAll("#board-live details[id]");
document.body.addEventListener("htmx:beforeSwap", () => {
  opened.clear();
  for (const fold of folds()) if (fold.open) opened.add(fold.id);
});
document.body.addEventListener("htmx:afterSwap", () => {
  for (const fold of folds()) fold.open = opened.has(fold.id);
});

const holder = document.getElementById("board-map");
if (holder !== null) void start(holder);
