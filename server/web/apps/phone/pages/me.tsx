/** Oneself: file, who looked at it, messages, devices, settings (我的). */
import { useState } from "preact/hooks";
import { About, Card, Empty, Icon, Row, Screen, Tag, day, when } from "../parts.tsx";
import { client, me, sentence, signOut, unsentWords } from "../platform.ts";
import { useList, useReply } from "../replies.ts";
import { onDuty } from "../duty/duties.tsx";
import { go } from "../routes.ts";
import { set, settings, t, told, type Language, type Theme } from "../../shared/settings.ts";
import { roleName, type Message } from "./today.tsx";

export function MePage() {
  const [warning, warn] = useState<string | null>(null);
  const leave = async () => {
    const left = await unsentWords();
    if (left > 0) {
      return warn(t(`还有 ${left} 条作答或登记只在本机，联网送达后再退出。`, `${left} answers or entries are on this phone only. Sign out after they are sent.`));
    }
    await signOut();
    go("/");
  };
  return (
    <Screen title={t("我的", "Me")}>
      <section class="hero quiet"><Icon name="me" /><h2>{me.value?.name}</h2></section>
      <div class="card rows">
        <Row href="/me/file" icon="file" title={t("我的档案", "My file")} note={t("培训、考试、证书，一人一档", "Training, exams, certificates")} />
        <Row href="/me/confirmations" icon="check" title={t("待我确认", "To be confirmed")} note={t("培训考核结果本人签字或提出异议", "Sign results of training, or object")} />
        <Row href="/me/competence" icon="check" title={t("岗位能力", "Competence")} note={t("等级、差距、培训计划", "Grade, gaps, training plan")} />
        <Row href="/me/looked" icon="eye" title={t("谁查看过我的档案", "Who looked at my file")} />
        <Row href="/me/messages" icon="bell" title={t("消息", "Messages")} />
        {onDuty() ? <Row href="/duty" icon="door" title={t("考务值守", "Exam duties")} note={t("核验入场、开考、实操评分", "Check-in, start, practical scores")} /> : null}
        <Row href="/me/devices" icon="phone" title={t("登录设备", "Devices")} />
        <Row href="/me/settings" icon="gear" title={t("设置", "Settings")} note={t("语言、字号、深色", "Language, type size, dark")} />
      </div>
      {warning === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {warning}</p>}
      <button class="button quiet wide" onClick={() => void leave()}>{t("退出登录", "Sign out")}</button>
    </Screen>
  );
}

interface Line {
  id: string;
  kind: string;
  happened_on: string;
  source: string;
  content: Record<string, unknown>;
  counts: boolean;
  confirmed_by: string[];
  awaits_confirmation_by: string[];
  objection: string | null;
}

/** Who signed a result, and who has not yet. */
function signatures({ confirmed_by = [], awaits_confirmation_by = [], objection = null }: Partial<Line>): string[] {
  const who = (each: string) => (each === "worker" ? t("本人", "you") : t("考核人", "the assessor"));
  return [
    confirmed_by.length === 0 ? "" : t(`${confirmed_by.map(who).join("、")}已确认`, `Confirmed by ${confirmed_by.map(who).join(" and ")}`),
    awaits_confirmation_by.length === 0 ? "" : t(`待${awaits_confirmation_by.map(who).join("、")}确认`, `Awaits ${awaits_confirmation_by.map(who).join(" and ")}`),
    objection === null ? "" : t(`异议：${objection}`, `Objection: ${objection}`),
  ].filter((each) => each !== "");
}

const KINDS: Record<string, [string, string]> = {
  training: ["培训", "Training"],
  exam: ["考试", "Exam"],
  certificate: ["证书", "Certificate"],
  post: ["任职", "Post"],
  violation: ["违规违章", "Violation"],
  health: ["健康", "Health"],
  correction: ["更正", "Correction"],
  bar: ["任职资格限制", "Bar"],
  education: ["学历", "Education"],
  document_copy: ["证件复印件", "Copy of a document"],
  confirmation: ["确认", "Confirmation"],
  objection: ["异议", "Objection"],
  note: ["记事", "Note"],
};

/** The words of an entry that a person would want first. */
function gist(line: Line): string {
  const { content } = line;
  if (typeof content["role"] === "string" && line.kind === "post") return roleName(content["role"]);
  const said = ["programme", "exam", "qualification", "name", "summary", "words", "what"]
    .map((name) => content[name])
    .find((value) => typeof value === "string");
  const hours = content["hours"];
  return [said, hours === undefined ? undefined : t(`${hours} 学时`, `${hours} h`)].filter(Boolean).join(" · ");
}

