/** Reading admission tickets with the camera, also without a network (扫描准考证). */
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../shared/settings.ts";
import { Sheet } from "../exam/sheet.tsx";
import { Icon } from "../parts.tsx";
import type { Expected } from "./room.tsx";

/** The file of the decoder, named by its content when the app is built. */
declare const SCANNER: string;

type Decode = (picture: { width: number; height: number; data: Uint8ClampedArray }) => string;

let decoder: Promise<Decode> | null = null;

/** Fetch the decoder once; the app's own cache has it also without a network. */
function decoding(): Promise<Decode> {
  decoder ??= (import(SCANNER) as Promise<{ default: Decode }>).then((loaded) => loaded.default);
  decoder.catch(() => (decoder = null));
  return decoder;
}

const PREFIX = "AT1.";

/** What the code on a ticket says: docs/sittings.md. The roster says whether it is the newest. */
export function ticketOf(text: string): { enrolment_id: string; number: number } | null {
  if (!text.startsWith(PREFIX)) return null;
  try {
    const raw = atob(text.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/"));
    if (raw.length !== 98) return null;
    const bytes = Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
    const hex = [...bytes.slice(16, 32)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const enrolment_id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
    return { enrolment_id, number: bytes[32]! * 256 + bytes[33]! };
  } catch {
    return null;
  }
}

export function TicketScan({ people, onFound }: { people: Expected[]; onFound: (one: Expected) => void }) {
  const [open, show] = useState(false);
  const [said, tell] = useState<string | null>(null);
  const read = (text: string) => {
    const ticket = ticketOf(text);
    const one = people.find(({ enrolment_id }) => enrolment_id === ticket?.enrolment_id);
    if (ticket === null) tell(t("这不是准考证二维码。", "This is no admission ticket."));
    else if (one === undefined) tell(t("不在本考场名单上。", "Not on the roster of this room."));
    else if (one.ticket_number !== ticket.number) tell(t(`${one.name}：准考证已换发，请出示最新的。`, `${one.name}: the ticket was replaced; ask for the newest.`));
    else {
      show(false);
      onFound(one);
    }
  };
  return (
    <>
      <button class="round boxed" onClick={() => { tell(null); show(true); }} aria-label={t("扫描准考证", "Scan a ticket")}><Icon name="camera" /></button>
      {open ? <Sheet title={t("扫描准考证", "Scan a ticket")} onClose={() => show(false)}><Camera onText={read} />{said === null ? null : <p class="failure" role="alert">{said}</p>}</Sheet> : null}
    </>
  );
}

/** The camera as far as the browser gives it to us; else a photo is read. */
function Camera({ onText }: { onText: (text: string) => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [live, run] = useState(navigator.mediaDevices !== undefined);
  const [unread, fail] = useState(false);
  useEffect(() => {
    if (!live) return;
    let stream: MediaStream | undefined;
    let gone = false;
    let frame: ReturnType<typeof setTimeout>;
    const look = async () => {
      const text = video.current === null ? null : await textIn(video.current, video.current.videoWidth, video.current.videoHeight).catch(() => null);
      if (gone) return;
      if (text !== null) onText(text);
      frame = setTimeout(() => void look(), text === null ? 150 : 1500);
    };
    navigator.mediaDevices
      .getUserMedia({ video: { facingMode: "environment" } })
      .then(async (given) => {
        stream = given;
        if (gone || video.current === null) return given.getTracks().forEach((track) => track.stop());
        video.current.srcObject = given;
        await video.current.play();
        void look();
      })
      .catch(() => run(false));
    return () => {
      gone = true;
      clearTimeout(frame);
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, [live]);
  const photo = async (file: File | undefined) => {
    if (file === undefined) return;
    const picture = await createImageBitmap(file);
    const text = await textIn(picture, picture.width, picture.height);
    fail(text === null);
    if (text !== null) onText(text);
  };
  return (
    <>
      {live ? <video class="viewfinder" ref={video} muted playsInline aria-label={t("取景", "Viewfinder")} /> : null}
      <label class="button quiet wide file">
        <Icon name="camera" /> {t("拍照识别", "Take a photo of it")}
        <input type="file" accept="image/*" capture="environment" onChange={(event) => void photo(event.currentTarget.files?.[0]).catch(() => fail(true))} />
      </label>
      {unread ? <p class="failure" role="alert">{t("照片里没有读到二维码，请靠近再拍一次。", "No code in this picture: go nearer and try again.")}</p> : null}
    </>
  );
}

/** The largest side of a picture in which a code is looked for. */
const LARGEST = 900;

/** What a QR code in a picture says; null where there is none that can be read. */
async function textIn(picture: CanvasImageSource, width: number, height: number): Promise<string | null> {
  if (width === 0 || height === 0) return null;
  const decode = await decoding();
  const scale = Math.min(1, LARGEST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const drawn = canvas.getContext("2d", { willReadFrequently: true });
  if (drawn === null) return null;
  drawn.drawImage(picture, 0, 0, canvas.width, canvas.height);
  try {
    return decode(drawn.getImageData(0, 0, canvas.width, canvas.height));
  } catch {
    return null;
  }
}
