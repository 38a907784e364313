// Keys for the desk, and what spares an officer clicks; every page works without, and keys may be turned off.
import "./kept_text";
import "./list";

const KEPT = "motcua-desk-keys";
const rows = [...document.querySelectorAll<HTMLTableRowElement>("table[data-rows] tbody tr")];
const help = document.querySelector<HTMLDialogElement>("dialog[data-keys]");
const switched = document.querySelector<HTMLInputElement>("#keys-on");
const offer = document.querySelector<HTMLElement>("[data-keys-offer]");

function wanted(): boolean {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true;
  }
}

function linkOf(row: HTMLTableRowElement | undefined): HTMLAnchorElement | null {
  return row?.querySelector<HTMLAnchorElement>("a[href]") ?? null;
}

function here(): number {
  return rows.findIndex((row) => row.contains(document.activeElement));
}

function go(step: number): void {
  const at = here();
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
  const link = linkOf(rows[next]);
  link?.focus();
  link?.scrollIntoView({ block: "nearest" });
}

function press(key: string): boolean {
  const marked = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  if (key === "?") {
    if (!help) return false;
    if (!help.open) help.showModal();
    return true;
  }
  if (!marked) return false;
  if (marked instanceof HTMLInputElement) {
    marked.focus();
    marked.select();
  } else {
    marked.click();
  }
  return true;
}

function typing(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit"].includes(target.type);
  return target instanceof HTMLElement && target.closest("textarea, select, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || help?.open || !wanted()) return;
  const at = here();
  const inside = at >= 0;
  if (event.key === "j" || (event.key === "ArrowDown" && inside)) go(1);
  else if (event.key === "k" || (event.key === "ArrowUp" && inside)) go(-1);
  else if (event.key === "x" && inside) rows[at]?.querySelector<HTMLInputElement>("input[type=checkbox]")?.click();
  else if (event.key === "Enter" && inside && event.target instanceof HTMLInputElement) linkOf(rows[at])?.click();
  else if (!press(event.key)) return;
  event.preventDefault();
});

if (offer && help) {
  offer.hidden = false;
  offer.querySelector("button")?.addEventListener("click", () => help.showModal());
}
if (switched) {
  switched.checked = wanted();
  switched.addEventListener("change", () => {
    try {
      localStorage.setItem(KEPT, switched.checked ? "on" : "off");
    } catch {
      // A browser that keeps nothing begins anew with every page.
    }
  });
}

// What stands in the template goes into the reason at once; without this, the button beside it does the same.
for (const select of document.querySelectorAll<HTMLSelectElement>("select[data-fills]")) {
  select.addEventListener("change", () => {
    const field = document.getElementById(select.dataset.fills ?? "");
    const text = select.selectedOptions[0]?.dataset.text;
    if (field instanceof HTMLTextAreaElement && text) {
      field.value = text;
      field.focus();
      const open = text.indexOf("[");
      if (open >= 0) field.setSelectionRange(open, text.indexOf("]", open) + 1);
    }
  });
}
