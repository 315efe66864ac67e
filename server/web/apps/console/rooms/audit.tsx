/** What was done, by whom, to what, and the proof that nobody changed it (审计). */
import { when } from "../../shared/dates.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { List, type ListOf } from "../kit/list.tsx";
import { About, Facts, Page, Panel } from "../kit/parts.tsx";
import { count, word } from "../kit/two.ts";
import { pageOf } from "./audit_pages.ts";
import { saidOf, SUBJECT_KINDS } from "./audit_words.ts";

interface Entry {
  sequence: number;
  at: string;
  action: string;
  account_id: string | null;
  person_name: string | null;
  subject_name: string | null;
  subject_kind: string;
  subject_id: string;
  address: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  reason: string | null;
  hash: string;
}

function Change({ of }: { of: Entry }) {
  if (of.before === null && of.after === null) return <>—</>;
  return (
    <details>
      <summary>{t("前后内容", "Before and after")}</summary>
      {of.before === null ? null : <p><del><code>{JSON.stringify(of.before)}</code></del></p>}
      {of.after === null ? null : <p><ins><code>{JSON.stringify(of.after)}</code></ins></p>}
    </details>
  );
}

const subjectOf = ({ subject_kind, subject_name }: Entry) => `${word(SUBJECT_KINDS, subject_kind)} ${subject_name ?? ""}`.trim();

/** What was done to something leads to everything that was done to it, and to its page where it has one. */
function Subject({ of }: { of: Entry }) {
  const page = pageOf(of.subject_kind, of.subject_id);
  return (
    <>
      <a href={`#/audit?subject_id=${of.subject_id}`} title={of.subject_id} lang="zh-CN">{subjectOf(of)}</a>
      {page === null ? null : <> <a href={`#${page}`}>{t("打开", "Open")}</a></>}
    </>
  );
}

const AUDIT: ListOf<Entry> = {
  path: "/v1/audit?with_names=true",
  name: ["审计记录", "Audit entries"],
  id: ({ sequence }) => String(sequence),
  filters: [
    { name: "from_on", label: ["自", "From"], kind: "day" },
    { name: "until_on", label: ["至", "Until"], kind: "day" },
    { name: "subject_kind", label: ["对象", "Subject"], kind: "choice", choices: SUBJECT_KINDS },
    { name: "action", label: ["操作代码", "Code of the action"], kind: "text" },
    { name: "subject_id", label: ["对象编号", "Subject's id"], kind: "text" },
    { name: "account_id", label: ["账户编号", "Account's id"], kind: "text" },
  ],
  columns: [
    { head: ["序号", "Number"], show: ({ sequence }) => count(sequence), sort: ({ sequence }) => sequence, number: true },
    { head: ["时间", "When"], show: ({ at }) => when(at), text: ({ at }) => at },
    { head: ["操作", "Action"], show: ({ action, subject_kind }) => <a href={`#/audit?action=${action}`} title={action}>{saidOf(action, subject_kind)}</a>, text: ({ action, subject_kind }) => `${saidOf(action, subject_kind)} (${action})` },
    { head: ["对象", "Subject"], show: (entry) => <Subject of={entry} />, text: subjectOf },
    { head: ["账户", "Account"], show: ({ account_id, person_name }) => (account_id === null ? t("平台", "The platform") : <a href={`#/audit?account_id=${account_id}`} lang="zh-CN">{person_name ?? t("已删除的人员", "somebody who is gone")}</a>), text: ({ account_id, person_name }) => (account_id === null ? t("平台", "The platform") : (person_name ?? "—")) },
    { head: ["理由", "Reason"], show: ({ reason }) => reason ?? "—" },
    { head: ["内容", "Content"], show: (entry) => <Change of={entry} />, text: ({ after }) => (after === null ? "" : JSON.stringify(after)) },
  ],
  empty: ["还没有审计记录。", "There are no entries yet."],
};

export function AuditPage() {
  const head = useAsked<{ sequence: number; hash: string }>("/v1/audit/head");
  return (
    <Page title={t("审计", "Audit")} lead={t("每条记录都含前一条的指纹：改动任何一条，其后的指纹都不再相符。", "Each entry carries the fingerprint of the one before: whoever changes one breaks all that follow.")}>
      <About asked={head} />
      {head.data === undefined ? null : <Panel><Facts of={[[["最新序号", "Newest entry"], count(head.data.sequence)], [["链首指纹", "Its fingerprint"], <code>{head.data.hash}</code>]]} /></Panel>}
      <List of={AUDIT} />
    </Page>
  );
}
