/** Appeals and regrades: what is claimed, what it would change, who agrees (复核与重新评分). */
import { when } from "../../shared/dates.ts";
import { client, me } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { may, useAsked } from "../kit/asking.ts";
import type { FieldOf } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { called } from "../kit/named.tsx";
import { About, Facts, Figure, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, word, type Words } from "../kit/two.ts";
import { AboutQuestion, remedy, type AskedQuestion } from "./exam_asked.tsx";
import { GROUNDS, LOOKS, REGRADE_STATES, REMEDIES } from "../words.ts";

export interface Appeal {
  id: string;
  attempt_id: string | null;
  practical_id: string | null;
  candidate_name: string;
  document_masked: string;
  ground: string;
  statement: string;
  filed_at: string;
  due_on: string;
  upheld: boolean | null;
  reason: string | null;
  effect: string | null;
  effect_id: string | null;
  ruled_at: string | null;
  viewings: { id: string; place: string; from_at: string; until_at: string; supervisor_id: string; opened_at: string | null }[];
}

const EFFECTS = { nothing: ["不改变成绩", "Nothing changes"], regrade: ["重新评分（试题有误）", "Regrade (a wrong question)"], correction: ["更正个人得分", "Correct the score"] } as const;

export function AppealPage({ id }: { id: string }) {
  const asked = useAsked<Appeal>(`/v1/appeals/${id}`);
  const appeal = asked.data;
  return (
    <Page title={t("成绩复核", "Appeal")} trail={[{ to: "/exams/appeals", words: t("成绩复核", "Appeals") }]} tools={appeal === undefined ? undefined : <Moves of={rulings(appeal)} />}>
      <About asked={asked} />
      {appeal === undefined ? null : (
        <>
          <Panel>
            <Facts of={[[["考生", "Candidate"], <span lang="zh-CN">{appeal.candidate_name} {appeal.document_masked}</span>], [["理由", "Ground"], word(GROUNDS, appeal.ground)], [["提出于", "Filed"], when(appeal.filed_at)], [["办理期限", "Due"], appeal.due_on], [["结论", "Ruling"], appeal.upheld === null ? <Tag kind="warn">{t("待办", "Open")}</Tag> : appeal.upheld ? t("成立", "Upheld") : t("不成立", "Not upheld")], [["理由", "Because"], appeal.reason], [["结果", "Effect"], word(EFFECTS, appeal.effect)]]} />
            <h3>{t("考生陈述", "What the candidate says")}</h3>
            <p lang="zh-CN">{appeal.statement}</p>
          </Panel>
          {appeal.effect === "correction" && appeal.effect_id !== null ? <CorrectionPanel id={appeal.effect_id} /> : null}
          {appeal.effect === "regrade" && appeal.effect_id !== null ? <p><a class="button quiet" href={`#/exams/regrades/${appeal.effect_id}`}>{t("查看重新评分", "See the regrade")}</a></p> : null}
          <Panel title={t("监督查卷", "Supervised views")}>
            {appeal.viewings.length === 0 ? <p class="note">{t("还没有安排查卷。", "No view is arranged.")}</p> : null}
            <ul class="plain-list">{appeal.viewings.map((viewing) => <View key={viewing.id} of={viewing} />)}</ul>
          </Panel>
        </>
      )}
    </Page>
  );
}

const regrades = ({ upheld, effect }: Record<string, unknown>) => upheld === true && effect === "regrade";

