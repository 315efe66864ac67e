/** One evaluation: marks, proofs, what differs, the result, the plan, an appeal (能力评价详情). */
import { when } from "../../shared/dates.ts";
import { DIMENSIONS, SIDES, STATES, judged, named, proofKind, proofName, proofState, refusal, said, type Appraisal, type Framework, type Standing } from "../../shared/competence.ts";
import { client, me } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { Field, today, type FieldOf } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { Name } from "../kit/names.tsx";
import { About, Empty, Facts, Page, Panel, Tag } from "../kit/parts.tsx";
import { ask, place } from "../kit/place.ts";
import { count } from "../kit/two.ts";

export function AppraisalPage({ id }: { id: string }) {
  const asked = useAsked<Appraisal>(`/v1/competence-appraisals/${id}`);
  const one = asked.data;
  const frameworks = useAsked<Framework>(one === undefined ? null : `/v1/competence-frameworks/${one.framework_id}`);
  const framework = frameworks.data;
  return (
    <Page title={one?.person_name ?? t("能力评价", "Evaluation")} trail={[{ to: "/competence/appraisals", words: t("能力评价", "Evaluations") }]} tools={one === undefined || framework === undefined ? undefined : <Moves of={moves(one, framework)} />}>
      <About asked={asked} />
      {one === undefined ? null : (
        <>
          <Panel>
            <Facts of={[[["状态", "State"], <Tag kind={one.state === "open" || one.state === "appealed" ? "warn" : "good"}>{said(STATES, one.state)}</Tag>], [["周期", "Cycle"], one.cycle_title], [["类别", "Family"], named(framework?.families, one.family)], [["申报等级", "Looked for"], named(framework?.grades, one.grade)], [["评定等级", "Reached"], one.result === null ? "—" : <strong>{one.result.reached === null ? t("未达到", "None") : named(framework?.grades, one.result.reached)}</strong>], [["开始", "Opened"], when(one.opened_at)], [["评定", "Concluded"], one.concluded_on], [["申诉截止", "Appeal until"], one.appeal_until]]} />
          </Panel>
          <Marks of={one} framework={framework} />
          {one.result === null ? null : <Panel title={t("核对结果", "What was found")}><Competences of={one.result} /></Panel>}
          <Panel title={t("培训计划", "Training plan")}>
            {one.plan.length === 0 ? <p class="note">{t("评定后可按差距安排培训。", "Once concluded, training can be booked for what is missing.")}</p> : null}
            <ul class="lines">{one.plan.map((item) => <li key={`${item.competence}/${item.proof}`}><span>{named(framework?.competences, item.competence)} · {proofKind(item.proof)}</span>{item.booked_at === null ? <Tag kind="plain">{refusal(item.refusal ?? "no_class")}</Tag> : <Tag kind="good">{t("已报班", "Booked")}</Tag>}</li>)}</ul>
          </Panel>
          {one.appeal === null ? null : <Panel title={t("申诉", "Appeal")}><Facts of={[[["提出于", "Made"], when(one.appeal.appealed_at)], [["理由", "Because"], one.appeal.reason], [["决定", "Decision"], one.appeal.decision ?? t("待决定", "open")]]} /></Panel>}
        </>
      )}
    </Page>
  );
}

