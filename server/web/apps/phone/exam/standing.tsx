/** Before the first question, and after the last one (等待开考与交卷之后). */
import { useState } from "preact/hooks";
import { Icon, Screen, Tag } from "../parts.tsx";
import { client, sentence, signedOut } from "../platform.ts";
import { t } from "../../shared/settings.ts";
import { newId } from "../../shared/ids.ts";
import { Banner, Whereabouts } from "./light.tsx";
import type { Running } from "./running.ts";
import { SignInAgain } from "../../shared/sign_in.tsx";

/** What keeps the exam from beginning, and that nothing need be done about it. */
export function Waiting({ running }: { running: Running }) {
  const obstacle = running.obstacle.value;
  const offline = running.line.value === "offline";
  if (obstacle?.code === "another_device") return <MoveHere running={running} />;
  const final = obstacle !== null && !obstacle.passing;
  return (
    <Screen title={running.attempt.value.name} back="/exams">
      {signedOut.value ? <SignInAgain /> : null}
      <section class="hero" role="status" data-waiting>
        <Icon name={final ? "warn" : "clock"} />
        <h2>{final ? t("暂时不能开始", "The exam cannot be started") : t("等待开考", "Waiting for the start")}</h2>
        <p>{obstacle?.detail ?? (offline ? t("没有网络，连上后自动开始。", "No network. It starts by itself when it is back.") : t("正在向服务器申请开考…", "Asking the server to start …"))}</p>
        {final ? null : <p class="note">{t("请保持本页打开，会自动进入。", "Keep this page open; it goes on by itself.")}</p>}
      </section>
    </Screen>
  );
}

/** Handed in, ended, or gone to another phone: what is certain, and what still waits. */
export function Over({ running }: { running: Running }) {
  const { name, moved, state, handing_in } = running.attempt.value;
  const { here } = running.count.value;
  const arrived = state !== "in_progress";
  return (
    <Screen title={name} back="/exams">
      <Banner running={running} />
      {signedOut.value ? <SignInAgain /> : null}
      <section class={`hero ${arrived && here === 0 ? "good" : ""}`} role="status" data-over={moved ? "moved" : arrived ? "arrived" : "wish"}>
        <Icon name={moved ? "phone" : arrived ? "check" : "up"} />
        <h2>{headline(moved, arrived, handing_in)}</h2>
        <p>
          {moved
            ? t("本机不再接收作答。未送达的内容已另行留存，由考试机构裁定。", "This phone takes no more answers. What it had not sent is kept apart, for the examiners to decide.")
            : arrived
              ? t("服务器已收到您的答卷，可以关闭本页。", "The server has your attempt. You may close this page.")
              : t(`交卷意愿已记在本机，还有 ${here} 题待送达。联网后自动送达，请勿清除浏览器数据。`, `Your wish to hand in is kept on this phone; ${here} answers are still to be sent, as soon as there is a network. Do not clear browser data.`)}
        </p>
      </section>
      <section class="card">
        <h2>{t("保存情况与回执", "Stored where, and receipt")}</h2>
        <Whereabouts running={running} />
        {running.attempt.value.receipt === null ? null : <p class="note">{t("请截图保存回执码，任何人可凭此核对。", "Keep a screenshot of the receipt code; anybody can have it checked.")}</p>}
      </section>
      {arrived ? (
        <a class="button wide" href={`#/results/${running.attempt.value.id}`}>{t("查看成绩", "See the result")}</a>
      ) : null}
    </Screen>
  );
}

function headline(moved: boolean, arrived: boolean, handing_in: boolean): string {
  if (moved) return t("考试已转到另一台手机", "The exam goes on with another phone");
  if (arrived) return handing_in ? t("已交卷", "Handed in") : t("考试已结束", "The exam is over");
  return t("正在交卷", "Handing in");
}

/** The attempt is with another phone: bring it here, together with the invigilator. */
function MoveHere({ running }: { running: Running }) {
  const [code, type] = useState("");
  const [shown, show] = useState<string | null>(null);
  const [failure, fail] = useState<string | null>(null);
  const { id } = running.attempt.value;
  const take = async () => {
    try {
      await client.send(`/v1/attempts/${id}/move`, { code: code.trim().toUpperCase() });
      running.obstacle.value = null;
      running.onWords();
    } catch (refusal) {
      fail(sentence(refusal));
    }
  };
  const ask = async () => {
    try {
      const asked = await client.send<{ code: string | null }>(`/v1/attempts/${id}/moves/${newId()}`, {});
      show(asked.code);
    } catch (refusal) {
      fail(sentence(refusal));
    }
  };
  return (
    <Screen title={running.attempt.value.name} back="/exams">
      <section class="card warn">
        <h2>{t("本场考试在另一台手机上", "This exam is on another phone")}</h2>
        <p>{t("请举手联系监考员办理换机。已送达的作答和剩余时间会一并转来。", "Raise your hand: the invigilator moves it. What was sent and the time left come with it.")}</p>
      </section>
      <form class="card" onSubmit={(event) => { event.preventDefault(); void take(); }}>
        <label class="field">
          <span>{t("监考员给的换机码", "Code from the invigilator")}</span>
          <input value={code} onInput={(event) => type(event.currentTarget.value)} autocomplete="off" autocapitalize="characters" maxLength={20} required data-moving-code />
        </label>
        <button class="button wide">{t("在本机继续考试", "Go on with this phone")}</button>
      </form>
      <section class="card">
        <p>{t("或者把下面的码给监考员：", "Or show the invigilator a code:")}</p>
        {shown === null ? (
          <button class="button quiet wide" onClick={() => void ask()}>{t("生成换机码", "Make a code")}</button>
        ) : (
          <p class="code big">{shown}</p>
        )}
      </section>
      {failure === null ? null : <p role="alert"><Tag kind="bad">{failure}</Tag></p>}
    </Screen>
  );
}
