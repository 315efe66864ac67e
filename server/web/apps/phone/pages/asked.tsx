/** A question of the practice pool, as practice and mock exams show it (练习题). */
import { kindName } from "../exam/question.tsx";
import { Icon } from "../parts.tsx";
import { client } from "../platform.ts";
import { images } from "../exam/storage.ts";
import { Rich } from "../../shared/rich.tsx";
import { t } from "../../shared/settings.ts";
import { canSpeak, speak, speaking } from "../speaking.ts";

export interface Asked {
  question_id: string;
  version_id: string;
  kind: string;
  topic: string | null;
  stem: string;
  stem_html: string | null;
  options: { label: string; text: string; html?: string | null }[];
}

/** What a practised question's key says once it is told. */
export interface Told {
  key: string[];
  explanation: string | null;
  explanation_html: string | null;
  law_citation: string | null;
}

/** Pictures of practice need the access token, and are kept like those of exams. */
export async function pictures(hash: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const kept = await images.get(hash);
  if (kept !== undefined) return kept;
  const bytes = new Uint8Array(await client.bytes(`/v1/question-images/${hash}`));
  await images.put(hash, bytes);
  return bytes;
}

export function AskedView(props: {
  question: Asked;
  note: string;
  chosen: string[];
  told: Told | null;
  onChoose: (label: string) => void;
}) {
  const { question, chosen, told } = props;
  // Two of them may stand on one page: the question of the day, and one still to be put right.
  const stem = `stem-${question.version_id}`;
  const spoken = [question.stem, ...question.options.map(({ label, text }) => `${label}，${text}`)].join("。");
  return (
    <article class="question">
      <header class="question-head">
        <p class="note">{props.note} · {kindName(question.kind)}</p>
        {canSpeak() ? (
          <button class="round" aria-pressed={speaking.value === spoken} onClick={() => speak(spoken)} aria-label={t("朗读题目", "Read aloud")}>
            <Icon name="speak" />
          </button>
        ) : null}
      </header>
      <h2 class="stem" id={stem} lang="zh-CN">
        {question.stem_html === null ? question.stem : <Rich html={question.stem_html} pictures={pictures} />}
      </h2>
      <fieldset class="options" aria-labelledby={stem} disabled={told !== null}>
        {question.options.map(({ label, text, html }) => (
          <label class={`option ${verdictOf(label, chosen, told)}`} key={`${question.version_id}/${label}`}>
            <input
              type={question.kind === "multiple_choice" ? "checkbox" : "radio"}
              name={`question-${question.version_id}`}
              checked={chosen.includes(label)}
              onChange={() => props.onChoose(label)}
            />
            <span class="letter" aria-hidden="true">{label}</span>
            <span class="option-text" lang="zh-CN">
              {html === null || html === undefined ? text : <Rich html={html} pictures={pictures} />}
              {told !== null && told.key.includes(label) ? <span class="note"> {t("（正确答案）", "(right)")}</span> : null}
            </span>
          </label>
        ))}
      </fieldset>
    </article>
  );
}

function verdictOf(label: string, chosen: string[], told: Told | null): string {
  if (told === null) return "";
  if (told.key.includes(label)) return "right";
  return chosen.includes(label) ? "wrong" : "";
}

export function Explained({ told }: { told: Told }) {
  return (
    <div class="explained" lang="zh-CN">
      <p><strong>{t("正确答案", "Right answer")}：</strong>{told.key.join("、")}</p>
      {told.explanation === null ? null : (
        <p>{told.explanation_html === null ? told.explanation : <Rich html={told.explanation_html} pictures={pictures} />}</p>
      )}
      {told.law_citation === null ? null : <p class="note">{told.law_citation}</p>}
    </div>
  );
}
