/** Paper specifications, with what the bank can carry while one writes (组卷方案). */
import { useState } from "preact/hooks";
import { day } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAll, useAsked } from "../kit/asking.ts";
import { Bars } from "../kit/chart.tsx";
import { Field, sent, today, type FieldOf, type Values } from "../kit/fields.tsx";
import { Problem } from "../kit/form.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Figure, Page, Panel, Tag } from "../kit/parts.tsx";
import { go } from "../kit/place.ts";
import { count, percent, word } from "../kit/two.ts";
import { newId } from "../../shared/ids.ts";
import { QUESTION_KINDS } from "../words.ts";

export interface Section {
  kind: string;
  count: number;
  points: number;
  topics: Record<string, { minimum: number; maximum: number | null }>;
}

export interface Specification {
  id: string;
  name: string;
  qualification_id: string;
  organisation_id: string;
  sections: Section[];
  target_points: number | null;
  tolerance_points: number;
  most_uses: number | null;
  written_at: string;
}


const trail = () => [{ to: "/exams/specifications", words: t("组卷方案", "Paper specifications") }];

const HEAD: FieldOf[] = [
  { name: "name", label: ["方案名称", "Name"], kind: "text" },
  { name: "qualification_id", label: ["资格", "Qualification"], kind: "pick", sort: "qualification" },
  { name: "organisation_id", label: ["组织单位", "Organiser"], kind: "pick", sort: "organisation" },
];

const SECTIONS: FieldOf = {
  name: "sections",
  label: ["大题", "Sections"],
  kind: "rows",
  one: ["大题", "section"],
  least: 1,
  fields: [
    { name: "kind", label: ["题型", "Kind"], kind: "choice", choices: QUESTION_KINDS },
    { name: "count", label: ["题数", "Questions"], kind: "number", min: 1, max: 500 },
    { name: "points", label: ["每题分值", "Points each"], kind: "number", min: 1, max: 1000 },
    { name: "topics", label: ["知识点下限（每行：知识点=题数）", "At least, by topic (a line each: topic=number)"], kind: "lines", optional: true },
  ],
};

const MORE: FieldOf[] = [
  { name: "target_points", label: ["预期平均分", "Mean expected"], hint: ["各套试卷按此难度拉平。", "All forms are made as hard as this."], kind: "decimal", optional: true },
  { name: "most_uses", label: ["每题在本次各套卷中至多使用次数", "How often a question may be used among the forms"], kind: "number", min: 1, optional: true },
];

export function NewSpecification() {
  const [values, type] = useState<Values>({ sections: [{ kind: "true_false", count: "30", points: "1" }, { kind: "single_choice", count: "50", points: "1" }, { kind: "multiple_choice", count: "10", points: "2" }] });
  const [id] = useState(newId);
  const [problem, fail] = useState<unknown>(null);
  const save = async () => {
    fail(null);
    try {
      const made = sent([...HEAD, SECTIONS, ...MORE], values);
      const sections = (made["sections"] as Values[]).map((section) => ({ ...section, topics: bounds((section["topics"] as string[] | undefined) ?? []) }));
      const target = made["target_points"];
      await client.send(`/v1/paper-specifications/${id}`, { ...made, sections, ...(target === undefined ? {} : { target_points: Number(target) }) });
      go(`/exams/specifications/${id}`);
    } catch (refusal) {
      fail(refusal);
    }
  };
  const change = (name: string) => (value: unknown) => type((now) => ({ ...now, [name]: value }));
  const sections = (values["sections"] as Values[]).map((section) => ({ kind: String(section["kind"] ?? ""), number: Number(section["count"] ?? 0), points: Number(section["points"] ?? 0) }));
  return (
    <Page title={t("新建组卷方案", "Write a paper specification")} trail={trail()}>
      <div class="grid wide-left">
        <Panel>
          <form class="form" onSubmit={(event) => { event.preventDefault(); void save(); }}>
            {[...HEAD, SECTIONS, ...MORE].map((field) => <Field key={field.name} field={field} value={values[field.name]} values={values} onChange={change(field.name)} />)}
            <Problem of={problem} />
            <div class="form-foot"><button class="button">{t("保存并查看能否组卷", "Save and see whether it can be drawn")}</button></div>
          </form>
        </Panel>
        <Panel title={t("合计", "Together")}>
          <div class="figures">
            <Figure name={t("题数", "Questions")} value={count(sections.reduce((sum, { number }) => sum + number, 0))} />
            <Figure name={t("满分", "Points")} value={count(sections.reduce((sum, { number, points }) => sum + number * points, 0))} kind="main" />
          </div>
          <Carried qualification={String(values["qualification_id"] ?? "")} sections={sections} />
        </Panel>
      </div>
    </Page>
  );
}

function bounds(lines: string[]): Section["topics"] {
  return Object.fromEntries(lines.map((line) => line.split(/[=＝]/)).map(([topic, number]) => [topic!.trim(), { minimum: Number(number ?? 1), maximum: null }]));
}

interface Qualification {
  id: string;
  role: string;
  operation_item: string | null;
}

