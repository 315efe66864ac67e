/** What awaits one's own signature: results of assessments to confirm, or to object to (待我确认). */
import { useState } from "preact/hooks";
import { About, Empty, Icon, Screen, Tag, day } from "../parts.tsx";
import { client, sentence } from "../platform.ts";
import { useReply } from "../replies.ts";
import { t } from "../../shared/settings.ts";

interface Waiting {
  id: string;
  happened_on: string;
  source: string;
  objection: string | null;
  awaits_confirmation_by: string[];
  content: { programme: string; purpose: string; level?: string; hours: string; hours_due?: string; passed: boolean; started_on: string; finished_on: string; topics?: string[]; trainers?: string[] };
}

interface Rule {
  code: string;
  checked: boolean;
  effective_from: string;
  source_zh: string;
  source_en: string;
}

const PURPOSES: Record<string, [string, string]> = {
  induction: ["三级安全教育", "Induction"],
  post_change: ["调岗、复岗教育", "After a change of post"],
  new_technology: ["四新教育", "New technology"],
  annual: ["年度再培训", "Yearly training"],
  safety: ["安全教育培训", "Safety training"],
};

const LEVELS: Record<string, [string, string]> = {
  plant: ["厂级", "plant"],
  workshop: ["车间级", "workshop"],
  team: ["班组级", "team"],
};

const said = (words: Record<string, [string, string]>, code: string | undefined) => (code === undefined ? undefined : t(...(words[code] ?? [code, code])));

export function ConfirmationsPage() {
  const reply = useReply<{ lines: Waiting[] }>("/v1/me/file-confirmations");
  const rules = useReply<{ items: Rule[] }>("/v1/confirmation-rules");
  const lines = [...(reply.data?.lines ?? [])].reverse();
  return (
    <Screen title={t("待我确认", "To be confirmed")} back="/me">
      <About reply={reply} />
      {reply.data !== undefined && lines.length === 0 ? <Empty icon="check">{t("没有等待您确认的考核结果。", "No result awaits your confirmation.")}</Empty> : null}
      {lines.length === 0 ? null : <p class="note">{t("确认即表示您认可下列培训和考核结果；有出入的请写明，登记单位会看到。", "By confirming you accept the training and its result as written. If something is wrong, say what: whoever entered it will see it.")}</p>}
      {lines.map((line) => <One key={line.id} of={line} again={reply.again} />)}
      {(rules.data?.items ?? []).map((rule) => (
        <p class="note" key={rule.code}>
          {t("依据", "Asked by")}: {t(rule.source_zh, rule.source_en)}{rule.checked ? "" : t("（条文未经核对）", " (text of the law not checked)")}
        </p>
      ))}
    </Screen>
  );
}

function One({ of, again }: { of: Waiting; again: () => void }) {
  const [objecting, object] = useState(false);
  const [words, type] = useState("");
  const [failure, fail] = useState<string | null>(null);
  const [busy, work] = useState(false);
  const send = async (path: string, body?: unknown) => {
    work(true);
    fail(null);
    try {
      await client.send(path, body);
      object(false);
      again();
    } catch (refusal) {
      fail(sentence(refusal));
    }
    work(false);
  };
  const { content } = of;
  const kind = [said(PURPOSES, content.purpose), said(LEVELS, content.level)].filter(Boolean).join(" · ");
  return (
    <section class="card" data-awaiting={of.id}>
      <div class="split"><h2 lang="zh-CN">{content.programme}</h2><Tag kind={content.passed ? "good" : "bad"}>{content.passed ? t("考核合格", "Passed") : t("考核不合格", "Not passed")}</Tag></div>
      <dl class="facts">
        <dt>{t("类别", "Kind")}</dt><dd>{kind}</dd>
        <dt>{t("时间", "Days")}</dt><dd>{content.started_on === content.finished_on ? day(content.finished_on) : `${day(content.started_on)} – ${day(content.finished_on)}`}</dd>
        <dt>{t("学时", "Hours")}</dt><dd>{content.hours}{content.hours_due === undefined ? "" : t(`（应修 ${content.hours_due}）`, ` of ${content.hours_due}`)}</dd>
        {(content.topics ?? []).length === 0 ? null : <><dt>{t("内容", "Content")}</dt><dd lang="zh-CN">{content.topics!.join("、")}</dd></>}
        {(content.trainers ?? []).length === 0 ? null : <><dt>{t("授课", "Taught by")}</dt><dd lang="zh-CN">{content.trainers!.join("、")}</dd></>}
        <dt>{t("登记单位", "Entered by")}</dt><dd lang="zh-CN">{of.source}</dd>
        <dt>{t("考核人", "Assessor")}</dt><dd>{of.awaits_confirmation_by.includes("assessor") ? t("未签", "has not signed") : t("已签", "has signed")}</dd>
      </dl>
      {of.objection === null ? null : <p role="status"><Tag kind="warn">{t("您已提出异议", "You objected")}</Tag> <span lang="zh-CN">{of.objection}</span></p>}
      {failure === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {failure}</p>}
      {objecting ? (
        <form onSubmit={(event) => { event.preventDefault(); void send(`/v1/me/file-objections/${of.id}`, { words: words.trim() }); }}>
          <label class="field"><span>{t("哪里不对？（至少 4 个字）", "What is wrong? (4 characters at least)")}</span><input name="words" required minLength={4} maxLength={500} value={words} onInput={(event) => type(event.currentTarget.value)} /></label>
          <div class="pair">
            <button class="button" disabled={busy}>{t("提交异议", "Object")}</button>
            <button type="button" class="button quiet" onClick={() => object(false)}>{t("取消", "Cancel")}</button>
          </div>
        </form>
      ) : (
        <div class="pair">
          <button class="button" disabled={busy} onClick={() => void send(`/v1/me/file-confirmations/${of.id}`)}>{t("确认无误", "Confirm")}</button>
          {of.objection === null ? <button class="button quiet" onClick={() => object(true)}>{t("有异议", "Object")}</button> : null}
        </div>
      )}
    </section>
  );
}
