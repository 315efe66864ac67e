/** People registered twice: compared, merged with a reason, taken apart again (重复档案). */
import { when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { About, Facts, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, counted, word } from "../kit/two.ts";
import { DOCUMENTS, LIKENESS, SEXES } from "../words.ts";
import type { Person } from "./people.tsx";

interface Double {
  id: string;
  first: Person;
  second: Person;
  reasons: string[];
  weight: number;
  found_at: string;
  ruling: "same" | "different" | null;
}

const document = ({ document_type, document_masked }: Person) => `${word(DOCUMENTS, document_type)} ${document_masked}`;

const DOUBLES: ListOf<Double> = {
  path: "/v1/suspected-doubles",
  name: ["疑似重复", "Suspected doubles"],
  id: ({ id }) => id,
  to: ({ id }) => `/people/doubles/${id}`,
  filters: [
    { name: "name", label: ["姓名", "Name"], kind: "text" },
    { name: "reason", label: ["相同之处", "Alike in"], kind: "choice", choices: LIKENESS },
    { name: "least_weight", label: ["可能性不低于（0–100）", "At least so telling (0–100)"], kind: "number", min: 0, max: 100 },
  ],
  columns: [
    { head: ["甲", "One"], show: ({ first }) => first.name },
    { head: ["甲的证件", "Document of one"], show: ({ first }) => document(first) },
    { head: ["乙", "Two"], show: ({ second }) => second.name },
    { head: ["乙的证件", "Document of two"], show: ({ second }) => document(second) },
    { head: ["相同之处", "Alike in"], show: ({ reasons }) => <span class="tags">{reasons.map((reason) => <Tag key={reason} kind="warn">{word(LIKENESS, reason)}</Tag>)}</span>, text: ({ reasons }) => reasons.map((reason) => word(LIKENESS, reason)).join("、") },
    { head: ["可能性", "How telling"], show: ({ weight }) => count(weight), sort: ({ weight }) => weight, number: true },
    { head: ["发现于", "Found"], show: ({ found_at }) => when(found_at), sort: ({ found_at }) => found_at },
  ],
  empty: ["没有疑似重复的档案。新登记的人员会自动比对。", "No doubles are suspected. Whoever is registered is compared by itself."],
};

interface Merge {
  id: string;
  kept_id: string;
  kept_name: string;
  merged_name: string;
  reason: string;
  merged_at: string;
  undone_at: string | null;
  undo_reason: string | null;
  moved_count: number;
  stayed_count: number;
}

const MERGES: ListOf<Merge> = {
  path: "/v1/person-merges",
  name: ["合并记录", "Merges"],
  id: ({ id }) => id,
  to: ({ kept_id }) => `/people/people/${kept_id}`,
  filters: [{ name: "undone", label: ["合并状态", "Merges that"], kind: "choice", choices: { false: ["有效", "Stand"], true: ["已撤销", "Were undone"] } }],
  columns: [
    { head: ["保留", "Kept"], show: ({ kept_name }) => kept_name },
    { head: ["并入", "Merged"], show: ({ merged_name }) => merged_name },
    { head: ["理由", "Reason"], show: ({ reason }) => reason },
    { head: ["合并于", "Merged"], show: ({ merged_at }) => when(merged_at), sort: ({ merged_at }) => merged_at },
    { head: ["转移记录", "Records moved"], show: ({ moved_count }) => count(moved_count), sort: ({ moved_count }) => moved_count, number: true },
    { head: ["撤销", "Undone"], show: ({ undone_at, undo_reason }) => (undone_at === null ? "—" : `${when(undone_at)} ${undo_reason ?? ""}`), sort: ({ undone_at }) => undone_at ?? "" },
  ],
  rowTools: ({ id, undone_at, moved_count, kept_name }) => (
    <Moves
      of={[
        {
          name: ["撤销合并", "Undo"],
          title: ["撤销合并", "Undo the merge"],
          open: undone_at === null,
          danger: true,
          fields: [REASON],
          preview: async () => <p>{t(`${kept_name}：合并时转移的 ${count(moved_count)} 条记录退回原档案，此后新增的留在保留的档案。`, `${kept_name}: ${counted(moved_count, "", "record", "records")} of the merge go back; what was entered since stays with the kept entry.`)}</p>,
          submit: ["撤销", "Undo"],
          send: (values) => client.send(`/v1/person-merges/${id}/undo`, values),
        },
      ]}
    />
  ),
  empty: ["还没有合并过档案。", "Nothing was merged yet."],
};

export const DoublesPage = () => (
  <Page title={t("重复档案", "Doubles")} lead={t("疑似同一人的两份档案。合并后学习、考试、证书归于保留的档案；可以撤销。", "Two entries that may be one person. After a merge all belongs to the kept one; it can be undone.")}>
    <Panel title={t("疑似重复", "Suspected")}><List of={DOUBLES} /></Panel>
    <Panel title={t("合并记录", "Merges")}><List of={MERGES} /></Panel>
  </Page>
);

interface Compared extends Double {
  /** Records that name each: what a merge would move. */
  first_count: number;
  second_count: number;
}

export function DoublePage({ id }: { id: string }) {
  const asked = useAsked<Compared>(`/v1/suspected-doubles/${id}`);
  const double = asked.data;
  return (
    <Page title={double === undefined ? t("疑似重复", "Suspected double") : `${double.first.name} · ${double.second.name}`} trail={[{ to: "/people/doubles", words: t("重复档案", "Doubles") }]} tools={double === undefined || double.ruling !== null ? undefined : <Moves of={rulings(double)} />}>
      <About asked={asked} />
      {double === undefined ? null : (
        <Panel tools={<span class="tags">{double.reasons.map((reason) => <Tag key={reason} kind="warn">{word(LIKENESS, reason)}</Tag>)}{double.ruling === null ? null : <Tag kind="good">{double.ruling === "same" ? t("已合并", "Merged") : t("不是同一人", "Different people")}</Tag>}</span>}>
          <div class="sides">
            {[{ person: double.first, records: double.first_count }, { person: double.second, records: double.second_count }].map(({ person, records }, at) => (
              <div key={person.id}>
                <h3>{at === 0 ? t("甲", "One") : t("乙", "Two")} · <a href={`#/people/people/${person.id}`} lang="zh-CN">{person.name}</a></h3>
                <Facts of={[[["证件", "Document"], document(person)], [["性别", "Sex"], word(SEXES, person.sex)], [["出生", "Born"], person.birth_on], [["手机", "Telephone"], person.phone], [["登记于", "Registered"], when(person.registered_at)], [["相关记录", "Records"], count(records)]]} />
              </div>
            ))}
          </div>
        </Panel>
      )}
    </Page>
  );
}

function rulings(double: Compared): MoveOf[] {
  const merge = (kept: Person, merged: Person, records: number, name: readonly [string, string]): MoveOf => ({
    name,
    title: name,
    lead: [`保留 ${kept.document_masked}，并入 ${merged.document_masked}。`, `${kept.document_masked} is kept; ${merged.document_masked} is merged into it.`],
    danger: true,
    fields: [REASON],
    preview: async () => <p>{t(`${merged.name} 的 ${count(records)} 条记录（岗位、培训、考试、证书、账户等）将归于 ${kept.name}；双方已有的同类记录留在原处。`, `${counted(records, "", "record", "records")} of ${merged.name} (posts, training, exams, certificates, account …) will be of ${kept.name}; what both have stays where it is.`)}</p>,
    submit: ["合并", "Merge"],
    send: (values, id) => client.send(`/v1/person-merges/${id}`, { ...values, kept_id: kept.id, merged_id: merged.id }),
    told: (made: Merge) => <p>{t("已转移", "Moved")}: {count(made.moved_count)} · {t("未转移", "stayed")}: {count(made.stayed_count)}</p>,
  });
  return [
    merge(double.first, double.second, double.second_count, ["保留甲", "Keep one"]),
    merge(double.second, double.first, double.first_count, ["保留乙", "Keep two"]),
    {
      name: ["不是同一人", "Different people"],
      title: ["不是同一人", "Different people"],
      lead: ["此后不再提示这两份档案。", "These two are not suspected again."],
      fields: [REASON],
      submit: ["确认", "Confirm"],
      send: (values) => client.send(`/v1/suspected-doubles/${double.id}/clearance`, values),
      then: () => "/people/doubles",
    },
  ];
}
