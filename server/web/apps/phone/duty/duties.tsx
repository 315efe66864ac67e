/** What somebody does at exams: rooms to watch, practicals to score, the gate (考务值守). */
import { About, Card, Empty, Icon, Row, Screen, Tag, when } from "../parts.tsx";
import { may } from "../platform.ts";
import { useList, useReply } from "../replies.ts";
import { t } from "../../shared/settings.ts";
import { OutboxLight } from "./light.tsx";

export interface Duty {
  id: string;
  duty: "invigilator" | "examiner";
  /** The name of a room; empty: all of them. */
  room: string;
  subjects: string[];
  sitting_id: string;
  name: string;
  mode: string;
  state: string;
  opens_at: string;
  closes_at: string;
  start_mode: string;
  centre_name: string;
  rooms: { room_id: string; name: string; moved_to_id: string | null }[];
}

export const useDuties = () => useReply<{ items: Duty[] }>("/v1/me/duties");

/** Whether this account ever works at exams. */
export const onDuty = () => may("invigilate") || may("examine");

const STATES: Record<string, ["good" | "warn" | "bad" | "plain", string, string]> = {
  planned: ["plain", "计划中", "Planned"],
  open: ["plain", "报名中", "Open"],
  closed: ["plain", "报名截止", "Closed"],
  seated: ["plain", "已编座", "Seated"],
  running: ["good", "进行中", "Running"],
  done: ["plain", "已结束", "Over"],
};

export function StateTag({ state }: { state: string }) {
  const [kind, zh, en] = STATES[state] ?? ["plain", state, state];
  return <Tag kind={kind}>{t(zh, en)}</Tag>;
}

interface Scoring {
  id: string;
  planned_at: string;
  state: string;
}

export function DutiesPage() {
  const duties = useDuties();
  const scorings = useList<Scoring>(may("examine") ? "/v1/me/scorings" : null);
  const sittings = new Map<string, Duty[]>();
  for (const one of duties.data?.items ?? []) sittings.set(one.sitting_id, [...(sittings.get(one.sitting_id) ?? []), one]);
  return (
    <Screen title={t("考务值守", "Exam duties")} back="/me" tools={<OutboxLight />}>
      <About reply={duties} />
      {duties.data?.items.length === 0 && !scorings.data?.length ? <Empty icon="door">{t("近期没有安排给您的考务。考点安排后会出现在这里。", "Nothing is assigned to you soon. It appears here once a test centre assigns you.")}</Empty> : null}
      {[...sittings.values()].map((here) => <Sitting key={here[0]!.sitting_id} here={here} />)}
      {scorings.data === undefined || scorings.data.length === 0 ? null : (
        <>
          <h2 class="section">{t("待评分的实操", "Practicals to score")}</h2>
          <div class="card rows">
            {scorings.data.map((one) => <Row key={one.id} href={`/duty/practicals/${one.id}`} icon="pen" title={when(one.planned_at)} note={one.state === "disputed" ? t("两名考评员分歧，请您裁定", "The two differ: you decide") : t("打开评分表", "Open the score sheet")} />)}
          </div>
        </>
      )}
      <h2 class="section">{t("现场查验", "At the gate")}</h2>
      <div class="card rows">
        <a class="row" href="/verify/gate">
          <Icon name="grid" />
          <span class="row-text"><span class="row-title">{t("门岗查验", "Gate")}</span><span class="note">{t("连续扫描证书二维码，断网也能核验", "Scan one certificate after another, also without a network")}</span></span>
          <Icon name="next" />
        </a>
      </div>
    </Screen>
  );
}

function Sitting({ here }: { here: Duty[] }) {
  const one = here[0]!;
  const watched = here.filter(({ duty }) => duty === "invigilator");
  const rooms = one.rooms.filter(({ name }) => watched.some(({ room }) => room === "" || room === name));
  const examines = here.some(({ duty }) => duty === "examiner");
  return (
    <Card>
      <div class="split"><h2>{one.name}</h2><StateTag state={one.state} /></div>
      <p class="note"><Icon name="clock" /> {when(one.opens_at)} – {when(one.closes_at)}</p>
      <p class="note" lang="zh-CN">{one.centre_name}</p>
      <div class="rows inset">
        {rooms.map((room) => <Row key={room.room_id} href={`/duty/rooms/${one.sitting_id}/${room.room_id}`} icon="door" title={room.name} note={t("核验入场、开考、延时、换机", "Check-in, start, more time, another phone")} />)}
        {examines || one.mode === "practical" ? <Row href={`/duty/board/${one.sitting_id}`} icon="pen" title={t("实操候考与评分", "Practical: queue and scores")} note={t("叫号、评分、拍照", "Call, score, photograph")} /> : null}
      </div>
    </Card>
  );
}
