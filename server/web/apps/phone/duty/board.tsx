/** The queue of a practical: who is called when, where everybody is, whom one scores (实操候考). */
import { About, Card, Empty, Row, Screen, Tag, when } from "../parts.tsx";
import { useList, useReply } from "../replies.ts";
import { t } from "../../shared/settings.ts";
import { OutboxBanner, OutboxLight } from "./light.tsx";

export interface Leg {
  subject: string;
  room_id: string;
  row: number;
  column: number;
  turn: number;
  state: string;
}

export interface BoardLine {
  practical_id: string;
  enrolment_id: string;
  name: string;
  document_masked: string;
  turn: number;
  room: string;
  station: string | null;
  expected_at: string;
  attendance: string;
  state: string;
  subjects: Leg[];
  now: { id: string; subject: string; row: number; column: number; called_at: string; left_at: string | null } | null;
}

export const useBoard = (sitting: string | null) => useReply<{ items: BoardLine[] }>(sitting === null ? null : `/v1/sittings/${sitting}/board`);

const STATES: Record<string, ["good" | "warn" | "bad" | "plain", string, string]> = {
  planned: ["plain", "待评分", "To be scored"],
  disputed: ["warn", "待裁定", "Disputed"],
  decided: ["good", "已评定", "Decided"],
  voided: ["bad", "已作废", "Voided"],
};

export function BoardPage({ sitting }: { sitting: string }) {
  const board = useBoard(sitting);
  const mine = useList<{ id: string }>("/v1/me/scorings");
  const own = new Set((mine.data ?? []).map(({ id }) => id));
  const lines = board.data?.items ?? [];
  return (
    <Screen title={t("实操候考", "Practical")} back="/duty" tools={<OutboxLight />}>
      <OutboxBanner />
      <About reply={board} />
      {board.data !== undefined && lines.length === 0 ? <Empty icon="pen">{t("还没有安排考生。编座后会出现在这里。", "Nobody is placed yet. They appear once seats are given.")}</Empty> : null}
      {lines.length === 0 ? null : (
        <Card>
          <dl class="counts">
            <div><dt>{t("考生", "Candidates")}</dt><dd>{lines.length}</dd></div>
            <div><dt>{t("在工位", "At a station")}</dt><dd>{lines.filter(({ now }) => now !== null).length}</dd></div>
            <div><dt>{t("待我评分", "Mine to score")}</dt><dd>{lines.filter(({ practical_id }) => own.has(practical_id)).length}</dd></div>
          </dl>
        </Card>
      )}
      <div class="card rows">
        {lines.map((line) => {
          const [kind, zh, en] = STATES[line.state] ?? ["plain", line.state, line.state];
          const here = line.attendance === "present" || line.attendance === "late";
          const note = line.now !== null ? t(`在工位 · 科目 ${line.now.subject}`, `at a station · ${line.now.subject}`) : `${t("预计", "expected")} ${when(line.expected_at)}${here ? t(" · 已到", " · here") : t(" · 未到", " · not here yet")}`;
          return <Row key={line.practical_id} href={`/duty/practicals/${line.practical_id}/${sitting}`} title={`${line.station ?? "–"} ${line.name}`} note={note} end={<Tag kind={own.has(line.practical_id) && line.state === "planned" ? "warn" : kind}>{own.has(line.practical_id) && line.state === "planned" ? t("待我评分", "Mine") : t(zh, en)}</Tag>} />;
        })}
      </div>
    </Screen>
  );
}
