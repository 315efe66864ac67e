/** Rules by date: laws, syllabuses, exam standards, score sheets, hours that the law asks for (按日期生效的规则). */
import { newId } from "../../shared/ids.ts";
import { client } from "../../shared/platform.ts";
import { settings, t } from "../../shared/settings.ts";
import type { Room } from "../frame.tsx";
import { useAsked } from "../kit/asking.ts";
import { today, type FieldOf } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { List, ListPage, type ListOf } from "../kit/list.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, counted, word, type Words } from "../kit/two.ts";
import { POST_ROLES } from "../words.ts";
import { HoursPage } from "./rules_hours.tsx";
import { Proposals } from "./rules_standards.tsx";

const KINDS: Words = { law: ["法律", "Law"], regulation: ["行政法规", "Regulation"], rule: ["部门规章", "Ministry rule"], local_regulation: ["地方法规规章", "Local regulation"], normative_document: ["规范性文件", "Normative document"], standard: ["标准", "Standard"] };

interface Law {
  id: string;
  kind: string;
  title: string;
  number: string;
  issuer: string;
  owner_id: string | null;
  summary: string | null;
  valid_from: string | null;
  valid_until: string | null;
  source: string;
}

const from = (day: string | null) => day ?? t("未载明", "not stated");
const until = (day: string | null) => day ?? t("现行", "in force");

const LAWS: ListOf<Law> = {
  path: "/v1/laws",
  name: ["法规标准", "Laws and standards"],
  id: ({ id }) => id,
  to: ({ id }) => `/rules/laws/${id}`,
  filters: [
    { name: "text", label: ["标题、文号、机关", "Title, number, issuer"], kind: "text" },
    { name: "kind", label: ["类别", "Kind"], kind: "choice", choices: KINDS },
    { name: "in_force_on", label: ["当日有效", "In force on"], kind: "day" },
  ],
  columns: [
    { head: ["名称", "Title"], show: ({ title }) => title, sort: ({ title }) => title },
    { head: ["类别", "Kind"], show: ({ kind }) => word(KINDS, kind), sort: ({ kind }) => kind },
    { head: ["文号", "Number"], show: ({ number }) => number || "—" },
    { head: ["发布机关", "Issuer"], show: ({ issuer }) => issuer },
    { head: ["施行", "From"], show: ({ valid_from }) => from(valid_from), sort: ({ valid_from }) => valid_from ?? "" },
    { head: ["终止", "Until"], show: ({ valid_until }) => (valid_until === null ? <Tag kind="good">{until(null)}</Tag> : <Tag kind="bad">{valid_until}</Tag>), text: ({ valid_until }) => until(valid_until), sort: ({ valid_until }) => valid_until ?? "9999" },
  ],
  empty: ["还没有法规。登记后试题可关联依据，法规废止时自动提醒复核。", "No law yet. Questions rest on them; when one ends, they are looked at again."],
};

const DATES: FieldOf[] = [
  { name: "valid_from", label: ["施行", "From"], kind: "day", optional: true },
  { name: "source", label: ["来源", "Source"], kind: "text" },
];

const NEW_LAW: MoveOf = {
  name: ["登记法规", "Enter a law"],
  title: ["登记法规标准", "Enter a law or standard"],
  needs: "keep_laws",
  main: true,
  fields: [
    { name: "code", label: ["代号（小写字母、数字、_）", "Code (a–z, 0–9, _)"], kind: "text" },
    { name: "kind", label: ["类别", "Kind"], kind: "choice", choices: KINDS },
    { name: "title", label: ["名称", "Title"], kind: "text" },
    { name: "number", label: ["文号", "Number"], kind: "text", optional: true },
    { name: "issuer", label: ["发布机关", "Issuer"], kind: "text" },
    { name: "owner_id", label: ["登记单位（空为全国适用）", "Who keeps it (empty: the whole country)"], kind: "pick", sort: "organisation", optional: true },
    { name: "summary", label: ["摘要", "Summary"], kind: "long", optional: true },
    ...DATES,
  ],
  submit: ["登记", "Enter"],
  send: (values, id) => client.send(`/v1/laws/${id}`, values),
  then: (_, id) => `/rules/laws/${id}`,
};

const LAST: FieldOf = { name: "valid_until", label: ["最后一天", "The last day"], kind: "day" };
const END: FieldOf[] = [LAST, { name: "replaced_by_id", label: ["由哪部法规取代", "Replaced by"], kind: "pick", path: "/v1/laws?limit=200", shown: ({ title }: { title: string }) => title, optional: true }, REASON];

