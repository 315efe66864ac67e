/**
 * Questions with emphasis, formulas and pictures (富文本).
 *
 * The platform makes this HTML and nothing else is in it. It is still read into a document of its
 * own and copied element by element: whatever is not on the list stays behind.
 */
import { useEffect, useRef } from "preact/hooks";

const ELEMENTS = new Set(
  (
    "b strong i em u sub sup br img span math semantics annotation mrow mi mn mo mtext mspace ms " +
    "mfrac msqrt mroot mstyle msub msup msubsup munder mover munderover mtable mtr mtd mpadded " +
    "mphantom menclose"
  ).split(" "),
);
const ATTRIBUTES = new Set(
  "alt display mathvariant stretchy fence separator lspace rspace displaystyle scriptlevel columnalign linethickness encoding width height".split(" "),
);
const IMAGE = /^\/v1\/question-images\/([0-9a-f]{64})$/;

/** Brings the bytes of a picture by the hash that is its name. */
export type Pictures = (hash: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;

export function Rich({ html, pictures }: { html: string; pictures: Pictures }) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const urls: string[] = [];
    const source = new DOMParser().parseFromString(html, "text/html").body;
    place.current?.replaceChildren(...copied(source, pictures, urls));
    return () => urls.forEach((url) => URL.revokeObjectURL(url));
  }, [html, pictures]);
  return <span ref={place} />;
}

function copied(from: Element, pictures: Pictures, urls: string[]): Node[] {
  return [...from.childNodes].flatMap((node): Node[] => {
    if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.textContent ?? "")];
    if (!(node instanceof Element) || !ELEMENTS.has(node.localName)) return [];
    const made = document.createElementNS(node.namespaceURI, node.localName);
    for (const { name, value } of node.attributes) {
      if (ATTRIBUTES.has(name)) made.setAttribute(name, value);
    }
    const hash = IMAGE.exec(node.getAttribute("src") ?? "")?.[1];
    if (made instanceof HTMLImageElement && hash !== undefined) void paint(made, hash, pictures, urls);
    made.append(...copied(node, pictures, urls));
    return [made];
  });
}

async function paint(image: HTMLImageElement, hash: string, pictures: Pictures, urls: string[]) {
  const bytes = await pictures(hash).catch(() => undefined);
  if (bytes === undefined) return;
  const url = URL.createObjectURL(new Blob([bytes]));
  urls.push(url);
  image.src = url;
}
