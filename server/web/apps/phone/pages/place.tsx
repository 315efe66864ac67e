/** One place in an exam: what it waits for, the sealed paper, the ticket, the start (考试详情). */
import { useEffect, useState } from "preact/hooks";
import { newId } from "../../shared/ids.ts";
import { attempts, fresh, packages } from "../exam/storage.ts";
import { keepPackage } from "../exam/sending.ts";
import { About, Card, Icon, Row, Screen, Tag, when } from "../parts.tsx";
import { client, me, sentence } from "../platform.ts";
import { useReply } from "../replies.ts";
import { go } from "../routes.ts";
import { t } from "../../shared/settings.ts";
import { usePlaces, type Place } from "./places.ts";
import { standingTag } from "./today.tsx";

const HINDRANCES: Record<string, [string, string]> = {
  no_post: ["没有相应岗位登记", "No such post is on file"],
  age_unknown: ["未登记出生日期", "The date of birth is not on file"],
  too_young: ["未达到规定年龄", "Too young"],
  too_old: ["超过规定年龄", "Too old"],
  hours_missing: ["培训学时不足", "Training hours are missing"],
  barred: ["处于禁考期", "Barred for now"],
  attempts_used_up: ["考试次数已用完", "All attempts are used up"],
  pass_still_valid: ["已有有效的合格成绩", "A pass still stands"],
  health_undeclared: ["未作健康声明", "Health has not been declared"],
  recently_absent: ["近期有缺考记录", "Absent recently"],
};

export function PlacePage({ id }: { id: string }) {
  const places = usePlaces();
  const place = places.data?.find((one) => one.id === id);
  return (
    <Screen title={t("考试详情", "Exam")} back="/exams">
      <About reply={places} />
      {place === undefined ? (
        places.loading ? null : <p>{t("没有找到这场考试。", "There is no such exam.")}</p>
      ) : (
        <Shown place={place} />
      )}
    </Screen>
  );
}

function Shown({ place }: { place: Place }) {
  return (
    <>
      <Card>
        <h2>{place.name}</h2>
        <p>{standingTag(place)}</p>
        <dl class="facts">
          <dt>{t("开放时间", "Opens")}</dt>
          <dd>{when(place.opens_at)}</dd>
          <dt>{t("关闭时间", "Closes")}</dt>
          <dd>{when(place.closes_at)}</dd>
          {place.minutes === null ? null : (
            <>
              <dt>{t("考试时长", "Time allowed")}</dt>
              <dd>{t(`${place.minutes} 分钟`, `${place.minutes} minutes`)}</dd>
            </>
          )}
          {place.room === "" ? null : (
            <>
              <dt>{t("考场", "Room")}</dt>
              <dd>{place.room}</dd>
            </>
          )}
        </dl>
        {place.reasons.length === 0 ? null : (
          <ul class="reasons">
            {place.reasons.map((reason) => {
              const [zh, en] = HINDRANCES[reason] ?? [reason, reason];
              return <li key={reason}><Tag kind="bad">{t(zh, en)}</Tag></li>;
            })}
          </ul>
        )}
      </Card>
      <TicketRow place={place} />
      {place.package === null || place.attempt?.state === "graded" ? null : <Sealed place={place} />}
      <Begin place={place} />
    </>
  );
}

/** The sealed paper: fetched by itself when the page is open and there is a network. */
function Sealed({ place }: { place: Place }) {
  const hash = place.package?.hash ?? "";
  const [state, set] = useState<"looking" | "here" | "missing">("looking");
  const fetchIt = async () => {
    try {
      if ((await packages.get(hash)) === undefined) await keepPackage(client, hash);
      set("here");
    } catch {
      set("missing");
    }
  };
  useEffect(() => void fetchIt(), [hash]);
  return (
    <Card>
      <div class="split">
        <h3>{t("加密试卷", "Sealed paper")}</h3>
        {state === "here" ? <Tag kind="good">{t("已下载到本机", "On this phone")}</Tag> : <Tag kind="warn">{t("未下载", "Not here yet")}</Tag>}
      </div>
      <p class="note">
        {t("试卷已加密，开考后才能打开。提前下载后，开考不怕网络慢。", "It is encrypted and opens at the start only. Once it is here, a slow network does no harm.")}
      </p>
      {state === "missing" ? <button class="button quiet" onClick={() => void fetchIt()}>{t("下载试卷", "Fetch it")}</button> : null}
    </Card>
  );
}

