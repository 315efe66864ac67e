/** What is handed out in a class: fetched, and put up by who plans, runs or teaches it (课件). */
import { useState } from "preact/hooks";
import { newId } from "../../shared/ids.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { changed, may, useAsked } from "../kit/asking.ts";
import { carrying } from "../kit/carrying.ts";
import { Download } from "../kit/download.tsx";
import { Field } from "../kit/fields.tsx";
import { Problem } from "../kit/form.tsx";
import { About, Panel } from "../kit/parts.tsx";
import { FileField } from "../kit/upload.tsx";
import { count } from "../kit/two.ts";

const OFFICE = "application/vnd.openxmlformats-officedocument";

/** What may be handed out, by how the name of the file ends: not every machine knows its type. */
const TYPES: Record<string, string> = {
  pdf: "application/pdf",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  docx: `${OFFICE}.wordprocessingml.document`,
  xlsx: `${OFFICE}.spreadsheetml.sheet`,
  pptx: `${OFFICE}.presentationml.presentation`,
};

interface Material {
  id: string;
  title: string;
  size: number;
}

const ending = (name: string) => (name.includes(".") ? name.slice(name.lastIndexOf(".") + 1).toLowerCase() : "");

/** How large a file is, as people say it. */
const large = (bytes: number) => (bytes < 1_000_000 ? `${count(Math.ceil(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`);

export function Materials({ id, open }: { id: string; open: boolean }) {
  const asked = useAsked<{ items: Material[] }>(`/v1/training-classes/${id}/materials`);
  const hands = open && (may("plan_training") || may("teach"));
  return (
    <Panel title={t("课件资料", "Materials")}>
      <About asked={asked} />
      {asked.data?.items.length !== 0 ? null : <p class="note">{hands ? t("还没有课件。选择文件后上传，学员即可在培训班中下载。", "None yet. Choose a file and put it up: learners of the class can then fetch it.") : t("没有课件。", "None.")}</p>}
      <ul class="lines">
        {(asked.data?.items ?? []).map((one) => (
          <li key={one.id}><span lang="zh-CN">{one.title}</span><span class="note">{large(one.size)}</span><Download path={`/v1/training-classes/${id}/materials/${one.id}`} name={one.title} words={t("下载", "Download")} /></li>
        ))}
      </ul>
      {hands ? <HandOut id={id} /> : null}
    </Panel>
  );
}

function HandOut({ id }: { id: string }) {
  const [material, renew] = useState(newId);
  const [file, take] = useState<File | null>(null);
  const [title, call] = useState("");
  const [share, tell] = useState<number | null>(null);
  const [said, say] = useState("");
  const [problem, fail] = useState<unknown>(null);
  const [round, next] = useState(0);
  const type = file === null ? undefined : TYPES[ending(file.name)];
  const begin = (chosen: File | null) => {
    take(chosen);
    call(chosen?.name.replace(/\.[^.]*$/, "") ?? "");
    say("");
    fail(null);
    renew(newId());
  };
  const act = async () => {
    if (file === null || type === undefined) return;
    const name = `${title.trim()}.${ending(file.name)}`;
    tell(0);
    fail(null);
    try {
      await client.upload(`/v1/training-classes/${id}/materials/${material}?title=${encodeURIComponent(name)}`, new File([file], file.name, { type }), carrying(tell));
      begin(null);
      say(t(`已上传：${name}`, `Put up: ${name}`));
      next(round + 1);
      changed();
    } catch (refusal) {
      fail(refusal);
    }
    tell(null);
  };
  return (
    <>
      <p class="note">{t("上传：PDF、JPG、PNG、Word（.docx）、Excel（.xlsx）、PowerPoint（.pptx）。课件随班归档，上传后不能删除或改动。", "To put up: PDF, JPG, PNG, Word (.docx), Excel (.xlsx), PowerPoint (.pptx). It is filed with the class and can be neither removed nor changed.")}</p>
      <form class="form inline" onSubmit={(event) => { event.preventDefault(); void act(); }}>
        <FileField key={round} label={["选择课件", "Choose a file"]} accept={Object.keys(TYPES).map((one) => `.${one}`).join(",")} onFile={begin} />
        <Field field={{ name: "title", label: ["标题", "Title"], kind: "text" }} value={title} onChange={(value) => call(String(value))} />
        <button class="button" disabled={share !== null || type === undefined || title.trim() === ""}>{share === null ? t("上传", "Put it up") : t("正在上传…", "Sending …")}</button>
      </form>
      {share === null ? null : <p><progress value={share} aria-label={t("上传进度", "How much is sent")} /> {Math.floor(share * 100)}%</p>}
      {file === null || type !== undefined ? null : <p class="failure" role="alert">{t(`不能上传“${file.name}”：不是可发放的格式。旧版 .doc、.xls、.ppt 请另存为新格式或 PDF。`, `“${file.name}” cannot be put up: it is of another kind. Save an old .doc, .xls or .ppt in the new format, or as PDF.`)}</p>}
      <Problem of={problem} fields={[{ name: "title", label: ["标题", "Title"], kind: "text" }]} />
      <p role="status">{said}</p>
    </>
  );
}
