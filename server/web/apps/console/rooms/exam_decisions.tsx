/** What waits for a decision before a sitting: applications, exceptions from separation (报考审核与例外). */
import { when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import type { ListOf } from "../kit/list.tsx";
import { called } from "../kit/named.tsx";
import { Tag } from "../kit/parts.tsx";
import { count, word } from "../kit/two.ts";
import { AWAITED, HINDRANCES } from "../words.ts";

interface Candidature {
  id: string;
  sitting_id: string;
  candidate_name: string;
  document_masked: string;
  number: number;
  sent_by_name: string | null;
  hindrances: string[];
  awaits: string | null;
  decide_by: string;
  decided_at: string | null;
}

export const CANDIDATURES: ListOf<Candidature> = {
  path: "/v1/candidatures",
  name: ["报考审核", "Applications"],
  id: ({ id }) => id,
  to: ({ sitting_id }) => `/exams/sittings/${sitting_id}`,
  filters: [{ name: "sitting_id", label: ["场次", "Sitting"], kind: "pick", path: "/v1/sittings" }],
  columns: [
    { head: ["序号", "Number"], show: ({ number }) => count(number), number: true },
    called(["考生", "Candidate"], ({ candidate_name }) => candidate_name),
    { head: ["证件", "Document"], show: ({ document_masked }) => document_masked },
    called(["报送单位", "Sent by"], ({ sent_by_name }) => sent_by_name ?? t("本人", "Oneself")),
    { head: ["存在的问题", "What stands in the way"], show: ({ hindrances }) => (hindrances.length === 0 ? <Tag kind="good">{t("无", "Nothing")}</Tag> : <span class="tags">{hindrances.map((one) => <Tag key={one} kind="bad">{word(HINDRANCES, one)}</Tag>)}</span>), text: ({ hindrances }) => hindrances.map((one) => word(HINDRANCES, one)).join(";") },
    { head: ["状态", "Standing"], show: ({ awaits }) => word(AWAITED, awaits) },
    { head: ["办理期限", "Due"], show: ({ decide_by }) => decide_by, sort: ({ decide_by }) => decide_by },
  ],
  rowTools: (one) => <Moves of={decisions(one)} />,
  empty: ["没有等待审核的报考。", "No application waits."],
};

interface Reach {
  waiting_count: number;
  placed_count: number;
  capacity: number;
  other_sitting_count: number;
  may_apply_until: string;
}

/** What stands around an application, before it is decided. */
async function standingOf(id: string, name: string) {
  const reach = await client.get<Reach>(`/v1/enrolments/${id}/reach`);
  return (
    <>
      <p>{t(`${name}：本场待审核 ${count(reach.waiting_count)} 人，已有考位 ${count(reach.placed_count)} / ${count(reach.capacity)}。`, `${name}: ${count(reach.waiting_count)} applications to this sitting wait, ${count(reach.placed_count)} of ${count(reach.capacity)} places are taken.`)}</p>
      <p>{t(`该考生另有 ${count(reach.other_sitting_count)} 个待参加的场次；不通过后可在 ${when(reach.may_apply_until)} 前重新报名。`, `They stand for ${count(reach.other_sitting_count)} other sittings to come, and may apply here anew until ${when(reach.may_apply_until)}.`)}</p>
    </>
  );
}

export function decisions({ id, candidate_name, hindrances }: Pick<Candidature, "id" | "candidate_name" | "hindrances">): MoveOf[] {
  const one = (approved: boolean, name: readonly [string, string]): MoveOf => ({
    name,
    title: name,
    ...(approved && hindrances.length > 0 ? { lead: [`还有 ${hindrances.length} 项问题：提交时重新核对，未消除的不能通过。`, `${hindrances.length} things stand in the way. They are looked at anew: none may be left.`] as const } : {}),
    needs: "decide_candidatures",
    danger: !approved,
    fields: [REASON],
    ...(approved ? {} : { preview: () => standingOf(id, candidate_name) }),
    submit: name,
    send: (values) => client.send(`/v1/enrolments/${id}/decision`, { ...values, approved }),
  });
  return [one(true, ["通过", "Approve"]), one(false, ["不通过", "Refuse"])];
}

interface Override {
  id: string;
  staff_name: string;
  candidate_name: string;
  reason: string;
  until_on: string;
  asked_at: string;
  granted: boolean | null;
}

/** At how many sittings the two could meet, as long as the exception would hold. */
async function meetings(id: string, staff: string, candidate: string) {
  const { sitting_count, duty_count, candidature_count } = await client.get<{ sitting_count: number; duty_count: number; candidature_count: number }>(`/v1/separation-overrides/${id}/reach`);
  return (
    <p>
      {t(`${staff}（待执行职责的场次 ${count(duty_count)} 个）与 ${candidate}（待参加的场次 ${count(candidature_count)} 个）可能相遇的场次：${count(sitting_count)} 个。`,
        `${staff} has duties at ${count(duty_count)} sittings to come, ${candidate} stands for ${count(candidature_count)}; they could meet at ${count(sitting_count)}.`)}
    </p>
  );
}

export const OVERRIDES: ListOf<Override> = {
  path: "/v1/separation-overrides",
  name: ["考培分离例外", "Exceptions to separation"],
  id: ({ id }) => id,
  filters: [{ name: "open_only", label: ["仅待定", "Open only"], kind: "yes" }],
  columns: [
    called(["工作人员", "Staff"], ({ staff_name }) => staff_name),
    called(["考生", "Candidate"], ({ candidate_name }) => candidate_name),
    { head: ["理由", "Reason"], show: ({ reason }) => reason },
    { head: ["至", "Until"], show: ({ until_on }) => until_on },
    { head: ["结论", "Decision"], show: ({ granted }) => (granted === null ? <Tag kind="warn">{t("待定", "Open")}</Tag> : <Tag kind={granted ? "good" : "bad"}>{granted ? t("准予", "Granted") : t("不准", "Denied")}</Tag>), text: ({ granted }) => (granted === null ? t("待定", "Open") : granted ? t("准予", "Granted") : t("不准", "Denied")) },
  ],
  rowTools: ({ id, granted, staff_name, candidate_name }) => (
    <Moves
      of={[true, false].map((yes) => ({
        name: yes ? ["准予", "Grant"] : ["不准", "Deny"],
        title: yes ? ["准予例外", "Grant the exception"] : ["不准例外", "Deny the exception"],
        needs: "override_separation",
        open: granted === null,
        danger: !yes,
        fields: [REASON],
        preview: () => meetings(id, staff_name, candidate_name),
        submit: yes ? ["准予", "Grant"] : ["不准", "Deny"],
        send: (values) => client.send(`/v1/separation-overrides/${id}/decision`, { ...values, granted: yes }),
      }))}
    />
  ),
  empty: ["没有例外申请。", "Nobody asked for an exception."],
};
