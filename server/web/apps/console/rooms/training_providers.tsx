/** Who trains: providers with approvals, rooms and teachers, and the expert pool, each from day to day (培训机构与专家). */
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { today, type FieldOf } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { List, ListPage, type ListOf } from "../kit/list.tsx";
import { called, named } from "../kit/named.tsx";
import { About, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, say, word, type Words } from "../kit/two.ts";
import { POST_ROLES, SUBJECTS } from "../words.ts";

interface Provider {
  id: string;
  name: string;
  credit_code: string | null;
  region_id: string;
}

const PROVIDERS: ListOf<Provider> = {
  path: "/v1/organisations?kind=provider",
  name: ["培训机构", "Providers"],
  id: ({ id }) => id,
  to: ({ id }) => `/training/providers/${id}`,
  filters: [
    { name: "name", label: ["名称", "Name"], kind: "text" },
    { name: "region_id", label: ["地区", "Region"], kind: "pick", sort: "region" },
  ],
  columns: [
    { head: ["机构", "Provider"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["信用代码", "Credit code"], show: ({ credit_code }) => credit_code ?? "—" },
    named(["地区", "Region"], "region", ({ region_id }) => region_id),
  ],
  empty: ["还没有培训机构。请平台管理员先登记类型为“培训机构”的单位。", "No provider yet. An administrator registers an organisation of that kind."],
};

export const Providers = () => <ListPage title={["培训机构", "Providers"]} of={PROVIDERS} />;

/** From when on something no longer counts, and why. */
const END: FieldOf[] = [
  { name: "on", label: ["自何日起不再有效", "The first day it no longer counts"], kind: "day" },
  { name: "reason", label: ["理由", "Reason"], kind: "long" },
];

const TERM: FieldOf[] = [
  { name: "valid_from", label: ["自", "From"], kind: "day" },
  { name: "valid_until", label: ["至", "Until"], kind: "day" },
];

const AUTHORITY: FieldOf = { name: "authority_id", label: ["批准机关", "Authority"], kind: "pick", sort: "organisation", path: "/v1/organisations?kind=authority" };

interface Approval {
  id: string;
  number: string;
  valid_from: string;
  valid_until: string;
  roles: string[];
  items: string[];
  withdrawn_on: string | null;
  reason: string | null;
}

const approvals = (id: string): ListOf<Approval> => ({
  path: `/v1/training-providers/${id}/approvals`,
  name: ["备案与批准", "Approvals"],
  unfiltered: "the few approvals of one provider",
  whole: (reply: { items: Approval[] }) => reply.items,
  id: (one) => one.id,
  columns: [
    { head: ["文号", "Number"], show: ({ number }) => number },
    { head: ["自", "From"], show: ({ valid_from }) => valid_from, sort: ({ valid_from }) => valid_from },
    { head: ["至", "Until"], show: ({ valid_until }) => valid_until },
    { head: ["可培训人员", "Roles"], show: ({ roles }) => roles.map((role) => word(POST_ROLES, role)).join("、") },
    { head: ["作业项目", "Items"], show: ({ items }) => items.join("、") || t("全部", "All") },
    { head: ["撤回", "Withdrawn"], show: ({ withdrawn_on, reason }) => (withdrawn_on === null ? "—" : `${withdrawn_on} ${reason ?? ""}`) },
  ],
  rowTools: (one) => <Moves of={[{ name: ["撤回", "Withdraw"], title: ["撤回批准", "Withdraw the approval"], needs: "approve_training", open: one.withdrawn_on === null, danger: true, fields: END, initial: { on: today() }, preview: () => classes(id), submit: ["撤回", "Withdraw"], send: (values) => client.send(`/v1/provider-approvals/${one.id}/withdrawal`, values) }]} />,
  empty: ["尚未批准：不能办取证、换证培训班。", "Not approved: no class that ends in a qualification."],
});

/** How many classes of a provider go on or are to come. */
async function classes(provider: string) {
  const all = await client.all<{ ends_on: string; cancelled_at: string | null; closed_at: string | null }>(`/v1/training-classes?provider_id=${provider}&limit=200`);
  const open = all.filter(({ cancelled_at, closed_at }) => cancelled_at === null && closed_at === null);
  return <p>{t(`该机构有 ${open.length} 个未结业的培训班。`, `${open.length} classes of this provider are not closed.`)}</p>;
}

interface Teacher {
  teacher: { id: string; qualification: string; from_on: string; until_on: string | null };
  name: string;
  subjects: { id: string; subject: string; item: string | null; valid_from: string; valid_until: string | null }[];
}

const teachers = (id: string): ListOf<Teacher> => ({
  path: `/v1/training-providers/${id}/teachers`,
  name: ["教师", "Teachers"],
  filters: [{ name: "on", label: ["当日在任", "Engaged on"], kind: "day" }],
  whole: (reply: { items: Teacher[] }) => reply.items,
  id: ({ teacher }) => teacher.id,
  columns: [
    { head: ["姓名", "Name"], show: ({ name }) => <span lang="zh-CN">{name}</span>, text: ({ name }) => name, sort: ({ name }) => name },
    { head: ["资质", "Qualification"], show: ({ teacher }) => teacher.qualification },
    { head: ["可授科目", "Subjects"], show: ({ subjects }) => (subjects.length === 0 ? <Tag kind="warn">{t("尚未核准", "None approved")}</Tag> : <span class="tags">{subjects.map((one) => <Tag key={one.id} kind="plain">{word(SUBJECTS, one.subject)}{one.item === null ? "" : ` ${one.item}`}</Tag>)}</span>), text: ({ subjects }) => subjects.map(({ subject }) => word(SUBJECTS, subject)).join(";") },
    { head: ["自", "From"], show: ({ teacher }) => teacher.from_on },
    { head: ["至", "Until"], show: ({ teacher }) => teacher.until_on ?? t("在任", "still") },
  ],
  rowTools: ({ teacher, name, subjects }) => (
    <Moves
      of={[
        { name: ["核准科目", "Approve a subject"], title: ["核准授课科目", "Approve a subject"], needs: "approve_training", open: teacher.until_on === null, fields: [{ name: "subject", label: ["科目", "Subject"], kind: "choice", choices: SUBJECTS }, { name: "item", label: ["作业项目（如 1.1）", "Item (such as 1.1)"], kind: "text", optional: true }, { name: "valid_from", label: ["自", "From"], kind: "day" }, { name: "valid_until", label: ["至", "Until"], kind: "day", optional: true }], initial: { valid_from: today() }, submit: ["核准", "Approve"], send: (values, subject) => client.send(`/v1/teachers/${teacher.id}/subjects/${subject}`, values) },
        { name: ["离任", "End"], title: ["教师离任", "End the engagement"], needs: "manage_provider", open: teacher.until_on === null, danger: true, fields: [{ name: "until_on", label: ["自何日起不再任教", "The first day they do not teach"], kind: "day" }, REASON], initial: { until_on: today() }, preview: async () => <p>{t(`${name}：已核准 ${subjects.length} 个科目。`, `${name}: approved for ${subjects.length} subjects.`)}</p>, submit: ["离任", "End"], send: (values) => client.send(`/v1/teachers/${teacher.id}/end`, values) },
      ]}
    />
  ),
  empty: ["还没有教师。教师从专家库中聘用，再由主管部门核准科目。", "No teacher yet: engaged from the expert pool, then approved for subjects."],
});

interface TrainingRoom {
  id: string;
  name: string;
  address: string;
  seats: number;
  closed_on: string | null;
}

const rooms = (id: string): ListOf<TrainingRoom> => ({
  path: `/v1/training-providers/${id}/rooms`,
  name: ["教室", "Rooms"],
  unfiltered: "the few rooms of one provider",
  whole: (reply: { items: TrainingRoom[] }) => reply.items,
  id: (room) => room.id,
  columns: [
    { head: ["教室", "Room"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["地址", "Address"], show: ({ address }) => address },
    { head: ["座位", "Seats"], show: ({ seats }) => count(seats), number: true, sort: ({ seats }) => seats },
    { head: ["停用", "Closed"], show: ({ closed_on }) => closed_on ?? "—" },
  ],
  empty: ["还没有教室。排课前先登记教室。", "No room yet: enter one before lessons are placed."],
});

export function ProviderPage({ id }: { id: string }) {
  const asked = useAsked<Provider>(`/v1/organisations/${id}`);
  const base = `/v1/training-providers/${id}`;
  const approve: MoveOf = {
    name: ["批准", "Approve"],
    title: ["批准培训机构", "Approve the provider"],
    needs: "approve_training",
    fields: [AUTHORITY, { name: "number", label: ["文号", "Number"], kind: "text" }, ...TERM, { name: "roles", label: ["可培训人员", "Roles"], kind: "many", choices: POST_ROLES }, { name: "items", label: ["作业项目（每行一个；空为全部）", "Items (one a line; empty: all)"], kind: "lines", optional: true }],
    initial: { valid_from: today() },
    submit: ["批准", "Approve"],
    send: (values, approval) => client.send(`${base}/approvals/${approval}`, values),
  };
  const engage: MoveOf = {
    name: ["聘用教师", "Engage a teacher"],
    title: ["聘用教师", "Engage a teacher"],
    lead: ["须在专家库中任教师。", "Somebody who stands in the expert pool as a teacher."],
    needs: "manage_provider",
    fields: [{ name: "person_id", label: ["人员", "Person"], kind: "pick", sort: "person" }, { name: "qualification", label: ["资质", "Qualification"], kind: "text" }, { name: "from_on", label: ["自", "From"], kind: "day" }],
    initial: { from_on: today() },
    submit: ["聘用", "Engage"],
    send: (values, teacher) => client.send(`${base}/teachers/${teacher}`, values),
  };
  const enter: MoveOf = {
    name: ["登记教室", "Enter a room"],
    title: ["登记教室", "Enter a room"],
    needs: "manage_provider",
    fields: [{ name: "name", label: ["名称", "Name"], kind: "text" }, { name: "address", label: ["地址", "Address"], kind: "text" }, { name: "seats", label: ["座位", "Seats"], kind: "number", min: 1, max: 2000 }],
    submit: ["保存", "Save"],
    send: (values, room) => client.send(`${base}/rooms/${room}`, values),
  };
  return (
    <Page title={asked.data?.name ?? t("培训机构", "Provider")} trail={[{ to: "/training/providers", words: t("培训机构", "Providers") }]}>
      <About asked={asked} />
      <Panel title={t("备案与批准", "Approvals")} tools={<Moves of={[approve]} />}><List of={approvals(id)} /></Panel>
      <Panel title={t("教师", "Teachers")} tools={<Moves of={[engage]} />}><List of={teachers(id)} /></Panel>
      <Panel title={t("教室", "Rooms")} tools={<Moves of={[enter]} />}><List of={rooms(id)} /></Panel>
    </Page>
  );
}

export const FUNCTIONS: Words = { teacher: ["授课教师", "Teacher"], author: ["命题专家", "Author"], examiner: ["考评员", "Examiner"] };

interface Expert {
  id: string;
  person_name: string;
  function: string;
  field: string;
  valid_from: string;
  valid_until: string;
  passed: boolean | null;
  dismissed_on: string | null;
}

const EXPERTS: ListOf<Expert> = {
  path: "/v1/expert-appointments",
  name: ["专家库", "Expert pool"],
  id: ({ id }) => id,
  filters: [
    { name: "function", label: ["职能", "Function"], kind: "choice", choices: FUNCTIONS },
    { name: "on", label: ["当日在任", "In term on"], kind: "day" },
  ],
  columns: [
    called(["专家", "Expert"], ({ person_name }) => person_name),
    { head: ["职能", "Function"], show: ({ function: as }) => word(FUNCTIONS, as), sort: ({ function: as }) => as },
    { head: ["专业", "Field"], show: ({ field }) => field },
    { head: ["自", "From"], show: ({ valid_from }) => valid_from, sort: ({ valid_from }) => valid_from },
    { head: ["至", "Until"], show: ({ valid_until }) => valid_until, sort: ({ valid_until }) => valid_until },
    { head: ["考核", "Tested"], show: ({ passed }) => (passed === null ? "—" : <Tag kind={passed ? "good" : "bad"}>{passed ? t("合格", "Passed") : t("不合格", "Failed")}</Tag>), text: ({ passed }) => (passed === null ? "—" : passed ? t("合格", "Passed") : t("不合格", "Failed")) },
    { head: ["解聘", "Dismissed"], show: ({ dismissed_on }) => dismissed_on ?? "—" },
  ],
  rowTools: ({ id, dismissed_on, function: as, valid_from, valid_until }) => <Moves of={[{ name: ["解聘", "Dismiss"], title: ["解聘专家", "Dismiss the expert"], needs: "approve_training", open: dismissed_on === null, danger: true, fields: END, initial: { on: today() }, preview: async () => <p>{t(`${say(FUNCTIONS[as] ?? [as, as])}，任期 ${valid_from} – ${valid_until}，之后不再计入专家库。`, `${say(FUNCTIONS[as] ?? [as, as])}, in term ${valid_from} – ${valid_until}; no longer in the pool from that day on.`)}</p>, submit: ["解聘", "Dismiss"], send: (values) => client.send(`/v1/expert-appointments/${id}/dismissal`, values) }]} />,
  empty: ["专家库还没有人。", "Nobody stands in the pool yet."],
};

const APPOINT: MoveOf = {
  name: ["聘任", "Appoint"],
  title: ["聘任专家", "Appoint an expert"],
  needs: "approve_training",
  main: true,
  fields: [
    { name: "person_id", label: ["人员", "Person"], kind: "pick", sort: "person" },
    { name: "function", label: ["职能", "Function"], kind: "choice", choices: FUNCTIONS },
    AUTHORITY,
    { name: "field", label: ["专业", "Field"], kind: "text" },
    ...TERM,
    { name: "trained_on", label: ["培训日期", "Trained on"], kind: "day", optional: true },
    { name: "tested_on", label: ["考核日期", "Tested on"], kind: "day", optional: true },
    { name: "passed", label: ["考核合格", "Passed"], kind: "yes" },
  ],
  initial: { valid_from: today() },
  submit: ["聘任", "Appoint"],
  send: (values, id) => client.send(`/v1/expert-appointments/${id}`, values),
};

export const Experts = () => <ListPage title={["专家库", "Expert pool"]} of={EXPERTS} moves={[APPOINT]} />;
