// The two component libraries ship no types; these are the parts that app.ts calls.
declare module "govuk-frontend" {
  type Component = abstract new (...args: never[]) => object;
  export const Button: Component;
  export const CharacterCount: Component;
  export const Checkboxes: Component;
  export const ErrorSummary: Component;
  export const NotificationBanner: Component;
  export const Radios: Component;
  export const SkipLink: Component;
  export function createAll(component: Component, config?: Record<string, unknown>): object[];
}

declare module "@ministryofjustice/frontend/moj/components/sortable-table/sortable-table.mjs" {
  export const SortableTable: abstract new (...args: never[]) => object;
}

// Vite turns an imported sheet into a file of its own; see asset_url("board.css").
declare module "*.scss";
