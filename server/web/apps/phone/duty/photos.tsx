/** Photos of a practical: made smaller, stored on the phone, sent when there is a network (现场照片). */
import { useEffect, useState } from "preact/hooks";
import { t } from "../../shared/settings.ts";
import { Card, Icon } from "../parts.tsx";
import { me } from "../platform.ts";
import { arrivals, outbox, poke } from "./sending.ts";
import { exhibits, type Exhibit } from "./storage.ts";

/** The larger side of a stored photo, in pixels: about 200 kB. */
const LARGEST = 1280;

async function smaller(file: File): Promise<Blob> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LARGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((made) => (made === null ? reject(new Error("no picture")) : resolve(made)), "image/jpeg", 0.8));
}

async function hashOf(content: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await content.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function Photos({ id, closed }: { id: string; closed: boolean }) {
  const [all, know] = useState<Exhibit[]>([]);
  const [failed, fail] = useState(false);
  const look = () => void exhibits.of(id).then(know).catch(() => undefined);
  useEffect(look, [id, outbox.value, arrivals.value]);
  const keep = async (file: File | undefined) => {
    if (file === undefined) return;
    const content = await smaller(file);
    await exhibits.put({ practical_id: id, hash: await hashOf(content), account_id: me.value?.account_id ?? "", content, state: "here" });
    fail(false);
    look();
    poke();
  };
  return (
    <Card title={t("现场照片", "Photos")}>
      <p class="note">{t("加密保存，作为评分依据；每次查看都记入审计。", "Kept sealed as evidence; every look is audited.")}</p>
      <ul class="photos">{all.map((one) => <Photo key={one.hash} of={one} />)}</ul>
      {failed ? <p class="failure" role="alert">{t("这张图片无法处理，请重拍。", "This picture cannot be used: take another.")}</p> : null}
      {closed ? null : (
        <label class="button quiet wide file">
          <Icon name="camera" /> {t("拍照", "Take a photo")}
          <input type="file" name="photo" accept="image/*" capture="environment" onChange={(event) => void keep(event.currentTarget.files?.[0]).catch(() => fail(true))} />
        </label>
      )}
    </Card>
  );
}

function Photo({ of }: { of: Exhibit }) {
  const [url, show] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(of.content);
    show(made);
    return () => URL.revokeObjectURL(made);
  }, [of.hash]);
  return (
    <li>
      {url === null ? null : <img src={url} alt={t("现场照片", "Photo of the practical")} />}
      <span class="note" data-photo={of.state}>{of.state === "held" ? t("已送达", "Sent") : t("仅在本机", "Here only")}</span>
    </li>
  );
}
