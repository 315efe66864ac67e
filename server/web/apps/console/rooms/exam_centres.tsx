/** Test centres: approvals from day to day, rooms with rows and seats (考试点). */
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Page, Panel, Tag } from "../kit/parts.tsx";
import { count } from "../kit/two.ts";
import { SeatMap } from "./seats.tsx";

export interface Centre {
  id: string;
  name: string;
  region_id: string;
}

export interface CentreRoom {
  id: string;
  name: string;
  address: string;
  row_count: number;
  column_count: number;
  capacity: number;
  gaps: [number, number][];
  defective: [number, number][];
  closed_at: string | null;
}

interface Approval {
  id: string;
  from_on: string;
  until_on: string;
  document: string;
  withdrawn_on: string | null;
  withdrawn_because: string | null;
}

const approvals = (id: string): ListOf<Approval> => ({
  path: `/v1/test-centres/${id}/approvals`,
  name: ["批准", "Approvals"],
  unfiltered: "the few approvals of one centre",
  whole: (reply: { items: Approval[] }) => reply.items,
  id: (approval) => approval.id,
  columns: [
    { head: ["文号", "Document"], show: ({ document }) => document },
    { head: ["自", "From"], show: ({ from_on }) => from_on, sort: ({ from_on }) => from_on },
    { head: ["至", "Until"], show: ({ until_on }) => until_on },
    { head: ["撤回", "Withdrawn"], show: ({ withdrawn_on, withdrawn_because }) => (withdrawn_on === null ? "—" : `${withdrawn_on} ${withdrawn_because ?? ""}`) },
  ],
  rowTools: (approval) => (
    <Moves of={[{ name: ["撤回", "Withdraw"], title: ["撤回批准", "Withdraw the approval"], needs: "approve_centres", open: approval.withdrawn_on === null, danger: true, fields: [{ name: "from_on", label: ["自何日起", "From"], kind: "day" }, REASON], preview: () => coming(id), submit: ["撤回", "Withdraw"], send: (values) => client.send(`/v1/test-centres/${id}/approvals/${approval.id}/withdrawal`, values) }]} />
  ),
  empty: ["尚未批准。批准后方可安排场次。", "Not approved yet: no sitting can be planned here."],
});

export function CentrePage({ id }: { id: string }) {
  const asked = useAsked<Centre>(`/v1/test-centres/${id}`);
  const rooms = useAsked<{ items: CentreRoom[] }>(`/v1/test-centres/${id}/rooms`);
  const approve: MoveOf = {
    name: ["批准", "Approve"],
    title: ["批准考试点", "Approve the centre"],
    needs: "approve_centres",
    fields: [{ name: "from_on", label: ["自", "From"], kind: "day" }, { name: "until_on", label: ["至", "Until"], kind: "day" }, { name: "document", label: ["批准文号", "Document"], kind: "text" }],
    submit: ["批准", "Approve"],
    send: (values, approval) => client.send(`/v1/test-centres/${id}/approvals/${approval}`, values),
  };
  const room: MoveOf = {
    name: ["登记考场", "Add a room"],
    title: ["登记考场", "Add a room"],
    needs: "keep_rooms",
    main: true,
    fields: [
      { name: "name", label: ["名称", "Name"], kind: "text" },
      { name: "address", label: ["地址", "Address"], kind: "text" },
      { name: "row_count", label: ["排数", "Rows"], kind: "number", min: 1, max: 100 },
      { name: "column_count", label: ["列数", "Columns"], kind: "number", min: 1, max: 100 },
      { name: "capacity", label: ["可用座位（空为全部）", "Capacity (empty: all seats)"], kind: "number", min: 1, optional: true },
      { name: "gaps", label: ["没有座位处（每行：排,列）", "Where no seat is (a line each: row,column)"], kind: "lines", optional: true },
      { name: "defective", label: ["损坏的座位（每行：排,列）", "Broken seats (a line each: row,column)"], kind: "lines", optional: true },
    ],
    submit: ["保存", "Save"],
    send: ({ gaps, defective, ...values }, one) => client.send(`/v1/test-centres/${id}/rooms/${one}`, { ...values, gaps: places(gaps), defective: places(defective) }),
  };
  return (
    <Page title={asked.data?.name ?? t("考试点", "Test centre")} trail={[{ to: "/exams/centres", words: t("考试点", "Test centres") }]} tools={<Moves of={[room, approve]} />}>
      <About asked={asked} />
      {asked.data === undefined ? null : <Panel><Facts of={[[["地区", "Region"], <Name sort="region" id={asked.data.region_id} />]]} /></Panel>}
      <Panel title={t("批准", "Approvals")}><List of={approvals(id)} /></Panel>
      <About asked={rooms} />
      {rooms.data?.items.length === 0 ? <Panel title={t("考场", "Rooms")}><p class="note">{t("还没有考场。登记排列后即可编座。", "No room yet. Add one with its rows and columns.")}</p></Panel> : null}
      {(rooms.data?.items ?? []).map((one) => (
        <Panel key={one.id} title={one.name} tools={<>{one.closed_at === null ? <Tag kind="good">{t("可用座位", "Seats")} {count(one.capacity)}</Tag> : <Tag kind="plain">{t("已停用", "Closed")}</Tag>}<Moves of={[{ name: ["停用", "Close"], title: ["停用考场", "Close the room"], lead: ["停用后不能再安排场次。", "No sitting can be planned in it then."], needs: "keep_rooms", open: one.closed_at === null, danger: true, fields: [REASON], preview: () => coming(id, one.id), submit: ["停用", "Close"], send: (values) => client.send(`/v1/test-centres/${id}/rooms/${one.id}/closure`, values) }]} /></>}>
          <p class="note">{one.address}</p>
          <SeatMap room={one} people={[]} />
        </Panel>
      ))}
    </Page>
  );
}

/** How many sittings to come a centre holds, or one of its rooms. */
async function coming(centre: string, room?: string) {
  const all = await client.all<{ state: string; capacity: number; rooms: { room_id: string }[] }>(`/v1/sittings?centre_id=${centre}&limit=200`);
  const touched = all.filter(({ state, rooms }) => !["done", "cancelled"].includes(state) && (room === undefined || rooms.some(({ room_id }) => room_id === room)));
  const seats = touched.reduce((sum, { capacity }) => sum + capacity, 0);
  return <p>{t(`涉及 ${touched.length} 个未结束的场次（共 ${seats} 个名额）。`, `${touched.length} sittings that are not over are concerned (${seats} places).`)}</p>;
}

const places = (lines: unknown): number[][] => ((lines as string[] | undefined) ?? []).map((line) => line.split(/[,，]/).map(Number));
