/** IndexedDB with promises, and with writes that are on the disk when they are done (本机存储). */

/** Opens a database. `build` makes what a version brings and is told the version it comes from. */
export function opened(
  name: string,
  version: number,
  build: (database: IDBDatabase, from: number) => void,
): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = (event) => build(request.result, event.oldVersion);
    request.onsuccess = () => {
      // A newer page wants to change the tables: let it, and open them again when next needed.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error ?? new Error("IndexedDB cannot be opened"));
    request.onblocked = () => reject(new Error("IndexedDB is held by an older page"));
  });
}

/** Return what a request brings. */
export function brought<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB refused"));
  });
}

/**
 * Do something in one transaction; the promise is kept when the transaction is complete.
 *
 * Writing asks for strict durability: `complete` then comes after the disk has it, not after the
 * operating system has promised to write it some time.
 */
export async function within<T>(
  database: IDBDatabase,
  stores: string[],
  mode: "readonly" | "readwrite",
  act: (store: (name: string) => IDBObjectStore) => Promise<T> | T,
): Promise<T> {
  const transaction = database.transaction(stores, mode, { durability: "strict" });
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("The transaction was undone"));
    transaction.onerror = () => reject(transaction.error ?? new Error("The transaction failed"));
  });
  // A failure of `act` is told below; that of the transaction then follows from it.
  done.catch(() => undefined);
  const result = await act((name) => transaction.objectStore(name));
  await done;
  return result;
}