/** What a ruling touches, in counts: the outcome, what else is open about it, everybody who was asked the question. */
async function touched(base: string, { candidate_name }: Appeal, upheld: boolean, version?: string) {
  const reach = await client.get<{ open_appeal_count: number; coming_viewing_count: number; asked_count: number }>(`${base}/reach${version === undefined ? "" : `?version_id=${version}`}`);
  return (
    <>
      <p>{upheld ? t(`${candidate_name} 的复核成立。`, `The appeal of ${candidate_name} is upheld.`) : t(`${candidate_name} 的 1 份成绩不变，同一理由不能再次申请。`, `1 outcome of ${candidate_name} stays, and cannot be appealed against on this ground again.`)}</p>
      <p>{t(`同一成绩另有未办结的复核 ${count(reach.open_appeal_count)} 件，尚未结束的查卷 ${count(reach.coming_viewing_count)} 次。`, `Other open appeals against the outcome: ${count(reach.open_appeal_count)}; views that are not over: ${count(reach.coming_viewing_count)}.`)}</p>
      {version === undefined ? null : <p>{t(`答过该题的答卷 ${count(reach.asked_count)} 份，将先计算影响。`, `${count(reach.asked_count)} attempts were asked the question; the effects are worked out first.`)}</p>}
    </>
  );
}

function rulings(appeal: Appeal): MoveOf[] {
  const open = appeal.upheld === null;
  const base = `/v1/appeals/${appeal.id}`;
  return [
    {
      name: ["作出结论", "Rule"],
      title: ["作出结论", "Rule on the appeal"],
      main: true,
      open,
      fields: [
        { name: "upheld", label: ["复核理由成立", "The appeal is upheld"], kind: "yes" },
        { name: "effect", label: ["结果", "Effect"], kind: "choice", choices: EFFECTS, when: ({ upheld }) => upheld === true },
        { name: "version_id", label: ["有误的试题", "The wrong question"], hint: ["该考生答过的试题。", "Of those this candidate was asked."], kind: "pick", path: appeal.attempt_id === null ? () => null : `/v1/asked-questions?attempt_id=${appeal.attempt_id}&limit=200`, shown: ({ stem }: AskedQuestion) => stem, when: regrades },
        ...remedy(undefined, regrades),
        { name: "score", label: ["更正后得分", "Score"], kind: "decimal", when: ({ upheld, effect }) => upheld === true && effect === "correction" },
        REASON,
      ],
      preview: ({ upheld, version_id }) => touched(base, appeal, upheld === true, version_id as string | undefined),
      submit: ["作出结论", "Rule"],
      send: (values, effect_id) => client.send(`${base}/ruling`, { ...values, ...(values["effect"] === undefined || values["effect"] === "nothing" ? {} : { effect_id }) }),
    },
    {
      name: ["安排查卷", "Arrange a view"],
      title: ["安排监督查卷", "Arrange a supervised view"],
      open: open && appeal.attempt_id !== null,
      fields: [
        supervisor(),
        { name: "place", label: ["地点", "Place"], kind: "text" },
        { name: "from_at", label: ["自", "From"], kind: "moment" },
        { name: "until_at", label: ["至", "Until"], kind: "moment" },
      ],
      submit: ["安排", "Arrange"],
      send: (values, id) => client.send(`${base}/viewings/${id}`, values),
    },
  ];
}

/** Who may not look people up supervises by themselves. */
function supervisor(): FieldOf {
  const label = ["监督人", "Supervisor"] as const;
  const own = me.value;
  if (may("see_people") || own === null || own === undefined) return { name: "supervisor_id", label, kind: "pick", sort: "person" };
  return { name: "supervisor_id", label, kind: "choice", choices: { [own.person_id]: [`本人（${own.name}）`, `Myself (${own.name})`] } };
}

/** An hour in which the paper is seen: whoever supervises says that they stand beside the candidate. */
function View({ of }: { of: Appeal["viewings"][number] }) {
  const open: MoveOf = {
    name: ["到场开启", "Open it"],
    title: ["到场开启查卷", "Open the view"],
    lead: ["确认您正在考生身旁；考生随即可在自己的手机上查看答卷，每次查看均有记录。", "You stand beside the candidate, who may then see the paper on their phone. Every look is kept."],
    open: of.opened_at === null && of.supervisor_id === me.value?.person_id,
    fields: [],
    submit: ["开启", "Open"],
    send: () => client.send(`/v1/viewings/${of.id}/opening`),
  };
  return <li>{of.place} {when(of.from_at)} – {when(of.until_at)} {of.opened_at === null ? <Moves of={[open]} /> : t("（已开启）", "(opened)")}</li>;
}