/** How many questions the end of a law or an article would mark. */
async function reachOf(law: string, article?: string) {
  const reach = await client.get<{ question_count: number; published_count: number }>(`/v1/laws/${law}/reach${article === undefined ? "" : `?article_id=${article}`}`);
  return <p>{t(`依据它的试题 ${count(reach.question_count)} 道，其中已发布 ${count(reach.published_count)} 道；自次日起不再抽用，直至复核。`, `${counted(reach.question_count, "", "question rests", "questions rest")} on it, ${count(reach.published_count)} of them published; from the day after they are drawn no more, until reviewed.`)}</p>;
}

interface Article {
  id: string;
  ordinal: number;
  subject: string;
  text: string;
  verbatim: boolean;
  valid_from: string | null;
  valid_until: string | null;
}

function LawPage({ id }: { id: string }) {
  const asked = useAsked<Law>(`/v1/laws/${id}`);
  const articles = useAsked<{ articles: Article[] }>(`/v1/laws/${id}/articles`);
  const law = asked.data;
  const end: MoveOf = { name: ["记录废止", "Record its end"], title: ["记录废止", "Record the end"], lead: ["依据它的试题自次日起不再抽用，直至复核。", "Questions that rest on it are drawn no more from the day after, until reviewed."], needs: "keep_laws", open: law?.valid_until === null, danger: true, fields: END, initial: { valid_until: today() }, preview: () => reachOf(id), submit: ["记录", "Record"], send: (values) => client.send(`/v1/laws/${id}/end`, values) };
  const add: MoveOf = { name: ["登记条文", "Enter an article"], title: ["登记条文", "Enter an article"], needs: "keep_laws", fields: [{ name: "ordinal", label: ["条号（不明为 0）", "Number (0 where unknown)"], kind: "number", min: 0, max: 999 }, { name: "subject", label: ["要旨", "Subject"], kind: "text" }, { name: "text", label: ["条文", "Text"], kind: "long" }, { name: "verbatim", label: ["为官方原文", "It is the official wording"], kind: "yes" }, ...DATES], submit: ["登记", "Enter"], send: (values, article) => client.send(`/v1/laws/${id}/articles/${article}`, values) };
  return (
    <Page title={law?.title ?? t("法规", "Law")} trail={[{ to: "/rules/laws", words: t("法规标准", "Laws") }]} tools={<Moves of={[add, end]} />}>
      <About asked={asked} />
      {law === undefined ? null : <Panel><Facts of={[[["类别", "Kind"], word(KINDS, law.kind)], [["文号", "Number"], law.number], [["发布机关", "Issuer"], law.issuer], [["施行", "From"], from(law.valid_from)], [["终止", "Until"], until(law.valid_until)], [["来源", "Source"], law.source]]} />{law.summary === null ? null : <p lang="zh-CN">{law.summary}</p>}</Panel>}
      <Panel title={t("条文", "Articles")}>
        <About asked={articles} />
        {articles.data?.articles.length === 0 ? <p class="note">{t("还没有登记条文。", "No article is entered yet.")}</p> : null}
        <ol class="timeline">
          {(articles.data?.articles ?? []).map((one) => (
            <li key={one.id}>
              <p class="note">{one.ordinal === 0 ? t("条号不明", "number unknown") : t(`第 ${one.ordinal} 条`, `Article ${one.ordinal}`)} · {from(one.valid_from)} – {until(one.valid_until)} {one.verbatim ? null : <Tag kind="warn">{t("非原文", "Not verbatim")}</Tag>}</p>
              <p lang="zh-CN"><strong>{one.subject}</strong> {one.text}</p>
              <Moves of={[{ name: ["记录终止", "Record its end"], title: ["记录条文终止", "Record the end"], needs: "keep_laws", open: one.valid_until === null, danger: true, fields: [LAST, REASON], initial: { valid_until: today() }, preview: () => reachOf(id, one.id), submit: ["记录", "Record"], send: (values) => client.send(`/v1/law-articles/${one.id}/end`, values) }]} />
            </li>
          ))}
        </ol>
      </Panel>
    </Page>
  );
}

interface Syllabus {
  id: string;
  role: string;
  operation_item: string | null;
  title: string;
  owner_id: string;
  from_on: string;
  source: string;
  published_at: string | null;
}

