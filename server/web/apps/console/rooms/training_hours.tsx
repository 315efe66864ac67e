/** The hours online of one learner: what counts, what does not, and why (网络学时及原因). */
import { useState } from "preact/hooks";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { Dialog } from "../kit/form.tsx";
import { About, Tag } from "../kit/parts.tsx";

interface Studied {
  hours: string;
  lessons: { lesson_id: string; title: string; hours: string; hours_due: string; test_passed: boolean | null; reasons: { reason: string; words: string; ms: number }[] }[];
}

const minutes = (ms: number) => t(`${Math.round(ms / 60_000)} 分钟`, `${Math.round(ms / 60_000)} min`);

export function HoursOf({ class_id, person_id, name }: { class_id: string; person_id: string; name: string }) {
  const [open, show] = useState(false);
  return (
    <>
      <button class="button quiet" onClick={() => show(true)}>{t("学时明细", "Hours")}</button>
      {open ? <Dialog title={[`${name} · 网络学时`, `${name} · hours online`]} close={() => show(false)}><Shown path={`/v1/training-classes/${class_id}/learners/${person_id}/online-hours`} /></Dialog> : null}
    </>
  );
}

function Shown({ path }: { path: string }) {
  const asked = useAsked<Studied>(path);
  return (
    <div class="form">
      <About asked={asked} />
      {asked.data?.lessons.length === 0 ? <p class="note">{t("还没有学习记录。", "Nothing was studied yet.")}</p> : null}
      {(asked.data?.lessons ?? []).map((one) => (
        <section key={one.lesson_id}>
          <h3 lang="zh-CN">{one.title}</h3>
          <p>
            <strong>{one.hours} / {one.hours_due} {t("学时", "h")}</strong>{" "}
            {one.test_passed === null ? null : <Tag kind={one.test_passed ? "good" : "warn"}>{one.test_passed ? t("测验通过", "Test passed") : t("测验未通过", "Test not passed")}</Tag>}
          </p>
          <ul class="lines">{one.reasons.map(({ reason, words, ms }) => <li key={reason}><span>{words}</span><strong class="number">{minutes(ms)}</strong></li>)}</ul>
        </section>
      ))}
    </div>
  );
}
