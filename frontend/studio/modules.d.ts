// dmn-js ships no types; these are the parts that the island calls.
declare module "dmn-js-shared/lib/base/EditingManager" {
  import type { Definitions, View } from "./modeler";

  interface Viewer {
    on(event: string, listener: () => void): void;
    off(event: string, listener: () => void): void;
  }

  export default class EditingManager {
    constructor(options: object);
    _getViewProviders(): object[];
    importXML(xml: string): Promise<{ warnings: unknown[] }>;
    saveXML(options: { format: boolean }): Promise<{ xml: string }>;
    open(view: View): Promise<unknown>;
    getViews(): View[];
    getActiveView(): View;
    getActiveViewer(): Viewer;
    getDefinitions(): Definitions;
  }
}

declare module "dmn-js-decision-table/lib/Editor" {
  const Editor: abstract new (...args: never[]) => object;
  export default Editor;
}

declare module "*.css";
