/** A room as it stands: rows, gaps, broken seats, who sits where and who came (座位图). */
import { t } from "../../shared/settings.ts";
import { word } from "../kit/two.ts";
import { ATTENDANCE } from "../words.ts";

export interface Seated {
  seat: string | null;
  name: string;
  attendance: string;
  to?: string;
}

interface Shape {
  name: string;
  row_count: number;
  column_count: number;
  gaps: [number, number][];
  defective: [number, number][];
}

/** What stands on a seat: `C07` is the seventh of the third row. */
export function label(row: number, column: number): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const [tens, letter] = [Math.floor((row - 1) / letters.length), (row - 1) % letters.length];
  return `${tens > 0 ? letters[tens - 1] : ""}${letters[letter]}${String(column).padStart(2, "0")}`;
}

const LOOK: Record<string, string> = { present: "present", late: "present", absent: "absent", turned_away: "absent" };

export function SeatMap({ room, people }: { room: Shape; people: Seated[] }) {
  const at = new Map(people.filter(({ seat }) => seat !== null).map((one) => [one.seat, one]));
  const among = (places: [number, number][], row: number, column: number) => places.some(([r, c]) => r === row && c === column);
  const rows = Array.from({ length: room.row_count }, (_, index) => index + 1);
  const columns = Array.from({ length: room.column_count }, (_, index) => index + 1);
  return (
    <div class="table-frame seat-frame" tabIndex={0} role="region" aria-label={`${t("座位图", "Seat map")} ${room.name}`}>
      <p class="front">{t("讲台", "Front")}</p>
      <ol class="seats">
        {rows.map((row) => (
          <li key={row}>
            <ol class="seat-row">
              {columns.map((column) => {
                const mark = label(row, column);
                const one = at.get(mark);
                const kind = among(room.gaps, row, column) ? "gap" : among(room.defective, row, column) ? "broken" : one === undefined ? "" : (LOOK[one.attendance] ?? "taken");
                const said = kind === "broken" ? t("损坏", "broken") : one === undefined ? t("空", "free") : one.name;
                return (
                  <li key={column} class={`seat ${kind}`}>
                    <strong>{mark}</strong>
                    {one?.to === undefined ? <span>{said}</span> : <a href={`#${one.to}`}>{said}</a>}
                    {one === undefined ? null : <span class="note">{word(ATTENDANCE, one.attendance)}</span>}
                  </li>
                );
              })}
            </ol>
          </li>
        ))}
      </ol>
    </div>
  );
}
