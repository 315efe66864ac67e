/** Files that are tried first and stored afterwards: preview, corrected workbook, commit (导入). */
import { useState } from "preact/hooks";
import { newId } from "../../shared/ids.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { changed } from "./asking.ts";
import { given } from "./export.ts";
import { Field, type FieldOf, type Values } from "./fields.tsx";
import { Problem } from "./form.tsx";
import { Figure, Panel, Tag } from "./parts.tsx";
import { count, say, type Two } from "./two.ts";

interface Report {
  stored: boolean;
  accepted_count: number;
  refused_count: number;
  rows: { row: number; outcome: "accepted" | "refused"; known?: boolean; complaints: { field: string | null; code: string; detail: string }[] }[];
}

export interface SheetOf {
  title: Two;
  lead: Two;
  /** The address that takes the workbook, without `store` and `as_workbook`. */
  path: (id: string, values: Values) => string;
  fields?: FieldOf[];
}

const joined = (path: string, words: string) => `${path}${path.includes("?") ? "&" : "?"}${words}`;

/** A roster, a list of candidates, learners: tried row by row, and stored when one agrees. */
export function SheetImport({ of }: { of: SheetOf }) {
  const [id, renew] = useState(newId);
  const [file, take] = useState<File | null>(null);
  const [values, type] = useState<Values>({});
  const [report, tell] = useState<Report | null>(null);
  const [problem, fail] = useState<unknown>(null);
  const [busy, work] = useState(false);
  const act = async (store: boolean, workbook: boolean) => {
    if (file === null) return;
    work(true);
    fail(null);
    try {
      const reply = await client.upload(joined(of.path(id, values), `store=${store}&as_workbook=${workbook}`), file);
      if (workbook) given(await reply.blob(), file.name.replace(/(\.xlsx)?$/, "-checked.xlsx"));
      else {
        tell((await reply.json()) as Report);
        if (store) changed();
      }
    } catch (refusal) {
      fail(refusal);
    }
    work(false);
  };
  const begin = (chosen: File | null) => {
    take(chosen);
    tell(null);
    fail(null);
    renew(newId());
  };
  return (
    <Panel title={say(of.title)}>
      <p class="note">{say(of.lead)}</p>
      <form class="form inline" onSubmit={(event) => { event.preventDefault(); void act(false, false); }}>
        {(of.fields ?? []).map((field) => (
          <Field key={field.name} field={field} value={values[field.name]} onChange={(value) => { type({ ...values, [field.name]: value }); tell(null); }} />
        ))}
        <FileField label={["选择工作簿（.xlsx）", "Choose a workbook (.xlsx)"]} accept=".xlsx" onFile={begin} />
        <button class="button" disabled={busy || file === null}>{busy ? t("请稍候…", "One moment …") : t("预览", "Preview")}</button>
      </form>
      <Problem of={problem} />
      {report === null ? null : <SheetReport report={report} busy={busy} store={() => void act(true, false)} workbook={() => void act(false, true)} />}
    </Panel>
  );
}

function SheetReport({ report, busy, store, workbook }: { report: Report; busy: boolean; store: () => void; workbook: () => void }) {
  const wrong = report.rows.filter(({ outcome }) => outcome === "refused");
  return (
    <div role="status">
      <div class="figures">
        <Figure name={t("通过", "Accepted")} value={count(report.accepted_count)} kind="good" />
        <Figure name={t("未通过", "Refused")} value={count(report.refused_count)} kind={report.refused_count > 0 ? "bad" : "plain"} />
      </div>
      {report.stored ? <Tag kind="good">{t("已写入", "Stored")}</Tag> : <p class="note">{t("以上为预览，尚未写入。", "This is a preview: nothing is stored yet.")}</p>}
      {wrong.length === 0 ? null : (
        <div class="table-frame" tabIndex={0} role="region" aria-label={t("未通过的行", "Refused rows")}>
          <table>
            <thead><tr><th scope="col">{t("行", "Row")}</th><th scope="col">{t("原因", "Why")}</th></tr></thead>
            <tbody>
              {wrong.slice(0, 200).map(({ row, complaints }) => (
                <tr key={row}><td>{row}</td><td>{complaints.map(({ detail }) => detail).join(" ")}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div class="tools">
        <button class="button quiet" disabled={busy} onClick={workbook}>{t("下载批注后的工作簿", "Download the corrected workbook")}</button>
        {report.stored || report.accepted_count === 0 ? null : (
          <button class="button" disabled={busy} onClick={store}>{t(`写入 ${count(report.accepted_count)} 行`, `Store ${count(report.accepted_count)} rows`)}</button>
        )}
      </div>
    </div>
  );
}

export function FileField({ label, accept, onFile }: { label: Two; accept: string; onFile: (file: File | null) => void }) {
  return (
    <label class="field">
      <span>{say(label)}</span>
      <input type="file" accept={accept} onChange={(event) => onFile(event.currentTarget.files?.[0] ?? null)} />
    </label>
  );
}
