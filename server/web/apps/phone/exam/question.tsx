/** One question on the screen (一屏一题). */
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../parts.tsx";
import { Rich } from "../../shared/rich.tsx";
import { t } from "../../shared/settings.ts";
import { canSpeak, speak, speaking } from "../speaking.ts";
import type { Running, Shown } from "./running.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

export function kindName(kind: string): string {
  if (kind === "single_choice") return t("单选题", "One answer");
  if (kind === "multiple_choice") return t("多选题", "Several answers");
  return kind === "true_false" ? t("判断题", "True or false") : t("试题", "Question");
}

export function QuestionView({ running, question, place }: { running: Running; question: Shown; place: number }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const total = running.questions.value.length;
  const chosen = running.words.value.get(question.slot)?.chosen ?? [];
  const marked = running.attempt.value.marked.includes(question.slot);
  const pictures = (hash: string) => running.picture(hash);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [question.slot]);
  return (
    <article class="question">
      <header class="question-head">
        <p class="note" data-place={place + 1}>
          {t(`第 ${place + 1} 题 / 共 ${total} 题`, `Question ${place + 1} of ${total}`)} · {kindName(question.kind)}
          {" · "}
          {t(`${question.points} 分`, question.points === 1 ? "1 point" : `${question.points} points`)}
        </p>
        <div class="tools">
          {canSpeak() ? (
            <button class="round" aria-pressed={speaking.value === spoken(question)} onClick={() => speak(spoken(question))} aria-label={t("朗读题目", "Read aloud")}>
              <Icon name="speak" />
            </button>
          ) : null}
          <button class="round" aria-pressed={marked} onClick={() => void running.mark(question.slot)} aria-label={t("标记本题", "Mark this question")}>
            <Icon name="flag" />
          </button>
        </div>
      </header>
      <h2 class="stem" ref={heading} tabIndex={-1} id="stem" lang="zh-CN">
        {question.stem_html === null ? question.stem : <Rich html={question.stem_html} pictures={pictures} />}
      </h2>
      <fieldset class="options" aria-labelledby="stem" disabled={!running.writable.value}>
        {question.numbers.map((number, index) => (
          <label class="option" key={`${question.slot}/${number}`}>
            <input
              type={question.kind === "multiple_choice" ? "checkbox" : "radio"}
              name={`slot-${question.slot}`}
              checked={chosen.includes(number)}
              data-option={number}
              onClick={(event) => {
                // Shown as chosen only once it is on the disk: the browser would show it before.
                event.preventDefault();
                void running.tap(question, number);
              }}
            />
            <span class="letter" aria-hidden="true">{LETTERS[index]}</span>
            <span class="option-text" lang="zh-CN">
              {question.options_html === null ? question.options[number] : <Rich html={question.options_html[number] ?? ""} pictures={pictures} />}
            </span>
          </label>
        ))}
      </fieldset>
      {chosen.length > 0 && running.writable.value ? (
        <button class="link" onClick={() => void running.clear(question)}>{t("清除本题作答", "Clear this answer")}</button>
      ) : null}
    </article>
  );
}

/** What is read aloud: the question and its options by their letters. */
function spoken(question: Shown): string {
  const options = question.numbers.map((number, index) => `${LETTERS[index]}，${question.options[number]}`);
  return [question.stem, ...options].join("。");
}
