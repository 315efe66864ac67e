/** One's places in exams, and where each stands (我的考试). */
import { attempts } from "../exam/storage.ts";
import { client } from "../platform.ts";
import { useReply, type Reply } from "../replies.ts";

export interface Enrolment {
  id: string;
  exam_id: string;
  accepted: boolean;
  reasons: string[];
  withdrawn_at: string | null;
  room: string;
  package: { hash: string; size: number } | null;
  exam: {
    id: string;
    name: string;
    opens_at: string;
    closes_at: string;
    start_mode: string;
    release_at: string | null;
  };
  minutes: number | null;
}

export interface ListedAttempt {
  id: string;
  enrolment_id: string;
  state: string;
  submitted_at: string | null;
}

export interface Place extends Enrolment {
  name: string;
  opens_at: string;
  closes_at: string;
  /** The attempt that uses the place, if any: of this phone first, else as the server lists it. */
  attempt: { id: string; state: string; here: boolean } | null;
  standing: "going" | "open" | "coming" | "over" | "done" | "hindered" | "waiting" | "withdrawn";
}

export function usePlaces(): Reply<Place[]> {
  return useReply<Place[]>("/v1/me/enrolments", async () => {
    const [enrolments, listed, own] = await Promise.all([
      client.all<Enrolment>("/v1/me/enrolments"),
      client.all<ListedAttempt>("/v1/me/attempts"),
      attempts.all(),
    ]);
    const here = new Map(own.map((attempt) => [attempt.enrolment_id, attempt]));
    const there = new Map(listed.map((attempt) => [attempt.enrolment_id, attempt]));
    const places = enrolments.map((enrolment) => {
      const mine = here.get(enrolment.id);
      const theirs = there.get(enrolment.id);
      const attempt =
        mine !== undefined
          ? { id: mine.id, state: theirs?.state ?? mine.state, here: true }
          : theirs !== undefined
            ? { id: theirs.id, state: theirs.state, here: false }
            : null;
      return placed(enrolment, attempt, Date.now());
    });
    return places.sort((one, other) => FIRST.indexOf(one.standing) - FIRST.indexOf(other.standing) || Date.parse(one.closes_at) - Date.parse(other.closes_at));
  });
}

/** What can be done now stands above what waits, and that above what is over. */
const FIRST: Place["standing"][] = ["going", "open", "coming", "waiting", "hindered", "done", "over", "withdrawn"];

/**
 * Say where a place stands. The phone's clock is asked for the list only; whether an exam may be
 * started is for the server to say.
 */
export function placed(enrolment: Enrolment, attempt: Place["attempt"], now: number): Place {
  const { name, opens_at, closes_at } = enrolment.exam;
  return { ...enrolment, name, opens_at, closes_at, attempt, standing: standing(enrolment, attempt, now) };
}

function standing(enrolment: Enrolment, attempt: Place["attempt"], now: number): Place["standing"] {
  if (attempt !== null) return attempt.state === "in_progress" ? "going" : "done";
  if (enrolment.withdrawn_at !== null) return "withdrawn";
  if (!enrolment.accepted) return enrolment.reasons.length > 0 ? "hindered" : "waiting";
  if (now > Date.parse(enrolment.exam.closes_at)) return "over";
  return now < Date.parse(enrolment.exam.opens_at) ? "coming" : "open";
}
