/** Jobs, the audit, notices of the platform: how it runs (运行与审计). */
import { day, when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import type { Room } from "../frame.tsx";
import { useAsked } from "../kit/asking.ts";
import { Moves, REASON } from "../kit/form.tsx";
import { JOB_STATES, JobProgress, JobState, type Job } from "../kit/jobs.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { Page, Panel, Tag } from "../kit/parts.tsx";
import { count, word, type Words } from "../kit/two.ts";
import { AuditPage } from "./audit.tsx";

const JOB_KINDS: Words = {
  question_import_reading: ["试题导入：读取", "Questions: reading an import"],
  question_import_acceptance: ["试题导入：入库", "Questions: accepting an import"],
  question_export: ["试题导出", "Questions: export"],
  question_duplicates: ["试题查重", "Questions: search for duplicates"],
  statistics: ["答题统计", "Statistics of questions"],
  paper_print: ["打印试卷", "Printing papers"],
  exam_publication: ["发布考试", "Publishing an exam"],
  exam_evidence: ["考试证据核对", "Evidence of an exam"],
  enrolment_import: ["考生名册导入", "Import of candidates"],
  regrade_preview: ["重新评分：预览", "Regrade: preview"],
  regrade: ["重新评分：执行", "Regrade: applying"],
  archive: ["考试归档", "Archive"],
  certificate_batch: ["批量签发证书", "Issuing a batch"],
  certificate_prints: ["打印证书", "Printing certificates"],
  plan_report_files: ["规划评估报告", "Files of an evaluation"],
  coverage_check: ["覆盖率核对", "Check of coverage"],
  coverage_package: ["覆盖率数据包", "Package of coverage"],
  exchange_trainings: ["交换：培训记录", "Exchange: training records"],
  exchange_package: ["交换：数据包", "Exchange: package"],
  file_export: ["个人档案导出", "Export of personal files"],
};

const JOBS: ListOf<Job> = {
  path: "/v1/jobs",
  name: ["任务", "Jobs"],
  id: ({ id }) => id,
  to: ({ id }) => `/jobs/${id}`,
  filters: [
    { name: "kind", label: ["任务", "Job"], kind: "choice", choices: JOB_KINDS },
    { name: "state", label: ["状态", "State"], kind: "choice", choices: JOB_STATES },
  ],
  columns: [
    { head: ["任务", "Job"], show: ({ kind }) => word(JOB_KINDS, kind) },
    { head: ["状态", "State"], show: (job) => <JobState job={job} />, text: ({ state }) => word(JOB_STATES, state) },
    { head: ["进度", "Progress"], show: ({ done, total }) => (total === 0 ? "—" : `${count(done)} / ${count(total)}`), number: true, sort: ({ done, total }) => (total === 0 ? 0 : done / total) },
    { head: ["提交时间", "Asked"], show: ({ asked_at }) => when(asked_at), sort: ({ asked_at }) => asked_at },
    { head: ["结束时间", "Ended"], show: ({ ended_at }) => (ended_at === null ? "—" : when(ended_at)), sort: ({ ended_at }) => ended_at ?? "" },
  ],
  empty: ["您还没有提交过任务。导入、导出、打印、报告等耗时的工作会出现在这里。", "You have not asked for anything long yet: imports, exports, prints and reports appear here."],
};

const jobs = () => <Page title={t("任务", "Jobs")} lead={t("耗时的工作在后台进行，可以离开本页。", "Long work goes on in the background; you may leave this page.")}><List of={JOBS} /></Page>;

function JobPage({ id }: { id: string }) {
  const kind = useAsked<Job>(`/v1/jobs/${id}`).data?.kind;
  return (
    <Page title={kind === undefined ? t("任务", "Job") : word(JOB_KINDS, kind)} trail={[{ to: "/jobs", words: t("任务", "Jobs") }]}>
      <Panel><JobProgress id={id} /></Panel>
    </Page>
  );
}

interface Notice {
  id: string;
  urgency: string;
  title_zh: string;
  title_en: string;
  from_at: string;
  until_at: string;
  region_name: string | null;
  withdrawn_at: string | null;
}

const URGENCIES: Words = { information: ["通知", "Information"], trouble: ["故障", "Trouble"], outage: ["停用", "Outage"] };

const NOTICES: ListOf<Notice> = {
  path: "/v1/notices",
  name: ["公告", "Notices"],
  id: ({ id }) => id,
  filters: [
    { name: "urgency", label: ["程度", "Urgency"], kind: "choice", choices: URGENCIES },
    { name: "withdrawn", label: ["已撤回", "Withdrawn"], kind: "choice", choices: { true: ["是", "Yes"], false: ["否", "No"] } },
    { name: "on", label: ["当日", "On the day"], kind: "day" },
    { name: "region_id", label: ["地区", "Region"], kind: "pick", sort: "region" },
  ],
  columns: [
    { head: ["标题", "Title"], show: ({ title_zh, title_en }) => t(title_zh, title_en) },
    { head: ["程度", "Urgency"], show: ({ urgency }) => word(URGENCIES, urgency) },
    { head: ["地区", "Region"], show: ({ region_name }) => region_name ?? t("全部", "Everywhere") },
    { head: ["起", "From"], show: ({ from_at }) => when(from_at), sort: ({ from_at }) => from_at },
    { head: ["止", "Until"], show: ({ until_at }) => when(until_at), sort: ({ until_at }) => until_at },
    { head: ["状态", "State"], show: ({ withdrawn_at }) => (withdrawn_at === null ? <Tag kind="good">{t("发布中", "Published")}</Tag> : <Tag kind="plain">{t("已撤回", "Withdrawn")} {day(withdrawn_at)}</Tag>), text: ({ withdrawn_at }) => (withdrawn_at === null ? t("发布中", "Published") : `${t("已撤回", "Withdrawn")} ${day(withdrawn_at)}`), sort: ({ withdrawn_at }) => withdrawn_at ?? "" },
  ],
  rowTools: ({ id, withdrawn_at, title_zh, title_en, from_at, until_at, region_name }) => (
    <Moves
      of={[
        {
          name: ["撤回", "Withdraw"],
          title: ["撤回公告", "Withdraw the notice"],
          lead: ["运行状态页立即不再显示。", "The status page shows it no more."],
          open: withdrawn_at === null,
          fields: [REASON],
          submit: ["撤回", "Withdraw"],
          danger: true,
          preview: async () => <p>{t(title_zh, title_en)} · {region_name ?? t("全部地区", "everywhere")} · {when(from_at)} – {when(until_at)}</p>,
          send: (values) => client.send(`/v1/notices/${id}/withdrawal`, values),
        },
      ]}
    />
  ),
  empty: ["没有公告。停机维护前请先发布公告，它会显示在运行状态页。", "No notices. Publish one before you stop the platform: it is shown on the status page."],
};

const notices = () => (
  <Page
    title={t("公告", "Notices")}
    tools={
      <Moves
        of={[
          {
            name: ["发布公告", "Publish a notice"],
            title: ["发布公告", "Publish a notice"],
            main: true,
            needs: "run_platform",
            submit: ["发布", "Publish"],
            fields: [
              { name: "urgency", label: ["程度", "Urgency"], kind: "choice", choices: URGENCIES },
              { name: "title_zh", label: ["标题（中文）", "Title (Chinese)"], kind: "text" },
              { name: "title_en", label: ["标题（英文）", "Title (English)"], kind: "text" },
              { name: "body_zh", label: ["正文（中文）", "Text (Chinese)"], kind: "long" },
              { name: "body_en", label: ["正文（英文）", "Text (English)"], kind: "long" },
              { name: "region_id", label: ["地区", "Region"], kind: "pick", sort: "region", optional: true },
              { name: "from_at", label: ["起", "From"], kind: "moment" },
              { name: "until_at", label: ["止", "Until"], kind: "moment" },
            ],
            send: (values, id) => client.send(`/v1/notices/${id}`, { region_id: null, ...values }),
          },
        ]}
      />
    }
  >
    <List of={NOTICES} />
  </Page>
);

export const platform: Room = {
  name: ["运行与审计", "Running and audit"],
  icon: "gear",
  pages: [
    { path: "jobs", name: ["任务", "Jobs"], show: jobs },
    { path: "jobs/:id", show: (id) => <JobPage id={id!} /> },
    { path: "audit", name: ["审计", "Audit"], needs: ["see_audit"], show: () => <AuditPage /> },
    { path: "notices", name: ["公告", "Notices"], needs: ["run_platform"], show: notices },
  ],
};
