/** Carries a file and says how far it is, which `fetch` cannot (上传进度). */

/** A `fetch` that tells, as a share of one, how much of the body has been sent. */
export function carrying(tell: (share: number) => void): typeof fetch {
  return (path, wanted = {}) =>
    new Promise((done, fail) => {
      const carrier = new XMLHttpRequest();
      carrier.open(wanted.method ?? "GET", String(path));
      carrier.responseType = "blob";
      new Headers(wanted.headers).forEach((value, name) => carrier.setRequestHeader(name, value));
      carrier.upload.onprogress = ({ loaded, total }) => tell(total > 0 ? loaded / total : 0);
      carrier.onload = () => done(new Response(carrier.response as Blob, { status: carrier.status, headers: headersOf(carrier) }));
      carrier.onerror = carrier.onabort = () => fail(new TypeError("no reply"));
      wanted.signal?.addEventListener("abort", () => carrier.abort());
      carrier.send((wanted.body ?? null) as Blob | null);
    });
}

function headersOf(carrier: XMLHttpRequest): Headers {
  const headers = new Headers();
  for (const line of carrier.getAllResponseHeaders().trim().split("\r\n")) {
    const [name, ...value] = line.split(":");
    if (name) headers.append(name, value.join(":").trim());
  }
  return headers;
}
