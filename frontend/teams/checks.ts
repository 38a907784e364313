// Looks at an answer as the server will: what fits in its type, or what is wrong with it. The server has the last word.
import { isAsked } from "./conditions";
import type { Field, Service, Step, Value, Values, Words } from "./types";

export type Checked = { readonly value: Value | null } | { readonly fault: Words };

const UNSEEN = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

function fault(field: Field, vi: string, en: string): Checked {
  return { fault: { vi: vi.replace("{}", `“${field.label.vi}”`), en: en.replace("{}", `“${field.label.en}”`) } };
}

/** Check one answer as it was typed; a date is given as ISO or as day/month/year. */
export function checked(field: Field, given: string | boolean): Checked {
  if (field.type === "boolean") return yesOrNo(field, given);
  const text = String(given).normalize("NFC").trim();
  if (!text) {
    // What only the server may ask for is left open here.
    const needed = field.required && !(field.conditional && !field.showIf);
    return needed ? fault(field, "Trả lời mục {}.", "Answer {}.") : { value: null };
  }
  return field.type === "string" ? words(field, text) : amount(field, text);
}

function yesOrNo(field: Field, given: string | boolean): Checked {
  const value = given === true || given === "yes";
  if (field.widget === "checkbox" && field.required && !value)
    return fault(field, "Đánh dấu vào mục {} để tiếp tục.", "Tick {} to go on.");
  if (field.widget === "radios" && given === "") return fault(field, "Chọn có hoặc không ở mục {}.", "Choose yes or no for {}.");
  return { value };
}

function amount(field: Field, text: string): Checked {
  const plain = text.replace(/ /g, "");
  const shape = field.type === "integer" ? /^-?\d{1,15}$/ : /^-?\d{1,15}([.,]\d{1,6})?$/;
  if (!shape.test(plain)) return fault(field, "Mục {} cần một con số, ví dụ 12.", "{} needs a number, such as 12.");
  const value = Number(plain.replace(",", "."));
  const { minimum = -Infinity, maximum = Infinity } = field;
  if (value < minimum || value > maximum) {
    const [low, high] = [minimum, maximum].map((bound) => (Number.isFinite(bound) ? String(bound) : "…"));
    return fault(field, `Mục {} nhận số từ ${low} đến ${high}.`, `{} takes a number from ${low} to ${high}.`);
  }
  return { value };
}

function words(field: Field, text: string): Checked {
  if (UNSEEN.test(text))
    return fault(field, "Mục {} có ký tự không nhìn thấy. Xóa rồi gõ lại.", "{} holds characters that cannot be seen. Type it again.");
  const length = [...text].length;
  if (length > field.maxLength)
    return fault(field, `Mục {} dài quá ${field.maxLength} ký tự. Viết ngắn lại.`, `{} is longer than ${field.maxLength} characters.`);
  if (field.minLength !== undefined && length < field.minLength)
    return fault(field, `Mục {} cần ít nhất ${field.minLength} ký tự.`, `{} needs at least ${field.minLength} characters.`);
  if (field.options && !field.options.some((option) => option.value === text))
    return fault(field, "Chọn một câu trả lời ở mục {}.", "Choose one of the answers for {}.");
  if (field.widget === "date") {
    const day = isoDay(text);
    return day ? { value: day } : fault(field, "Mục {} cần một ngày có thật, ví dụ 3/9/2026.", "{} needs a real date, such as 3/9/2026.");
  }
  if (field.pattern && !fits(field.pattern, text)) {
    const { vi = "", en = "" } = field.patternHint ?? {};
    return fault(field, `Mục {} chưa đúng dạng. ${vi}`.trim(), `{} is not in the right form. ${en}`.trim());
  }
  return { value: text };
}

/** Patterns are written for the server: one that this browser cannot read is left to it. */
function fits(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(text);
  } catch {
    return true;
  }
}

/** Take 2026-09-03 or 3/9/2026 and return the former; nothing for a day that never was. */
export function isoDay(text: string): string | null {
  const [, y, m, d] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  const [, day, month, year] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text) ?? [];
  const parts = y ? [y, m, d] : [year, month, day];
  if (!parts[0]) return null;
  const [whole, at, on] = parts.map(Number) as [number, number, number];
  const found = new Date(Date.UTC(whole, at - 1, on));
  const real = found.getUTCFullYear() === whole && found.getUTCMonth() === at - 1 && found.getUTCDate() === on;
  return real ? found.toISOString().slice(0, 10) : null;
}

export interface Answers {
  readonly values: Values;
  readonly faults: Readonly<Record<string, Words>>;
}

/** Check the fields of a step in their order; one that its condition hides is dropped, whatever was typed. */
export function checkedStep(step: Step, typed: Readonly<Record<string, string | boolean>>, before: Values): Answers {
  const values: Record<string, Value> = { ...before };
  const faults: Record<string, Words> = {};
  for (const field of step.fields) delete values[field.name];
  for (const field of step.fields) {
    if (!isAsked(field, values)) continue;
    const found = checked(field, typed[field.name] ?? "");
    if ("fault" in found) faults[field.name] = found.fault;
    else if (found.value !== null) values[field.name] = found.value;
  }
  return { values, faults };
}

/** Drop answers to questions that are hidden or are none any more, in the order of the form. */
export function shown(service: Service, values: Values): Values {
  const kept: Record<string, Value> = {};
  for (const field of service.steps.flatMap((step) => step.fields)) {
    const value = values[field.name];
    if (value !== undefined && isAsked(field, kept)) kept[field.name] = value;
  }
  return kept;
}

/** The first step that lacks an answer, or none. */
export function incompleteStep(service: Service, values: Values): number | null {
  const kept = shown(service, values);
  const at = service.steps.findIndex((step) =>
    step.fields.some((field) => {
      const left = kept[field.name] === undefined && isAsked(field, kept);
      return left && field.required && !(field.conditional && !field.showIf);
    }),
  );
  return at < 0 ? null : at;
}
