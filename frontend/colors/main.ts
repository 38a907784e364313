// Colors of a draft by place: a click on the map chooses in the table, a choice in the table colors the map.
// The table is the form; without this file it does the same.
import { ColorMap, type Shade } from "./map";

const SHADES: Readonly<Record<string, string>> = { red: "#c5362b", yellow: "#e5b008", green: "#2f8f63" };
const OTHERS = ["#2a6f97", "#8b5fbf", "#5c6b73", "#b0651d"];

interface Option {
  readonly value: string;
  readonly label: string;
}

function optionsOf(select: HTMLSelectElement): Option[] {
  return [...select.options].map((option) => ({ value: option.value, label: option.text }));
}

function shadeOf(value: string, known: readonly string[]): string {
  return SHADES[value] ?? OTHERS[known.indexOf(value) % OTHERS.length] ?? "#eef2f3";
}

function brushes(holder: HTMLElement, options: readonly Option[], chosen: (value: string) => void): HTMLFieldSetElement {
  const set = document.createElement("fieldset");
  set.className = "mc-map-choice";
  const legend = document.createElement("legend");
  legend.textContent = holder.dataset["choose"] ?? "";
  set.append(legend);
  options.forEach(({ value, label }, index) => {
    const option = document.createElement("label");
    const radio = document.createElement("input");
    radio.type = "radio";
    radio.name = "map-brush";
    radio.checked = index === 0;
    radio.addEventListener("change", () => chosen(value));
    const words = document.createElement("span");
    words.textContent = label;
    option.append(radio, words);
    set.append(option);
  });
  return set;
}

function selectsOf(form: HTMLElement): Map<string, HTMLSelectElement> {
  const rows = form.querySelectorAll<HTMLTableRowElement>("tr[data-code]");
  const found = new Map<string, HTMLSelectElement>();
  for (const row of rows) {
    const select = row.querySelector("select");
    if (row.dataset["code"] && select !== null) found.set(row.dataset["code"], select);
  }
  return found;
}

async function start(holder: HTMLElement): Promise<void> {
  const form = document.getElementById(holder.dataset["form"] ?? "");
  const address = holder.dataset["outlines"];
  if (form === null || address === undefined) return;
  const selects = selectsOf(form);
  const first = selects.values().next().value;
  if (first === undefined) return;
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) return;
  const fallback = form.querySelector<HTMLSelectElement>("select[data-default]");
  const options = optionsOf(first);
  const named = options.filter(({ value }) => value !== "");
  const known = named.map(({ value }) => value);
  const canvas = document.createElement("div");
  canvas.className = "mc-map__canvas";
  canvas.setAttribute("aria-hidden", "true");
  const brush = { value: named[0]?.value ?? "" };
  holder.hidden = false;
  const inOrder = [...named, ...options.filter(({ value }) => value === "")];
  holder.append(
    brushes(holder, inOrder, (value) => {
      brush.value = value;
    }),
    canvas,
  );
  const map = new ColorMap(canvas, await answer.json(), (code) => {
    const select = selects.get(code);
    if (select === undefined) return;
    select.value = brush.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  const redraw = (): void => {
    const shades = new Map<string, Shade>();
    for (const [code, select] of selects) {
      const value = select.value || (fallback?.value ?? "");
      const before = select.dataset["before"] ?? "";
      const label = named.find((option) => option.value === value)?.label ?? "–";
      shades.set(code, { color: value ? shadeOf(value, known) : "#eef2f3", label, changed: value !== before });
      select.closest("tr")?.classList.toggle("mc-colors__changed", value !== before);
    }
    map.show(shades);
  };
  form.addEventListener("change", redraw);
  redraw();
}

const holder = document.getElementById("color-map");
if (holder !== null) void start(holder);
