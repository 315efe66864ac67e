/** A mock exam: what is chosen is kept on the phone until it is handed in (模拟考试). */
import { useEffect, useState } from "preact/hooks";
import { tapped } from "../exam/words.ts";
import { kept } from "../../shared/storage.ts";
import { About, Icon, Screen, Tag } from "../parts.tsx";
import { client, sentence } from "../platform.ts";
import { useReply } from "../replies.ts";
import { t } from "../../shared/settings.ts";
import { AskedView, Explained, type Asked, type Told } from "./asked.tsx";
import { points } from "./result.tsx";

interface Mark extends Told {
  slot: number;
  chosen: string[];
  mark: string;
}

interface MockPaper {
  mock_exam: { exam: string; submitted_at: string | null; score: string | null; max_score: string | null; passed: boolean | null };
  questions: (Asked & { slot: number; points: number })[];
  marks: Mark[] | null;
}

type Chosen = Record<number, string[]>;

/** What was chosen, read back after a restart and stored at every tap. */
function useChosen(id: string): [Chosen, (next: Chosen) => void] {
  const name = `reply:mock:${id}`;
  const [chosen, show] = useState<Chosen>({});
  useEffect(() => void kept.get<Chosen>(name).then((known) => known !== undefined && show(known)), [name]);
  return [chosen, (next) => { show(next); void kept.put(name, next); }];
}

export function MockPage({ id }: { id: string }) {
  const reply = useReply<MockPaper>(`/v1/me/mock-exams/${id}`);
  const [handed, hand] = useState<MockPaper | null>(null);
  const [chosen, choose] = useChosen(id);
  const [at, move] = useState(0);
  const [failure, fail] = useState<string | null>(null);
  const paper = handed ?? reply.data;
  const question = paper?.questions[at];
  const marks = paper?.marks ?? null;
  const mark = marks?.find((one) => one.slot === question?.slot) ?? null;
  const send = async () => {
    const responses = Object.entries(chosen).map(([slot, labels]) => ({ slot: Number(slot), chosen: labels }));
    try {
      hand(await client.send<MockPaper>(`/v1/me/mock-exams/${id}/submission`, { responses }));
      move(0);
    } catch (refusal) {
      fail(sentence(refusal));
    }
  };
  if (paper === undefined || question === undefined) {
    return <Screen title={t("模拟考试", "Mock exam")} back="/learn/mocks"><About reply={reply} /></Screen>;
  }
  const labels = question.options.map((option) => option.label);
  const tap = (label: string) => {
    const before = (chosen[question.slot] ?? []).map((one) => labels.indexOf(one));
    const places = tapped(question.kind, before, labels.indexOf(label));
    choose({ ...chosen, [question.slot]: places.map((place) => labels[place]!) });
  };
  return (
    <Screen title={t("模拟考试", "Mock exam")} back="/learn/mocks">
      {marks === null ? null : (
        <section class={`hero score ${paper.mock_exam.passed === true ? "good" : "bad"}`} data-mock-result>
          <p class="figure"><strong>{points(paper.mock_exam.score ?? "0")}</strong><span> / {points(paper.mock_exam.max_score ?? "0")}</span></p>
          <Tag kind={paper.mock_exam.passed === true ? "good" : "bad"}>{paper.mock_exam.passed === true ? t("合格", "Passed") : t("不合格", "Not passed")}</Tag>
        </section>
      )}
      <AskedView question={question} note={`${at + 1}/${paper.questions.length}`} chosen={mark?.chosen ?? chosen[question.slot] ?? []} told={mark} onChoose={tap} />
      {mark === null ? null : <section class="card"><Explained told={mark} /></section>}
      {failure === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {failure}</p>}
      <div class="pair">
        <button class="button quiet" disabled={at === 0} onClick={() => move(at - 1)}>{t("上一题", "Back")}</button>
        <button class="button" disabled={at + 1 === paper.questions.length} onClick={() => move(at + 1)}>{t("下一题", "Next")}</button>
      </div>
      {marks === null ? (
        <button class="button quiet wide" onClick={() => void send()}>
          {t(`交卷（已答 ${Object.values(chosen).filter((one) => one.length > 0).length}/${paper.questions.length}）`, `Hand in (${Object.values(chosen).filter((one) => one.length > 0).length}/${paper.questions.length})`)}
        </button>
      ) : null}
    </Screen>
  );
}
