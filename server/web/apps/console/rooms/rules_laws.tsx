/** Laws and standards with their articles, and what their end makes of questions (法规标准). */
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { today, type FieldOf } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { ListPage, type ListOf } from "../kit/list.tsx";
import { About, Facts, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, counted, word, type Words } from "../kit/two.ts";

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

export const Laws = () => <ListPage title={["法规标准", "Laws and standards"]} of={LAWS} moves={[NEW_LAW]} />;

export function LawPage({ id }: { id: string }) {
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
