// The file that Python wrote and is itself held to (tests/seals/test_vectors.py).
import { readFileSync } from "node:fs";
import { fromBase64 } from "../bytes";
import type { Holdings } from "../judge";
import { openBundle, openStatus, type Root } from "../trust";

interface Vectors {
  root: { key_id: string; spki: string };
  bundle: string;
  status: string;
  issued_at: number;
  cases: { name: string; text: string; at: number; reason: string }[];
}

export const vectors = JSON.parse(
  readFileSync(new URL("../../../tests/seals/vectors.json", import.meta.url), "utf8"),
) as Vectors;

export const root: Root = {
  keyId: Uint8Array.from(vectors.root.key_id.match(/../g) ?? [], (pair) => parseInt(pair, 16)),
  spki: fromBase64(vectors.root.spki),
};

export async function holdings(changes: Partial<Holdings> = {}): Promise<Holdings> {
  const bundle = await openBundle(fromBase64(vectors.bundle), root);
  const status = await openStatus(fromBase64(vectors.status), bundle.keys);
  return { bundle, status, clockError: 0, listHours: 24, keysHours: 168, ...changes };
}

export function textOf(name: string): string {
  const found = vectors.cases.find((each) => each.name === name);
  if (!found) throw new Error(`no vector ${name}`);
  return found.text;
}
