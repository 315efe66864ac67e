/** One's own competence: the grade held, what is missing, evaluations, the training that follows (岗位能力). */
import { useState } from "preact/hooks";
import { DIMENSIONS, SIDES, STATES, judged, named, proofKind, proofName, proofState, refusal, said, type Appraisal, type Competence, type Framework, type Line, type Standing } from "../../shared/competence.ts";
import { t } from "../../shared/settings.ts";
import { About, Card, Empty, Icon, Row, Screen, Tag, day, when } from "../parts.tsx";
import { client, me, sentence } from "../platform.ts";
import { useList, useReply } from "../replies.ts";

interface Held {
  framework: string;
  framework_id: string;
  held: string | null;
  standing: Standing;
  history: Line[];
}

export function CompetencePage() {
  const held = useReply<{ items: Held[] }>("/v1/me/competence");
  const appraisals = useList<Line>("/v1/me/competence-appraisals");
  const frameworks = useList<Framework>("/v1/competence-frameworks");
  const mine = (appraisals.data ?? []).filter(({ person_id }) => person_id === me.value?.person_id);
  const asked = (appraisals.data ?? []).filter(({ person_id }) => person_id !== me.value?.person_id);
  const gradeOf = (line: Line) => (frameworks.data ?? []).flatMap(({ grades }) => grades).filter(({ key }) => key === line.grade).slice(0, 1);
  const rows = (lines: Line[]) => (
    <div class="card rows">
      {lines.map((line) => <Row key={line.id} href={`/me/competence/${line.id}`} icon="check" title={named(gradeOf(line), line.grade)} note={line.concluded_on ?? when(line.opened_at)} end={<Tag kind={line.state === "open" || line.state === "appealed" ? "warn" : "plain"}>{said(STATES, line.state)}</Tag>} />)}
    </div>
  );
  return (
    <Screen title={t("岗位能力", "Competence")} back="/me">
      <About reply={held} />
      {held.data?.items.length === 0 ? <Empty icon="check">{t("您的岗位没有能力框架。", "No framework concerns your post.")}</Empty> : null}
      {(held.data?.items ?? []).map((one) => <HeldCard key={one.framework_id} of={one} framework={frameworks.data?.find(({ id }) => id === one.framework_id)} />)}
      {mine.length === 0 ? null : <><h2 class="section">{t("我的评价", "My evaluations")}</h2>{rows(mine)}</>}
      {asked.length === 0 ? null : <><h2 class="section">{t("请我评价的", "I am asked to judge")}</h2>{rows(asked)}</>}
    </Screen>
  );
}

function HeldCard({ of, framework }: { of: Held; framework: Framework | undefined }) {
  const missing = of.standing.competences.filter(({ met }) => !met).length;
  return (
    <>
      <section class={`hero ${of.held === null ? "quiet" : "good"}`}>
        <p lang="zh-CN">{framework === undefined ? of.framework : t(framework.name_zh, framework.name_en)}</p>
        <p class="figure"><strong>{of.held === null ? t("未评定", "None yet") : named(framework?.grades, of.held)}</strong></p>
        <p>{t("距最高等级", "To the highest grade, ")}{named(framework?.grades, of.standing.grade)}: {missing === 0 ? t("没有差距", "nothing is missing") : t(`还差 ${missing} 项`, `${missing} missing`)}</p>
      </section>
      <Competences of={of.standing} />
    </>
  );
}

/** Competence by competence: what proves it, until when, and what is missing. */
export function Competences({ of }: { of: Standing }) {
  const sorted = [...of.competences].sort((one, other) => Number(one.met) - Number(other.met));
  return <ul class="card findings">{sorted.map((each) => <One key={each.key} of={each} />)}</ul>;
}

