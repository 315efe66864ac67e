/** Syllabuses: what is examined of whom, topic by topic (考试大纲). */
import { newId } from "../../shared/ids.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { today } from "../kit/fields.tsx";
import { Moves, type MoveOf } from "../kit/form.tsx";
import { ListPage, type ListOf } from "../kit/list.tsx";
import { named } from "../kit/named.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Page, Panel, Tag } from "../kit/parts.tsx";
import { word } from "../kit/two.ts";
import { POST_ROLES } from "../words.ts";

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
    named(["作业项目", "Item"], "operation", ({ operation_item }) => operation_item),
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

export const Syllabuses = () => <ListPage title={["考试大纲", "Syllabuses"]} of={SYLLABUSES} moves={[NEW_SYLLABUS]} />;

export function SyllabusPage({ id }: { id: string }) {
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
      {one === undefined ? null : <Panel><Facts of={[[["人员", "Role"], word(POST_ROLES, one.role)], [["作业项目", "Item"], one.operation_item === null ? null : <Name sort="operation" id={one.operation_item} />], [["施行", "From"], one.from_on], [["制定单位", "Owner"], <Name sort="organisation" id={one.owner_id} />], [["依据", "Source"], one.source]]} /></Panel>}
      <Panel title={t("知识点", "Topics")}>
        <About asked={topics} />
        {topics.data?.topics.length === 0 ? <p class="note">{t("还没有知识点。", "No topics yet.")}</p> : null}
        <ul class="topic-tree">{(topics.data?.topics ?? []).map((topic) => <li key={topic.id} data-depth={Math.min(4, depth(topic))}><code>{topic.code}</code> <span lang="zh-CN">{topic.name}</span></li>)}</ul>
      </Panel>
    </Page>
  );
}
