// The annotations of a table, row by row: what a rule says to people, and the law that it rests on.
import type { Decision, Definitions, Rule } from "./modeler";
import { say, type Word } from "./words";

const LABELS: Record<string, Word> = {
  vi: "noteVi",
  en: "noteEn",
  note_vi: "noteVi",
  note_en: "noteEn",
  source: "source",
  remedy_vi: "remedyVi",
  remedy_en: "remedyEn",
};

export function drawNotes(holder: HTMLElement, decision: Decision, definitions: Definitions, changed: () => void): void {
  const table = decision.decisionLogic;
  const names = (table.annotation ?? []).map((clause) => clause.name);
  const open = new Set([...holder.querySelectorAll<HTMLDetailsElement>("details[open]")].map((row) => row.dataset["rule"]));
  holder.replaceChildren(
    ...(table.rule ?? []).map((rule, at) => {
      const row = document.createElement("details");
      row.className = "mc-studio__note";
      row.dataset["rule"] = rule.id;
      row.open = open.has(rule.id);
      const summary = document.createElement("summary");
      summary.append(`${say("row")} ${at + 1}: `, text(rule, 0) || say("noReason"));
      row.append(summary, ...names.map((name, column) => field(rule, name, column, definitions, changed)));
      return row;
    }),
  );
}

function text(rule: Rule, column: number): string {
  return rule.annotationEntry?.[column]?.text ?? "";
}

function field(rule: Rule, name: string, column: number, definitions: Definitions, changed: () => void): HTMLElement {
  const known = LABELS[name];
  const label = document.createElement("label");
  label.className = "mc-studio__field";
  const title = document.createElement("span");
  title.textContent = known === undefined ? name : say(known);
  const area = document.createElement("textarea");
  area.className = "govuk-textarea";
  area.rows = 2;
  area.value = text(rule, column);
  area.lang = name.endsWith("en") ? "en" : "vi";
  area.addEventListener("input", () => {
    write(rule, column, area.value, definitions);
    changed();
  });
  label.append(title, area);
  return label;
}

function write(rule: Rule, column: number, value: string, definitions: Definitions): void {
  const entries = rule.annotationEntry ?? (rule.annotationEntry = []);
  // A row made in the editor has no entries yet; those before this one stay empty.
  while (entries.length <= column) entries.push(definitions.$model.create("dmn:RuleAnnotation", { text: "" }));
  const entry = entries[column];
  if (entry !== undefined) entry.text = value;
}