/** A row for each competence that is judged, a column for each judge. */
function Marks({ of, framework }: { of: Appraisal; framework: Framework | undefined }) {
  const rows = framework === undefined ? [] : judged(framework, of.family);
  return (
    <Panel title={t("评分", "Marks")}>
      <div class="table-frame" tabIndex={0} role="region" aria-label={t("评分", "Marks")}>
        <table>
          <thead><tr><th scope="col">{t("能力项", "Competence")}</th>{of.judges.map((judge) => <th key={judge.person_id} scope="col" class="number">{said(SIDES, judge.side)}<br /><span class="note"><Name sort="person" id={judge.person_id} /></span></th>)}<th scope="col">{t("裁定", "Settled")}</th></tr></thead>
          <tbody>
            {rows.map(({ key }) => {
              const settled = of.settlements.find(({ competence }) => competence === key);
              return (
                <tr key={key}>
                  <td>{named(framework?.competences, key)} {of.disagreements.includes(key) ? <Tag kind="warn">{t("有分歧", "They differ")}</Tag> : null}</td>
                  {of.judges.map((judge) => <td key={judge.person_id} class="number">{judge.marks === null ? (judge.given_at === null ? t("未评", "not yet") : "—") : count(judge.marks[key])}</td>)}
                  <td>{settled === undefined ? "—" : `${settled.mark} · ${settled.reason}`}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {of.judges.filter(({ comment }) => comment !== null).map((judge) => <p key={judge.person_id} class="note"><strong>{said(SIDES, judge.side)}</strong> <span lang="zh-CN">{judge.comment}</span></p>)}
    </Panel>
  );
}

export function Competences({ of }: { of: Standing }) {
  return (
    <ul class="lines">
      {[...of.competences].sort((one, other) => Number(one.met) - Number(other.met)).map((each) => (
        <li key={each.key}>
          <span><strong>{t(each.name_zh, each.name_en)}</strong> <span class="note">{said(DIMENSIONS, each.dimension)}</span></span>
          <span class="note">{each.groups.map(({ proofs }) => proofs.map((proof) => `${proofName(proof)}: ${proofState(proof)}`).join(t(" 或 ", " or "))).join("；")}</span>
          <Tag kind={each.met ? "good" : "bad"}>{each.met ? t("具备", "Has it") : t("缺", "Missing")}</Tag>
        </li>
      ))}
    </ul>
  );
}

function moves(one: Appraisal, framework: Framework): MoveOf[] {
  const base = `/v1/competence-appraisals/${one.id}`;
  const marks = judged(framework, one.family);
  const own = one.judges.find(({ person_id }) => person_id === me.value?.person_id);
  const mark = (key: string, optional = false): FieldOf => ({ name: `mark_${key}`, label: [named(framework.competences, key), named(framework.competences, key)], hint: hint(framework, key), kind: "number", min: 1, max: framework.highest_mark, optional });
  const collected = (values: Record<string, unknown>) => Object.fromEntries(marks.filter(({ key }) => values[`mark_${key}`] !== undefined).map(({ key }) => [key, values[`mark_${key}`]]));
  const plain = (noun: string, name: readonly [string, string], lead: readonly [string, string], open: boolean): MoveOf => ({ name, title: name, lead, needs: "appraise_competence", open, main: true, fields: [], submit: name, send: () => client.send(`${base}/${noun}`) });
  return [
    { name: ["评分", "Give marks"], title: ["评分", "Give marks"], lead: ["只能提交一次；提交前看不到他人的评分。", "Given once; the marks of others are shown afterwards."], main: true, open: one.state === "open" && own !== undefined && own.given_at === null, fields: [...marks.map(({ key }) => mark(key)), { name: "comment", label: ["说明", "Remarks"], kind: "long", optional: true }], submit: ["提交评分", "Give them"], send: ({ comment, ...values }) => client.send(`${base}/judgement`, { marks: collected(values), ...(comment === undefined ? {} : { comment }) }) },
    { name: ["裁定分歧", "Settle"], title: ["裁定分歧", "Settle what differs"], lead: ["由主管该单位而未参与评分的人裁定。", "By somebody who leads the place and judged nothing."], needs: "appraise_competence", open: one.state === "open" && one.disagreements.length > one.settlements.length, fields: [{ name: "competence", label: ["能力项", "Competence"], kind: "choice", choices: Object.fromEntries(one.disagreements.map((key) => [key, [named(framework.competences, key), named(framework.competences, key)] as const])) }, { name: "mark", label: ["计入的分", "The mark that counts"], kind: "number", min: 1, max: framework.highest_mark }, REASON], submit: ["裁定", "Settle"], send: ({ competence, ...values }) => client.send(`${base}/settlements/${String(competence)}`, values) },
    plain("conclusion", ["评定", "Conclude"], ["按当日证据和评分得出等级与差距，记入个人档案。", "The proofs of today and the marks give the grade and the gaps; it goes into the person’s file."], one.state === "open"),
    plain("training-plan", ["安排培训", "Book training"], ["缺的学时按最早开班报名；培训解决不了的会注明。", "What training gives is booked in the class that begins soonest; of the rest it is said."], one.result !== null),
    { name: ["决定申诉", "Decide the appeal"], title: ["决定申诉", "Decide the appeal"], lead: ["由未评分、未裁定、未评定的人决定；不填分数即维持原结果。", "By somebody who neither judged, settled nor concluded; without marks the result stands."], needs: "appraise_competence", main: true, open: one.state === "appealed", fields: [...marks.map(({ key }) => mark(key, true)), { ...REASON, name: "decision", label: ["决定及理由", "Decision and reason"] }], submit: ["决定", "Decide"], send: ({ decision, ...values }) => client.send(`${base}/appeal/decision`, { marks: collected(values), decision }) },
    { name: ["撤回", "Withdraw"], title: ["撤回评价", "Withdraw the evaluation"], needs: "appraise_competence", open: one.state === "open", danger: true, preview: async () => <p>{one.person_name} · {t(`已有 ${one.judges.filter(({ given_at }) => given_at !== null).length} 人评分，将不再计入。`, `${one.judges.filter(({ given_at }) => given_at !== null).length} gave marks, which no longer count.`)}</p>, fields: [REASON], submit: ["撤回", "Withdraw"], send: (values) => client.send(`${base}/withdrawal`, values) },
  ];
}

/** What stands behind each mark. */
function hint(framework: Framework, key: string): readonly [string, string] {
  const text = Object.entries(framework.competences.find((one) => one.key === key)?.anchors ?? {}).map(([at, words]) => `${at}：${words}`).join("；");
  return [text, text];
}

interface Held {
  framework: string;
  framework_id: string;
  held: string | null;
  standing: Standing;
}

/** Where somebody stands on a day, by every framework that concerns them. */
export function PersonCompetence({ id }: { id: string }) {
  const on = place.value.asked.get("on") || today();
  const asked = useAsked<{ items: Held[] }>(`/v1/people/${id}/competence?on=${on}`);
  return (
    <Panel title={t("岗位能力", "Competence")} tools={<Field field={{ name: "on", label: ["日期", "Day"], kind: "day" }} value={on} onChange={(value) => ask({ on: String(value) })} />}>
      <About asked={asked} />
      {asked.data?.items.length === 0 ? <Empty words={["此人的岗位没有能力框架。", "No framework concerns this person’s post."]} /> : null}
      {(asked.data?.items ?? []).map((one) => <OneHeld key={one.framework_id} of={one} />)}
    </Panel>
  );
}

function OneHeld({ of }: { of: Held }) {
  const framework = useAsked<Framework>(`/v1/competence-frameworks/${of.framework_id}`).data;
  return (
    <>
      <h3>{framework === undefined ? of.framework : t(framework.name_zh, framework.name_en)} <Tag kind={of.held === null ? "plain" : "good"}>{of.held === null ? t("未评定", "None yet") : named(framework?.grades, of.held)}</Tag></h3>
      <Competences of={of.standing} />
    </>
  );
}
