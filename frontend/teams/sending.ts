// Sends one dossier: asks how far an earlier try came, then consent, papers, and the dossier, each once.
import { Refused, type Door } from "./door";
import { papersOf } from "./dossiers";
import type { Dossier, Service, Words } from "./types";

export type Outcome =
  | { readonly kind: "sent"; readonly number: string }
  | { readonly kind: "refused"; readonly said: Words; readonly faults: Readonly<Record<string, Words>> }
  | { readonly kind: "later"; readonly said: Words | null; readonly seconds: number }
  | { readonly kind: "sign_in" };

export interface Keeper {
  keep(dossier: Dossier): Promise<void>;
  paper(id: string): Promise<Uint8Array | null>;
}

const LOST: Words = {
  vi: "Ảnh đã chụp không còn trong máy. Chụp lại.",
  en: "The photograph is not on the device any more. Take it again.",
};
const MEND: Words = {
  vi: "Có mục cần sửa. Mở hồ sơ, sửa mục được đánh dấu rồi gửi lại.",
  en: "Some answers need mending. Open the dossier, mend what is marked, and send again.",
};
/** The server's fault or a matter of waiting: the same is sent again. */
const SOON_SECONDS = 15;

/** Send, as far as the connection carries; whatever was cut off before is found out first. */
export async function send(dossier: Dossier, service: Service, keeper: Keeper, door: Door): Promise<Outcome> {
  let current = dossier;
  const note = async (changes: Partial<Dossier>): Promise<void> => {
    current = { ...current, ...changes };
    await keeper.keep(current);
  };
  try {
    const stage = await door.stage(current.key);
    if (stage.number) return { kind: "sent", number: stage.number };
    if (!stage.begun) {
      if (!current.person || !current.consent) return { kind: "refused", said: MEND, faults: {} };
      await door.begin(current.key, current.service, current.person, current.consent);
    }
    if (!current.begun) await note({ begun: true });
    for (const [field, id] of papersOf(current, service)) {
      if (stage.papers.includes(id)) continue;
      const content = await keeper.paper(id);
      if (!content) return { kind: "refused", said: MEND, faults: { [field]: LOST } };
      await door.paper(current.key, id, field, new Blob([new Uint8Array(content)], { type: "image/jpeg" }));
    }
    // From here on the answer may be lost on its way: nothing may be changed before one is heard.
    await note({ unsure: true });
    return { kind: "sent", number: await door.file(current.key, current.values) };
  } catch (fault) {
    if (fault instanceof Refused) return said(fault);
    if (fault instanceof TypeError) return { kind: "later", said: null, seconds: SOON_SECONDS };
    throw fault;
  }
}

function said(refusal: Refused): Outcome {
  const { status, said, fields, retrySeconds } = refusal;
  if (status === 401 || status === 403) return { kind: "sign_in" };
  if (status === 422 || status === 404) return { kind: "refused", said, faults: fields };
  return { kind: "later", said, seconds: retrySeconds || SOON_SECONDS };
}

/** What becomes of a dossier that was not sent. */
export function after(dossier: Dossier, outcome: Outcome): Dossier {
  if (outcome.kind === "refused")
    return { ...dossier, stage: "refused", unsure: false, refusal: outcome.said, faults: outcome.faults };
  if (outcome.kind === "later") return { ...dossier, refusal: outcome.said };
  return dossier;
}
