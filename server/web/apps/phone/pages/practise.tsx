/** Practice, question by question: verdict, key and explanation at once (练习). */
import { useState } from "preact/hooks";
import { newId } from "../../shared/ids.ts";
import { tapped } from "../exam/words.ts";
import { About, Empty, Icon, Screen, Tag } from "../parts.tsx";
import { client, sentence } from "../platform.ts";
import { useReply } from "../replies.ts";
import { t } from "../../shared/settings.ts";
import { useWhom } from "./learn.tsx";
import { AskedView, Explained, type Asked, type Told } from "./asked.tsx";

interface Verdict extends Told {
  correct: boolean;
  in_wrong_book: boolean;
}

const TITLES: Record<string, [string, string]> = {
  all: ["练习", "Practice"],
  due: ["到期复习", "What is due"],
  wrong: ["错题本", "Wrong-question book"],
  favourites: ["收藏", "Favourites"],
};

export function PractisePage({ way, topic }: { way: string; topic: string }) {
  const [round, next] = useState(0);
  const whom = useWhom();
  const query = new URLSearchParams(whom ?? "");
  query.set("way", way);
  query.set("limit", "10");
  if (topic !== "") query.set("topic", topic);
  const reply = useReply<{ questions: Asked[] }>(whom === null ? null : `/v1/me/practice-questions?${query}`);
  const questions = reply.loading && round > 0 ? [] : (reply.data?.questions ?? []);
  const [at, move] = useState(0);
  const question = questions[at];
  const go = () => {
    if (at + 1 < questions.length) return move(at + 1);
    move(0);
    next(round + 1);
    reply.again();
  };
  return (
    <Screen title={t(...(TITLES[way] ?? TITLES["all"]!))} back="/learn">
      <About reply={reply} />
      {question === undefined && whom !== null && !reply.loading && reply.failure === null ? (
        <Empty icon="check">{way === "all" ? t("这里没有更多题目了。", "There are no more questions here.") : t("这里是空的，继续保持。", "Nothing here: well done.")}</Empty>
      ) : null}
      {question === undefined ? null : (
        <Practised key={`${round}/${question.version_id}`} question={question} note={topic || (question.topic ?? `${at + 1}/${questions.length}`)} onNext={go} />
      )}
    </Screen>
  );
}

/** One question, judged at once; `onNext` where another follows, `onVerdict` where something depends on it. */
export function Practised({ question, note, onNext, onVerdict }: { question: Asked; note: string; onNext?: () => void; onVerdict?: () => void }) {
  const [chosen, choose] = useState<string[]>([]);
  const [verdict, judge] = useState<Verdict | null>(null);
  const [failure, fail] = useState<string | null>(null);
  const [id] = useState(newId);
  const labels = question.options.map((option) => option.label);
  const send = async (picked: string[]) => {
    try {
      judge(await client.send<Verdict>(`/v1/me/practice-responses/${id}`, { version_id: question.version_id, chosen: picked }));
      fail(null);
      onVerdict?.();
    } catch (refusal) {
      fail(sentence(refusal));
    }
  };
  const tap = (label: string) => {
    const places = tapped(question.kind, chosen.map((one) => labels.indexOf(one)), labels.indexOf(label));
    const picked = places.map((place) => labels[place]!);
    choose(picked);
    // One answer is enough to be judged; of several only the learner knows when it is done.
    if (question.kind !== "multiple_choice" && picked.length > 0) void send(picked);
  };
  return (
    <>
      <AskedView question={question} note={note} chosen={chosen} told={verdict} onChoose={tap} />
      {failure === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {failure}</p>}
      <div aria-live="polite">
        {verdict === null ? null : (
          <section class={`card ${verdict.correct ? "good" : "bad"}`} data-verdict={String(verdict.correct)}>
            <div class="split">
              <Tag kind={verdict.correct ? "good" : "bad"}>{verdict.correct ? t("答对了", "Right") : t("答错了", "Wrong")}</Tag>
              <Keep questionId={question.question_id} />
            </div>
            <Explained told={verdict} />
          </section>
        )}
      </div>
      {verdict === null ? (
        <button class="button wide" disabled={chosen.length === 0} onClick={() => void send(chosen)}>{t("提交", "Check")}</button>
      ) : onNext === undefined ? null : (
        <button class="button wide" onClick={onNext}>{t("下一题", "Next")}</button>
      )}
    </>
  );
}

/** Keep a question among one's favourites. */
function Keep({ questionId }: { questionId: string }) {
  const [kept, keep] = useState(false);
  const path = `/v1/me/favourite-questions/${questionId}`;
  const turn = async () => {
    await (kept ? client.remove(path) : client.send(path)).catch(() => undefined);
    keep(!kept);
  };
  return (
    <button class="round" aria-pressed={kept} onClick={() => void turn()} aria-label={t("收藏", "Keep as favourite")}>
      <Icon name="star" />
    </button>
  );
}
