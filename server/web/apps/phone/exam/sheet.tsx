/** The answer sheet: what is answered, marked, and not yet sent (答题卡). */
import { useEffect, useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { Icon } from "../parts.tsx";
import { t } from "../../shared/settings.ts";
import { Whereabouts } from "./light.tsx";
import type { Running } from "./running.ts";

/** A sheet that comes up from below, where the thumb is; Escape and the back of it close it. */
export function Sheet(props: { title: string; onClose: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    return () => dialog.current?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-label={props.title}
      onCancel={props.onClose}
      onClick={(event) => event.target === dialog.current && props.onClose()}
    >
      <div class="sheet-inside">
        <header class="sheet-head">
          <h2>{props.title}</h2>
          <button class="round" onClick={props.onClose} aria-label={t("关闭", "Close")}>
            <Icon name="cross" />
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}

export function AnswerSheet(props: { running: Running; onClose: () => void; onHandIn: () => void }) {
  const { running, onClose, onHandIn } = props;
  const questions = running.questions.value;
  const { marked, place } = running.attempt.value;
  const go = (to: number) => {
    void running.go(to);
    onClose();
  };
  return (
    <Sheet title={t("答题卡", "Answer sheet")} onClose={onClose}>
      <ul class="legend">
        <li><span class="cell answered" /> {t("已答", "Answered")}</li>
        <li><span class="cell" /> {t("未答", "Open")}</li>
        <li><span class="cell answered here" /> {t("未送达", "Not sent yet")}</li>
        <li><span class="cell marked" /> {t("标记", "Marked")}</li>
      </ul>
      <ol class="cells">
        {questions.map(({ slot }, index) => {
          const word = running.words.value.get(slot);
          const answered = (word?.chosen.length ?? 0) > 0;
          const here = word !== undefined && word.state !== "held";
          const isMarked = marked.includes(slot);
          const name = [
            t(`第 ${index + 1} 题`, `Question ${index + 1}`),
            answered ? t("已答", "answered") : t("未答", "open"),
            here ? t("未送达", "not sent yet") : "",
            isMarked ? t("已标记", "marked") : "",
          ].filter(Boolean).join(t("，", ", "));
          const classes = ["cell", answered && "answered", here && "here", isMarked && "marked"];
          return (
            <li key={slot}>
              <button
                class={classes.filter(Boolean).join(" ")}
                aria-label={name}
                aria-current={index === place ? "step" : undefined}
                onClick={() => go(index)}
              >
                {index + 1}
              </button>
            </li>
          );
        })}
      </ol>
      <Whereabouts running={running} />
      {running.writable.value ? (
        <button class="button wide" onClick={onHandIn} data-hand-in>
          {t("交卷", "Hand in")}
        </button>
      ) : null}
    </Sheet>
  );
}

/** Asked once before handing in, with what is still open. */
export function HandingIn(props: { running: Running; onClose: () => void }) {
  const { running, onClose } = props;
  const open = running.questions.value.length - running.count.value.answered;
  const marked = running.attempt.value.marked.length;
  return (
    <Sheet title={t("确认交卷", "Hand in?")} onClose={onClose}>
      <p>
        {open === 0
          ? t("所有题目均已作答。", "Every question is answered.")
          : t(`还有 ${open} 题未作答。`, `${open} questions are still open.`)}
        {marked === 0 ? "" : t(`有 ${marked} 题做了标记。`, ` ${marked} are marked.`)}
      </p>
      <p class="note">
        {running.line.value === "offline"
          ? t("现在没有网络：交卷会先记在本机，联网后自动送达。交卷后不能再改。", "There is no network now: handing in is kept on this phone and sent when it is back. Afterwards nothing can be changed.")
          : t("交卷后不能再改。", "Afterwards nothing can be changed.")}
      </p>
      <div class="pair">
        <button class="button quiet" onClick={onClose}>{t("继续作答", "Go on")}</button>
        <button
          class="button"
          data-hand-in-now
          onClick={() => {
            void running.handIn();
            onClose();
          }}
        >
          {t("确认交卷", "Hand in")}
        </button>
      </div>
    </Sheet>
  );
}
