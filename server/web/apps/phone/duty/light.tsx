/** What the server has, and what only this phone has (送达状态). */
import { Icon } from "../parts.tsx";
import { t } from "../../shared/settings.ts";
import { outbox, poke } from "./sending.ts";

export function OutboxLight() {
  const { here } = outbox.value;
  return here === 0 ? (
    <span class="light good" role="status" data-outbox="0"><Icon name="check" />{t("已送达", "Sent")}</span>
  ) : (
    <button class="light bad" data-outbox={here} onClick={poke} aria-label={t(`${here} 条仅在本机，立即重发`, `${here} on this phone only: send now`)}><Icon name="off" />{t(`${here} 条在本机`, `${here} here`)}</button>
  );
}

/** Loud but calm: what was said is kept, and why it has not arrived. */
export function OutboxBanner() {
  const { here, failure, offline } = outbox.value;
  if (here === 0 || failure === null) return null;
  return (
    <p class="banner" role="status" data-banner={offline ? "offline" : "refused"}>
      <Icon name="off" />
      <span>{offline ? t(`没有网络：${here} 条登记已存在本机，恢复后自动送达。`, `No network: ${here} entries are stored on this phone and sent by themselves.`) : `${failure} ${t(`${here} 条仍在本机。`, `${here} entries are still on this phone.`)}`}</span>
    </p>
  );
}
