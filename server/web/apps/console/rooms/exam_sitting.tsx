/** One sitting from plan to end: its moves, seats, candidates, staff, the door (考试场次). */
import { when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { may, useAll, useAsked } from "../kit/asking.ts";
import { Download } from "../kit/download.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { whereItIsDone } from "../kit/jobs.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { called } from "../kit/named.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Figure, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, word } from "../kit/two.ts";
import { DUTIES, LOOKS, SITTING_MODES, SITTING_STATES, START_MODES } from "../words.ts";
import { candidates, door, Enrol } from "./exam_candidates.tsx";
import type { CentreRoom } from "./exam_centres.tsx";
import { SeatMap } from "./seats.tsx";

export interface Sitting {
  id: string;
  plan_id: string;
  name: string;
  centre_id: string;
  mode: string;
  state: string;
  capacity: number;
  stand_by_limit: number;
  enrolment_opens_at: string;
  enrolment_closes_at: string;
  opens_at: string;
  closes_at: string;
  late_minutes: number;
  start_mode: string;
  form_count: number;
  rooms: { room_id: string; name: string; moved_to_id: string | null }[];
}

interface Ticket {
  enrolment_id: string;
  number: number;
  name: string;
  document_masked: string;
  room: string;
  seat: string | null;
  attendance: string;
}

/** Which move is possible from which state. */
const FROM: Record<string, string[]> = { opening: ["planned", "closed"], closure: ["open"], seating: ["closed"], start: ["seated"], completion: ["running"] };

export function SittingPage({ id }: { id: string }) {
  const asked = useAsked<Sitting>(`/v1/sittings/${id}`);
  const sitting = asked.data;
  return (
    <Page title={sitting?.name ?? t("考试场次", "Sitting")} trail={[{ to: "/exams/sittings", words: t("考试场次", "Sittings") }]} tools={sitting === undefined ? undefined : <><Moves of={moves(sitting)} /><a class="button quiet" href={`#/exams/exams/${id}`}>{t("考场实况", "Live view")}</a></>}>
      <About asked={asked} />
      {sitting === undefined ? null : (
        <>
          <p><Tag kind={LOOKS[sitting.state] ?? "plain"}>{word(SITTING_STATES, sitting.state)}</Tag></p>
          <Panel>
            <Facts
              of={[
                [["考点", "Centre"], <a href={`#/exams/centres/${sitting.centre_id}`}><Name sort="centre" id={sitting.centre_id} /></a>],
                [["方式", "Mode"], word(SITTING_MODES, sitting.mode)],
                [["报名", "Enrolment"], `${when(sitting.enrolment_opens_at)} – ${when(sitting.enrolment_closes_at)}`],
                [["考试", "Exam"], `${when(sitting.opens_at)} – ${when(sitting.closes_at)}`],
                [["人数上限 / 候补", "Capacity / stand-by"], `${count(sitting.capacity)} / ${count(sitting.stand_by_limit)}`],
                [["开始方式", "Start"], word(START_MODES, sitting.start_mode)],
                [["试卷套数", "Forms"], count(sitting.form_count)],
              ]}
            />
          </Panel>
          {may("seat_candidates") ? <Rooms sitting={sitting} /> : null}
          <Panel title={t("考生", "Candidates")}><List of={candidates(sitting)} /></Panel>
          {may("enrol_candidates") && sitting.state === "open" ? <Enrol id={id} /> : null}
          {may("assign_duties") ? <Duties sitting={sitting} /> : null}
          <Panel title={t("入场记录", "At the door")}><List of={door(id)} /></Panel>
          <History id={id} />
        </>
      )}
    </Page>
  );
}

function moves(sitting: Sitting): MoveOf[] {
  const { id, state } = sitting;
  const one = (noun: string, name: readonly [string, string], lead: readonly [string, string], main = true): MoveOf => ({
    name,
    title: name,
    lead,
    needs: "plan_exams",
    main,
    open: FROM[noun]!.includes(state),
    fields: [],
    submit: name,
    preview: () => people(id),
    send: () => client.send(`/v1/sittings/${id}/${noun}`),
    then: whereItIsDone,
  });
  return [
    one("opening", ["开放报名", "Open"], ["抽取并密封试卷，开始接受报名。", "Papers are drawn and sealed, and applications are taken."]),
    one("closure", ["截止报名", "Close"], ["不再接受报名，可重新开放。", "No more applications; it may be opened again."]),
    one("seating", ["编排座位", "Seat"], ["随机编座、生成准考证、分配试卷。", "Seats by lot, tickets, forms."]),
    one("start", ["开始场次", "Start"], ["开放入场（最早提前两小时）。", "The doors open (two hours before, at the earliest)."]),
    one("completion", ["结束场次", "Complete"], ["未到者记为缺考。", "Who did not come is written down as absent."]),
    {
      name: ["取消场次", "Cancel"],
      title: ["取消场次", "Cancel the sitting"],
      lead: ["已开始的答卷作废，不计考试次数。", "What was begun is voided, and uses up no attempt."],
      needs: "plan_exams",
      open: !["done", "cancelled"].includes(state),
      danger: true,
      fields: [REASON],
      preview: () => people(id),
      submit: ["取消场次", "Cancel it"],
      send: (values) => client.send(`/v1/sittings/${id}/cancellation`, values),
    },
  ];
}

/** How many people a move touches, in one room or in all. */
async function people(id: string, room?: string) {
  const { candidate_count, waiting_count } = await client.get<{ candidate_count: number; waiting_count: number }>(`/v1/sittings/${id}/reach${room === undefined ? "" : `?room_id=${room}`}`);
  return <p>{t(`涉及 ${candidate_count} 名考生，其中 ${waiting_count} 名待审核。`, `${candidate_count} candidates are concerned, ${waiting_count} of them await a decision.`)}</p>;
}

function Rooms({ sitting }: { sitting: Sitting }) {
  const rooms = useAsked<{ items: CentreRoom[] }>(`/v1/test-centres/${sitting.centre_id}/rooms`);
  const used = sitting.rooms.map(({ room_id }) => room_id);
  const spare = (rooms.data?.items ?? []).filter(({ id, closed_at }) => closed_at === null && !used.includes(id));
  const tickets = useAll<Ticket>(["seated", "running", "done"].includes(sitting.state) ? `/v1/sittings/${sitting.id}/tickets?limit=200` : null);
  return (
    <>
      <About asked={rooms} />
      {sitting.rooms.map(({ room_id, name }) => {
        const room = rooms.data?.items.find(({ id }) => id === room_id);
        const people = (tickets.data ?? []).filter((ticket) => ticket.room === name);
        const came = people.filter(({ attendance }) => attendance === "present" || attendance === "late").length;
        return (
          <Panel key={room_id} title={name} tools={<RoomTools sitting={sitting} room={room_id} spare={spare} />}>
            <div class="figures">
              <Figure name={t("已编座", "Seated")} value={count(people.length)} />
              <Figure name={t("已入场", "Let in")} value={count(came)} kind={came === people.length && came > 0 ? "good" : "plain"} />
            </div>
            {room === undefined ? null : <SeatMap room={room} people={people.map((ticket) => ({ ...ticket, seat: ticket.seat }))} />}
          </Panel>
        );
      })}
    </>
  );
}

function RoomTools({ sitting, room, spare }: { sitting: Sitting; room: string; spare: CentreRoom[] }) {
  const base = `/v1/sittings/${sitting.id}/rooms/${room}`;
  // Only a room that the sitting does not use can take everybody in.
  const others = Object.fromEntries(spare.map(({ id, name, capacity }) => [id, [`${name}（${capacity}）`, `${name} (${capacity})`] as const]));
  return (
    <>
      {["seated", "running", "done"].includes(sitting.state) ? (
        <>
          <Download path={`${base}/seat-map.pdf`} name="seat-map.pdf" words={t("打印座位图", "Print the seat map")} />
          <Download path={`${base}/signature-list.pdf`} name="signature-list.pdf" words={t("打印签到表", "Print the signature list")} />
        </>
      ) : null}
      <Moves of={[{ name: ["换考场", "Relocate"], title: ["整场换考场", "Move everybody to another room"], lead: ["座位、答卷、入场记录随人转移；已开考的先暂停计时。", "Seats, papers and check-ins go along; a running clock stands."], needs: "seat_candidates", open: ["seated", "running"].includes(sitting.state) && Object.keys(others).length > 0, danger: true, fields: [{ name: "to_room_id", label: ["换到", "To"], kind: "choice", choices: others }, REASON], preview: () => people(sitting.id, room), submit: ["换考场", "Relocate"], send: (values) => client.send(`${base}/relocation`, values) }]} />
    </>
  );
}

interface Duty {
  id: string;
  person_name: string;
  duty: string;
  room: string;
  assigned_at: string;
  ended_at: string | null;
}

function Duties({ sitting }: { sitting: Sitting }) {
  const base = `/v1/sittings/${sitting.id}/duties`;
  const rooms = Object.fromEntries(sitting.rooms.map(({ name }) => [name, [name, name] as const]));
  const list: ListOf<Duty> = {
    path: base,
    name: ["工作人员", "Staff"],
    whole: (reply: { items: Duty[] }) => reply.items,
    id: ({ id }) => id,
    filters: [{ name: "duty", label: ["职责", "Duty"], kind: "choice", choices: DUTIES }],
    columns: [
      called(["姓名", "Name"], ({ person_name }) => person_name),
      { head: ["职责", "Duty"], show: ({ duty }) => word(DUTIES, duty), sort: ({ duty }) => duty },
      { head: ["考场", "Room"], show: ({ room }) => room || t("全部", "All"), sort: ({ room }) => room },
      { head: ["至", "Ended"], show: ({ ended_at }) => (ended_at === null ? "—" : when(ended_at)) },
    ],
    rowTools: ({ id, ended_at, room }) => <Moves of={[{ name: ["解除", "End"], title: ["解除职责", "End the duty"], open: ended_at === null, danger: true, fields: [REASON], preview: () => people(sitting.id, sitting.rooms.find(({ name }) => name === room)?.room_id), submit: ["解除", "End"], send: (values) => client.send(`${base}/${id}/end`, values) }]} />,
    empty: ["还没有安排工作人员。每个考场至少一名监考员。", "No staff yet. Every room needs an invigilator."],
  };
  const assign: MoveOf = {
    name: ["安排人员", "Assign"],
    title: ["安排工作人员", "Assign staff"],
    lead: ["与考生有培训或雇佣关系的人员会被拒绝（考培分离）。", "Who trained or employs a candidate is refused."],
    main: true,
    fields: [
      { name: "person_id", label: ["人员", "Person"], kind: "pick", sort: "person" },
      { name: "duty", label: ["职责", "Duty"], kind: "choice", choices: DUTIES },
      { name: "room", label: ["考场（空为全部）", "Room (empty: all)"], kind: "choice", choices: rooms, optional: true },
    ],
    submit: ["安排", "Assign"],
    send: (values, duty) => client.send(`${base}/${duty}`, values),
  };
  return <Panel title={t("工作人员", "Staff")} tools={<Moves of={[assign]} />}><List of={list} /></Panel>;
}

function History({ id }: { id: string }) {
  const asked = useAsked<{ items: { state: string; reason: string | null; at: string }[] }>(`/v1/sittings/${id}/moves`);
  return (
    <Panel title={t("经过", "What happened")}>
      <About asked={asked} />
      <ol class="timeline">
        {(asked.data?.items ?? []).map(({ state, reason, at }) => <li key={at}><p class="note">{when(at)}</p><p>{word(SITTING_STATES, state)}{reason === null ? "" : ` · ${reason}`}</p></li>)}
      </ol>
    </Panel>
  );
}
