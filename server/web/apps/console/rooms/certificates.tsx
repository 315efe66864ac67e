/** Certificates: the register, what is decided about one, applications, issuers and rules by date (证书). */
import { day, when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import type { Room } from "../frame.tsx";
import { useAsked } from "../kit/asking.ts";
import { Download } from "../kit/download.tsx";
import { today, type FieldOf } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { ListPage, type ListOf } from "../kit/list.tsx";
import { named } from "../kit/named.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, word } from "../kit/two.ts";
import { BatchPage, Batches } from "./certificate_batches.tsx";
import { APPLICATION_STATES, CERTIFICATE_EVENTS, CERTIFICATE_STATES, LOOKS, PURPOSES } from "../words.ts";

interface Certificate {
  id: string;
  serial: string;
  number: string;
  person_id: string;
  qualification_id: string;
  issuer_id: string;
  valid_from: string;
  valid_until: string;
  review_due_on: string | null;
  status: string;
  content: { holder?: { name?: string }; qualification?: { role?: string } };
  issued_at: string;
  events: { sequence: number; kind: string; effective_on: string; reason: string; document: string | null; by_platform: boolean; at: string }[];
}

const MORE: FieldOf[] = [
  { name: "name", label: ["持证人", "Holder"], kind: "text" },
  { name: "ends_from", label: ["到期自", "Ends from"], kind: "day" },
  { name: "ends_until", label: ["到期至", "Ends until"], kind: "day" },
  { name: "on", label: ["状态截至", "Standing on"], kind: "day" },
];

const Standing = ({ of }: { of: string }) => <Tag kind={LOOKS[of] ?? "plain"}>{word(CERTIFICATE_STATES, of)}</Tag>;

const UNDECIDED_PATH = "/v1/undecided-certificates";

const register = (path: string): ListOf<Certificate> => ({
  path,
  name: ["证书", "Certificates"],
  id: ({ id }) => id,
  to: ({ id }) => `/certificates/register/${id}`,
  filters: [
    { name: "number", label: ["证书编号", "Number"], kind: "text" },
    { name: "qualification_id", label: ["资格", "Qualification"], kind: "pick", sort: "qualification" },
    { name: "issuer_id", label: ["发证机关", "Issuer"], kind: "pick", sort: "issuer" },
    ...(path === UNDECIDED_PATH ? [] : MORE),
  ],
  columns: [
    { head: ["编号", "Number"], show: ({ number }) => number, sort: ({ number }) => number },
    { head: ["持证人", "Holder"], show: ({ content }) => content.holder?.name ?? "—" },
    named(["资格", "Qualification"], "qualification", ({ qualification_id }) => qualification_id),
    { head: ["状态", "Standing"], show: ({ status }) => <Standing of={status} />, text: ({ status }) => word(CERTIFICATE_STATES, status) },
    { head: ["自", "From"], show: ({ valid_from }) => valid_from, sort: ({ valid_from }) => valid_from },
    { head: ["至", "Until"], show: ({ valid_until }) => valid_until, sort: ({ valid_until }) => valid_until },
    { head: ["复审", "Review due"], show: ({ review_due_on }) => review_due_on ?? "—" },
  ],
  empty: ["这里没有证书。考试合格后自动签发。", "No certificate here. They are issued upon a pass."],
});

interface Ground {
  code: string;
  turn: string;
  role: string | null;
  zh: string;
  en: string;
  effective_from: string;
  effective_until: string | null;
}

function CertificatePage({ id }: { id: string }) {
  const asked = useAsked<Certificate>(`/v1/certificates/${id}`);
  const grounds = useAsked<{ items: Ground[] }>("/v1/certificate-grounds");
  const one = asked.data;
  return (
    <Page title={one?.number ?? t("证书", "Certificate")} trail={[{ to: "/certificates/register", words: t("证书", "Certificates") }]} tools={one === undefined ? undefined : <Moves of={moves(one, grounds.data?.items ?? [])} />}>
      <About asked={asked} />
      {one === undefined ? null : (
        <>
          <Panel tools={<><Download path={`/v1/certificates/${id}/page.pdf`} name={`${one.number}.pdf`} words={t("打印证书", "Print the page")} /><Download path={`/v1/certificates/${id}/card.pdf`} name={`${one.number}-card.pdf`} words={t("打印卡证", "Print the card")} /></>}>
            <Facts of={[[["状态", "Standing"], <Standing of={one.status} />], [["持证人", "Holder"], one.content.holder?.name], [["资格", "Qualification"], <Name sort="qualification" id={one.qualification_id} />], [["发证机关", "Issuer"], <Name sort="issuer" id={one.issuer_id} />], [["有效期", "Valid"], `${one.valid_from} – ${one.valid_until}`], [["复审", "Review due"], one.review_due_on], [["签发于", "Issued"], when(one.issued_at)], [["序列号", "Serial"], <code>{one.serial}</code>]]} />
          </Panel>
          <Panel title={t("经过", "What happened")}>
            <ol class="timeline">
              {one.events.map((event) => <li key={event.sequence}><p class="note">{day(event.effective_on)}{event.by_platform ? ` · ${t("平台", "the platform")}` : ""}</p><p><strong>{word(CERTIFICATE_EVENTS, event.kind)}</strong> {event.reason} {event.document ?? ""}</p></li>)}
            </ol>
          </Panel>
        </>
      )}
    </Page>
  );
}

const DOCUMENT: FieldOf = { name: "document", label: ["文书号", "Document"], kind: "text", optional: true };
const ON: FieldOf = { name: "effective_on", label: ["自何日起（空为今日）", "From (empty: today)"], kind: "day", optional: true };

const LATE = ["填写复审通过之日。已过复审期限的，可补登期限内通过的复审。", "Say when it was passed: a review passed in time may be entered late."] as const;

const CAUSES = { lost: ["遗失", "Lost"], damaged: ["损毁", "Damaged"], name_changed: ["更名", "A new name"] } as const;

/** What makes another certificate follow; its rules of time and kind are the server's. */
function followers(one: Certificate): MoveOf[] {
  const base = `/v1/certificates/${one.id}`;
  const stands = ["valid", "expiring"].includes(one.status);
  const follow = (noun: string, name: readonly [string, string], lead: readonly [string, string], open: boolean, more: FieldOf[] = []): MoveOf => ({
    name,
    title: name,
    lead,
    needs: "issue_certificates",
    open,
    fields: [...more, REASON, DOCUMENT],
    submit: name,
    send: (values, certificate_id) => client.send(`${base}/${noun}`, { ...values, certificate_id }),
    then: (_, id) => `/certificates/register/${id}`,
  });
  return [
    follow("renewal", ["换证", "Renew"], ["新证自原证期满次日起有效；须在换证期内并已考试合格。", "The new one begins the day after; within the window, and after a pass."], stands || one.status === "expired", [ATTEMPT]),
    follow("extension", ["延期", "Extend"], ["证号不变，有效期顺延；仅限可延期的证书。", "The number stays and the span goes on; only kinds that are extended."], stands, [ATTEMPT]),
    follow("replacement", ["补发、换发", "Replace"], ["原号补发或更名换发，原证同时失效。", "Issued again under its number; the old one is replaced."], stands, [{ name: "cause", label: ["原因", "Cause"], kind: "choice", choices: CAUSES }]),
  ];
}

const ATTEMPT: FieldOf = { name: "attempt_id", label: ["依据的答卷编号", "Id of the attempt it rests on"], kind: "text", optional: true };

/** Say whether a ground of the law is one for this kind of certificate today. */
const fits = (ground: Ground, { content }: Certificate): boolean =>
  (ground.role === null || ground.role === content.qualification?.role) && ground.effective_from <= today() && (ground.effective_until === null || ground.effective_until >= today());

/** What is decided about a certificate; `only` where a list offers a part of it. */
function moves(one: Certificate, every: Ground[], only?: string[]): MoveOf[] {
  const base = `/v1/certificates/${one.id}`;
  const stands = ["valid", "expiring", "not_yet_valid", "suspended"].includes(one.status);
  const preview = async () => <p>{one.number} · {one.content.holder?.name} · {word(CERTIFICATE_STATES, one.status)} · {t("查验结果将立即改变。", "Who verifies it sees the change at once.")}</p>;
  const decide = (noun: string, turn: string, name: readonly [string, string], open: boolean): MoveOf => {
    const grounds = Object.fromEntries(every.filter((ground) => ground.turn === turn && fits(ground, one)).map(({ code, zh, en }) => [code, [zh, en] as const]));
    const grounded = noun === "revocation" || noun === "cancellation";
    return {
      name,
      title: name,
      needs: "revoke_certificates",
      open,
      ...(noun === "review" ? { lead: LATE } : {}),
      danger: noun !== "reinstatement" && noun !== "review",
      fields: [...(grounded ? [{ name: "ground", label: ["法定情形", "Ground"], kind: "choice", choices: grounds } as const] : []), REASON, DOCUMENT, ...(noun === "voiding" ? [] : [ON])],
      preview,
      submit: name,
      send: (values) => client.send(`${base}/${noun}`, values),
    };
  };
  const all = [
    decide("suspension", "suspended", ["暂扣", "Suspend"], stands && one.status !== "suspended"),
    decide("reinstatement", "reinstated", ["恢复", "Reinstate"], one.status === "suspended"),
    decide("review", "reviewed", ["复审合格", "Reviewed"], one.review_due_on !== null && ["valid", "expiring", "suspended", "expired"].includes(one.status)),
    decide("revocation", "revoked", ["撤销", "Revoke"], stands || one.status === "expired"),
    decide("cancellation", "cancelled", ["注销", "Cancel"], stands || one.status === "expired"),
    decide("voiding", "voided", ["误发作废", "Void"], stands),
    ...followers(one),
  ];
  return only === undefined ? all : all.filter(({ name }) => only.includes(name[0]));
}

interface Application {
  id: string;
  name: string;
  qualification_id: string;
  purpose: string;
  submitted_at: string;
  state: string;
  accept_by: string;
  decide_by: string | null;
  overdue: boolean;
}

const APPLICATIONS: ListOf<Application> = {
  path: "/v1/certificate-applications",
  name: ["发证申请", "Applications"],
  id: ({ id }) => id,
  filters: [
    { name: "name", label: ["申请人", "Applicant"], kind: "text" },
    { name: "purpose", label: ["事项", "Purpose"], kind: "choice", choices: PURPOSES },
    { name: "state", label: ["状态", "State"], kind: "choice", choices: APPLICATION_STATES },
    { name: "qualification_id", label: ["资格", "Qualification"], kind: "pick", sort: "qualification" },
    { name: "issuer_id", label: ["发证机关", "Issuer"], kind: "pick", sort: "issuer" },
  ],
  columns: [
    { head: ["申请人", "Applicant"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["事项", "Purpose"], show: ({ purpose }) => word(PURPOSES, purpose), sort: ({ purpose }) => purpose },
    named(["资格", "Qualification"], "qualification", ({ qualification_id }) => qualification_id),
    { head: ["状态", "State"], show: ({ state }) => <Tag kind={LOOKS[state] ?? "plain"}>{word(APPLICATION_STATES, state)}</Tag>, text: ({ state }) => word(APPLICATION_STATES, state), sort: ({ state }) => state },
    { head: ["提交", "Submitted"], show: ({ submitted_at }) => when(submitted_at), sort: ({ submitted_at }) => submitted_at },
    { head: ["办理期限", "Due"], show: ({ decide_by, accept_by, overdue }) => <>{decide_by ?? accept_by} {overdue ? <Tag kind="bad">{t("逾期", "Overdue")}</Tag> : null}</>, text: ({ decide_by, accept_by }) => decide_by ?? accept_by },
  ],
  rowTools: (one) => <Moves of={steps(one)} />,
  empty: ["没有发证申请。持证人在手机上提交换证、延期、补发等申请。", "No applications: holders send them from their phones."],
};

/** What an applicant has besides what is applied for: what a refusal leaves them with. */
async function besides({ id, name, purpose }: Application) {
  const { certificate_count, certified_until, open_application_count } = await client.get<{ certificate_count: number; certified_until: string | null; open_application_count: number }>(`/v1/certificate-applications/${id}/reach`);
  return (
    <p>
      {t(`${name} 的 1 件申请（${word(PURPOSES, purpose)}）。该资格现有有效证书 ${count(certificate_count)} 张${certified_until === null ? "" : `，至 ${certified_until}`}；另有未办结的申请 ${count(open_application_count)} 件。`,
        `1 application of ${name} (${word(PURPOSES, purpose)}). Certificates of the qualification that hold: ${count(certificate_count)}${certified_until === null ? "" : `, until ${certified_until}`}; other open applications: ${count(open_application_count)}.`)}
    </p>
  );
}

function steps(one: Application): MoveOf[] {
  const { id, state } = one;
  const step = (noun: string, name: readonly [string, string], open: boolean, danger = false): MoveOf => ({
    name,
    title: name,
    open,
    danger,
    fields: [REASON, DOCUMENT],
    ...(danger ? { preview: () => besides(one) } : {}),
    submit: name,
    send: (values, fresh) => client.send(`/v1/certificate-applications/${id}/${noun}`, noun === "grant" ? { ...values, certificate_id: fresh } : values),
  });
  return [
    step("acceptance", ["受理", "Accept"], state === "submitted"),
    step("non-acceptance", ["不予受理", "Refuse"], state === "submitted", true),
    step("grant", ["准予", "Grant"], state === "accepted"),
    step("denial", ["不予许可", "Deny"], state === "accepted", true),
  ];
}

interface Issuer {
  id: string;
  organisation_id: string;
  name: string;
  code: string;
  qualifications: string[] | null;
  registered_at: string;
}

const ISSUERS: ListOf<Issuer> = {
  path: "/v1/issuers",
  name: ["发证机关", "Issuers"],
  id: ({ id }) => id,
  filters: [{ name: "text", label: ["机关名称或代码", "Name or code"], kind: "text" }],
  columns: [
    { head: ["机关", "Issuer"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["代码", "Code"], show: ({ code }) => code, sort: ({ code }) => code },
    { head: ["可发资格", "Qualifications"], show: ({ qualifications }) => (qualifications === null ? t("全部", "All") : count(qualifications.length)) },
    { head: ["登记于", "Registered"], show: ({ registered_at }) => day(registered_at), sort: ({ registered_at }) => registered_at },
  ],
  empty: ["还没有发证机关。登记后，考试合格即自动签发证书。", "No issuer yet. Once there is one, certificates follow upon a pass."],
};

const REGISTER: MoveOf = {
  name: ["登记发证机关", "Register an issuer"],
  title: ["登记发证机关", "Register an issuer"],
  needs: "manage_organisations",
  main: true,
  fields: [
    { name: "organisation_id", label: ["监管部门", "Authority"], kind: "pick", sort: "organisation", path: "/v1/organisations?kind=authority" },
    { name: "code", label: ["机关代码（大写字母和数字，2–12 位）", "Code (capitals and digits, 2–12)"], kind: "text" },
  ],
  submit: ["登记", "Register"],
  send: (values, id) => client.send(`/v1/issuers/${id}`, values),
};

/** What the platform suspended by itself: somebody decides. */
const UNDECIDED: ListOf<Certificate> = {
  ...register(UNDECIDED_PATH),
  name: ["待定证书", "Undecided"],
  rowTools: (one) => <Moves of={moves(one, [], ["恢复"])} />,
  empty: ["没有待定的证书。成绩更正等使平台自动暂扣的证书会出现在这里，由发证机关恢复或撤销。", "None: what the platform suspends by itself, after a regrade for instance, waits here to be reinstated or revoked."],
};

export const certificates: Room = {
  name: ["证书", "Certificates"],
  icon: "certificate",
  pages: [
    { path: "certificates/register", name: ["证书登记簿", "Register"], needs: ["see_certificates"], show: () => <ListPage title={["证书登记簿", "Register of certificates"]} of={register("/v1/certificates")} /> },
    { path: "certificates/register/:id", needs: ["see_certificates"], show: (id) => <CertificatePage id={id!} /> },
    { path: "certificates/applications", name: ["发证申请", "Applications"], needs: ["issue_certificates"], show: () => <ListPage title={["发证申请", "Applications"]} of={APPLICATIONS} /> },
    { path: "certificates/undecided", name: ["待定证书", "Undecided"], needs: ["revoke_certificates"], show: () => <ListPage title={["待定证书", "Undecided certificates"]} lead={["平台因成绩更正等自动暂扣，须由人决定恢复或撤销。", "Suspended by the platform itself: somebody reinstates or revokes them."]} of={UNDECIDED} /> },
    { path: "certificates/batches", name: ["批量发证", "Batches"], needs: ["issue_certificates"], show: () => <Batches /> },
    { path: "certificates/batches/:id", needs: ["issue_certificates"], show: (id) => <BatchPage id={id!} /> },
    { path: "certificates/issuers", name: ["发证机关", "Issuers"], needs: ["see_organisations"], show: () => <ListPage title={["发证机关", "Issuers"]} of={ISSUERS} moves={[REGISTER]} /> },
  ],
};
