// The answer to a QR text: valid, not valid, or cannot tell. Pure but for WebCrypto; the clock is passed in.
import { NotBase45, decodeBase45 } from "./base45";
import { decodeMap, NotCanonical, type Cbor } from "./cbor";
import { NotSign1, readSign1, sameKeyId, signatureHolds, type Sign1 } from "./cose";
import { inflate, NotZlib } from "./inflate";
import { isRevoked, type Bundle, type StatusList } from "./trust";

const PREFIX = "MC1:";
const LONGEST_TEXT = 400;
const LARGEST_MESSAGE = 1024;
const LATEST_SECOND = 253402300799;
/** A clock may be this wrong without anyone being harmed. */
export const CLOCK_TOLERANCE = 300;

export type Answer = "valid" | "not_valid" | "cannot_tell";
export type Reason =
  | ""
  | "not_a_pass"
  | "damaged"
  | "wrong_signature"
  | "key_not_valid"
  | "key_revoked"
  | "revoked"
  | "not_yet_valid"
  | "expired"
  | "outside_hours"
  | "no_keys"
  | "keys_too_old"
  | "unknown_key"
  | "clock"
  | "no_list"
  | "list_too_old";

/** What the scanner holds; times in seconds since 1970. */
export interface Holdings {
  readonly bundle: Bundle | null;
  readonly status: StatusList | null;
  /** How far this device's clock was ahead of the server's when they last spoke; null if never. */
  readonly clockError: number | null;
  readonly listHours: number;
  readonly keysHours: number;
}

export interface Pass {
  readonly kind: string;
  readonly claims: ReadonlyMap<string, Cbor>;
  readonly issuedAt: number;
  readonly notBefore: number;
  readonly expiresAt: number;
  readonly revocationId: number;
}

export interface Judgement {
  readonly answer: Answer;
  readonly reason: Reason;
  /** The content, only when the signature is genuine. */
  readonly pass: Pass | null;
}

/** Judge a text at a moment (seconds since 1970); `localTime` is the hour of day there as HH:MM. */
export async function judge(text: string, holdings: Holdings, now: number, localTime: string): Promise<Judgement> {
  const message = await read(text);
  if (typeof message === "string") return { answer: "not_valid", reason: message, pass: null };
  if (!holdings.bundle) return { answer: "cannot_tell", reason: "no_keys", pass: null };
  const keys = holdings.bundle.keys.filter((key) => sameKeyId(key.keyId, message.keyId));
  if (!keys.length) return { answer: "cannot_tell", reason: "unknown_key", pass: null };
  for (const key of keys) {
    if (!(await signatureHolds(message, key.key))) continue;
    const pass = content(message);
    if (!pass) return { answer: "not_valid", reason: "damaged", pass: null };
    const [answer, reason] = standing(pass, key, holdings, now, localTime);
    return { answer, reason, pass };
  }
  return { answer: "not_valid", reason: "wrong_signature", pass: null };
}

/** What is certain comes first: a revoked pass is not valid however old the list and wrong the clock. */
function standing(
  pass: Pass,
  key: Bundle["keys"][number],
  holdings: Holdings,
  now: number,
  localTime: string,
): [Answer, Reason] {
  const { bundle, status } = holdings;
  if (key.revokedAt !== null && pass.issuedAt >= key.revokedAt) return ["not_valid", "key_revoked"];
  const listed = status && isRevoked(status, pass.revocationId);
  if (listed) return ["not_valid", "revoked"];
  if (clockIsDoubtful(pass, holdings, now)) return ["cannot_tell", "clock"];
  if (!(key.notBefore <= pass.issuedAt && key.notBefore <= now && pass.issuedAt <= key.notAfter && now <= key.notAfter)) {
    return ["not_valid", "key_not_valid"];
  }
  if (now >= pass.expiresAt) return ["not_valid", "expired"];
  // A pass is often shown in the minute of its issue, to a clock that is a little slow.
  if (now < pass.notBefore - CLOCK_TOLERANCE) return ["not_valid", "not_yet_valid"];
  if (!bundle || now - bundle.issuedAt > holdings.keysHours * 3600) return ["cannot_tell", "keys_too_old"];
  if (!status || listed === null) return ["cannot_tell", "no_list"];
  const tooOld = now - status.issuedAt > holdings.listHours * 3600 || now >= status.expiresAt;
  if (tooOld) return ["cannot_tell", "list_too_old"];
  return isOutsideHours(pass.claims.get("h"), localTime) ? ["not_valid", "outside_hours"] : ["valid", ""];
}

/** A signed time in the future proves that this clock is slow; the last meeting with the server may, too. */
function clockIsDoubtful(pass: Pass, holdings: Holdings, now: number): boolean {
  const newest = Math.max(pass.issuedAt, holdings.bundle?.issuedAt ?? 0, holdings.status?.issuedAt ?? 0);
  return now < newest - CLOCK_TOLERANCE || Math.abs(holdings.clockError ?? 0) > CLOCK_TOLERANCE;
}

function isOutsideHours(claim: Cbor | undefined, localTime: string): boolean {
  const hours = typeof claim === "string" ? /^(\d\d:\d\d)\s*[-–]\s*(\d\d:\d\d)$/.exec(claim) : null;
  if (!hours) return false;
  const [begin, end] = [hours[1] as string, hours[2] as string];
  const within = begin <= end ? begin <= localTime && localTime <= end : localTime >= begin || localTime <= end;
  return !within;
}

async function read(text: string): Promise<Sign1 | "not_a_pass" | "damaged"> {
  if (!text.startsWith(PREFIX)) return "not_a_pass";
  if (text.length > LONGEST_TEXT) return "damaged";
  try {
    return readSign1(await inflate(decodeBase45(text.slice(PREFIX.length)), LARGEST_MESSAGE));
  } catch (fault) {
    if (fault instanceof NotBase45 || fault instanceof NotZlib || fault instanceof NotSign1) return "damaged";
    throw fault;
  }
}

function content(message: Sign1): Pass | null {
  let claims;
  try {
    claims = decodeMap(message.payload);
  } catch (fault) {
    if (fault instanceof NotCanonical) return null;
    throw fault;
  }
  const [expiresAt, notBefore, issuedAt] = [claims.get(4), claims.get(5), claims.get(6)];
  const [identity, kind] = [claims.get(7), claims.get("K")];
  if (!isMoment(expiresAt) || !isMoment(notBefore) || !isMoment(issuedAt)) return null;
  if (!(identity instanceof Uint8Array) || identity.length !== 4 || typeof kind !== "string") return null;
  const own = new Map<string, Cbor>();
  for (const [name, value] of claims) if (typeof name === "string" && name !== "K") own.set(name, value);
  const revocationId = identity.reduce((sum, byte) => sum * 256 + byte, 0);
  return { kind, claims: own, issuedAt, notBefore, expiresAt, revocationId };
}

function isMoment(value: Cbor | undefined): value is number {
  return typeof value === "number" && value >= 0 && value <= LATEST_SECOND;
}
