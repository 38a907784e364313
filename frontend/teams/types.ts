// What the server gives and the device keeps; the shapes of src/motcua/web/teams/catalogue.py.

/** A text in both languages. */
export interface Words {
  readonly vi: string;
  readonly en: string;
}

export type Value = string | number | boolean;
export type Values = Readonly<Record<string, Value>>;

/** A condition over earlier answers, as far as FEEL can be put so. */
export type Tree =
  | { readonly op: "and" | "or" | "not"; readonly of: readonly Tree[] }
  | {
      readonly op: "=" | "!=" | "<" | "<=" | ">" | ">=";
      readonly field: string;
      readonly value: Value | null;
    };

export interface Field {
  readonly name: string;
  readonly label: Words;
  readonly help?: Words;
  readonly type: "string" | "integer" | "number" | "boolean";
  readonly widget: "text" | "textarea" | "select" | "radios" | "checkbox" | "date" | "place" | "number" | "paper";
  readonly required?: boolean;
  readonly options?: readonly { readonly value: string; readonly label: Words }[];
  readonly minLength?: number;
  readonly maxLength: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly patternHint?: Words;
  readonly showIf?: Tree;
  /** Shown under a condition; without `showIf` only the server can judge it. */
  readonly conditional?: boolean;
  /** What a paper is called; only fields that ask for one have it. */
  readonly kind?: Words;
  /** What stands in the field where data of a register may replace the paper. */
  readonly data?: string;
}

export interface Step {
  readonly name: string;
  readonly label: Words;
  readonly fields: readonly Field[];
}

export interface Service {
  readonly code: string;
  readonly revision: number;
  readonly title: Words;
  readonly summary: Words;
  readonly consent: { readonly vi: readonly string[]; readonly en: readonly string[]; readonly seal: string };
  readonly steps: readonly Step[];
}

export interface Catalogue {
  readonly services: readonly Service[];
  /** Code and name. */
  readonly places: readonly (readonly [string, string])[];
}

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly team: string;
}

/** Who stands before the member; the date is ISO. */
export interface Person {
  readonly number: string;
  readonly fullName: string;
  readonly bornOn: string;
}

export interface Consent {
  readonly words: string;
  readonly seal: string;
  /** PNG in Base64. */
  readonly signature: string;
  /** ISO, by this device's clock. */
  readonly at: string;
}

/** One filing on its way: being filled in, waiting to be sent, or sent back to be mended. */
export interface Dossier {
  readonly key: string;
  readonly member: string;
  readonly service: string;
  readonly title: Words;
  readonly stage: "draft" | "queued" | "refused";
  readonly consent: Consent | null;
  readonly person: Person | null;
  readonly values: Values;
  /** The server has consent and person: neither can be changed any more. */
  readonly begun: boolean;
  /** Filing was tried and no answer came: nothing may be changed until one does. */
  readonly unsure: boolean;
  readonly refusal: Words | null;
  readonly faults: Readonly<Record<string, Words>>;
  readonly changedAt: number;
}

export interface Filed {
  readonly number: string;
  readonly title: Words;
  readonly state: Words;
  readonly filedAt: string;
}

export interface Counts {
  readonly mineThisWeek: number;
  readonly mine: number;
  readonly teamThisWeek: number;
  readonly team: number;
}

export interface Mine {
  readonly filed: readonly Filed[];
  readonly counts: Counts;
}
