// What the tablet keeps (IndexedDB): who is signed in, the services, and dossiers with their photographs, sealed.
import type { Bytes } from "../scanner/bytes";
import { newKey, open, seal, type Sealed } from "./box";
import type { Catalogue, Dossier, Member, Mine } from "./types";

interface Kept {
  key: CryptoKey;
  member: Member;
  catalogue: Catalogue;
  mine: Mine;
  /** Seconds by which this device's clock was ahead of the server's at the last meeting. */
  clockError: number;
  /** Milliseconds of the last meeting, by this device's clock. */
  metAt: number;
  language: "vi" | "en";
}

interface DossierRow {
  readonly key: string;
  readonly sealed: Sealed;
}

interface PaperRow {
  readonly id: string;
  readonly dossier: string;
  readonly sealed: Sealed;
}

const STORES = ["kept", "dossiers", "papers"] as const;
type Name = (typeof STORES)[number];

export class Store {
  private constructor(
    private readonly database: IDBDatabase,
    private key: CryptoKey,
  ) {}

  static async open(): Promise<Store> {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open("motcua-teams", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("kept");
        request.result.createObjectStore("dossiers", { keyPath: "key" });
        request.result.createObjectStore("papers", { keyPath: "id" }).createIndex("dossier", "dossier");
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const store = new Store(database, await newKey());
    await store.takeKey();
    return store;
  }

  /** Two windows that begin together agree on the key of the first. */
  private async takeKey(): Promise<void> {
    this.key = await new Promise<CryptoKey>((resolve, reject) => {
      const transaction = this.database.transaction("kept", "readwrite");
      const kept = transaction.objectStore("kept");
      const known = kept.get("key") as IDBRequest<CryptoKey | undefined>;
      let taken = this.key;
      known.onsuccess = () => {
        if (known.result) taken = known.result;
        else kept.put(taken, "key");
      };
      transaction.oncomplete = () => resolve(taken);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  get<Of extends keyof Kept>(name: Of): Promise<Kept[Of] | undefined> {
    return this.run("kept", "readonly", (kept) => kept.get(name));
  }

  async set<Of extends keyof Kept>(name: Of, value: Kept[Of]): Promise<void> {
    await this.run("kept", "readwrite", (kept) => kept.put(value, name));
  }

  async keep(dossier: Dossier): Promise<void> {
    const content = new TextEncoder().encode(JSON.stringify(dossier));
    const row: DossierRow = { key: dossier.key, sealed: await seal(this.key, content, dossier.key) };
    await this.run("dossiers", "readwrite", (dossiers) => dossiers.put(row));
  }

  async dossier(key: string): Promise<Dossier | null> {
    const row = await this.run<DossierRow | undefined>("dossiers", "readonly", (dossiers) => dossiers.get(key));
    return row ? this.opened(row) : null;
  }

  async dossiers(): Promise<Dossier[]> {
    const rows = await this.run<DossierRow[]>("dossiers", "readonly", (dossiers) => dossiers.getAll());
    const found = await Promise.all(rows.map((row) => this.opened(row)));
    return found.sort((one, other) => one.changedAt - other.changedAt);
  }

  private async opened(row: DossierRow): Promise<Dossier> {
    return JSON.parse(new TextDecoder().decode(await open(this.key, row.sealed, row.key))) as Dossier;
  }

  async keepPaper(id: string, dossier: string, content: Uint8Array): Promise<void> {
    const row: PaperRow = { id, dossier, sealed: await seal(this.key, content, id) };
    await this.run("papers", "readwrite", (papers) => papers.put(row));
  }

  async paper(id: string): Promise<Bytes | null> {
    const row = await this.run<PaperRow | undefined>("papers", "readonly", (papers) => papers.get(id));
    return row ? open(this.key, row.sealed, id) : null;
  }

  async dropPaper(id: string): Promise<void> {
    await this.run("papers", "readwrite", (papers) => papers.delete(id));
  }

  /** Delete a dossier with all its photographs, at once. */
  async drop(key: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const transaction = this.database.transaction(["dossiers", "papers"], "readwrite");
      transaction.objectStore("dossiers").delete(key);
      const walk = transaction.objectStore("papers").index("dossier").openCursor(IDBKeyRange.only(key));
      walk.onsuccess = () => {
        walk.result?.delete();
        walk.result?.continue();
      };
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
  }

  /** Delete everything, the key first of all: what a copy of the disk still holds opens no more. */
  async wipe(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const transaction = this.database.transaction(STORES, "readwrite");
      for (const name of STORES) transaction.objectStore(name).clear();
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    this.key = await newKey();
    await this.takeKey();
  }

  private run<T>(name: Name, mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(name, mode);
      const request = act(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
  }
}
