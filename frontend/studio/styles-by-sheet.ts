// The cell editor of dmn-js (CodeMirror) would write <style> elements, which the page's policy refuses.
// Sheets that a script makes itself are allowed: the same rules reach the page that way.
import { StyleModule } from "style-mod";

const sheets = new Map<StyleModule, CSSStyleSheet>();

StyleModule.mount = (_root, modules) => {
  const wanted = Array.isArray(modules) ? modules : [modules];
  for (const module of wanted) {
    if (sheets.has(module)) continue;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(module.getRules());
    sheets.set(module, sheet);
  }
  const made = new Set(wanted.map((module) => sheets.get(module)));
  const others = document.adoptedStyleSheets.filter((sheet) => !made.has(sheet));
  document.adoptedStyleSheets = [...others, ...[...made].filter((sheet) => sheet !== undefined)];
};
