/** What is taught in how many hours: programmes, their subjects, their lessons online (培训方案). */
import { day } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { may, useAsked } from "../kit/asking.ts";
import { today } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { named } from "../kit/named.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, word, type Words } from "../kit/two.ts";
import { POST_ROLES, SUBJECTS, TRAINING_TYPES } from "../words.ts";

interface Programme {
  id: string;
  owner_id: string;
  name: string;
  type: string;
  role: string | null;
  item: string | null;
  hours: string;
  valid_from: string;
  valid_until: string | null;
}

export const PROGRAMMES: ListOf<Programme> = {
  path: "/v1/training-programmes",
  name: ["培训方案", "Programmes"],
  id: ({ id }) => id,
  to: ({ id }) => `/training/programmes/${id}`,
  filters: [
    { name: "type", label: ["类型", "Type"], kind: "choice", choices: TRAINING_TYPES },
    { name: "role", label: ["人员", "Role"], kind: "choice", choices: POST_ROLES },
    { name: "on", label: ["当日有效", "In force on"], kind: "day" },
  ],
  columns: [
    { head: ["方案", "Programme"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["类型", "Type"], show: ({ type }) => word(TRAINING_TYPES, type), sort: ({ type }) => type },
    { head: ["人员", "Role"], show: ({ role }) => word(POST_ROLES, role), sort: ({ role }) => role ?? "" },
    { head: ["项目", "Item"], show: ({ item }) => item ?? "—" },
    { head: ["学时", "Hours"], show: ({ hours }) => hours, number: true, sort: ({ hours }) => Number(hours) },
    { head: ["自", "From"], show: ({ valid_from }) => valid_from, sort: ({ valid_from }) => valid_from },
    { head: ["至", "Until"], show: ({ valid_until }) => valid_until ?? t("现行", "in force"), sort: ({ valid_until }) => valid_until ?? "9999" },
    named(["制定单位", "Owner"], "organisation", ({ owner_id }) => owner_id),
  ],
  empty: ["还没有培训方案。方案规定教什么、多少学时；少于法定学时的会被拒绝。", "No programme yet: it says what is taught in how many hours. Fewer than the law asks for are refused."],
};

export const NEW_PROGRAMME: MoveOf = {
  name: ["写培训方案", "Write a programme"],
  title: ["写培训方案", "Write a programme"],
  lead: ["学时按生效之日的规定核对，不足的会被拒绝。", "Hours are held to the rule of the first day."],
  needs: "see_training",
  main: true,
  fields: [
    { name: "owner_id", label: ["制定单位", "Owner"], kind: "pick", sort: "organisation" },
    { name: "name", label: ["名称", "Name"], kind: "text" },
    { name: "type", label: ["类型", "Type"], kind: "choice", choices: TRAINING_TYPES },
    { name: "role", label: ["人员", "Role"], kind: "choice", choices: POST_ROLES, optional: true },
    { name: "item", label: ["作业项目（如 1.1）", "Item (such as 1.1)"], kind: "text", optional: true },
    { name: "level", label: ["三级教育级别", "Level of induction"], kind: "choice", choices: { plant: ["厂级", "Plant"], workshop: ["车间级", "Workshop"], team: ["班组级", "Team"] }, optional: true, when: ({ type }) => type === "induction" || type === "post_change" },
    { name: "high_risk", label: ["高危行业", "High-risk industry"], kind: "yes" },
    { name: "construction", label: ["建筑施工", "Construction"], kind: "yes" },
    { name: "valid_from", label: ["自", "From"], kind: "day" },
    { name: "valid_until", label: ["至", "Until"], kind: "day", optional: true },
    {
      name: "subjects",
      label: ["科目", "Subjects"],
      kind: "rows",
      one: ["科目", "Subject"],
      least: 1,
      fields: [
        { name: "subject", label: ["类别", "Kind"], kind: "choice", choices: SUBJECTS },
        { name: "title", label: ["内容", "Title"], kind: "text" },
        { name: "hours", label: ["学时", "Hours"], kind: "decimal" },
      ],
    },
  ],
  initial: { valid_from: today(), subjects: [{}] },
  submit: ["保存", "Save"],
  send: (values, id) => client.send(`/v1/training-programmes/${id}`, values),
  then: (_, id) => `/training/programmes/${id}`,
};

interface OnlineLesson {
  id: string;
  place: number;
  title: string;
  kind: string;
  hours: string;
  question_count: number;
  written_at: string;
  withdrawn_at: string | null;
  learner_count: number;
  studied_count: number;
}

const KINDS: Words = { text: ["文字", "Text"], slides: ["课件", "Slides"], video: ["视频", "Video"], test: ["测验", "Test"] };
const OFFERED: Words = { false: ["提供中", "Offered"], true: ["已撤下", "Withdrawn"] };

const standing = ({ withdrawn_at }: OnlineLesson) => (withdrawn_at === null ? t("提供中", "Offered") : `${t("已撤下", "Withdrawn")} ${day(withdrawn_at)}`);

const online = (id: string): ListOf<OnlineLesson> => ({
  path: `/v1/training-programmes/${id}/online-lessons`,
  name: ["网络课件", "Lessons online"],
  whole: (reply: { items: OnlineLesson[] }) => reply.items,
  id: (one) => one.id,
  filters: [
    { name: "kind", label: ["类型", "Kind"], kind: "choice", choices: KINDS },
    { name: "withdrawn", label: ["状态", "State"], kind: "choice", choices: OFFERED },
  ],
  columns: [
    { head: ["次序", "Place"], show: ({ place }) => count(place), number: true },
    { head: ["课件", "Lesson"], show: ({ title }) => <span lang="zh-CN">{title}</span>, text: ({ title }) => title, sort: ({ title }) => title },
    { head: ["类型", "Kind"], show: ({ kind }) => word(KINDS, kind) },
    { head: ["学时", "Hours"], show: ({ hours }) => hours, number: true, sort: ({ hours }) => Number(hours) },
    { head: ["测验题数", "Questions of its test"], show: ({ question_count }) => count(question_count), number: true },
    { head: ["学过的人", "Studied by"], show: ({ studied_count }) => count(studied_count), number: true },
    { head: ["状态", "State"], show: (one) => <Tag kind={one.withdrawn_at === null ? "good" : "plain"}>{standing(one)}</Tag>, text: standing },
  ],
  rowTools: (one) => <Moves of={[withdraw(one)]} />,
  empty: ["还没有网络课件。", "No lesson online yet."],
});

/** A lesson that is withdrawn is offered to nobody; what was studied of it stays. */
const withdraw = ({ id, title, learner_count, studied_count, withdrawn_at }: OnlineLesson): MoveOf => ({
  name: ["撤下", "Withdraw"],
  title: ["撤下网络课件", "Withdraw the lesson online"],
  lead: [`${title}：不再提供；已学的学时保留。`, `${title} is offered no longer; what was studied of it stays.`],
  needs: "manage_provider",
  open: withdrawn_at === null,
  danger: true,
  fields: [REASON],
  preview: async () => <p>{t(`未结业的培训班中 ${count(learner_count)} 名学员不能再学；${count(studied_count)} 人学过，其学时保留。`, `${count(learner_count)} learners of classes that are not over can study it no more; ${count(studied_count)} studied it and keep their hours.`)}</p>,
  submit: ["撤下", "Withdraw"],
  send: (values) => client.send(`/v1/online-lessons/${id}/withdrawal`, values),
});

export function ProgrammePage({ id }: { id: string }) {
  const asked = useAsked<{ programme: Programme; subjects: { subject: string; title: string; hours: string }[] }>(`/v1/training-programmes/${id}`);
  const shown = asked.data;
  return (
    <Page title={shown?.programme.name ?? t("培训方案", "Programme")} trail={[{ to: "/training/programmes", words: t("培训方案", "Programmes") }]}>
      <About asked={asked} />
      {shown === undefined ? null : (
        <>
          <Panel>
            <Facts of={[[["类型", "Type"], word(TRAINING_TYPES, shown.programme.type)], [["人员", "Role"], word(POST_ROLES, shown.programme.role)], [["作业项目", "Item"], shown.programme.item], [["总学时", "Hours in all"], shown.programme.hours], [["有效期", "In force"], `${shown.programme.valid_from} – ${shown.programme.valid_until ?? t("现行", "still")}`], [["制定单位", "Owner"], <Name sort="organisation" id={shown.programme.owner_id} />]]} />
          </Panel>
          <Panel title={t("科目与学时", "Subjects and hours")}>
            <ul class="lines">{shown.subjects.map((one) => <li key={one.title}><span lang="zh-CN">{one.title}</span><Tag kind="plain">{word(SUBJECTS, one.subject)}</Tag><strong class="number">{one.hours} {t("学时", "h")}</strong></li>)}</ul>
          </Panel>
          {may("manage_provider") ? <Online id={id} /> : null}
        </>
      )}
    </Page>
  );
}

/** Lessons online are shown to who keeps them: programmes of others are read without. */
function Online({ id }: { id: string }) {
  const own = useAsked<unknown>(`/v1/training-programmes/${id}/online-lessons`);
  return own.data === undefined ? null : <Panel title={t("网络课件", "Lessons online")}><List of={online(id)} /></Panel>;
}
