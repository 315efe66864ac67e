/** What this device keeps for the apps of the platform: one database, small things by name (本机存储). */
import { brought, opened, within } from "./database.ts";

const STORES = {
  attempts: { keyPath: "id" },
  words: { keyPath: ["attempt_id", "slot"] },
  conduct: { keyPath: ["attempt_id", "number"] },
  packages: { keyPath: "hash" },
  images: { keyPath: "hash" },
  kept: { keyPath: "name" },
  doors: { keyPath: "id" },
  marks: { keyPath: ["practical_id", "code"] },
  exhibits: { keyPath: ["practical_id", "hash"] },
} satisfies Record<string, IDBObjectStoreParameters>;

type Store = keyof typeof STORES;

let database: Promise<IDBDatabase> | null = null;

/** The one database of this origin's apps; a newer version brings the stores that are missing. */
export function open(): Promise<IDBDatabase> {
  database ??= opened("safety-phone", 2, (made) => {
    for (const [name, options] of Object.entries(STORES)) {
      if (!made.objectStoreNames.contains(name)) made.createObjectStore(name, options);
    }
  }).then((made) => {
    made.onclose = () => (database = null);
    return made;
  });
  database.catch(() => (database = null));
  return database;
}

export async function reading<T>(store: Store, ask: (store: IDBObjectStore) => IDBRequest): Promise<T> {
  return within(await open(), [store], "readonly", (named) => brought<T>(ask(named(store))));
}

export async function writing(store: Store, act: (store: IDBObjectStore) => IDBRequest): Promise<void> {
  await within(await open(), [store], "readwrite", async (named) => {
    await brought(act(named(store)));
  });
}

/** Small things by name: the device's number, who is signed in, what lists said last. */
export const kept = {
  get: async <T>(name: string) =>
    (await reading<{ value: T } | undefined>("kept", (store) => store.get(name)))?.value,
  put: (name: string, value: unknown) => writing("kept", (store) => store.put({ name, value })),
  remove: (name: string) => writing("kept", (store) => store.delete(name)),

  /** Store a value unless there is one, and return what is there then. */
  async once<T>(name: string, value: T): Promise<T> {
    return within(await open(), ["kept"], "readwrite", async (named) => {
      const known = await brought<{ value: T } | undefined>(named("kept").get(name));
      if (known !== undefined) return known.value;
      await brought(named("kept").put({ name, value }));
      return value;
    });
  },

  /** Forget everything whose name begins so. */
  async forget(beginning: string): Promise<void> {
    await writing("kept", (store) => store.delete(IDBKeyRange.bound(beginning, beginning + "\uffff")));
  },
};

/** Write and read a record, to know before the exam day that storing works. */
export async function proves(): Promise<boolean> {
  const value = `${Date.now()}`;
  await kept.put("proof", value);
  return (await kept.get<string>("proof")) === value;
}
