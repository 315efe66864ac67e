/** The score sheet of one task: steps with their points, and what fails the whole (评分表). */
import { t } from "../../shared/settings.ts";
import { Card, Icon, Tag } from "../parts.tsx";
import type { Task } from "./practical.tsx";

export interface Item {
  code: string;
  name: string;
  steps: { code: string; text: string; points: string }[];
  vetoes: { code: string; text: string }[];
}

/** Points as numbers: `3`, `2.5`, `5/2`. */
export function pointsOf(text: string): number {
  const [over, under = "1"] = text.split("/");
  return Number(over) / Number(under);
}

/** What may be given of so many points, in halves. */
const written = (value: number): string => String(Math.round(value * 2) / 2);

interface Shown {
  task: Task;
  value: (code: string) => string | undefined;
  state: (code: string) => string;
  other: Record<string, string> | null;
  give: (code: string, value: string) => Promise<void>;
}

export function Points({ task, value, state, other, give }: Shown) {
  const { item, handed_in } = task;
  const most = item.steps.reduce((sum, { points }) => sum + pointsOf(points), 0);
  const sum = item.steps.reduce((all, { code }) => all + pointsOf(value(code) ?? "0"), 0);
  return (
    <Card>
      <div class="split"><h2 lang="zh-CN">{task.subject} {item.name}</h2><strong class="number">{written(sum)} / {written(most)}</strong></div>
      <p class="note"><span lang="zh-CN">{task.name}</span> · {t("权重", "weight")} {task.weight} %</p>
      {item.vetoes.length === 0 ? null : (
        <fieldset class="vetoes" disabled={handed_in}>
          <legend>{t("否决项（出现即不合格）", "Vetoes (any fails the whole)")}</legend>
          {item.vetoes.map(({ code, text }) => (
            <div key={code} class={`veto ${value(code) === "1" ? "failed" : ""}`} data-code={code}>
              <p lang="zh-CN">{text}</p>
              <div class="choice-pair" role="group" aria-label={text}>
                <button type="button" class="chip" aria-pressed={value(code) === "0"} onClick={() => void give(code, "0")}>{t("未出现", "Did not happen")}</button>
                <button type="button" class="chip danger" aria-pressed={value(code) === "1"} onClick={() => void give(code, "1")}>{t("出现，否决", "Happened: fail")}</button>
              </div>
              <Whereabouts state={state(code)} given={value(code)} other={other?.[code]} veto />
            </div>
          ))}
        </fieldset>
      )}
      <fieldset class="steps-scored" disabled={handed_in}>
        <legend>{t("评分步骤", "Steps")}</legend>
        {item.steps.map((step) => <Step key={step.code} {...{ step, value, state, other, give }} />)}
      </fieldset>
    </Card>
  );
}

function Step({ step: { code, text, points }, value, state, other, give }: Omit<Shown, "task"> & { step: Item["steps"][number] }) {
  const most = pointsOf(points);
  const now = value(code);
  const by = most <= 5 ? 0.5 : 1;
  const set = (to: number) => void give(code, to >= most ? points : written(Math.max(0, to)));
  return (
    <div class="step" data-code={code}>
      <p lang="zh-CN">{text} <span class="note">{t(`${points} 分`, `${points} points`)}</span></p>
      <div class="stepper" role="group" aria-label={text}>
        <button type="button" class="chip" aria-pressed={now === "0"} onClick={() => set(0)}>0</button>
        <button type="button" class="chip" aria-label={t("减分", "Less")} onClick={() => set((now === undefined ? most : pointsOf(now)) - by)}>−</button>
        <output class="given" aria-live="polite">{now ?? "—"}</output>
        <button type="button" class="chip" aria-label={t("加分", "More")} onClick={() => set((now === undefined ? 0 : pointsOf(now)) + by)}>+</button>
        <button type="button" class="chip" aria-pressed={now !== undefined && pointsOf(now) === most} onClick={() => set(most)} data-full>{t("满分", "Full")}</button>
      </div>
      <Whereabouts state={state(code)} given={now} other={other?.[code]} />
    </div>
  );
}

/** Where a mark is, and what the other examiner gave once both are in. */
function Whereabouts({ state, given, other, veto }: { state: string; given: string | undefined; other: string | undefined; veto?: boolean }) {
  if (given === undefined) return null;
  const said = (value: string) => (veto ? (value === "1" ? t("否决", "fail") : t("未出现", "no")) : value);
  return (
    <>
      {state === "here" ? <p class="note"><Icon name="off" /> {t("仅在本机", "On this phone only")}</p> : null}
      {state === "refused" ? <p><Tag kind="bad">{t("服务器未接受，请重新评分", "Not taken: score it again")}</Tag></p> : null}
      {other === undefined || other === given ? null : <p><Tag kind="warn">{t("另一人", "The other")}: {said(other)}</Tag></p>}
    </>
  );
}
