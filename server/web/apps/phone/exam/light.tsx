/** The light: what is on the server, and what is only on this phone (保存状态灯). */
import { Icon, clockTime, type Drawing } from "../parts.tsx";
import { t } from "../../shared/settings.ts";
import type { Running } from "./running.ts";

interface Said {
  kind: "good" | "busy" | "bad";
  icon: Drawing;
  text: string;
}

/** Say it by what is known for certain; “saved” is said of acknowledged words only. */
export function said(running: Running): Said {
  const { held, here, refused } = running.count.value;
  const line = running.line.value;
  if (refused > 0) {
    return { kind: "bad", icon: "warn", text: t(`${refused} 题未被接收`, `${refused} not taken`) };
  }
  if (line === "offline" || line === "signed_out") {
    const text = here === 0
      ? t(`离线 · 已送达 ${held} 题`, `Offline · ${held} on the server`)
      : t(`离线 · ${here} 题仅在本机`, `Offline · ${here} only here`);
    return { kind: "bad", icon: "off", text };
  }
  if (here > 0) return { kind: "busy", icon: "up", text: t(`${here} 题发送中`, `Sending ${here}`) };
  if (line === "unknown") return { kind: "busy", icon: "up", text: t("正在连接", "Connecting") };
  return { kind: "good", icon: "cloud", text: t(`已送达 ${held} 题`, `${held} on the server`) };
}

export function Light({ running, onOpen }: { running: Running; onOpen: () => void }) {
  const { kind, icon, text } = said(running);
  const more = t("查看保存情况", "How it is stored");
  return (
    <button class={`light ${kind}`} data-light={kind} onClick={onOpen} aria-label={`${text}。${more}`}>
      <Icon name={icon} />
      <span>{text}</span>
    </button>
  );
}

/** Everything there is to say about where the responses are. */
export function Whereabouts({ running }: { running: Running }) {
  const { held, here, late, refused } = running.count.value;
  const heard = running.heardAt.value;
  const receipt = running.attempt.value.receipt;
  return (
    <dl class="facts">
      <dt>{t("服务器已确认", "Confirmed by the server")}</dt>
      <dd data-held>{held}</dd>
      <dt>{t("仅保存在本机", "Only on this phone")}</dt>
      <dd data-here>{here}</dd>
      {late === 0 ? null : (
        <>
          <dt>{t("迟到（已留存，须裁定）", "Late (kept, to be decided)")}</dt>
          <dd>{late}</dd>
        </>
      )}
      {refused === 0 ? null : (
        <>
          <dt>{t("未被接收", "Not taken")}</dt>
          <dd>{refused}</dd>
        </>
      )}
      <dt>{t("最近一次联系服务器", "Server last heard")}</dt>
      <dd>{heard === null ? t("尚未", "Not yet") : clockTime(heard)}</dd>
      {receipt === null ? null : (
        <>
          <dt>{t("回执码", "Receipt code")}</dt>
          <dd class="code" data-receipt>{receipt.code}</dd>
          <dt>{t("回执时间与题数", "Receipt of")}</dt>
          <dd>{`${clockTime(receipt.at)} · ${receipt.held_count}/${receipt.question_count}`}</dd>
        </>
      )}
    </dl>
  );
}

/** Loud but calm: what is wrong, and that it does not matter for now. */
export function Banner({ running }: { running: Running }) {
  const { here } = running.count.value;
  const line = running.line.value;
  if (running.broken.value) {
    return (
      <p class="banner bad" role="alert">
        <Icon name="warn" />
        {t("本机无法保存作答（存储空间可能已满）。请立即告知监考员。", "This phone cannot store responses (its storage may be full). Tell the invigilator at once.")}
      </p>
    );
  }
  if (line === "offline") {
    return (
      <p class="banner" role="status" data-banner="offline">
        <Icon name="off" />
        {t(
          `没有网络，请继续作答。${here} 题只保存在本机，联网后自动发送；请勿清除浏览器数据。`,
          `No network: go on. ${here} are stored on this phone only and will be sent when it is back. Do not clear browser data.`,
        )}
      </p>
    );
  }
  return null;
}