interface Correction {
  id: string;
  score: string;
  reason: string;
  proposed_at: string;
  decided_at: string | null;
  approved: boolean | null;
  decision_reason: string | null;
}

/** A score that should be another counts once a second person has agreed. */
function CorrectionPanel({ id }: { id: string }) {
  const asked = useAsked<Correction>(`/v1/score-corrections/${id}`);
  const one = asked.data;
  const decide = (approved: boolean): MoveOf => ({
    name: approved ? ["同意更正", "Agree"] : ["不同意更正", "Do not agree"],
    title: approved ? ["同意更正", "Agree to the correction"] : ["不同意更正", "Do not agree to the correction"],
    ...(one === undefined ? {} : { lead: [`得分更正为 ${one.score}。`, `The score becomes ${one.score}.`] as const }),
    needs: "examine",
    open: one !== undefined && one.approved === null,
    danger: !approved,
    fields: [REASON],
    submit: approved ? ["同意", "Agree"] : ["不同意", "Do not agree"],
    send: (values) => client.send(`/v1/score-corrections/${id}/approval`, { ...values, approved }),
  });
  return (
    <Panel title={t("更正得分", "Correction of the score")} tools={<Moves of={[decide(true), decide(false)]} />}>
      <About asked={asked} />
      {one === undefined ? null : <Facts of={[[["更正后得分", "Score"], one.score], [["理由", "Reason"], one.reason], [["提出于", "Proposed"], when(one.proposed_at)], [["第二人", "Second person"], one.approved === null ? <Tag kind="warn">{t("待定", "Open")}</Tag> : `${one.approved ? t("同意", "Agreed") : t("不同意", "Did not agree")} ${one.decision_reason ?? ""}`]]} />}
    </Panel>
  );
}

export interface Regrade {
  id: string;
  version_id: string;
  remedy: string;
  key: string[];
  reason: string;
  proposed_at: string;
  state: string;
  preview: { attempts: number; changed: number; to_pass: number; to_fail: number; left: number } | null;
  previewed_at: string | null;
  applied_at: string | null;
  approvals: { person_id: string; approved: boolean; reason: string; at: string }[];
}

interface Effect {
  attempt_id: string;
  candidate_name: string;
  document_masked: string;
  score_before: string;
  score_after: string;
  max_before: string;
  max_after: string;
  passed_before: boolean;
  passed_after: boolean;
}

const passed = (yes: boolean) => (yes ? t("合格", "passed") : t("不合格", "failed"));

const FLIPS: Words = { true: ["合格与否改变", "Changes"], false: ["仅得分改变", "Only the score changes"] };

const effects = (id: string): ListOf<Effect> => ({
  path: `/v1/regrades/${id}/effects`,
  name: ["受影响的成绩", "Outcomes that change"],
  id: ({ attempt_id }) => attempt_id,
  filters: [{ name: "flips", label: ["结论", "Verdict"], kind: "choice", choices: FLIPS }],
  columns: [
    called(["考生", "Candidate"], ({ candidate_name }) => candidate_name),
    { head: ["证件", "Document"], show: ({ document_masked }) => document_masked },
    { head: ["原得分", "Before"], show: ({ score_before, max_before }) => `${score_before} / ${max_before}`, number: true },
    { head: ["新得分", "After"], show: ({ score_after, max_after }) => `${score_after} / ${max_after}`, number: true },
    { head: ["结果", "Result"], show: (one) => (one.passed_before === one.passed_after ? passed(one.passed_after) : <Tag kind={one.passed_after ? "good" : "bad"}>{passed(one.passed_before)} → {passed(one.passed_after)}</Tag>), text: (one) => `${passed(one.passed_before)} → ${passed(one.passed_after)}` },
  ],
  empty: ["还没有预览，或没有成绩受影响。", "Not previewed yet, or nothing changes."],
});