export function FilePage() {
  const reply = useReply<{ person: { name: string; document_masked: string }; lines: Line[] }>("/v1/me/file");
  return (
    <Screen title={t("我的档案", "My file")} back="/me">
      <About reply={reply} />
      {reply.data === undefined ? null : (
        <Card>
          <h2>{reply.data.person.name}</h2>
          <p class="note">{reply.data.person.document_masked}</p>
        </Card>
      )}
      <ol class="timeline">
        {[...(reply.data?.lines ?? [])].reverse().map((line) => (
          <li key={line.id} class={line.counts ? "" : "struck"}>
            <p class="note">{day(line.happened_on)}</p>
            <p><strong>{t(...(KINDS[line.kind] ?? ["其他", "Other"]))}</strong> <span lang="zh-CN">{gist(line)}</span></p>
            <p class="note" lang="zh-CN">{line.source}{line.counts ? "" : t("（已更正）", " (corrected)")}</p>
            {signatures(line).map((words) => <p class="note" key={words}>{words}</p>)}
          </li>
        ))}
      </ol>
    </Screen>
  );
}

interface Access {
  id: string;
  organisation: string | null;
  purpose: string;
  at: string;
}

export function LookedPage() {
  const reply = useList<Access>("/v1/me/file-accesses");
  return (
    <Screen title={t("谁查看过我的档案", "Who looked at my file")} back="/me">
      <About reply={reply} />
      {reply.data?.length === 0 ? <Empty icon="eye">{t("还没有人查看过。", "Nobody has looked at it yet.")}</Empty> : null}
      <ul class="timeline">
        {(reply.data ?? []).map((access) => (
          <li key={access.id}>
            <p class="note">{when(access.at)}</p>
            <p lang="zh-CN"><strong>{access.organisation ?? t("平台", "The platform")}</strong></p>
            <p class="note" lang="zh-CN">{access.purpose}</p>
          </li>
        ))}
      </ul>
    </Screen>
  );
}

export function MessagesPage() {
  const reply = useList<Message>("/v1/me/messages");
  const read = async (message: Message) => {
    if (message.read_at !== null) return;
    await client.send(`/v1/me/messages/${message.id}/reading`).catch(() => undefined);
    reply.again();
  };
  return (
    <Screen title={t("消息", "Messages")} back="/me">
      <About reply={reply} />
      {reply.data?.length === 0 ? <Empty icon="bell">{t("没有消息。", "No messages.")}</Empty> : null}
      {(reply.data ?? []).map((message) => (
        <details class="card message" key={message.id} onToggle={() => void read(message)}>
          <summary>
            <span class="row-text">
              <span class="row-title">{told(message, "title")}</span>
              <span class="note">{when(message.made_at)}</span>
            </span>
            {message.read_at === null ? <Tag kind="warn">{t("未读", "New")}</Tag> : null}
          </summary>
          <p>{told(message, "body")}</p>
        </details>
      ))}
    </Screen>
  );
}

interface Device {
  id: string;
  name: string;
  signed_in_at: string;
}

export function DevicesPage() {
  const reply = useList<Device>("/v1/me/devices");
  const [failure, fail] = useState<string | null>(null);
  const end = async (device: Device) => {
    try {
      await client.send(`/v1/me/devices/${device.id}/sign-out`);
      reply.again();
    } catch (refusal) {
      fail(sentence(refusal));
    }
  };
  return (
    <Screen title={t("登录设备", "Devices")} back="/me">
      <About reply={reply} />
      {failure === null ? null : <p class="failure" role="alert">{failure}</p>}
      {(reply.data ?? []).map((device) => (
        <Card key={device.id}>
          <h2>{device.name || t("未命名设备", "A device")}</h2>
          <p class="note">{t("登录于", "Signed in")} {when(device.signed_in_at)}</p>
          <button class="button quiet" onClick={() => void end(device)}>{t("退出该设备", "Sign it out")}</button>
        </Card>
      ))}
    </Screen>
  );
}

function Choice<T extends string | number>(props: { title: string; value: T; options: [T, string][]; onChoose: (value: T) => void }) {
  return (
    <fieldset class="card choice">
      <legend>{props.title}</legend>
      {props.options.map(([value, text]) => (
        <label key={value}>
          <input type="radio" name={props.title} checked={value === props.value} onChange={() => props.onChoose(value)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function SettingsPage() {
  const { language, size, theme } = settings.value;
  return (
    <Screen title={t("设置", "Settings")} back="/me">
      <Choice<Language> title="语言 Language" value={language} options={[["zh", "中文"], ["en", "English"]]} onChoose={(value) => set({ language: value })} />
      <Choice<0 | 1 | 2> title={t("字号", "Type size")} value={size} options={[[0, t("标准", "Ordinary")], [1, t("大", "Large")], [2, t("特大", "Largest")]]} onChoose={(value) => set({ size: value })} />
      <Choice<Theme> title={t("显示", "Appearance")} value={theme} options={[["auto", t("跟随系统", "As the system")], ["light", t("浅色", "Light")], ["dark", t("深色", "Dark")]]} onChoose={(value) => set({ theme: value })} />
      <p class="note">{t("题目和选项用中文显示，可用题旁的喇叭朗读。", "Questions are in Chinese; the loudspeaker beside them reads them aloud.")}</p>
    </Screen>
  );
}
