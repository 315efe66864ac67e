/** What an invigilator may do to a room, and to one attempt (考场处置). */
import { clockTime } from "../../shared/dates.ts";
import { t } from "../../shared/settings.ts";
import type { Drawing } from "../parts.tsx";
import { client } from "../platform.ts";
import type { Act } from "./acting.tsx";

export interface RoomAttempt {
  id: string;
  enrolment_id: string;
  state: string;
  started_at: string;
  deadline_at: string;
  extra_seconds: number;
  paused_at: string | null;
}

export interface Offered {
  icon: Drawing;
  name: string;
  main?: boolean;
  danger?: boolean;
  act: Act;
}

interface RoomEvent {
  changed_count: number;
  left_count: number;
}

/** The acts upon a whole room; `working` people are answering in it now. */
export function roomActs(exam: string, room: string, working: number, startMode: string): Offered[] {
  const touched = t(`${room}：${working} 人正在作答。`, `${room}: ${working} are answering.`);
  const one = (kind: string, name: string, icon: Drawing, reasons: string[], more: Partial<Act> & Partial<Offered> = {}): Offered => ({
    icon,
    name,
    main: more.main ?? false,
    danger: more.danger ?? false,
    act: {
      title: `${name} · ${room}`,
      lead: more.lead ?? touched,
      reasons,
      ...(more.minutes ? { minutes: true } : {}),
      ...(more.counts ? { counts: true } : {}),
      ...(more.danger ? { danger: true } : {}),
      send: async ({ reason, minutes, counts }, id) => {
        const { changed_count, left_count } = await client.send<RoomEvent>(`/v1/exams/${exam}/room-events/${id}`, { kind, room, reason, ...(more.minutes ? { seconds: minutes * 60 } : {}), ...(more.counts ? { counts } : {}) });
        return kind === "start" ? <p>{t("已宣布开始，手机可以开考。", "Started: phones may begin.")}</p> : <p>{t(`已对 ${changed_count} 份答卷生效，${left_count} 份不变。`, `Done to ${changed_count} attempts; ${left_count} are as they were.`)}</p>;
      },
    },
  });
  return [
    ...(startMode === "by_signal" ? [one("start", t("现在开始", "Start now"), "check", [t("到时开考", "It is time")], { main: true, lead: t("考生手机收到后即可开始作答。", "Phones may begin as soon as they hear it.") })] : []),
    one("pause", t("暂停", "Pause"), "clock", [t("停电", "Power cut"), t("网络中断", "Network down"), t("消防警报", "Fire alarm")]),
    one("resume", t("恢复", "Resume"), "next", [t("故障已排除", "It works again")]),
    one("extension", t("延时", "More time"), "star", [t("考场故障补时", "Time lost by a fault")], { minutes: true }),
    one("voiding", t("作废", "Void"), "cross", [t("考场集体作弊", "The room cheated"), t("试卷泄露", "The paper leaked")], { counts: true, danger: true }),
  ];
}

/** The acts upon the attempt of one candidate. */
export function attemptActs(attempt: RoomAttempt, name: string): Offered[] {
  const base = `/v1/attempts/${attempt.id}`;
  const going = attempt.state === "in_progress";
  const offered: (Offered & { open: boolean })[] = [
    {
      open: going,
      icon: "star",
      name: t("延时", "More time"),
      act: {
        title: `${t("延时", "More time")} · ${name}`,
        minutes: true,
        reasons: [t("设备故障补时", "Time lost by the phone"), t("身体不适", "Unwell")],
        send: async ({ reason, minutes }) => {
          // The server is told the sum, so that sending it twice grants it once.
          const now = await client.send<RoomAttempt>(`${base}/extension`, { extra_seconds: attempt.extra_seconds + minutes * 60, reason });
          return <p>{t("新的截止时间", "The deadline is now")} <strong class="big">{clockTime(now.deadline_at)}</strong></p>;
        },
      },
    },
    {
      open: going,
      icon: "phone",
      name: t("换机", "Other phone"),
      act: {
        title: `${t("换一台手机", "Another phone")} · ${name}`,
        lead: t("考生在新手机上登录、进入本场考试，输入下面的换机码；已送达的作答全部带过去。", "On the new phone the candidate signs in, opens the exam and types the code; every answer that was sent comes along."),
        reasons: [t("手机没电", "Battery empty"), t("手机损坏", "Phone broken")],
        send: async ({ reason }, id) => {
          const { code, expires_at } = await client.send<{ code: string; expires_at: string }>(`${base}/moving-codes/${id}`, { reason });
          return <div class="hero"><p>{t("换机码", "Code")}</p><p class="code huge" data-code>{code}</p><p class="note">{t("有效至", "until")} {clockTime(expires_at)}</p></div>;
        },
      },
    },
    {
      open: attempt.state !== "voided",
      icon: "cross",
      name: t("作废", "Void"),
      danger: true,
      act: {
        title: `${t("作废答卷", "Void the attempt")} · ${name}`,
        lead: t("答卷不再计分，考生会看到理由。", "It counts no more; the candidate sees the reason."),
        danger: true,
        counts: true,
        reasons: [t("替考", "Impersonation"), t("夹带作弊", "Cheating")],
        send: async ({ reason, counts }) => {
          await client.send(`${base}/voiding`, { reason, counts });
        },
      },
    },
  ];
  return offered.filter(({ open }) => open);
}
