/** The result of an attempt, once it is released, and what it is made of (成绩与解析). */
import { About, Card, Icon, Screen, Tag, when } from "../parts.tsx";
import { useReply } from "../replies.ts";
import { t } from "../../shared/settings.ts";

interface Outcome {
  score: string;
  max_score: string;
  passed: boolean;
  released_at: string;
}

interface Standing {
  state: string;
  submitted_at: string | null;
  held_count: number;
  question_count: number;
  outcome: Outcome | null;
}

interface Part {
  name: string;
  question_count: number;
  right_count: number;
  score: string;
  max_score: string;
}

interface Explanation {
  sections: Part[];
  topics: Part[];
}

const KINDS: Record<string, [string, string]> = {
  single_choice: ["单选题", "One answer"],
  multiple_choice: ["多选题", "Several answers"],
  true_false: ["判断题", "True or false"],
};

/** A score is an exact fraction as text: shown with at most one decimal. */
export function points(text: string): string {
  const [over, under] = text.split("/").map(Number);
  const value = (over ?? 0) / (under ?? 1);
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

export function ResultPage({ id }: { id: string }) {
  const standing = useReply<Standing>(`/v1/attempts/${id}`);
  const outcome = standing.data?.outcome ?? null;
  const explanation = useReply<Explanation>(outcome === null ? null : `/v1/attempts/${id}/explanation`);
  const voided = standing.data?.state === "voided";
  return (
    <Screen title={t("成绩", "Result")} back="/exams">
      <About reply={standing} />
      {voided ? <Card kind="bad"><h2>{t("该答卷已作废", "This attempt was voided")}</h2></Card> : null}
      {standing.data !== undefined && outcome === null && !voided ? (
        <section class="hero">
          <Icon name="clock" />
          <h2>{t("成绩尚未公布", "The result is not released yet")}</h2>
          <p>{t(`服务器已收到 ${standing.data.held_count}/${standing.data.question_count} 题。`, `The server holds ${standing.data.held_count} of ${standing.data.question_count} answers.`)}</p>
        </section>
      ) : null}
      {outcome === null ? null : (
        <>
          <section class={`hero score ${outcome.passed ? "good" : "bad"}`} data-passed={String(outcome.passed)}>
            <p class="figure">
              <strong>{points(outcome.score)}</strong>
              <span> / {points(outcome.max_score)}</span>
            </p>
            <Tag kind={outcome.passed ? "good" : "bad"}>{outcome.passed ? t("合格", "Passed") : t("不合格", "Not passed")}</Tag>
            <p class="note">{t("公布时间", "Released")} {when(outcome.released_at)}</p>
          </section>
          <Parts title={t("各题型得分", "By kind")} parts={explanation.data?.sections ?? []} />
          <Parts title={t("各知识点得分", "By topic")} parts={explanation.data?.topics ?? []} />
        </>
      )}
    </Screen>
  );
}

function Parts({ title, parts }: { title: string; parts: Part[] }) {
  if (parts.length === 0) return null;
  return (
    <Card title={title}>
      <ul class="bars">
        {parts.map((part) => {
          const kind = KINDS[part.name];
          return (
            <li key={part.name}>
              <div class="split">
                <span>{kind === undefined ? part.name : t(...kind)}</span>
                <span class="note">{part.right_count}/{part.question_count}</span>
              </div>
              <meter min={0} max={part.question_count} value={part.right_count} aria-label={part.name} />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
