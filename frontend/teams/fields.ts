// Draws questions and reads what was typed; ids are `field-<name>`, so that mistakes lead to them.
import { byId, h } from "./dom";
import type { Field, Value, Words } from "./types";
import { TEXTS } from "./words";

export type Say = (words: Words) => string;

interface Drawn {
  readonly say: Say;
  readonly value: Value | undefined;
  readonly fault: Words | undefined;
  readonly places: readonly (readonly [string, string])[];
}

/** A question with its hint, its mistake and its control. */
export function question(field: Field, drawn: Drawn): HTMLElement {
  const grouped = field.widget === "radios" || field.widget === "date";
  const id = `field-${field.name}`;
  const { say, fault } = drawn;
  const optional = field.required || field.type === "boolean" ? "" : ` ${say(TEXTS.optional)}`;
  const hint = [field.help ? say(field.help) : "", field.conditional && !field.showIf ? say(TEXTS.mayApply) : ""];
  const about = [
    ...hint.filter(Boolean).map((text) => h("p", { class: "hint", id: `${id}-hint` }, text)),
    fault && h("p", { class: "fault", id: `${id}-fault` }, say(fault)),
  ];
  const classes = fault ? "question question--wrong" : "question";
  if (field.widget === "checkbox") {
    const box = h("input", { type: "checkbox", id, name: field.name, checked: drawn.value === true });
    return h("div", { class: classes }, ...about, h("label", { class: "tick" }, box, h("span", {}, say(field.label))));
  }
  if (grouped)
    return h("fieldset", { class: classes, id, tabindex: "-1" }, h("legend", {}, say(field.label) + optional), ...about, control(field, drawn));
  return h("div", { class: classes }, h("label", { for: id }, say(field.label) + optional), ...about, control(field, drawn));
}

function control(field: Field, { say, value, places }: Drawn): HTMLElement {
  const id = `field-${field.name}`;
  const text = value === undefined ? "" : String(value);
  switch (field.widget) {
    case "radios":
      return radios(field, text, say);
    case "date":
      return dateParts(id, text, say);
    case "select":
    case "place": {
      const options = field.widget === "place" ? places : (field.options ?? []).map((each) => [each.value, say(each.label)] as const);
      return h(
        "select",
        { id, name: field.name },
        h("option", { value: "" }, say(TEXTS.choose)),
        ...options.map(([code, name]) => h("option", { value: code, selected: code === text }, name)),
      );
    }
    case "textarea": {
      const area = h("textarea", { id, name: field.name, rows: "4" });
      area.value = text;
      return area;
    }
    default: {
      const mode = field.type === "string" ? null : field.type === "integer" ? "numeric" : "decimal";
      const input = h("input", { id, name: field.name, type: "text", inputmode: mode, autocomplete: "off" });
      input.value = text;
      return input;
    }
  }
}

function radios(field: Field, text: string, say: Say): HTMLElement {
  const bool = field.type === "boolean";
  const options = bool
    ? [["yes", say(TEXTS.yes)] as const, ["no", say(TEXTS.no)] as const]
    : (field.options ?? []).map((each) => [each.value, say(each.label)] as const);
  const chosen = bool ? ({ true: "yes", false: "no" } as Record<string, string>)[text] : text;
  return h(
    "div",
    { class: "choices" },
    ...options.map(([code, label]) =>
      h(
        "label",
        { class: "choice" },
        h("input", { type: "radio", name: field.name, id: `field-${field.name}-${code}`, value: code, checked: code === chosen }),
        h("span", {}, label),
      ),
    ),
  );
}

/** Three boxes for a day; `value` is ISO. */
export function dateParts(id: string, value: string, say: Say): HTMLElement {
  const [year = "", month = "", day = ""] = value.split("-");
  const part = (name: string, label: Words, text: string, length: string) => {
    const input = h("input", { id: `${id}-${name}`, type: "text", inputmode: "numeric", maxlength: length, autocomplete: "off" });
    input.value = text.replace(/^0/, "");
    return h("label", { class: `date__part date__part--${name}` }, h("span", {}, say(label)), input);
  };
  return h("div", { class: "date" }, part("day", TEXTS.day, day, "2"), part("month", TEXTS.month, month, "2"), part("year", TEXTS.year, year, "4"));
}

export function typedDate(id: string): string {
  const parts = ["day", "month", "year"].map((name) => byId<HTMLInputElement>(`${id}-${name}`)?.value.trim() ?? "");
  return parts.some(Boolean) ? parts.join("/") : "";
}

/** What was typed in a question that is on the page. */
export function typedIn(field: Field): string | boolean {
  const id = `field-${field.name}`;
  if (field.widget === "checkbox") return byId<HTMLInputElement>(id)?.checked ?? false;
  if (field.widget === "date") return typedDate(id);
  if (field.widget === "radios")
    return document.querySelector<HTMLInputElement>(`input[name="${field.name}"]:checked`)?.value ?? "";
  return byId<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>(id)?.value ?? "";
}