const SYLLABUSES: ListOf<Syllabus> = {
  path: "/v1/syllabuses",
  name: ["考试大纲", "Syllabuses"],
  id: ({ id }) => id,
  to: ({ id }) => `/rules/syllabuses/${id}`,
  filters: [{ name: "role", label: ["人员", "Role"], kind: "choice", choices: POST_ROLES }],
  columns: [
    { head: ["大纲", "Syllabus"], show: ({ title }) => title, sort: ({ title }) => title },
    { head: ["人员", "Role"], show: ({ role }) => word(POST_ROLES, role), sort: ({ role }) => role },
    { head: ["作业项目", "Item"], show: ({ operation_item }) => operation_item ?? "—" },
    { head: ["施行", "From"], show: ({ from_on }) => from_on, sort: ({ from_on }) => from_on },
    { head: ["状态", "State"], show: ({ published_at }) => <Tag kind={published_at === null ? "warn" : "good"}>{published_at === null ? t("草稿", "Draft") : t("已发布", "Published")}</Tag>, text: ({ published_at }) => (published_at === null ? t("草稿", "Draft") : t("已发布", "Published")) },
  ],
  empty: ["还没有考试大纲。大纲的知识点决定组卷和题库供给。", "No syllabus yet: its topics say what papers are drawn from."],
};

const NEW_SYLLABUS: MoveOf = {
  name: ["写大纲", "Write a syllabus"],
  title: ["写考试大纲", "Write a syllabus"],
  needs: "write_questions",
  main: true,
  fields: [
    { name: "title", label: ["名称", "Title"], kind: "text" },
    { name: "role", label: ["人员", "Role"], kind: "choice", choices: POST_ROLES },
    { name: "operation_item", label: ["作业项目（如 1.1）", "Item (such as 1.1)"], kind: "text", optional: true },
    { name: "owner_id", label: ["制定单位", "Owner"], kind: "pick", sort: "organisation" },
    { name: "from_on", label: ["施行", "From"], kind: "day" },
    { name: "source", label: ["依据", "Source"], kind: "text" },
  ],
  initial: { from_on: today() },
  submit: ["保存", "Save"],
  send: (values, id) => client.send(`/v1/syllabuses/${id}`, values),
  then: (_, id) => `/rules/syllabuses/${id}`,
};

interface Topic {
  id: string;
  parent_id: string | null;
  code: string;
  name: string;
  names: string[];
  law_ids: string[];
  article_ids: string[];
}

/** A tree written as lines, “1.2 name” beneath “1 name”; a topic that has its code already stays the same one. */
function treeOf(lines: string[], known: Topic[]) {
  const before = new Map(known.map((topic) => [topic.code, topic]));
  const ids = new Map<string, string>();
  return lines.map((line) => {
    const [code = "", ...words] = line.split(/\s+/);
    const { names = [], law_ids = [], article_ids = [], id = newId() } = before.get(code) ?? {};
    ids.set(code, id);
    const above = code.split(".").slice(0, -1);
    while (above.length > 0 && !ids.has(above.join("."))) above.pop();
    return { id, parent_id: ids.get(above.join(".")) ?? null, code, name: words.join(" "), names, law_ids, article_ids };
  });
}