/** What the bank holds for a qualification, kind by kind, against what the sections ask for. */
function Carried({ qualification, sections }: { qualification: string; sections: { kind: string; number: number }[] }) {
  const all = useAll<Qualification>("/v1/qualifications");
  const one = all.data?.find(({ id }) => id === qualification);
  const item = one?.operation_item ?? null;
  const written = useAll<{ id: string; from_on: string; published_at: string | null }>(one === undefined ? null : `/v1/syllabuses?role=${one.role}${item === null ? "" : `&operation_item=${item}`}`);
  const syllabus = written.data?.filter(({ published_at, from_on }) => published_at !== null && from_on <= today()).sort((first, other) => other.from_on.localeCompare(first.from_on))[0];
  const supply = useAsked<{ items: { topic_id: string | null; name: string | null; kind: string; distinct_count: number }[] }>(syllabus === undefined ? null : `/v1/syllabuses/${syllabus.id}/supply`);
  const latest = useAll<Specification>(one !== undefined && written.data !== undefined && syllabus === undefined ? `/v1/paper-specifications?qualification_id=${qualification}` : null);
  const nearest = latest.data?.[0];
  const preview = useAsked<Preview>(nearest === undefined ? null : `/v1/paper-specifications/${nearest.id}/preview`);
  const held = new Map<string, number>();
  for (const { kind, distinct_count } of supply.data?.items ?? []) held.set(kind, (held.get(kind) ?? 0) + distinct_count);
  for (const [at, topics] of (preview.data?.supply ?? []).entries()) {
    const kind = nearest!.sections[at]!.kind;
    if (!held.has(kind)) held.set(kind, Object.values(topics).reduce((sum, number) => sum + number, 0));
  }
  if (qualification === "") return <p class="note">{t("选定资格后，这里显示题库能否承载。", "Choose a qualification to see what the bank can carry.")}</p>;
  if (held.size === 0) return <p class="note">{supply.loading || preview.loading || written.loading ? t("正在读取…", "Loading …") : t("该资格还没有考试大纲或方案；保存后即显示能否组卷。", "No syllabus or specification for it yet; save to see whether it can be drawn.")}</p>;
  return (
    <ul class="lines" aria-live="polite">
      {sections.map(({ kind, number }, at) => {
        const enough = (held.get(kind) ?? 0) >= sections.filter((section) => section.kind === kind).reduce((sum, section) => sum + section.number, 0);
        return (
          <li key={at}>
            <span>{word(QUESTION_KINDS, kind)}: {t("需", "needs")} {count(number)}</span>
            <Tag kind={enough ? "good" : "bad"}>{t("题库有", "the bank has")} {count(held.get(kind) ?? 0)}</Tag>
          </li>
        );
      })}
    </ul>
  );
}

interface Preview {
  question_count: number;
  supply: Record<string, number>[];
  shortages: { section: number; kind: string; topic: string | null; needed: number; missing: number }[];
  mean_facility: number | null;
}

export function SpecificationPage({ id }: { id: string }) {
  const asked = useAsked<Specification>(`/v1/paper-specifications/${id}`);
  const preview = useAsked<Preview>(`/v1/paper-specifications/${id}/preview`);
  const one = asked.data;
  const short = preview.data?.shortages ?? [];
  return (
    <Page title={one?.name ?? t("组卷方案", "Paper specification")} trail={trail()}>
      <About asked={asked} />
      {one === undefined ? null : (
        <Panel>
          <Facts of={[[["资格", "Qualification"], <Name sort="qualification" id={one.qualification_id} />], [["组织单位", "Organiser"], <Name sort="organisation" id={one.organisation_id} />], [["满分", "Points"], count(one.sections.reduce((sum, { count: number, points }) => sum + number * points, 0))], [["预期平均分", "Mean expected"], one.target_points], [["写于", "Written"], day(one.written_at)]]} />
        </Panel>
      )}
      <Panel title={t("题库能否承载", "What the bank can carry")} tools={preview.data === undefined ? undefined : <Tag kind={short.length === 0 ? "good" : "bad"}>{short.length === 0 ? t("可以组卷", "It can be drawn") : t("试题不足", "Too few questions")}</Tag>}>
        <About asked={preview} />
        {preview.data === undefined ? null : <p>{t("可用试题", "Questions that fit")}: {count(preview.data.question_count)} · {t("预计答对", "expected right")}: {percent(preview.data.mean_facility)}</p>}
        {short.length === 0 ? null : (
          <>
          <p class="note">{t("彼此相同或相似的试题只算一题；近期用过的也可能不计。", "Questions that say nearly the same count as one; those used lately may not count.")}</p>
          <ul class="plain-list">
            {short.map((shortage, at) => (
              <li key={at} class="wrong">{t(`第 ${shortage.section + 1} 大题`, `Section ${shortage.section + 1}`)} {word(QUESTION_KINDS, shortage.kind)} {shortage.topic ?? ""}: {t("需", "needs")} {count(shortage.needed)}, {t("缺", "missing")} {count(shortage.missing)}</li>
            ))}
          </ul>
          </>
        )}
        <div class="grid">
          {(one?.sections ?? []).map((section, at) => (
            <div key={at}>
              <h3>{word(QUESTION_KINDS, section.kind)}: {count(section.count)} × {count(section.points)} {t("分", "points")}</h3>
              <Bars title={t("各知识点可用试题", "By topic")} of={Object.entries(preview.data?.supply[at] ?? {}).map(([name, value]) => ({ name: name || t("未标注", "No topic"), value, kind: "good" as const }))} />
            </div>
          ))}
        </div>
      </Panel>
    </Page>
  );
}
