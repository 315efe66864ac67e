/** Learning: how far one is, by topic; practice; mock exams (学习). */
import { useState } from "preact/hooks";
import { newId } from "../../shared/ids.ts";
import { About, Empty, Icon, Row, Screen, Tag, when } from "../parts.tsx";
import { client, sentence } from "../platform.ts";
import { useList, useReply } from "../replies.ts";
import { go } from "../routes.ts";
import { t } from "../../shared/settings.ts";
import { usePlaces } from "./places.ts";
import { points } from "./result.tsx";

interface Topic {
  topic: string | null;
  question_count: number;
  practised_count: number;
  mastered_count: number;
  due_count: number;
  wrong_book_count: number;
}

interface Progress {
  topics: Topic[];
  questions_left_today: number;
  mock_exams_left_today: number;
}

/** One's first post as a query, so that one practises what one's own work asks; null meanwhile. */
export function useWhom(): string | null {
  const posts = useReply<{ items: { role: string | null; items: string[] }[] }>("/v1/me/on-post");
  if (posts.data === undefined) return posts.loading ? null : "";
  const post = posts.data.items[0];
  if (post === undefined || post.role === null) return "";
  const query = new URLSearchParams({ role: post.role });
  if (post.items[0] !== undefined) query.set("operation_item", post.items[0]);
  return `?${query}`;
}

export function LearnPage() {
  const whom = useWhom();
  const progress = useReply<Progress>(whom === null ? null : `/v1/me/practice-progress${whom}`);
  const topics = progress.data?.topics ?? [];
  const sum = (name: "due_count" | "wrong_book_count" | "mastered_count" | "question_count") =>
    topics.reduce((total, topic) => total + topic[name], 0);
  return (
    <Screen title={t("学习", "Learning")}>
      <About reply={progress} />
      {progress.data === undefined ? null : (
        <section class="hero quiet">
          <p class="figure"><strong>{sum("mastered_count")}</strong><span> / {sum("question_count")}</span></p>
          <p>{t("已掌握（连续两次答对）", "Mastered: right twice in a row")}</p>
        </section>
      )}
      <div class="card rows">
        <Row href="/learn/daily" icon="today" title={t("每日一题", "The daily question")} note={t("连续打卡和等级", "Days in a row, and your level")} />
        <Row href="/learn/contests" icon="star" title={t("知识竞赛", "Contests")} />
        <Row href="/learn/practise/all" icon="learn" title={t("顺序练习", "Practise")} note={t("没做过的题优先", "New questions first")} />
        <Row href="/learn/practise/due" icon="clock" title={t("到期复习", "What is due")} end={<span class="count">{sum("due_count")}</span>} />
        <Row href="/learn/practise/wrong" icon="book" title={t("错题本", "Wrong-question book")} end={<span class="count">{sum("wrong_book_count")}</span>} />
        <Row href="/learn/practise/favourites" icon="star" title={t("收藏", "Favourites")} />
        <Row href="/learn/mocks" icon="exam" title={t("模拟考试", "Mock exam")} />
      </div>
      <h2 class="section">{t("知识点", "Topics")}</h2>
      {topics.length === 0 && !progress.loading ? <Empty icon="learn">{t("练习题库还是空的。", "The practice pool is still empty.")}</Empty> : null}
      {topics.length === 0 ? null : <ul class="card bars">
        {topics.map((topic) => (
          <li key={topic.topic}>
            <a href={`#/learn/practise/all/${encodeURIComponent(topic.topic ?? "")}`}>
              <div class="split">
                <span>{topic.topic ?? t("其他", "Other")}</span>
                <span class="note">{topic.mastered_count}/{topic.question_count}</span>
              </div>
              <meter min={0} max={topic.question_count} value={topic.mastered_count} aria-label={topic.topic ?? t("其他", "Other")} />
            </a>
          </li>
        ))}
      </ul>}
      {progress.data === undefined ? null : (
        <p class="note">{t(`今日还可练习 ${progress.data.questions_left_today} 题。`, `${progress.data.questions_left_today} questions are left for today.`)}</p>
      )}
    </Screen>
  );
}

interface Mock {
  id: string;
  exam_id: string;
  exam: string;
  started_at: string;
  deadline_at: string;
  submitted_at: string | null;
  score: string | null;
  max_score: string | null;
  passed: boolean | null;
}

interface Offered {
  id: string;
  name: string;
}

export function MocksPage() {
  const mocks = useList<Mock>("/v1/me/mock-exams");
  const exams = useList<Offered>("/v1/me/exams");
  const places = usePlaces();
  const [failure, fail] = useState<string | null>(null);
  const mine = new Set((places.data ?? []).map((place) => place.exam_id));
  const offered = [...(exams.data ?? [])].sort((one, other) => Number(mine.has(other.id)) - Number(mine.has(one.id)));
  const begin = async (exam: Offered) => {
    const id = newId();
    try {
      await client.send(`/v1/me/mock-exams/${id}`, { exam_id: exam.id });
      go(`/learn/mocks/${id}`);
    } catch (refusal) {
      fail(sentence(refusal));
    }
  };
  return (
    <Screen title={t("模拟考试", "Mock exam")} back="/learn">
      <About reply={mocks} />
      {failure === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {failure}</p>}
      {offered.map((exam) => (
        <section class="card" key={exam.id}>
          <h2>{exam.name}</h2>
          <button class={mine.has(exam.id) ? "button wide" : "button quiet wide"} onClick={() => void begin(exam)}>{t("开始模拟考试", "Begin a mock exam")}</button>
        </section>
      ))}
      <h2 class="section">{t("我的模拟考试", "My mock exams")}</h2>
      {mocks.data?.length === 0 ? <Empty icon="exam">{t("还没有做过模拟考试。", "You have had no mock exam yet.")}</Empty> : null}
      {(mocks.data ?? []).map((mock) => (
        <a class="card next-exam" key={mock.id} href={`#/learn/mocks/${mock.id}`}>
          <div class="split">
            <h3>{mock.exam}</h3>
            {mock.passed === null ? <Tag kind="warn">{t("未交卷", "Open")}</Tag> : (
              <Tag kind={mock.passed ? "good" : "bad"}>{`${points(mock.score ?? "0")} / ${points(mock.max_score ?? "0")}`}</Tag>
            )}
          </div>
          <p class="note">{when(mock.started_at)}</p>
        </a>
      ))}
    </Screen>
  );
}