function One({ of }: { of: Competence }) {
  return (
    <li>
      <div class="split">
        <h3>{t(of.name_zh, of.name_en)}</h3>
        <Tag kind={of.met ? "good" : "bad"}>{of.met ? t("具备", "Has it") : t("缺", "Missing")}</Tag>
      </div>
      <p class="note">{said(DIMENSIONS, of.dimension)}{of.until === null ? "" : t(` · 至 ${of.until}`, ` · until ${of.until}`)}</p>
      <ul class="plain">
        {of.groups.map(({ proofs }, at) => <li key={at}>{proofs.map((proof) => `${proofName(proof)}：${proofState(proof)}`).join(t("；或 ", "; or "))}</li>)}
      </ul>
    </li>
  );
}

export function AppraisalPage({ id }: { id: string }) {
  const reply = useReply<Appraisal>(`/v1/competence-appraisals/${id}`);
  const one = reply.data;
  const frameworks = useReply<Framework>(one === undefined ? null : `/v1/competence-frameworks/${one.framework_id}`);
  const framework = frameworks.data;
  const mine = one?.judges.find(({ person_id }) => person_id === me.value?.person_id);
  return (
    <Screen title={t("能力评价", "Evaluation")} back="/me/competence">
      <About reply={reply} />
      {one === undefined ? null : (
        <>
          <Card>
            <div class="split"><h2 lang="zh-CN">{one.person_name}</h2><Tag kind={one.state === "open" || one.state === "appealed" ? "warn" : "plain"}>{said(STATES, one.state)}</Tag></div>
            <p class="note" lang="zh-CN">{one.cycle_title}</p>
            <dl class="facts">
              <dt>{t("类别", "Family")}</dt><dd>{named(framework?.families, one.family)}</dd>
              <dt>{t("申报等级", "Grade looked for")}</dt><dd>{named(framework?.grades, one.grade)}</dd>
              {one.result === null ? null : <><dt>{t("评定等级", "Grade reached")}</dt><dd><strong>{one.result.reached === null ? t("未达到", "None") : named(framework?.grades, one.result.reached)}</strong></dd></>}
            </dl>
          </Card>
          {one.state === "open" && mine !== undefined && mine.given_at === null && framework !== undefined ? <Marks of={one} framework={framework} again={reply.again} /> : null}
          <Said of={one} framework={framework} />
          {one.result === null ? null : <Competences of={one.result} />}
          <Plan of={one} framework={framework} />
          <Appeal of={one} again={reply.again} />
        </>
      )}
    </Screen>
  );
}

/** Send something about an evaluation, and say what was refused. */
function useSending(again: () => void) {
  const [failure, fail] = useState<string | null>(null);
  const send = async (path: string, body: unknown) => {
    fail(null);
    try {
      await client.send(path, body);
      again();
    } catch (refused) {
      fail(sentence(refused));
    }
  };
  return { send, failure: failure === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {failure}</p> };
}

/** One's own marks, given once: what stands behind each is said beside it. */
function Marks({ of, framework, again }: { of: Appraisal; framework: Framework; again: () => void }) {
  const [marks, mark] = useState<Record<string, number>>({});
  const [comment, type] = useState("");
  const { send, failure } = useSending(again);
  const wanted = judged(framework, of.family);
  const give = () => send(`/v1/competence-appraisals/${of.id}/judgement`, { marks, ...(comment.trim() === "" ? {} : { comment: comment.trim() }) });
  return (
    <form class="card" onSubmit={(event) => { event.preventDefault(); void give(); }}>
      <h2>{of.person_id === me.value?.person_id ? t("自评", "Judge yourself") : t("请评分", "Give your marks")}</h2>
      <p class="note">{t("只能提交一次；提交前看不到他人的评分。", "Given once; the marks of others are shown afterwards.")}</p>
      {wanted.map(({ key, name_zh, name_en, anchors }) => (
        <fieldset class="step" key={key} data-competence={key}>
          <legend><strong>{t(name_zh, name_en)}</strong></legend>
          <div class="chips">{Array.from({ length: framework.highest_mark }, (_, at) => at + 1).map((each) => <button type="button" class="chip" key={each} aria-pressed={marks[key] === each} onClick={() => mark({ ...marks, [key]: each })}>{each}</button>)}</div>
          <p class="note" lang="zh-CN" aria-live="polite">{marks[key] === undefined ? Object.entries(anchors ?? {}).map(([at, text]) => `${at}：${text}`).join("；") : (anchors?.[String(marks[key])] ?? "")}</p>
        </fieldset>
      ))}
      <label class="field"><span>{t("说明（选填）", "Remarks (optional)")}</span><input name="comment" maxLength={1000} value={comment} onInput={(event) => type(event.currentTarget.value)} /></label>
      {failure}
      <button class="button wide" disabled={wanted.some(({ key }) => marks[key] === undefined)} data-give>{t("提交评分", "Give the marks")}</button>
    </form>
  );
}