/** A place in a sitting has a ticket; other exams have none, and nothing is shown of it. */
function TicketRow({ place }: { place: Place }) {
  const ticket = useReply<Ticket>(`/v1/enrolments/${place.id}/ticket`);
  if (ticket.data === undefined) return null;
  return (
    <div class="card rows">
      <Row href={`/tickets/${place.id}`} icon="file" title={t("准考证", "Admission ticket")} />
      <Row href="/check" icon="phone" title={t("考前手机检查", "Check this phone")} />
    </div>
  );
}

/** Start, or go on. The id of the attempt is made and stored before anything is sent. */
function Begin({ place }: { place: Place }) {
  const { attempt } = place;
  const [busy, work] = useState(false);
  const [failure, fail] = useState<string | null>(null);
  const begin = async () => {
    work(true);
    try {
      go(`/exam/${await taken(place)}`);
    } catch (refusal) {
      fail(sentence(refusal));
      work(false);
    }
  };
  if (attempt !== null && attempt.state !== "in_progress") {
    return <a class="button wide" href={`#/results/${attempt.id}`}>{t("查看成绩", "See the result")}</a>;
  }
  if (attempt === null && place.standing !== "open" && place.standing !== "coming") return null;
  return (
    <>
      <Card title={t("考试须知", "Before you start")}>
        <ul class="plain">
          <li>{t("点选后立即保存在本机，再自动送达服务器。", "Each tap is stored on this phone at once, then sent by itself.")}</li>
          <li>{t("断网可以继续作答和交卷，恢复后自动送达。", "Without a network you can go on and hand in; it is sent later.")}</li>
          <li>{t("手机没电或损坏，可请监考员转到另一台手机继续。", "If this phone fails, the invigilator moves you to another.")}</li>
          <li>{t("离开页面会被记录，但不会自动交卷。", "Leaving the page is noted, and never hands in.")}</li>
        </ul>
      </Card>
      {failure === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {failure}</p>}
      <button class="button wide" disabled={busy} onClick={() => void begin()} data-begin>
        {attempt === null ? t("开始考试", "Start the exam") : t("继续考试", "Go on")}
      </button>
    </>
  );
}

/** Return the attempt of this place on this phone, storing it first where there is none. */
async function taken(place: Place): Promise<string> {
  const own = (await attempts.all()).find((one) => one.enrolment_id === place.id);
  if (own !== undefined) return own.id;
  const { attempt } = place;
  const of = {
    enrolment_id: place.id,
    account_id: me.value?.account_id ?? "",
    exam_id: place.exam_id,
    name: place.name,
  };
  const made = fresh(attempt?.id ?? newId(), of, attempt !== null);
  await attempts.add(made);
  return made.id;
}

interface Ticket {
  number: number;
  name: string;
  document_masked: string;
  centre: string;
  room: string;
  seat: string | null;
  opens_at: string;
  closes_at: string;
  code: string;
}

export function TicketPage({ id }: { id: string }) {
  const ticket = useReply<Ticket>(`/v1/enrolments/${id}/ticket`);
  const code = useReply<string>(`/v1/enrolments/${id}/ticket.svg`, async (path) => new TextDecoder().decode(await client.bytes(path)));
  const found = ticket.data;
  return (
    <Screen title={t("准考证", "Admission ticket")} back={`/exams/${id}`}>
      <About reply={ticket} />
      {found === undefined ? null : (
        <section class="card ticket">
          <h2>{found.name}</h2>
          <p class="note">{found.document_masked}</p>
          {code.data === undefined ? null : <Drawn svg={code.data} title={t("准考证二维码", "QR code of the ticket")} />}
          <dl class="facts">
            <dt>{t("考点", "Centre")}</dt>
            <dd>{found.centre}</dd>
            <dt>{t("考场", "Room")}</dt>
            <dd>{found.room}</dd>
            <dt>{t("座位", "Seat")}</dt>
            <dd class="big">{found.seat ?? "–"}</dd>
            <dt>{t("时间", "Time")}</dt>
            <dd>{when(found.opens_at)} – {when(found.closes_at)}</dd>
          </dl>
        </section>
      )}
    </Screen>
  );
}

/** A QR code that the server drew, shown as a picture: nothing in it can run. */
export function Drawn({ svg, title }: { svg: string; title: string }) {
  const source = `data:image/svg+xml;base64,${btoa(svg)}`;
  return <img class="qr" src={source} alt={title} />;
}
