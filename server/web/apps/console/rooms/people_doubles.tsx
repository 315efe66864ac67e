/** People registered twice: compared, merged with a reason, taken apart again (重复档案). */
import { useState } from "preact/hooks";
import { when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAll, useAsked } from "../kit/asking.ts";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { About, Empty, Facts, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, word } from "../kit/two.ts";
import { DOCUMENTS, LIKENESS, SEXES } from "../words.ts";
import type { Person } from "./people.tsx";

interface Double {
  id: string;
  first: Person;
  second: Person;
  reasons: string[];
  weight: number;
  found_at: string;
  ruling: string | null;
}

export function DoublesPage() {
  const asked = useAll<Double>("/v1/suspected-doubles");
  const [last, keep] = useState<string | null>(null);
  return (
    <Page title={t("重复档案", "Doubles")} lead={t("疑似同一人的两份档案。合并后学习、考试、证书归于保留的档案；可以撤销。", "Two entries that may be one person. After a merge all belongs to the kept one; it can be undone.")}>
      <About asked={asked} />
      {last === null ? null : <Merged id={last} />}
      {asked.data?.length === 0 ? <Empty words={["没有疑似重复的档案。", "No doubles are suspected."]} /> : null}
      {(asked.data ?? []).map((double) => (
        <Panel key={double.id} title={double.first.name} tools={<><span class="tags">{double.reasons.map((reason) => <Tag key={reason} kind="warn">{word(LIKENESS, reason)}</Tag>)}</span><Moves of={rulings(double, keep)} /></>}>
          <div class="sides">
            {[double.first, double.second].map((person, at) => (
              <div key={person.id}>
                <h3>{at === 0 ? t("甲", "One") : t("乙", "Two")} · <a href={`#/people/people/${person.id}`}>{person.name}</a></h3>
                <Facts of={[[["证件", "Document"], `${word(DOCUMENTS, person.document_type)} ${person.document_masked}`], [["性别", "Sex"], word(SEXES, person.sex)], [["出生", "Born"], person.birth_on], [["手机", "Telephone"], person.phone], [["登记于", "Registered"], when(person.registered_at)]]} />
              </div>
            ))}
          </div>
        </Panel>
      ))}
    </Page>
  );
}

function rulings(double: Double, keep: (id: string) => void): MoveOf[] {
  const merge = (kept: Person, merged: Person, name: readonly [string, string]): MoveOf => ({
    name,
    title: name,
    lead: [`保留 ${kept.document_masked}，并入 ${merged.document_masked}。`, `${kept.document_masked} is kept; ${merged.document_masked} is merged into it.`],
    danger: true,
    fields: [REASON],
    submit: ["合并", "Merge"],
    send: async (values, id) => {
      const made = await client.send<{ moved_count: number }>(`/v1/person-merges/${id}`, { ...values, kept_id: kept.id, merged_id: merged.id });
      keep(id);
      return made;
    },
    told: (made: { moved_count: number; stayed_count: number }) => <p>{t("已转移", "Moved")}: {count(made.moved_count)} · {t("未转移", "stayed")}: {count(made.stayed_count)}</p>,
  });
  return [
    merge(double.first, double.second, ["保留甲", "Keep one"]),
    merge(double.second, double.first, ["保留乙", "Keep two"]),
    { name: ["不是同一人", "Different people"], title: ["不是同一人", "Different people"], fields: [], submit: ["确认", "Confirm"], send: () => client.send(`/v1/suspected-doubles/${double.id}/clearance`) },
  ];
}

interface Merge {
  id: string;
  merged_at: string;
  undone_at: string | null;
  moved_count: number;
}

/** The merge that was just made, while one may regret it. */
function Merged({ id }: { id: string }) {
  const asked = useAsked<Merge>(`/v1/person-merges/${id}`);
  if (asked.data === undefined) return null;
  return (
    <Panel title={t("刚才的合并", "The last merge")}>
      <p>{when(asked.data.merged_at)} · {t("转移记录", "records moved")} {count(asked.data.moved_count)}</p>
      <Moves of={[{ name: ["撤销合并", "Undo"], title: ["撤销合并", "Undo the merge"], open: asked.data.undone_at === null, danger: true, fields: [REASON], submit: ["撤销", "Undo"], send: (values) => client.send(`/v1/person-merges/${id}/undo`, values) }]} />
      {asked.data.undone_at === null ? null : <Tag kind="good">{t("已撤销", "Undone")}</Tag>}
    </Panel>
  );
}