/** Who said what, as far as one may see it. */
function Said({ of, framework }: { of: Appraisal; framework: Framework | undefined }) {
  return (
    <Card title={t("评分", "Marks")}>
      <ul class="findings">
        {of.judges.map((judge) => (
          <li key={judge.person_id}>
            <div class="split"><strong>{said(SIDES, judge.side)}</strong>{judge.given_at === null ? <Tag kind="warn">{t("未评", "Not yet")}</Tag> : <span class="note">{when(judge.given_at)}</span>}</div>
            {judge.marks === null ? null : <p>{Object.entries(judge.marks).map(([key, mark]) => `${named(framework?.competences, key)} ${mark}`).join("、")}</p>}
            {judge.comment === null ? null : <p class="note" lang="zh-CN">{judge.comment}</p>}
          </li>
        ))}
        {of.disagreements.map((key) => <li key={key}><Tag kind="warn">{t("评分有分歧", "They differ")}</Tag> {named(framework?.competences, key)}</li>)}
        {of.settlements.map((one) => <li key={one.competence}>{t("裁定", "Settled")}: {named(framework?.competences, one.competence)} {one.mark} <span class="note" lang="zh-CN">{one.reason}</span></li>)}
      </ul>
    </Card>
  );
}

function Plan({ of, framework }: { of: Appraisal; framework: Framework | undefined }) {
  if (of.plan.length === 0) return null;
  return (
    <Card title={t("培训计划", "Training plan")}>
      <ul class="findings">
        {of.plan.map((item) => (
          <li key={`${item.competence}/${item.proof}`} class="split">
            <span>{named(framework?.competences, item.competence)} <span class="note">{proofKind(item.proof)}</span></span>
            {item.booked_at === null ? <Tag kind="plain">{refusal(item.refusal ?? "no_class")}</Tag> : <Tag kind="good">{t("已报班", "Booked")}</Tag>}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Another look at one's own result, within its days, once. */
function Appeal({ of, again }: { of: Appraisal; again: () => void }) {
  const [reason, type] = useState("");
  const { send, failure } = useSending(again);
  if (of.appeal !== null) return <Card title={t("申诉", "Appeal")}><p lang="zh-CN">{of.appeal.reason}</p><p class="note">{of.appeal.decided_at === null ? t("等待决定。", "It waits for a decision.") : `${day(of.appeal.decided_at)} ${of.appeal.decision ?? ""}`}</p></Card>;
  if (of.person_id !== me.value?.person_id || of.state !== "concluded") return null;
  return (
    <form class="card" onSubmit={(event) => { event.preventDefault(); void send(`/v1/competence-appraisals/${of.id}/appeal`, { reason: reason.trim() }); }}>
      <h2>{t("对结果有异议", "Ask for another look")}</h2>
      {of.appeal_until === null ? null : <p class="note">{t(`可在 ${of.appeal_until} 前申诉一次，由未参与评价的人决定。`, `Once, until ${of.appeal_until}; somebody who took no part decides.`)}</p>}
      <label class="field"><span>{t("理由", "Reason")}</span><input name="reason" required maxLength={1000} value={reason} onInput={(event) => type(event.currentTarget.value)} /></label>
      {failure}
      <button class="button quiet wide" data-appeal>{t("提出申诉", "Appeal")}</button>
    </form>
  );
}

