/** Exams: one's places, and what one can enrol in (考试列表与报名). */
import { useState } from "preact/hooks";
import { newId } from "../../shared/ids.ts";
import { About, Empty, Icon, Row, Screen, day, when } from "../parts.tsx";
import { client, sentence } from "../platform.ts";
import { useList } from "../replies.ts";
import { go } from "../routes.ts";
import { t } from "../../shared/settings.ts";
import { usePlaces } from "./places.ts";
import { standingTag } from "./today.tsx";

export function ExamsPage() {
  const places = usePlaces();
  return (
    <Screen title={t("考试", "Exams")}>
      <About reply={places} />
      <div class="card rows">
        <Row href="/exams/open" icon="exam" title={t("报名考试", "Enrol in an exam")} />
        <Row href="/check" icon="phone" title={t("考前手机检查", "Check this phone")} note={t("考试前一天做一次", "Once, the day before")} />
      </div>
      <h2 class="section">{t("我的考试", "My exams")}</h2>
      {places.data?.length === 0 ? <Empty icon="exam">{t("还没有报名任何考试。", "You have no place in an exam yet.")}</Empty> : null}
      {(places.data ?? []).map((place) => (
        <a class="card next-exam" key={place.id} href={`#/exams/${place.id}`}>
          <div class="split">
            <h3>{place.name}</h3>
            {standingTag(place)}
          </div>
          <p class="note"><Icon name="clock" /> {when(place.opens_at)} – {day(place.closes_at)}</p>
        </a>
      ))}
    </Screen>
  );
}

interface OpenExam {
  id: string;
  name: string;
  opens_at: string;
  closes_at: string;
  enrolment_closes_at?: string;
}

export function OpenExamsPage() {
  const sittings = useList<OpenExam>("/v1/me/sittings");
  const exams = useList<OpenExam>("/v1/me/exams");
  const places = usePlaces();
  const [failure, fail] = useState<string | null>(null);
  const taken = new Set((places.data ?? []).filter((one) => one.withdrawn_at === null).map((one) => one.exam_id));
  const seated = new Set((sittings.data ?? []).map((one) => one.id));
  const offered = [...(sittings.data ?? []), ...(exams.data ?? []).filter((one) => !seated.has(one.id))];
  const enrol = async (exam: OpenExam) => {
    const id = newId();
    fail(null);
    try {
      if (seated.has(exam.id)) await client.send(`/v1/sittings/${exam.id}/enrolments/${id}`, {});
      else await client.send(`/v1/enrolments/${id}`, { exam_id: exam.id });
      go(`/exams/${id}`);
    } catch (refusal) {
      fail(sentence(refusal));
    }
  };
  return (
    <Screen title={t("报名考试", "Enrol in an exam")} back="/exams">
      <About reply={exams} />
      {failure === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {failure}</p>}
      {offered.length === 0 && !exams.loading ? <Empty icon="exam">{t("目前没有开放报名的考试。", "No exam takes enrolments now.")}</Empty> : null}
      {offered.map((exam) => (
        <section class="card" key={exam.id}>
          <h2>{exam.name}</h2>
          <p class="note">
            <Icon name="clock" /> {when(exam.opens_at)} – {day(exam.closes_at)}
          </p>
          {exam.enrolment_closes_at === undefined ? null : <p class="note">{t("报名截止", "Enrol until")} {when(exam.enrolment_closes_at)}</p>}
          {taken.has(exam.id) ? (
            <p>{t("已报名", "You are enrolled")}</p>
          ) : (
            <button class="button wide" onClick={() => void enrol(exam)}>{t("报名", "Enrol")}</button>
          )}
        </section>
      ))}
    </Screen>
  );
}
