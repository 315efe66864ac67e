/** Accounts and the roles they hold: where, from when to when (账户与授权). */
import { when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { today } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { List, ListPage, type ListOf } from "../kit/list.tsx";
import { learn, Name, nameSoFar } from "../kit/names.tsx";
import { About, Facts, Page, Panel, Tag } from "../kit/parts.tsx";
import { counted, word } from "../kit/two.ts";
import { ROLES } from "../words.ts";

interface Account {
  id: string;
  person_id: string;
  name: string;
  sign_in_name: string;
  has_first_password: boolean;
  created_at: string;
  closed_at: string | null;
}

const ACCOUNTS: ListOf<Account> = {
  path: "/v1/accounts",
  name: ["账户", "Accounts"],
  id: ({ id }) => id,
  to: ({ id }) => `/people/accounts/${id}`,
  filters: [
    { name: "name", label: ["姓名或登录名（全名）", "Name or sign-in name (whole)"], kind: "text" },
    { name: "role", label: ["现有角色", "Holds the role"], kind: "choice", choices: ROLES },
    { name: "closed", label: ["状态", "State"], kind: "choice", choices: { false: ["启用", "Open"], true: ["已停用", "Closed"] } },
  ],
  columns: [
    { head: ["登录名", "Sign-in name"], show: ({ sign_in_name }) => sign_in_name, sort: ({ sign_in_name }) => sign_in_name },
    { head: ["姓名", "Name"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["密码", "Password"], show: ({ has_first_password }) => (has_first_password ? <Tag kind="warn">{t("初始密码", "First password")}</Tag> : t("本人已设", "Set by the person")), text: ({ has_first_password }) => (has_first_password ? t("初始密码", "First password") : t("本人已设", "Set by the person")) },
    { head: ["建于", "Made"], show: ({ created_at }) => when(created_at), sort: ({ created_at }) => created_at },
    { head: ["状态", "State"], show: ({ closed_at }) => (closed_at === null ? <Tag kind="good">{t("启用", "Open")}</Tag> : <Tag kind="plain">{t("已停用", "Closed")}</Tag>), text: ({ closed_at }) => (closed_at === null ? t("启用", "Open") : t("已停用", "Closed")) },
  ],
  empty: ["还没有账户。先登记人员，再为其开通账户并授权。", "No accounts yet: register the person first, then open an account and grant roles."],
};

const told = (reply: { account: Account; first_password: string | null }) =>
  reply.first_password === null ? null : (
    <>
      <p>{t("初始密码只显示这一次，请当面交给本人；首次登录必须更换。", "The first password is shown this once: hand it over in person. It must be changed at the first sign-in.")}</p>
      <p class="big"><code>{reply.first_password}</code></p>
    </>
  );

const OPEN: MoveOf = {
  name: ["开通账户", "Open an account"],
  title: ["开通账户", "Open an account"],
  main: true,
  fields: [
    { name: "person_id", label: ["人员", "Person"], kind: "pick", sort: "person" },
    { name: "sign_in_name", label: ["登录名", "Sign-in name"], kind: "text" },
    { name: "phone", label: ["手机", "Telephone"], kind: "text", optional: true },
  ],
  submit: ["开通", "Open"],
  send: (values, id) => client.send(`/v1/accounts/${id}`, values),
  told,
};

export const Accounts = () => <ListPage title={["账户与授权", "Accounts and roles"]} of={ACCOUNTS} moves={[OPEN]} />;

interface Grant {
  id: string;
  role: string;
  organisation_id: string | null;
  region_id: string | null;
  from_on: string;
  until_on: string | null;
  revoked_at: string | null;
  revoked_because: string | null;
}

const where = ({ organisation_id, region_id }: Grant) => (organisation_id !== null ? nameSoFar("organisation", organisation_id) : region_id !== null ? nameSoFar("region", region_id) : t("全部", "Everywhere"));

/** A place is written and sorted by its name. */
const place = {
  text: where,
  sort: where,
  learn: ({ organisation_id, region_id }: Grant) => (organisation_id !== null ? learn("organisation", organisation_id) : learn("region", region_id)),
};

/** What an account holds and loses, in counts, before something is taken from it. */
async function heldBy(id: string, kept = 0) {
  const held = await client.all<Grant>(`/v1/accounts/${id}/grants?in_force=true&limit=200`);
  return (
    <p>
      {t(`现有授权 ${held.length} 项：`, `${counted(held.length, "", "role", "roles")} in force: `)}{held.map(({ role }) => word(ROLES, role)).join("、") || "—"}。
      {kept > 0 ? t(`此后剩 ${Math.max(0, held.length - 1)} 项。`, ` ${Math.max(0, held.length - 1)} remain.`) : t("所有设备在五秒内退出。", " All devices are signed out within five seconds.")}
    </p>
  );
}

const grants = (id: string): ListOf<Grant> => ({
  path: `/v1/accounts/${id}/grants`,
  name: ["授权", "Grants"],
  id: (grant) => grant.id,
  filters: [
    { name: "role", label: ["角色", "Role"], kind: "choice", choices: ROLES },
    { name: "in_force", label: ["效力", "Standing"], kind: "choice", choices: { true: ["今日有效", "In force today"], false: ["不再或尚未有效", "No longer, or not yet"] } },
  ],
  columns: [
    { head: ["角色", "Role"], show: ({ role }) => word(ROLES, role), sort: ({ role }) => role },
    { head: ["范围", "Where"], show: ({ organisation_id, region_id }) => (organisation_id !== null ? <Name sort="organisation" id={organisation_id} /> : region_id !== null ? <Name sort="region" id={region_id} /> : t("全部", "Everywhere")), ...place },
    { head: ["自", "From"], show: ({ from_on }) => from_on, sort: ({ from_on }) => from_on },
    { head: ["至", "Until"], show: ({ until_on }) => until_on ?? "—" },
    { head: ["收回", "Taken back"], show: ({ revoked_at, revoked_because }) => (revoked_at === null ? "—" : `${when(revoked_at)} ${revoked_because ?? ""}`), sort: ({ revoked_at }) => revoked_at ?? "" },
  ],
  rowTools: (grant) => <Moves of={[{ name: ["收回", "Take back"], title: ["收回授权", "Take the role back"], open: grant.revoked_at === null, danger: true, fields: [REASON], preview: () => heldBy(id, 1), submit: ["收回", "Take back"], send: (values) => client.send(`/v1/accounts/${id}/grants/${grant.id}/revocation`, values) }]} />,
  empty: ["还没有角色。没有角色的账户只能学习和考试。", "No roles: such an account can learn and sit exams only."],
});

export function AccountPage({ id }: { id: string }) {
  const asked = useAsked<Account>(`/v1/accounts/${id}`);
  const account = asked.data;
  const open = account?.closed_at === null;
  const moves: MoveOf[] = [
    {
      name: ["授权", "Grant a role"],
      title: ["授予角色", "Grant a role"],
      lead: ["角色只在所选单位或地区及其下级有效。", "A role holds in the organisation or region chosen, and beneath."],
      main: true,
      open,
      fields: [
        { name: "role", label: ["角色", "Role"], kind: "choice", choices: ROLES },
        { name: "organisation_id", label: ["单位", "Organisation"], kind: "pick", sort: "organisation", optional: true },
        { name: "region_id", label: ["或地区", "Or region"], kind: "pick", sort: "region", optional: true },
        { name: "from_on", label: ["自", "From"], kind: "day" },
        { name: "until_on", label: ["至", "Until"], kind: "day", optional: true },
      ],
      initial: { from_on: today() },
      submit: ["授权", "Grant"],
      send: (values, grant) => client.send(`/v1/accounts/${id}/grants/${grant}`, values),
    },
    { name: ["重发初始密码", "New first password"], title: ["重发初始密码", "A new first password"], lead: ["原密码立即失效，所有设备退出。", "The old one no longer counts; all devices are signed out."], open, danger: true, fields: [REASON], preview: () => heldBy(id), submit: ["重发", "Make one"], send: (values) => client.send(`/v1/accounts/${id}/first-password`, values), told },
    { name: ["停用账户", "Close"], title: ["停用账户", "Close the account"], open, danger: true, fields: [REASON], preview: () => heldBy(id), submit: ["停用", "Close"], send: (values) => client.send(`/v1/accounts/${id}/closure`, values) },
  ];
  return (
    <Page title={account?.name ?? t("账户", "Account")} trail={[{ to: "/people/accounts", words: t("账户", "Accounts") }]} tools={account === undefined ? undefined : <Moves of={moves} />}>
      <About asked={asked} />
      {account === undefined ? null : <Panel><Facts of={[[["登录名", "Sign-in name"], account.sign_in_name], [["建于", "Made"], when(account.created_at)], [["状态", "State"], open ? t("启用", "Open") : t("已停用", "Closed")]]} /></Panel>}
      <Panel title={t("角色", "Roles")}><List of={grants(id)} /></Panel>
    </Page>
  );
}
