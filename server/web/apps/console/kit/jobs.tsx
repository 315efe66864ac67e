/** Long work: how far it is, and what came out of it (任务进度). */
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../shared/icons.tsx";
import { client, sentence } from "../../shared/platform.ts";
import { settings, t } from "../../shared/settings.ts";
import { changed } from "./asking.ts";
import { Download } from "./download.tsx";
import { Moves, type MoveOf } from "./form.tsx";
import { Tag, type Kind } from "./parts.tsx";
import { count, word, type Words } from "./two.ts";

export interface Job {
  id: string;
  kind: string;
  state: "queued" | "running" | "done" | "failed" | "cancelled";
  done: number;
  total: number;
  asked_at: string;
  started_at: string | null;
  ended_at: string | null;
  stop_asked_at: string | null;
  result: Record<string, unknown> | null;
  failure: { code: string; zh: string; en: string } | null;
  files: { name: string; media_type: string; size: number }[];
}

export const JOB_STATES: Words = {
  queued: ["排队中", "Waiting"],
  running: ["进行中", "Running"],
  done: ["已完成", "Done"],
  failed: ["失败", "Failed"],
  cancelled: ["已取消", "Cancelled"],
};

const KINDS: Record<Job["state"], Kind> = { queued: "plain", running: "main", done: "good", failed: "bad", cancelled: "plain" };

export const JobState = ({ job }: { job: Job }) => <Tag kind={KINDS[job.state]}>{word(JOB_STATES, job.state)}</Tag>;

/** Where the reply to a move is a job that does it, its page; else stay. */
export const whereItIsDone = (reply: Partial<Job>): string | undefined => (reply.total === undefined ? undefined : `/jobs/${reply.id}`);

/** Follow a job until it ends: progress, cancellation, files. */
export function JobProgress({ id, onEnd }: { id: string; onEnd?: (job: Job) => void }) {
  const [job, tell] = useState<Job | null>(null);
  const [failure, fail] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async (): Promise<void> => {
      try {
        const now = await client.get<Job>(`/v1/jobs/${id}`);
        if (gone) return;
        fail(null);
        tell(now);
        if (now.state === "queued" || now.state === "running") timer = setTimeout(() => void look(), 1000);
        else {
          changed();
          onEnd?.(now);
        }
      } catch (refusal) {
        if (gone) return;
        fail(sentence(refusal));
        timer = setTimeout(() => void look(), 5000);
      }
    };
    void look();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [id]);
  if (job === null) return <p class="note" role="status">{failure ?? t("正在读取…", "Loading …")}</p>;
  return <JobView job={job} failure={failure} />;
}

export function JobView({ job, failure }: { job: Job; failure: string | null }) {
  const going = job.state === "queued" || job.state === "running";
  const cancel: MoveOf = {
    name: ["取消任务", "Cancel"],
    title: ["取消任务", "Cancel the job"],
    danger: true,
    fields: [],
    preview: async () => <p>{job.total > 0 ? t(`已完成 ${count(job.done)} / ${count(job.total)}，已完成的部分保留。`, `${count(job.done)} of ${count(job.total)} are done and stay.`) : t("尚未开始计数。", "Nothing is counted yet.")}</p>,
    submit: ["取消任务", "Cancel it"],
    send: () => client.send(`/v1/jobs/${job.id}/cancellation`),
  };
  return (
    <div class="job" role="status">
      <p><JobState job={job} /> {job.total > 0 ? `${count(job.done)} / ${count(job.total)}` : ""}</p>
      {going ? <progress max={Math.max(job.total, 1)} value={job.total === 0 ? undefined : job.done} aria-label={t("进度", "Progress")} /> : null}
      {going && job.stop_asked_at === null ? <Moves of={[cancel]} /> : null}
      {job.stop_asked_at !== null && going ? <p class="note">{t("正在停止…", "Stopping …")}</p> : null}
      {job.failure === null ? null : <p class="failure"><Icon name="warn" /> {settings.value.language === "zh" ? job.failure.zh : job.failure.en}</p>}
      {failure === null ? null : <p class="note">{failure}</p>}
      <ul class="files">
        {job.files.map((file) => (
          <li key={file.name}>
            <Download path={`/v1/jobs/${job.id}/files/${encodeURIComponent(file.name)}`} name={file.name} words={`${t("下载", "Download")} ${file.name}`} />
            <span class="note">{count(Math.ceil(file.size / 1000))} kB</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
