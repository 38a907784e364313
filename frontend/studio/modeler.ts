// dmn-js with its decision tables alone: the graph, literal and boxed expressions stay as the file has them.
import EditingManager from "dmn-js-shared/lib/base/EditingManager";
import TableEditor from "dmn-js-decision-table/lib/Editor";
import { translated } from "./words";

export interface Annotation {
  text?: string;
}

export interface Rule {
  id: string;
  annotationEntry?: Annotation[];
}

export interface DecisionTable {
  $type: string;
  annotation?: { name: string }[];
  rule?: Rule[];
}

export interface Element {
  $type: string;
  id: string;
  name: string;
  label?: string;
}

export interface Decision extends Element {
  decisionLogic: DecisionTable;
}

export interface Definitions extends Element {
  $model: { create(type: string, values: object): Annotation };
}

export interface View {
  type: string;
  element: Element;
}

function isTable(element: Element): boolean {
  return element.$type === "dmn:Decision" && (element as Decision).decisionLogic?.$type === "dmn:DecisionTable";
}

const inWords = { translate: ["value", translated] };

export class TableModeler extends EditingManager {
  constructor(options: { container: HTMLElement }) {
    super({
      ...options,
      decisionTable: { additionalModules: [inWords] },
    });
  }

  override _getViewProviders(): object[] {
    return [{ id: "decisionTable", constructor: TableEditor, opens: isTable }];
  }
}
