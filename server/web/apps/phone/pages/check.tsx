/** The phone is looked at the day before: problems are told then, not in the exam (考前手机检查). */
import { useEffect, useState } from "preact/hooks";
import { canOpen } from "../exam/sealed.ts";
import { proves } from "../../shared/storage.ts";
import { Icon, Screen, Tag } from "../parts.tsx";
import { t } from "../../shared/settings.ts";

interface Finding {
  name: string;
  kind: "good" | "warn" | "bad";
  text: string;
}

/** Bytes below which a phone is nearly full: a paper with pictures is some megabytes. */
const ENOUGH_BYTES = 50_000_000;
const SLOW_MS = 2_000;
const SKEW_MS = 2 * 60_000;

interface Battery {
  level: number;
  charging: boolean;
}

async function storage(): Promise<Finding> {
  const name = t("存储", "Storage");
  const works = await proves().catch(() => false);
  if (!works) return { name, kind: "bad", text: t("无法保存数据。请退出无痕模式，并清理手机空间。", "Nothing can be stored. Leave private mode, and free some space.") };
  const kept = await navigator.storage?.persist?.().catch(() => false);
  const estimate = await navigator.storage?.estimate?.();
  const free = (estimate?.quota ?? Infinity) - (estimate?.usage ?? 0);
  if (free < ENOUGH_BYTES) return { name, kind: "warn", text: t("空间不足，请删除一些照片或视频。", "Little space is left: delete some pictures or films.") };
  return { name, kind: "good", text: kept === true ? t("可以保存，系统不会自动清理。", "Works, and the system will not clear it.") : t("可以保存。考试前请勿清理浏览器数据。", "Works. Do not clear browser data before the exam.") };
}

async function network(): Promise<Finding[]> {
  const [name, clock] = [t("网络", "Network"), t("手机时间", "Clock")];
  const began = performance.now();
  try {
    const reply = await fetch("/readyz", { cache: "no-store" });
    const took = performance.now() - began;
    const server = Date.parse(reply.headers.get("Date") ?? "");
    const skew = Math.abs(Date.now() - server);
    return [
      took > SLOW_MS
        ? { name, kind: "warn", text: t("网络较慢。请提前下载试卷；断网也能作答。", "Slow. Fetch the paper early; you can answer without a network.") }
        : { name, kind: "good", text: t(`良好（${Math.round(took)} 毫秒）`, `Good (${Math.round(took)} ms)`) },
      skew > SKEW_MS
        ? { name: clock, kind: "warn", text: t("手机时间不准。考试按服务器时间计时，不受影响；建议打开“自动设置时间”。", "The clock is wrong. The exam goes by the clock of the server; still, let the phone set its time by itself.") }
        : { name: clock, kind: "good", text: t("准确", "Right") },
    ];
  } catch {
    return [{ name, kind: "bad", text: t("连不上服务器。请换一个网络再试。", "The server cannot be reached. Try another network.") }];
  }
}

async function battery(): Promise<Finding[]> {
  const ask = (navigator as Navigator & { getBattery?: () => Promise<Battery> }).getBattery;
  const found = await ask?.call(navigator).catch(() => undefined);
  if (found === undefined) return [];
  const percent = Math.round(found.level * 100);
  const name = t("电量", "Battery");
  const low = percent < 50 && !found.charging;
  return [{ name, kind: low ? "warn" : "good", text: low ? t(`${percent}%。考试前请充满电，并带上充电器。`, `${percent} %. Charge it before the exam, and bring the charger.`) : `${percent}%` }];
}

function browser(): Finding[] {
  const lacking: string[] = [];
  if (!("locks" in navigator)) lacking.push("Web Locks");
  if (!("serviceWorker" in navigator)) lacking.push("Service Worker");
  const name = t("浏览器", "Browser");
  if (!canOpen()) {
    return [{ name, kind: "warn", text: t("不能打开加密试卷，开考后将在线取题。建议升级浏览器或微信。", "It cannot open sealed papers; the paper is then fetched after the start. A newer browser is better.") }];
  }
  if (lacking.length > 0) {
    return [{ name, kind: "warn", text: t(`缺少 ${lacking.join("、")}：可以考试，但断网后请勿关闭页面。`, `${lacking.join(", ")} missing: you can sit the exam, but do not close the page while offline.`) }];
  }
  return [{ name, kind: "good", text: t("支持离线考试", "Works without a network, too") }];
}

export function CheckPage() {
  const [findings, found] = useState<Finding[] | null>(null);
  const look = async () => {
    found(null);
    const [stored, line, power] = await Promise.all([storage(), network(), battery()]);
    found([stored, ...line, ...power, ...browser()]);
  };
  useEffect(() => void look(), []);
  const worst = findings?.some((one) => one.kind === "bad");
  return (
    <Screen title={t("考前手机检查", "Check this phone")} back="/exams">
      {findings === null ? <p role="status">{t("正在检查…", "Looking …")}</p> : (
        <>
          <section class={`hero ${worst === true ? "" : "good"}`} role="status" data-check={worst === true ? "bad" : "good"}>
            <Icon name={worst === true ? "warn" : "check"} />
            <h2>{worst === true ? t("这台手机还不能考试", "This phone is not ready") : t("这台手机可以考试", "This phone is ready")}</h2>
          </section>
          <ul class="card findings">
            {findings.map((one) => (
              <li key={one.name}>
                <div class="split"><strong>{one.name}</strong><Tag kind={one.kind}>{{ good: t("正常", "Good"), warn: t("注意", "Mind"), bad: t("不行", "Fails") }[one.kind]}</Tag></div>
                <p class="note">{one.text}</p>
              </li>
            ))}
          </ul>
          <button class="button quiet wide" onClick={() => void look()}>{t("重新检查", "Look again")}</button>
        </>
      )}
    </Screen>
  );
}
