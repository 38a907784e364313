// Judges a condition as FEEL does: true, false, or null for what cannot be told. Only true shows a field.
import type { Field, Tree, Value, Values } from "./types";

export type Truth = boolean | null;

export function holds(tree: Tree, values: Values): Truth {
  switch (tree.op) {
    case "and":
      return every(tree.of.map((each) => holds(each, values)));
    case "or": {
      const turned = every(tree.of.map((each) => not(holds(each, values))));
      return not(turned);
    }
    case "not":
      return not(holds(tree.of[0] ?? { op: "and", of: [] }, values));
    default:
      return compared(tree.op, values[tree.field] ?? null, tree.value);
  }
}

/** Whether a field is asked on this device; a condition that only the server judges never hides one. */
export function isAsked(field: Field, values: Values): boolean {
  return field.showIf === undefined || holds(field.showIf, values) === true;
}

function every(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(null) ? null : true;
}

function not(truth: Truth): Truth {
  return truth === null ? null : !truth;
}

function compared(op: string, left: Value | null, right: Value | null): Truth {
  if (op === "=" || op === "!=") {
    const same = equal(left, right);
    return op === "=" ? same : not(same);
  }
  if (left === null || right === null || typeof left !== typeof right || typeof left === "boolean") return null;
  const order = left < right ? -1 : left > right ? 1 : 0;
  if (op === "<") return order < 0;
  if (op === "<=") return order <= 0;
  return op === ">" ? order > 0 : order >= 0;
}

function equal(left: Value | null, right: Value | null): Truth {
  if (left === null || right === null) return left === right;
  return typeof left === typeof right ? left === right : null;
}
