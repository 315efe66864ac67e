/** The exam itself (考试). */
import { useEffect, useState } from "preact/hooks";
import { AnswerSheet, HandingIn, Sheet } from "../exam/sheet.tsx";
import { Banner, Light, Whereabouts } from "../exam/light.tsx";
import { QuestionView } from "../exam/question.tsx";
import { Running } from "../exam/running.ts";
import { Sender } from "../exam/sending.ts";
import { Over, Waiting } from "../exam/standing.tsx";
import { Icon, Screen } from "../parts.tsx";
import { client, me, signedOut } from "../platform.ts";
import { t } from "../../shared/settings.ts";
import { hush } from "../speaking.ts";
import { spelled } from "../../shared/steady_clock.ts";
import { SignInAgain } from "../../shared/sign_in.tsx";

/** Take an attempt up, keep its clock and its messages going, and let go of it when left. */
function useRunning(id: string): Running | null | undefined {
  const [running, set] = useState<Running | null | undefined>(undefined);
  useEffect(() => {
    let found: Running | null = null;
    let sender: Sender | undefined;
    let gone = false;
    const second = setInterval(() => found?.tick(), 1_000);
    void Running.of(id, me.value?.account_id ?? "").then((taken) => {
      if (gone) return taken?.leave();
      found = taken;
      set(taken);
      if (taken === null) return;
      sender = new Sender(client, taken);
      sender.start();
    });
    return () => {
      gone = true;
      clearInterval(second);
      sender?.stop();
      found?.leave();
      hush();
    };
  }, [id]);
  useConduct(running);
  return running;
}

/** Losing the focus is written down, and nothing else follows from it. */
function useConduct(running: Running | null | undefined): void {
  useEffect(() => {
    if (running === null || running === undefined) return;
    const page = () => running.note(document.hidden ? "page_hidden" : "page_shown");
    const lost = () => running.note("focus_lost");
    const gained = () => running.note("focus_gained");
    document.addEventListener("visibilitychange", page);
    addEventListener("blur", lost);
    addEventListener("focus", gained);
    return () => {
      document.removeEventListener("visibilitychange", page);
      removeEventListener("blur", lost);
      removeEventListener("focus", gained);
    };
  }, [running]);
}

export function ExamPage({ id }: { id: string }) {
  const running = useRunning(id);
  if (running === undefined) return null;
  if (running === null) {
    return (
      <Screen title={t("考试", "Exam")} back="/exams">
        <p>{t("本机没有这份答卷。请从“考试”中进入。", "This attempt is not on this phone. Enter it from “Exams”.")}</p>
      </Screen>
    );
  }
  return <Sitting running={running} />;
}

function Sitting({ running }: { running: Running }) {
  const attempt = running.attempt.value;
  if (running.elsewhere.value) return <Elsewhere running={running} />;
  const over = attempt.state !== "in_progress" || attempt.handing_in || attempt.moved;
  if (over) return <Over running={running} />;
  if (running.questions.value.length === 0) return <Waiting running={running} />;
  return <Answering running={running} />;
}

function Elsewhere({ running }: { running: Running }) {
  return (
    <Screen title={running.attempt.value.name} back="/exams">
      <section class="card warn" data-elsewhere>
        <h2>{t("考试正在另一个窗口进行", "The exam is open in another window")}</h2>
        <p>{t("同一时间只能在一个窗口作答。可以改在这里继续，原窗口会停止作答，已作的答案不会丢失。", "Only one window takes answers at a time. You may go on here; the other window then stops, and nothing that was answered is lost.")}</p>
        <button class="button wide" onClick={() => void running.claim(true)}>{t("在此窗口继续", "Go on here")}</button>
      </section>
    </Screen>
  );
}

function Answering({ running }: { running: Running }) {
  const [sheet, show] = useState<"cells" | "light" | "hand_in" | null>(null);
  const close = () => show(null);
  const questions = running.questions.value;
  const place = Math.min(running.attempt.value.place, questions.length - 1);
  const question = questions[place]!;
  useEffect(() => {
    document.title = running.attempt.value.name;
  }, []);
  return (
    <div class="exam">
      <header class="exam-bar">
        <Time running={running} />
        <Light running={running} onOpen={() => show("light")} />
      </header>
      <Banner running={running} />
      {signedOut.value ? <SignInAgain /> : null}
      <Notices running={running} />
      <main class="page">
        <h1 class="only-heard">{running.attempt.value.name}</h1>
        <QuestionView running={running} question={question} place={place} />
      </main>
      <nav class="exam-foot" aria-label={t("题目", "Questions")}>
        <button class="button quiet" disabled={place === 0} onClick={() => void running.go(place - 1)}>
          <Icon name="back" /> {t("上一题", "Back")}
        </button>
        <button class="button quiet" onClick={() => show("cells")} data-sheet>
          <Icon name="grid" /> {running.count.value.answered}/{questions.length}
        </button>
        {place === questions.length - 1 ? (
          <button class="button" onClick={() => show("hand_in")}>{t("交卷", "Hand in")}</button>
        ) : (
          <button class="button" onClick={() => void running.go(place + 1)} data-next>
            {t("下一题", "Next")} <Icon name="next" />
          </button>
        )}
      </nav>
      {sheet === "cells" ? <AnswerSheet running={running} onClose={close} onHandIn={() => show("hand_in")} /> : null}
      {sheet === "hand_in" ? <HandingIn running={running} onClose={close} /> : null}
      {sheet === "light" ? (
        <Sheet title={t("作答保存情况", "Where the answers are")} onClose={close}>
          <Whereabouts running={running} />
          <p class="note">{t("“服务器已确认”表示已写入服务器磁盘。仅在本机的作答会自动重发，无需操作。", "“Confirmed” means written to its disk. What is only on this phone is sent again by itself.")}</p>
        </Sheet>
      ) : null}
    </div>
  );
}

/** The time left. It is no live region: a screen reader is told at the warnings only. */
function Time({ running }: { running: Running }) {
  const left = running.left.value;
  const paused = running.attempt.value.paused_at !== null;
  const urgent = left !== null && left <= 5 * 60_000;
  return (
    <p class={`time ${urgent ? "urgent" : ""}`} role="timer" aria-live="off" data-time>
      <Icon name="clock" />
      <span class="only-heard">{t("剩余时间", "Time left")} </span>
      <strong>{left === null ? "--:--" : `${running.estimated.value ? "≈" : ""}${spelled(left)}`}</strong>
      {paused ? <span class="note">{t("已暂停", "Paused")}</span> : null}
    </p>
  );
}

/** What is to be heard as well as seen: warnings of time, politely. */
function Notices({ running }: { running: Running }) {
  const warning = running.warning.value;
  const paused = running.attempt.value.paused_at !== null;
  return (
    <div aria-live="polite" class="notices">
      {paused ? <p class="banner">{t("考场已暂停，计时停止，作答仍然有效。", "The room is paused. The clock stands still; answers still count.")}</p> : null}
      {warning === null || paused ? null : (
        <p class="banner" data-warning={warning}>
          <Icon name="clock" />
          {t(`距离考试结束还有 ${warning} 分钟。`, `${warning} minutes left.`)}
          <button class="link" onClick={() => (running.warning.value = null)}>{t("知道了", "All right")}</button>
        </p>
      )}
      {running.timeIsUp.value ? (
        <p class="banner">{t("考试时间已到，正在送达作答。", "Time is up. Your answers are being sent.")}</p>
      ) : null}
    </div>
  );
}
