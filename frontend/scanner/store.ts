// What the scanner keeps on the device (IndexedDB): files from the server with their age, settings, scans.
import type { Bytes } from "./bytes";
import type { Answer, Reason } from "./judge";
import type { Root } from "./trust";

/** A scan waiting to be sent; the key makes a repeated sending harmless. */
export interface Scan {
  readonly key: string;
  readonly text: string;
  /** ISO 8601 by this device's clock. */
  readonly scannedAt: string;
  readonly answer: Answer;
  readonly reason: Reason;
  readonly checkpoint: string;
}

/** A text in both languages. */
export interface Words {
  readonly vi: string;
  readonly en: string;
}

/** How to name what a kind of pass carries. */
export interface Layout {
  readonly kind: string;
  readonly title: Words;
  readonly claims: readonly { readonly key: string; readonly label: Words }[];
}

interface Kept {
  root: Root;
  bundle: Bytes;
  status: Bytes;
  layouts: readonly Layout[];
  /** Seconds by which this device's clock was ahead of the server's at the last meeting. */
  clockError: number;
  /** Milliseconds of the last meeting, by this device's clock. */
  syncedAt: number;
  checkpoint: string;
  device: string;
  language: "vi" | "en";
}

export class Store {
  private constructor(private readonly database: IDBDatabase) {}

  static open(): Promise<Store> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open("motcua-scanner", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("kept");
        request.result.createObjectStore("scans", { keyPath: "key" });
      };
      request.onsuccess = () => resolve(new Store(request.result));
      request.onerror = () => reject(request.error);
    });
  }

  get<Name extends keyof Kept>(name: Name): Promise<Kept[Name] | undefined> {
    return this.run("kept", "readonly", (kept) => kept.get(name));
  }

  async set<Name extends keyof Kept>(name: Name, value: Kept[Name]): Promise<void> {
    await this.run("kept", "readwrite", (kept) => kept.put(value, name));
  }

  async addScan(scan: Scan): Promise<void> {
    await this.run("scans", "readwrite", (scans) => scans.put(scan));
  }

  scans(): Promise<Scan[]> {
    return this.run("scans", "readonly", (scans) => scans.getAll());
  }

  async dropScans(keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.run("scans", "readwrite", (scans) => scans.delete(key));
  }

  /** The name under which this device is known; drawn once. */
  async device(): Promise<string> {
    const known = await this.get("device");
    if (known) return known;
    const drawn = crypto.randomUUID();
    await this.set("device", drawn);
    return drawn;
  }

  private run<T>(name: string, mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(name, mode);
      const request = act(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
  }
}