function SyllabusPage({ id }: { id: string }) {
  const asked = useAsked<Syllabus>(`/v1/syllabuses/${id}`);
  const topics = useAsked<{ topics: Topic[] }>(`/v1/syllabuses/${id}/topics`);
  const one = asked.data;
  const publish: MoveOf = { name: ["发布", "Publish"], title: ["发布大纲", "Publish the syllabus"], lead: ["发布后不能再改；新的版本另写。", "Nothing changes afterwards: write a further version instead."], needs: "review_questions", open: one?.published_at === null, main: true, fields: [], submit: ["发布", "Publish"], send: () => client.send(`/v1/syllabuses/${id}/publication`) };
  const write: MoveOf = {
    name: ["写知识点", "Write topics"],
    title: ["写知识点", "Write the topics"],
    lead: ["每行一个：编码、空格、名称；1.2 属于 1。已有编码的知识点保留其关联。", "One a line: code, space, name; 1.2 lies beneath 1. Topics whose code stays keep what is tied to them."],
    needs: "write_questions",
    open: one?.published_at === null && topics.data !== undefined,
    fields: [{ name: "lines", label: ["知识点", "Topics"], kind: "lines" }],
    initial: { lines: (topics.data?.topics ?? []).map(({ code, name }) => `${code} ${name}`).join("\n") },
    submit: ["保存", "Save"],
    send: ({ lines }) => client.send(`/v1/syllabuses/${id}/topics`, { topics: treeOf(lines as string[], topics.data?.topics ?? []) }),
  };
  const depth = (topic: Topic): number => {
    const above = topics.data?.topics.find((each) => each.id === topic.parent_id);
    return above === undefined ? 0 : 1 + depth(above);
  };
  return (
    <Page title={one?.title ?? t("考试大纲", "Syllabus")} trail={[{ to: "/rules/syllabuses", words: t("考试大纲", "Syllabuses") }]} tools={<Moves of={[write, publish]} />}>
      <About asked={asked} />
      {one === undefined ? null : <Panel><Facts of={[[["人员", "Role"], word(POST_ROLES, one.role)], [["作业项目", "Item"], one.operation_item], [["施行", "From"], one.from_on], [["制定单位", "Owner"], <Name sort="organisation" id={one.owner_id} />], [["依据", "Source"], one.source]]} /></Panel>}
      <Panel title={t("知识点", "Topics")}>
        <About asked={topics} />
        {topics.data?.topics.length === 0 ? <p class="note">{t("还没有知识点。", "No topics yet.")}</p> : null}
        <ul class="topic-tree">{(topics.data?.topics ?? []).map((topic) => <li key={topic.id} data-depth={Math.min(4, depth(topic))}><code>{topic.code}</code> <span lang="zh-CN">{topic.name}</span></li>)}</ul>
      </Panel>
    </Page>
  );
}

interface Rule {
  id: string;
  kind_zh: string;
  kind_en: string;
  role: string;
  years: number;
  review_every_years: number | null;
  effective_from: string;
  effective_until: string | null;
  order_zh: string;
  order_en: string;
}

const CERTIFICATES: ListOf<Rule> = {
  path: "/v1/certificate-rules",
  name: ["证书规则", "Rules of certificates"],
  whole: (reply: { items: Rule[] }) => reply.items,
  id: ({ id }) => id,
  filters: [
    { name: "role", label: ["人员", "Role"], kind: "choice", choices: POST_ROLES },
    { name: "in_force_on", label: ["当日有效", "In force on"], kind: "day" },
  ],
  columns: [
    { head: ["证书", "Certificate"], show: (rule) => (settings.value.language === "zh" ? rule.kind_zh : rule.kind_en), sort: ({ kind_zh }) => kind_zh },
    { head: ["人员", "Role"], show: ({ role }) => word(POST_ROLES, role), sort: ({ role }) => role },
    { head: ["有效年限", "Years"], show: ({ years }) => count(years), number: true, sort: ({ years }) => years },
    { head: ["复审年限", "Review every"], show: ({ review_every_years }) => count(review_every_years), number: true },
    { head: ["施行", "From"], show: ({ effective_from }) => effective_from, sort: ({ effective_from }) => effective_from },
    { head: ["终止", "Until"], show: ({ effective_until }) => until(effective_until), sort: ({ effective_until }) => effective_until ?? "9999" },
    { head: ["依据", "Order"], show: (rule) => (settings.value.language === "zh" ? rule.order_zh : rule.order_en) },
  ],
  empty: ["没有规则。", "There are no rules."],
};

export const rules: Room = {
  name: ["规则（按日期）", "Rules by date"],
  icon: "book",
  pages: [
    { path: "rules/laws", name: ["法规标准", "Laws"], show: () => <ListPage title={["法规标准", "Laws and standards"]} of={LAWS} moves={[NEW_LAW]} /> },
    { path: "rules/laws/:id", show: (id) => <LawPage id={id!} /> },
    { path: "rules/syllabuses", name: ["考试大纲", "Syllabuses"], show: () => <ListPage title={["考试大纲", "Syllabuses"]} of={SYLLABUSES} moves={[NEW_SYLLABUS]} /> },
    { path: "rules/syllabuses/:id", show: (id) => <SyllabusPage id={id!} /> },
    { path: "rules/standards", name: ["考试标准", "Exam standards"], show: () => <Proposals /> },
    { path: "rules/hours", name: ["法定学时", "Hours of the law"], show: () => <HoursPage /> },
    { path: "rules/certificates", name: ["证书规则", "Certificates"], show: () => <Page title={t("证书规则", "Rules of certificates")} lead={t("有效期、复审、换证按事件发生之日的现行规定计算。", "Validity, review and renewal follow the rule in force on the day of the event.")}><List of={CERTIFICATES} /></Page> },
  ],
};
