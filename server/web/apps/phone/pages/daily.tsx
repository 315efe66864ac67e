/** The question of the day, days in a row, and the level that practice has reached (每日一题). */
import { useState } from "preact/hooks";
import { About, Card, Empty, Screen, Tag } from "../parts.tsx";
import { client } from "../platform.ts";
import { useReply } from "../replies.ts";
import { t } from "../../shared/settings.ts";
import type { Asked } from "./asked.tsx";
import { Practised } from "./practise.tsx";

interface Daily {
  day: string;
  question: Asked;
  state: "kept" | "open" | "missed";
  responded: boolean;
  days_in_a_row: number;
  to_put_right: Asked[];
}

interface Level {
  number: number;
  name_zh: string;
  name_en: string;
  mastered: number;
}

interface Reached {
  mastered_count: number;
  level: Level;
  next: Level | null;
}

const PATH = "/v1/me/daily-question";

export function DailyPage() {
  const daily = useReply<Daily>(PATH);
  const reached = useReply<Reached>("/v1/me/practice-level");
  // What was responded to here stays on the screen with its verdict; only the figures are asked anew.
  const [since, tell] = useState<Daily | null>(null);
  const today = daily.data;
  const look = () => {
    client.get<Daily>(PATH).then(tell).catch(() => undefined);
    reached.again();
  };
  return (
    <Screen title={t("每日一题", "The daily question")} back="/learn">
      {daily.failure !== null && today === undefined ? <Empty icon="today">{daily.failure}</Empty> : <About reply={daily} />}
      {today === undefined ? null : (
        <section class="hero quiet">
          <p class="figure"><strong data-in-a-row>{(since ?? today).days_in_a_row}</strong></p>
          <p>{t("连续打卡天数", "Days in a row")}</p>
          <p class="note">{t("首次答对，或改天改正，才计一天；猜得快不加分。", "A day counts when the first answer was right, or was put right on another day. Speed earns nothing.")}</p>
        </section>
      )}
      {today === undefined ? null : today.responded ? <Done right={today.state === "kept"} /> : (
        <Practised key={today.question.version_id} question={today.question} note={t("今日题目，人人相同", "Today’s, the same for everybody")} onVerdict={look} />
      )}
      {(today?.to_put_right ?? []).length === 0 ? null : <h2 class="section">{t("还可以改正的", "Still to be put right")}</h2>}
      {today?.to_put_right.map((question) => (
        <Practised key={question.version_id} question={question} note={t("前几日答错的", "Wrong on a day before")} onVerdict={look} />
      ))}
      {reached.data === undefined ? null : <LevelCard of={reached.data} />}
    </Screen>
  );
}

function Done({ right }: { right: boolean }) {
  return (
    <Card kind={right ? "good" : "warn"}>
      <div class="split" data-today={right ? "kept" : "open"}>
        <h2>{t("今日已作答", "Done for today")}</h2>
        <Tag kind={right ? "good" : "warn"}>{right ? t("已计入", "It counts") : t("待改正", "To be put right")}</Tag>
      </div>
      <p class="note">{right ? t("明天再来，会有新的一题。", "Tomorrow there is another.") : t("看过答案的当天不能改正，请改天再答。", "Who has seen the key puts it right on another day.")}</p>
    </Card>
  );
}

function LevelCard({ of }: { of: Reached }) {
  return (
    <Card>
      <div class="split">
        <h2>{t(of.level.name_zh, of.level.name_en)}</h2>
        <Tag kind="plain">{t(`第 ${of.level.number} 级`, `Level ${of.level.number}`)}</Tag>
      </div>
      <p>{t(`已牢固掌握 ${of.mastered_count} 题`, `${of.mastered_count} questions stay in the memory`)}</p>
      {of.next === null ? null : (
        <>
          <meter min={0} max={of.next.mastered} value={of.mastered_count} aria-label={t("到下一级", "To the next level")} />
          <p class="note">{t(`再掌握 ${of.next.mastered - of.mastered_count} 题升为“${of.next.name_zh}”`, `${of.next.mastered - of.mastered_count} more to “${of.next.name_en}”`)}</p>
        </>
      )}
    </Card>
  );
}
