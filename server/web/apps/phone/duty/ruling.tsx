/** The third examiner decides what the two disagree about, with the reason (第三人裁定). */
import { useState } from "preact/hooks";
import { t } from "../../shared/settings.ts";
import { Card, Icon, Tag } from "../parts.tsx";
import { client, sentence } from "../platform.ts";
import type { Scored, Task } from "./practical.tsx";

export function Ruling({ of, tasks, again }: { of: Scored; tasks: Task[]; again: () => void }) {
  const [values, type] = useState<Record<string, string>>({});
  const [reason, say] = useState("");
  const [failure, fail] = useState<string | null>(null);
  const disputed = tasks.flatMap(({ item }) => [...item.steps.map((step) => ({ ...step, veto: false })), ...item.vetoes.map((one) => ({ ...one, points: "1", veto: true }))]).filter(({ code }) => of.disputed.includes(code));
  const rule = async () => {
    fail(null);
    try {
      await client.send(`/v1/practicals/${of.id}/ruling`, { values, reason: reason.trim() });
      again();
    } catch (refusal) {
      fail(sentence(refusal));
    }
  };
  if (of.state !== "disputed") return <Card><p>{of.state === "decided" ? t("已评定。", "Decided.") : t("您是第三考评员：两人分歧超过允许差时由您裁定。", "You are the third examiner: you decide where the two differ by more than is allowed.")}</p></Card>;
  return (
    <form class="card" onSubmit={(event) => { event.preventDefault(); void rule(); }}>
      <h2>{t("请裁定分歧项", "Decide what is disputed")}</h2>
      {disputed.map(({ code, text, points, veto }) => (
        <fieldset key={code} class="step">
          <legend lang="zh-CN">{text} <Tag kind="plain">{veto ? t("否决项", "Veto") : t(`${points} 分`, `${points} points`)}</Tag></legend>
          {veto ? (
            <div class="choice-pair">
              <button type="button" class="chip" aria-pressed={values[code] === "0"} onClick={() => type({ ...values, [code]: "0" })}>{t("未出现", "Did not happen")}</button>
              <button type="button" class="chip danger" aria-pressed={values[code] === "1"} onClick={() => type({ ...values, [code]: "1" })}>{t("出现，否决", "Happened: fail")}</button>
            </div>
          ) : (
            <label class="field"><span>{t("得分", "Points")}</span><input inputMode="decimal" name={code} required value={values[code] ?? ""} onInput={(event) => type({ ...values, [code]: event.currentTarget.value.trim() })} /></label>
          )}
        </fieldset>
      ))}
      <label class="field"><span>{t("理由", "Reason")}</span><input name="reason" required maxLength={1000} value={reason} onInput={(event) => say(event.currentTarget.value)} /></label>
      {failure === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {failure}</p>}
      <button class="button wide" disabled={disputed.some(({ code }) => !values[code])}>{t("作出裁定", "Decide")}</button>
    </form>
  );
}
