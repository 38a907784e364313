// The server as the tablet meets it: one method an address. Throws TypeError when it cannot be reached.
import type { Catalogue, Consent, Member, Mine, Person, Values, Words } from "./types";

export interface Session {
  readonly now: string;
  readonly member: Member | null;
  readonly signedIn: boolean;
  readonly token: string;
}

/** How far a sending has come. */
export interface Stage {
  readonly begun: boolean;
  readonly papers: readonly string[];
  readonly number: string;
}

/** The server said no: with a sentence, and what is wrong with which field. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly said: Words,
    readonly fields: Readonly<Record<string, Words>>,
    readonly retrySeconds: number,
  ) {
    super(code);
  }
}

export interface Door {
  stage(key: string): Promise<Stage>;
  begin(key: string, service: string, person: Person, consent: Consent): Promise<void>;
  paper(key: string, id: string, field: string, content: Blob): Promise<void>;
  file(key: string, values: Values): Promise<string>;
}

const NO_ANSWER: Words = {
  vi: "Máy chủ chưa trả lời được. Hồ sơ vẫn ở trong máy và sẽ tự gửi lại.",
  en: "The server could not answer. The dossier stays here and is sent again by itself.",
};

export class Server implements Door {
  private token = "";

  constructor(private readonly root: string) {}

  async session(): Promise<Session> {
    const found = await this.json<Session>("session.json", {});
    this.token = found.token;
    return found;
  }

  catalogue(): Promise<Catalogue> {
    return this.json("services.json", {});
  }

  mine(): Promise<Mine> {
    return this.json("mine.json", {});
  }

  async signOut(): Promise<void> {
    await this.ask("sign-out", { method: "POST" });
  }

  stage(key: string): Promise<Stage> {
    return this.json(`help/${key}`, {});
  }

  async begin(key: string, service: string, person: Person, consent: Consent): Promise<void> {
    await this.posted(`help/${key}`, {
      procedure: service,
      number: person.number,
      full_name: person.fullName,
      born_on: person.bornOn,
      words: consent.words,
      seal: consent.seal,
      signature: consent.signature,
      consented_at: consent.at,
      sent_at: new Date().toISOString(),
    });
  }

  async paper(key: string, id: string, field: string, content: Blob): Promise<void> {
    const body = new FormData();
    body.set("field", field);
    body.set("file", content, `${field}.jpg`);
    await this.ask(`help/${key}/papers/${id}`, { method: "POST", body });
  }

  async file(key: string, values: Values): Promise<string> {
    const answer = await this.posted(`help/${key}/file`, { values });
    return ((await answer.json()) as { number: string }).number;
  }

  private async json<T>(address: string, init: RequestInit): Promise<T> {
    return (await (await this.ask(address, init)).json()) as T;
  }

  private posted(address: string, body: unknown): Promise<Response> {
    const headers = { "Content-Type": "application/json" };
    return this.ask(address, { method: "POST", headers, body: JSON.stringify(body) });
  }

  private async ask(address: string, init: RequestInit): Promise<Response> {
    const answer = await fetch(this.root + address, {
      ...init,
      credentials: "same-origin",
      cache: "no-store",
      headers: { ...init.headers, "X-CSRFToken": this.token },
    });
    if (answer.ok) return answer;
    throw await refused(answer);
  }
}

async function refused(answer: Response): Promise<Refused> {
  const retry = Number(answer.headers.get("Retry-After")) || 0;
  try {
    const body = (await answer.json()) as { error: string; message: Words; fields: Record<string, Words> };
    return new Refused(answer.status, body.error, body.message, body.fields, retry);
  } catch {
    // A page instead of our answer: a proxy, or a session that ended under a form.
    return new Refused(answer.status, "no_answer", NO_ANSWER, {}, retry);
  }
}