export function RegradePage({ id }: { id: string }) {
  const asked = useAsked<Regrade>(`/v1/regrades/${id}`);
  const regrade = asked.data;
  return (
    <Page title={t("重新评分", "Regrade")} trail={[{ to: "/exams/regrades", words: t("重新评分", "Regrades") }]} tools={regrade === undefined ? undefined : <Moves of={steps(regrade)} />}>
      <About asked={asked} />
      {regrade === undefined ? null : (
        <>
          <Panel>
            <Facts of={[[["状态", "State"], <Tag kind={LOOKS[regrade.state] ?? "warn"}>{word(REGRADE_STATES, regrade.state)}</Tag>], [["办法", "Remedy"], word(REMEDIES, regrade.remedy)], [["更正后答案", "Key"], regrade.key.join("、")], [["理由", "Reason"], regrade.reason], [["提出于", "Proposed"], when(regrade.proposed_at)], [["执行于", "Applied"], regrade.applied_at === null ? "—" : when(regrade.applied_at)]]} />
          </Panel>
          <AboutQuestion version={regrade.version_id} />
          {regrade.preview === null ? null : (
            <div class="figures">
              <Figure name={t("涉及答卷", "Attempts")} value={count(regrade.preview.attempts)} />
              <Figure name={t("得分改变", "Scores that change")} value={count(regrade.preview.changed)} kind="warn" />
              <Figure name={t("转为合格", "To passed")} value={count(regrade.preview.to_pass)} kind="good" />
              <Figure name={t("转为不合格", "To failed")} value={count(regrade.preview.to_fail)} kind={regrade.preview.to_fail > 0 ? "bad" : "plain"} />
            </div>
          )}
          <Panel title={t("批准", "Approvals")}>
            {regrade.approvals.length === 0 ? <p class="note">{t("还没有人表态。", "Nobody has decided yet.")}</p> : null}
            <ol class="timeline">{regrade.approvals.map((one) => <li key={one.person_id}><p class="note">{when(one.at)}</p><p>{one.approved ? t("同意", "Approved") : t("不同意", "Refused")}: {one.reason}</p></li>)}</ol>
          </Panel>
          <Panel title={t("受影响的成绩", "Outcomes that change")}><List of={effects(id)} /></Panel>
        </>
      )}
    </Page>
  );
}

function steps(regrade: Regrade): MoveOf[] {
  const base = `/v1/regrades/${regrade.id}`;
  const decide = (approved: boolean, name: readonly [string, string]): MoveOf => ({
    name,
    title: name,
    open: regrade.state === "previewed",
    main: approved,
    danger: !approved,
    ...(regrade.preview === null ? {} : { lead: [`${regrade.preview.changed} 份得分改变，${regrade.preview.to_pass} 份转为合格，${regrade.preview.to_fail} 份转为不合格。`, `${regrade.preview.changed} scores change, ${regrade.preview.to_pass} to passed, ${regrade.preview.to_fail} to failed.`] as const }),
    fields: [REASON],
    submit: name,
    send: (values, job_id) => client.send(`${base}/approval`, { ...values, approved, job_id }),
  });
  return [
    { name: ["预览影响", "Preview"], title: ["预览影响", "Preview the effects"], lead: ["作为后台任务计算，不改变任何成绩。", "Calculated as a job; no outcome changes."], open: ["proposed", "previewed"].includes(regrade.state), fields: [], submit: ["开始计算", "Begin"], send: (_, job) => client.send(`${base}/preview/${job}`), then: (_, job) => `/jobs/${job}` },
    decide(true, ["同意", "Approve"]),
    decide(false, ["不同意", "Refuse"]),
  ];
}
