/** Who must train, renew or be inducted by when – and a class for all of them at once (到期与应训). */
import { useState } from "preact/hooks";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { FormDialog, type FormOf } from "../kit/form.tsx";
import { may } from "../kit/asking.ts";
import { List, type ListOf } from "../kit/list.tsx";
import { named } from "../kit/named.tsx";
import { Page, Tag } from "../kit/parts.tsx";
import { count, word, type Words } from "../kit/two.ts";
import { DUE_KINDS, POST_ROLES } from "../words.ts";

interface Due {
  post_id: string;
  person_id: string;
  name: string;
  organisation_id: string;
  role: string;
  kind: string;
  item: string | null;
  due_on: string;
  overdue: boolean;
  booked: boolean;
  stage: number | null;
}

const WITHIN: Words = { "0": ["已逾期", "Overdue"], "30": ["30 天内", "30 days"], "90": ["90 天内", "90 days"], "180": ["半年内", "Half a year"], "365": ["一年内", "A year"] };
const BOOKED: Words = { false: ["未报班", "Not booked"], true: ["已报班", "Booked"] };

const list = (chosen: Set<string>, choose: (ids: Set<string>) => void): ListOf<Due> => ({
  path: "/v1/dues",
  name: ["到期与应训", "Who is due"],
  id: ({ post_id, kind, item }) => `${post_id} ${kind} ${item ?? ""}`,
  pageSize: 100,
  filters: [
    { name: "organisation_id", label: ["单位", "Organisation"], kind: "pick", sort: "organisation" },
    { name: "kind", label: ["事项", "What"], kind: "choice", choices: DUE_KINDS },
    { name: "within", label: ["期限", "Within"], kind: "choice", choices: WITHIN },
    { name: "booked", label: ["报班", "Booked"], kind: "choice", choices: BOOKED },
  ],
  ...(may("enrol_candidates") ? { chosen: { ids: chosen, change: choose } } : {}),
  columns: [
    { head: ["姓名", "Name"], show: ({ name }) => <span lang="zh-CN">{name}</span>, text: ({ name }) => name, sort: ({ name }) => name },
    named(["单位", "Where"], "organisation", ({ organisation_id }) => organisation_id),
    { head: ["岗位", "Post"], show: ({ role }) => word(POST_ROLES, role), sort: ({ role }) => role },
    { head: ["事项", "What"], show: ({ kind }) => word(DUE_KINDS, kind), sort: ({ kind }) => kind },
    named(["作业项目", "Operation"], "operation", ({ item }) => item),
    { head: ["期限", "By"], show: ({ due_on, overdue }) => <>{due_on} {overdue ? <Tag kind="bad">{t("逾期", "Overdue")}</Tag> : null}</>, text: ({ due_on }) => due_on, sort: ({ due_on }) => due_on },
    { head: ["提醒", "Reminded"], show: ({ stage }) => (stage === null ? "—" : stage === 0 ? t("逾期提醒", "when overdue") : t(`提前 ${stage} 天`, `${stage} days before`)) },
    { head: ["报班", "Booked"], show: ({ booked }) => <Tag kind={booked ? "good" : "plain"}>{booked ? t("已报", "Booked") : t("未报", "Not yet")}</Tag>, text: ({ booked }) => (booked ? t("已报", "Booked") : t("未报", "Not yet")), sort: ({ booked }) => String(booked) },
  ],
  empty: ["所选期限内没有人到期。可放宽期限再看。", "Nobody is due within this time. Widen it to see further."],
});

interface Placings {
  items: { person_id: string; learner_id: string | null; detail: string | null }[];
}

const enlist = (people: string[]): FormOf => ({
  title: ["整批加入培训班", "Give them places in a class"],
  lead: [`所选 ${people.length} 人，逐人核对后加入；已报班的不会重复。`, `${people.length} people, each judged by itself; nobody gets a second place.`],
  fields: [{ name: "class_id", label: ["培训班", "Class"], kind: "pick", path: "/v1/training-classes" }],
  submit: ["加入", "Give places"],
  send: ({ class_id }) => client.send(`/v1/training-classes/${String(class_id)}/due-gangs`, { person_ids: people, within: 400 }),
  told: ({ items }: Placings) => (
    <>
      <p><Tag kind="good">{t("已加入", "Placed")} {count(items.filter(({ learner_id }) => learner_id !== null).length)}</Tag> {t("未加入", "Not placed")} {count(items.filter(({ learner_id }) => learner_id === null).length)}</p>
      <ul class="plain-list">{[...new Set(items.map(({ detail }) => detail).filter(Boolean))].map((detail) => <li key={detail}>{detail}</li>)}</ul>
    </>
  ),
});

export function DuePage() {
  const [chosen, choose] = useState<Set<string>>(new Set());
  const [open, show] = useState(false);
  const [people, take] = useState<string[]>([]);
  const begin = async () => {
    // Rows are posts with what is due; a class takes people.
    const posts = new Set([...chosen].map((id) => id.split(" ")[0]));
    const every = await client.all<Due>("/v1/dues?limit=200&within=400");
    take([...new Set(every.filter(({ post_id }) => posts.has(post_id)).map(({ person_id }) => person_id))]);
    show(true);
  };
  return (
    <Page title={t("到期与应训", "Who is due")} lead={t("与上岗判定同一套规则：到期之日就是不可上岗的前一天。", "The same rules as the verdict of a post: the day before it would keep somebody from work.")} tools={chosen.size === 0 ? undefined : <button class="button" onClick={() => void begin()}>{t(`所选 ${chosen.size} 项加入培训班`, `Give the ${chosen.size} chosen places`)}</button>}>
      <List of={list(chosen, choose)} />
      {open ? <FormDialog of={enlist(people)} close={() => { show(false); choose(new Set()); }} /> : null}
    </Page>
  );
}
