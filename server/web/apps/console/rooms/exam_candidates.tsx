/** Who comes to a sitting: applications with their seats, more of them, and what was said at the door (考生与入场). */
import { when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { Moves, type MoveOf } from "../kit/form.tsx";
import type { ListOf } from "../kit/list.tsx";
import { called } from "../kit/named.tsx";
import { Tag } from "../kit/parts.tsx";
import { SheetImport } from "../kit/upload.tsx";
import { count, word } from "../kit/two.ts";
import { ATTENDANCE, AWAITED, HINDRANCES, LOOKS } from "../words.ts";
import { decisions } from "./exam_decisions.tsx";
import type { Sitting } from "./exam_sitting.tsx";

export interface Candidature {
  id: string;
  candidate_id: string;
  candidate_name: string;
  document_masked: string;
  number: number;
  sent_by_name: string | null;
  hindrances: string[];
  awaits: string | null;
  approved: boolean | null;
  withdrawn_at: string | null;
  room: string;
  seat: string | null;
  attendance: string;
}

export const candidates = (sitting: Sitting): ListOf<Candidature> => ({
  path: `/v1/sittings/${sitting.id}/enrolments`,
  name: ["考生", "Candidates"],
  id: ({ id }) => id,
  filters: [{ name: "attendance", label: ["到场", "Attendance"], kind: "choice", choices: ATTENDANCE }],
  columns: [
    { head: ["序号", "Number"], show: ({ number }) => count(number), number: true, sort: ({ number }) => number },
    called(["姓名", "Name"], ({ candidate_name }) => candidate_name),
    { head: ["证件", "Document"], show: ({ document_masked }) => document_masked },
    { head: ["报送单位", "Sent by"], show: ({ sent_by_name }) => sent_by_name ?? t("本人", "Oneself") },
    { head: ["问题", "In the way"], show: ({ hindrances }) => (hindrances.length === 0 ? "—" : <span class="tags">{hindrances.map((one) => <Tag key={one} kind="bad">{word(HINDRANCES, one)}</Tag>)}</span>), text: ({ hindrances }) => hindrances.map((one) => word(HINDRANCES, one)).join(";") },
    { head: ["状态", "Standing"], show: ({ awaits, withdrawn_at, approved }) => (withdrawn_at !== null ? t("已撤回", "Withdrawn") : approved === false ? t("未通过", "Refused") : word(AWAITED, awaits)) },
    { head: ["考场", "Room"], show: ({ room }) => room || "—", sort: ({ room }) => room },
    { head: ["座位", "Seat"], show: ({ seat }) => seat ?? "—", sort: ({ seat }) => seat ?? "" },
    { head: ["到场", "Attendance"], show: ({ attendance }) => <Tag kind={LOOKS[attendance] ?? "plain"}>{word(ATTENDANCE, attendance)}</Tag>, text: ({ attendance }) => word(ATTENDANCE, attendance), sort: ({ attendance }) => attendance },
  ],
  rowTools: ({ id, candidate_name, awaits, hindrances }) => (awaits === "decision" ? <Moves of={decisions({ id, candidate_name, hindrances })} /> : null),
  empty: ["还没有人报考。开放报名后，企业和培训机构可报送，考生可自行报名。", "Nobody has applied. Once open, enterprises and providers send people, and people apply themselves."],
});

export function Enrol({ id }: { id: string }) {
  const one: MoveOf = {
    name: ["为一人报名", "Enrol one"],
    title: ["为一人报名", "Enrol one"],
    needs: "enrol_candidates",
    fields: [
      { name: "candidate_id", label: ["考生", "Candidate"], kind: "pick", sort: "person" },
      { name: "sent_by_id", label: ["报送单位", "Sent by"], kind: "pick", sort: "organisation" },
    ],
    submit: ["报名", "Enrol"],
    send: (values, enrolment) => client.send(`/v1/sittings/${id}/enrolments/${enrolment}`, values),
  };
  return (
    <>
      <div class="tools"><Moves of={[one]} /></div>
      <SheetImport
        of={{
          title: ["批量报名", "Enrol from a workbook"],
          lead: ["列：姓名、证件类型、证件号码、免训依据。先预览，后报名。", "Columns: name, document type, document number, waiver. Previewed first."],
          fields: [{ name: "sent_by_id", label: ["报送单位", "Sent by"], kind: "pick", sort: "organisation" }],
          path: (import_id, values) => `/v1/sittings/${id}/enrolment-imports/${import_id}?sent_by_id=${String(values["sent_by_id"] ?? "")}`,
        }}
      />
    </>
  );
}

interface CheckIn {
  id: string;
  candidate_name: string | null;
  room_name: string;
  act: string;
  verdict: string;
  late: boolean;
  happened_at: string;
  note: string | null;
}

const VERDICTS = { accepted: ["已入场", "Accepted"], repeated: ["重复", "Repeated"], contradicted: ["矛盾", "Contradicted"], wrong_room: ["考场不符", "Wrong room"], no_place: ["无考位", "No place"], no_seat: ["无座位", "No seat"], seat_taken: ["座位被占", "Seat taken"], too_late: ["迟到", "Too late"] } as const;

export const door = (id: string): ListOf<CheckIn> => ({
  path: `/v1/sittings/${id}/check-ins`,
  name: ["入场记录", "At the door"],
  id: (entry) => entry.id,
  filters: [
    { name: "verdict", label: ["结果", "Verdict"], kind: "choice", choices: VERDICTS },
    { name: "only_odd", label: ["仅需查看的", "Only what needs a look"], kind: "yes" },
  ],
  columns: [
    { head: ["时间", "When"], show: ({ happened_at }) => when(happened_at) },
    called(["考生", "Candidate"], ({ candidate_name }) => candidate_name ?? t("无此考位", "No such place")),
    { head: ["考场", "Room"], show: ({ room_name }) => room_name },
    { head: ["登记", "Entry"], show: ({ act }) => (act === "arrival" ? t("入场", "Arrival") : t("拒绝入场", "Turned away")) },
    { head: ["结果", "Verdict"], show: ({ verdict }) => <Tag kind={verdict === "accepted" || verdict === "repeated" ? "good" : "bad"}>{word(VERDICTS, verdict)}</Tag>, text: ({ verdict }) => word(VERDICTS, verdict) },
    { head: ["补录", "Late"], show: ({ late }) => (late ? <Tag kind="warn">{t("离线后补录", "Came late")}</Tag> : "—"), text: ({ late }) => (late ? t("离线后补录", "Came late") : "—") },
    { head: ["备注", "Note"], show: ({ note }) => note ?? "—" },
  ],
  empty: ["还没有入场记录。监考员在手机上登记，离线时先存后补。", "Nobody was let in yet. Invigilators enter it on their phones, also without a network."],
});
