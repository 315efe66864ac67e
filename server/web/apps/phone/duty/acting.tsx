/** An act upon a room or an attempt: with its reason, and what it touches (考场处置表单). */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { newId } from "../../shared/ids.ts";
import { t } from "../../shared/settings.ts";
import { Sheet } from "../exam/sheet.tsx";
import { Icon } from "../parts.tsx";
import { sentence } from "../platform.ts";

export interface Act {
  title: string;
  lead?: string;
  danger?: boolean;
  /** Asks for minutes as well. */
  minutes?: boolean;
  /** Asks whether it uses up an attempt. */
  counts?: boolean;
  /** Common reasons, one tap each. */
  reasons: string[];
  /** `id` is made once, so that a second press repeats the first. What comes back is shown. */
  send: (said: { reason: string; minutes: number; counts: boolean }, id: string) => Promise<ComponentChildren | void>;
}

export function ActSheet({ of, onClose }: { of: Act; onClose: (done: boolean) => void }) {
  const [id] = useState(newId);
  const [reason, type] = useState("");
  const [minutes, count] = useState(10);
  const [counts, use] = useState(false);
  const [failure, fail] = useState<string | null>(null);
  const [told, tell] = useState<ComponentChildren>(null);
  const [busy, work] = useState(false);
  const act = async () => {
    work(true);
    fail(null);
    try {
      const reply = await of.send({ reason: reason.trim(), minutes, counts }, id);
      if (reply === undefined) onClose(true);
      else tell(reply as ComponentChildren);
    } catch (refusal) {
      fail(sentence(refusal));
    }
    work(false);
  };
  return (
    <Sheet title={of.title} onClose={() => onClose(told !== null)}>
      {told !== null ? (
        <>
          <div role="status">{told}</div>
          <button class="button wide" onClick={() => onClose(true)}>{t("完成", "Done")}</button>
        </>
      ) : (
        <form class="act" onSubmit={(event) => { event.preventDefault(); void act(); }}>
          {of.lead === undefined ? null : <p>{of.lead}</p>}
          {of.minutes ? <label class="field"><span>{t("延长多少分钟", "How many minutes")}</span><input type="number" name="minutes" inputMode="numeric" min={1} max={600} required value={minutes} onInput={(event) => count(Number(event.currentTarget.value))} /></label> : null}
          {of.counts ? <label class="tick"><input type="checkbox" name="counts" checked={counts} onChange={(event) => use(event.currentTarget.checked)} /><span>{t("计入考试次数（违纪）", "It uses up an attempt (misconduct)")}</span></label> : null}
          <div class="chips" role="group" aria-label={t("常用理由", "Common reasons")}>{of.reasons.map((one) => <button type="button" class="chip" key={one} aria-pressed={reason === one} onClick={() => type(one)}>{one}</button>)}</div>
          <label class="field"><span>{t("理由（记入审计）", "Reason (kept in the audit)")}</span><input name="reason" required maxLength={500} value={reason} onInput={(event) => type(event.currentTarget.value)} /></label>
          {failure === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {failure}</p>}
          <button class={`button wide ${of.danger ? "danger" : ""}`} disabled={busy}>{busy ? t("请稍候…", "One moment …") : of.title}</button>
        </form>
      )}
    </Sheet>
  );
}
