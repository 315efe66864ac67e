/** Certificates for many at once: proposed, looked at in samples, approved by another, printed (批量发证). */
import { day, when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { today } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { JobProgress } from "../kit/jobs.tsx";
import { List, ListPage, type ListOf } from "../kit/list.tsx";
import { named } from "../kit/named.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Figure, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, word, type Words } from "../kit/two.ts";

interface Batch {
  id: string;
  issuer_id: string;
  qualification_id: string;
  exam_id: string | null;
  valid_from: string;
  reason: string;
  document: string | null;
  line_count: number;
  proposed_at: string;
  verdict: "approved" | "rejected" | null;
  verdict_reason: string | null;
  decided_at: string | null;
  job_id: string | null;
}

interface Counted {
  batch: Batch;
  sampled_count: number;
  inspected_count: number;
  refused_count: number;
  issued_count: number;
}

const Verdict = ({ of }: { of: Batch["verdict"] }) => (of === null ? <Tag kind="warn">{t("待审批", "Awaits approval")}</Tag> : <Tag kind={of === "approved" ? "good" : "bad"}>{of === "approved" ? t("已批准", "Approved") : t("已驳回", "Rejected")}</Tag>);

const BATCHES: ListOf<Batch> = {
  path: "/v1/certificate-batches",
  name: ["批量发证", "Batches"],
  id: ({ id }) => id,
  to: ({ id }) => `/certificates/batches/${id}`,
  filters: [
    { name: "decided", label: ["审批", "Decision"], kind: "choice", choices: { false: ["待审批", "Awaits approval"], true: ["已审批", "Decided"] } },
    { name: "verdict", label: ["结论", "Verdict"], kind: "choice", choices: { approved: ["已批准", "Approved"], rejected: ["已驳回", "Rejected"] } },
    { name: "qualification_id", label: ["资格", "Qualification"], kind: "pick", sort: "qualification" },
    { name: "issuer_id", label: ["发证机关", "Issuer"], kind: "pick", sort: "issuer" },
  ],
  columns: [
    { head: ["提出于", "Proposed"], show: ({ proposed_at }) => when(proposed_at), sort: ({ proposed_at }) => proposed_at },
    named(["资格", "Qualification"], "qualification", ({ qualification_id }) => qualification_id),
    named(["发证机关", "Issuer"], "issuer", ({ issuer_id }) => issuer_id),
    { head: ["人数", "People"], show: ({ line_count }) => count(line_count), number: true, sort: ({ line_count }) => line_count },
    { head: ["有效期自", "Valid from"], show: ({ valid_from }) => valid_from, sort: ({ valid_from }) => valid_from },
    { head: ["理由", "Reason"], show: ({ reason }) => reason },
    { head: ["状态", "State"], show: ({ verdict }) => <Verdict of={verdict} />, text: ({ verdict }) => (verdict === null ? t("待审批", "Awaits approval") : verdict === "approved" ? t("已批准", "Approved") : t("已驳回", "Rejected")) },
  ],
  empty: ["还没有批量发证。考试合格自动签发的不在此列；存量换证、补录等按批办理。", "No batches. Certificates that follow upon a pass need none; these are for many by hand."],
};

const PROPOSE: MoveOf = {
  name: ["提出一批", "Propose a batch"],
  title: ["提出一批证书", "Propose a batch"],
  lead: ["提出人与批准人不能是同一人；按 GB/T 2828.1 抽样核对后才能批准。", "Another than who proposes approves, after samples by GB/T 2828.1 were looked at."],
  needs: "issue_certificates",
  main: true,
  fields: [
    { name: "issuer_id", label: ["发证机关", "Issuer"], kind: "pick", sort: "issuer" },
    { name: "qualification_id", label: ["资格", "Qualification"], kind: "pick", sort: "qualification" },
    { name: "by", label: ["给谁", "For whom"], kind: "choice", choices: { exam: ["一场考试的合格者（尚未领证）", "All who passed an exam and have no certificate of it"], people: ["逐人选定", "People one by one"] } },
    { name: "exam_id", label: ["考试", "Exam"], kind: "pick", path: "/v1/exams", when: ({ by }) => by === "exam" },
    { name: "people", label: ["人员", "People"], kind: "rows", one: ["人员", "Person"], least: 1, when: ({ by }) => by === "people", fields: [{ name: "person_id", label: ["姓名", "Name"], kind: "pick", sort: "person" }] },
    { name: "valid_from", label: ["有效期自", "Valid from"], kind: "day" },
    { name: "document", label: ["文书号", "Document"], kind: "text", optional: true },
    REASON,
  ],
  initial: { valid_from: today(), by: "exam", people: [{}] },
  submit: ["提出", "Propose"],
  send: ({ by, people, ...values }, id) => client.send(`/v1/certificate-batches/${id}`, { ...values, ...(by === "people" ? { people: (people as { person_id: string }[]).map(({ person_id }) => person_id) } : {}) }),
  then: (_, id) => `/certificates/batches/${id}`,
};

export const Batches = () => <ListPage title={["批量发证", "Batches of certificates"]} lead={["抽样核对、另一人批准、后台签发、按批打印。", "Samples are looked at, another approves, a job issues, and they are printed together."]} of={BATCHES} moves={[PROPOSE]} />;

interface Line {
  place: number;
  person_id: string;
  name: string;
  document_masked: string;
  certificate_id: string;
  sampled: boolean;
  sound: boolean | null;
  note: string | null;
  refusal: string | null;
  done_at: string | null;
}

/** What may stand in the way of one certificate of a batch, by the code of the refusal. */
const IN_THE_WAY: Words = {
  barred: ["禁止任职或申请期内", "Barred"],
  outcome_missing: ["无对应的合格成绩", "No passed outcome"],
  attempt_spent: ["该成绩已用于发证", "The pass was used already"],
  certificate_overlaps: ["已持有同一资格的有效证书", "Holds one that still stands"],
  same_employer: ["与经办人同一单位", "Of an officer’s own employer"],
  trained_holder: ["由经办人培训或考核", "Trained or examined by an officer"],
};

const WHICH: Words = { true: ["是", "Yes"], false: ["否", "No"] };

const lines = ({ id, verdict }: Batch): ListOf<Line> => ({
  path: `/v1/certificate-batches/${id}/lines`,
  name: ["名单", "People"],
  id: ({ place }) => String(place),
  filters: [
    { name: "sampled", label: ["抽中", "Drawn"], kind: "choice", choices: WHICH },
    { name: "refused", label: ["有问题", "Refused"], kind: "choice", choices: WHICH },
  ],
  columns: [
    { head: ["序号", "Place"], show: ({ place }) => count(place), number: true, sort: ({ place }) => place },
    { head: ["姓名", "Name"], show: ({ name }) => <span lang="zh-CN">{name}</span>, text: ({ name }) => name },
    { head: ["证件", "Document"], show: ({ document_masked }) => document_masked },
    { head: ["抽样", "Sample"], show: ({ sampled, sound, note }) => (!sampled ? "—" : sound === null ? <Tag kind="warn">{t("待核对", "To be looked at")}</Tag> : <><Tag kind={sound ? "good" : "bad"}>{sound ? t("相符", "Sound") : t("不符", "Unsound")}</Tag> {note}</>), text: ({ sampled, sound }) => (!sampled ? "" : sound === null ? t("待核对", "To be looked at") : sound ? t("相符", "Sound") : t("不符", "Unsound")) },
    { head: ["障碍", "In the way"], show: ({ refusal }) => (refusal === null ? "—" : <Tag kind="bad">{word(IN_THE_WAY, refusal)}</Tag>), text: ({ refusal }) => (refusal === null ? "" : word(IN_THE_WAY, refusal)) },
    { head: ["证书", "Certificate"], show: ({ done_at, certificate_id, refusal }) => (done_at === null || refusal !== null ? "—" : <a href={`#/certificates/register/${certificate_id}`}>{t("已签发", "Issued")}</a>), text: ({ done_at }) => done_at ?? "" },
  ],
  rowTools: ({ place, sampled, sound }) => (
    <Moves
      of={[true, false].map((yes) => ({
        name: yes ? ["相符", "Sound"] : ["不符", "Unsound"],
        title: yes ? ["抽样相符", "The line is sound"] : ["抽样不符", "The line is not sound"],
        open: verdict === null && sampled && sound === null,
        danger: !yes,
        fields: [{ name: "note", label: ["核对所见", "What was found"], kind: "long", optional: yes }],
        submit: yes ? ["相符", "Sound"] : ["不符", "Unsound"],
        send: (values) => client.send(`/v1/certificate-batches/${id}/lines/${place}/inspection`, { sound: yes, ...values }),
      }))}
    />
  ),
  empty: ["没有这样的行。", "No such line."],
});

export function BatchPage({ id }: { id: string }) {
  const asked = useAsked<Counted>(`/v1/certificate-batches/${id}`);
  const found = asked.data;
  return (
    <Page title={t("批量发证", "Batch")} trail={[{ to: "/certificates/batches", words: t("批量发证", "Batches") }]} tools={found === undefined ? undefined : <Moves of={moves(found)} />}>
      <About asked={asked} />
      {found === undefined ? null : (
        <>
          <Panel>
            <Facts of={[[["状态", "State"], <Verdict of={found.batch.verdict} />], [["资格", "Qualification"], <Name sort="qualification" id={found.batch.qualification_id} />], [["发证机关", "Issuer"], <Name sort="issuer" id={found.batch.issuer_id} />], [["有效期自", "Valid from"], found.batch.valid_from], [["理由", "Reason"], found.batch.reason], [["文书号", "Document"], found.batch.document], [["审批", "Decided"], found.batch.decided_at === null ? "—" : `${day(found.batch.decided_at)} ${found.batch.verdict_reason ?? ""}`]]} />
          </Panel>
          <div class="figures">
            <Figure name={t("人数", "People")} value={count(found.batch.line_count)} />
            <Figure name={t("抽样已核 / 应核", "Samples looked at / drawn")} value={`${count(found.inspected_count)} / ${count(found.sampled_count)}`} kind={found.inspected_count === found.sampled_count ? "good" : "warn"} />
            <Figure name={t("有障碍", "Refused")} value={count(found.refused_count)} kind={found.refused_count > 0 ? "bad" : "plain"} />
            <Figure name={t("已签发", "Issued")} value={count(found.issued_count)} kind={found.issued_count > 0 ? "good" : "plain"} />
          </div>
          {found.batch.job_id === null || found.issued_count + found.refused_count >= found.batch.line_count ? null : <Panel title={t("签发进度", "Issuing")}><JobProgress id={found.batch.job_id} /></Panel>}
          <Panel title={t("名单", "People")}><List of={lines(found.batch)} /></Panel>
        </>
      )}
    </Page>
  );
}

const FORMS: Words = { pages: ["证书正页（PDF 签名）", "Signed pages"], cards: ["卡证", "Cards"], sheets: ["卡证拼版", "Sheets of cards"] };

function moves({ batch, sampled_count, inspected_count, refused_count }: Counted): MoveOf[] {
  const base = `/v1/certificate-batches/${batch.id}`;
  const decide = (noun: "approval" | "rejection", name: readonly [string, string]): MoveOf => ({
    name,
    title: name,
    lead: noun === "approval" ? [`签发 ${batch.line_count} 人，其中 ${refused_count} 人有障碍不签发。抽样 ${inspected_count}/${sampled_count} 已核对。`, `${batch.line_count} people; ${refused_count} of them are refused. ${inspected_count} of ${sampled_count} samples were looked at.`] : ["整批不签发。", "Nothing of it is issued."],
    open: batch.verdict === null,
    main: noun === "approval",
    danger: noun === "rejection",
    fields: [REASON],
    submit: name,
    send: (values) => client.send(`${base}/${noun}`, values),
  });
  return [
    decide("approval", ["批准签发", "Approve"]),
    decide("rejection", ["驳回", "Reject"]),
    {
      name: ["打印", "Print"],
      title: ["按批打印", "Print the batch"],
      lead: ["作为后台任务生成，可分段打印。", "Made by a job; parts may be printed one after another."],
      open: batch.verdict === "approved",
      fields: [
        { name: "form", label: ["样式", "Form"], kind: "choice", choices: FORMS },
        { name: "first", label: ["自第几人", "From place"], kind: "number", min: 1, optional: true },
        { name: "last", label: ["至第几人", "To place"], kind: "number", min: 1, optional: true },
      ],
      initial: { form: "cards" },
      submit: ["打印", "Print"],
      send: (values, job) => client.send(`${base}/prints/${job}`, values),
      then: (_, job) => `/jobs/${job}`,
    },
  ];
}
