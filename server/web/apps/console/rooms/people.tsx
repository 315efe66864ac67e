/** People and organisations: registers, posts, rosters from workbooks, doubles, accounts, regions (人员与单位). */
import { day, when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import type { Room } from "../frame.tsx";
import { may, useAsked } from "../kit/asking.ts";
import { today } from "../kit/fields.tsx";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { List, ListPage, type ListOf } from "../kit/list.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Page, Panel } from "../kit/parts.tsx";
import { SheetImport } from "../kit/upload.tsx";
import { counted, word } from "../kit/two.ts";
import { DOCUMENTS, EDUCATION, POST_ROLES, SEXES } from "../words.ts";
import { PersonCompetence } from "./competence_appraisal.tsx";
import { AccountPage, Accounts } from "./people_accounts.tsx";
import { DoublePage, DoublesPage } from "./people_doubles.tsx";
import { OrganisationPage, ORGANISATIONS, REGISTER } from "./people_organisations.tsx";
import { SearchPage } from "./people_search.tsx";

export interface Person {
  id: string;
  name: string;
  sex: string | null;
  birth_on: string | null;
  phone: string | null;
  education: string | null;
  document_type: string;
  document_masked: string;
  registered_under_id: string;
  registered_at: string;
}

export const PEOPLE: ListOf<Person> = {
  path: "/v1/people",
  name: ["人员", "People"],
  id: ({ id }) => id,
  to: ({ id }) => `/people/people/${id}`,
  filters: [
    { name: "name", label: ["姓名", "Name"], kind: "text" },
    { name: "organisation_id", label: ["登记单位", "Registered under"], kind: "pick", sort: "organisation" },
  ],
  columns: [
    { head: ["姓名", "Name"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["证件", "Document"], show: ({ document_type, document_masked }) => `${word(DOCUMENTS, document_type)} ${document_masked}` },
    { head: ["性别", "Sex"], show: ({ sex }) => word(SEXES, sex) },
    { head: ["出生", "Born"], show: ({ birth_on }) => birth_on ?? "—", sort: ({ birth_on }) => birth_on ?? "" },
    { head: ["学历", "Education"], show: ({ education }) => word(EDUCATION, education) },
    { head: ["登记于", "Registered"], show: ({ registered_at }) => day(registered_at), sort: ({ registered_at }) => registered_at },
  ],
  empty: ["还没有人员。可用工作簿批量导入，或逐人登记。", "Nobody yet. Import a workbook, or register one person at a time."],
  next: <a class="button" href="#/people/import">{t("批量导入", "Import a roster")}</a>,
};

export const newPerson = (organisation?: string): MoveOf => ({
  name: ["登记人员", "Register a person"],
  title: ["登记人员", "Register a person"],
  needs: "manage_people",
  main: organisation === undefined,
  fields: [
    { name: "name", label: ["姓名", "Name"], kind: "text" },
    { name: "document_type", label: ["证件类型", "Document"], kind: "choice", choices: DOCUMENTS },
    { name: "document_number", label: ["证件号码", "Number"], hint: ["加密保存，界面只显示掩码。", "Kept encrypted; only a mask is shown."], kind: "text" },
    { name: "registered_under_id", label: ["登记单位", "Registered under"], kind: "pick", sort: "organisation" },
    { name: "sex", label: ["性别", "Sex"], kind: "choice", choices: SEXES, optional: true },
    { name: "birth_on", label: ["出生日期", "Born"], kind: "day", optional: true },
    { name: "phone", label: ["手机", "Telephone"], kind: "text", optional: true },
    { name: "education", label: ["学历", "Education"], kind: "choice", choices: EDUCATION, optional: true },
  ],
  initial: { document_type: "resident_identity_card", registered_under_id: organisation ?? "" },
  submit: ["登记", "Register"],
  send: (values, id) => client.send(`/v1/people/${id}`, values),
  then: (_, id) => `/people/people/${id}`,
});

interface Post {
  id: string;
  person_id: string;
  organisation_id: string;
  role: string;
  items: string[];
  from_on: string;
  /** The first day on which it is no longer held. */
  until_on: string | null;
  person_name: string;
  organisation_name: string;
}

export const posts = (query: string): ListOf<Post> => ({
  path: `/v1/posts?${query}`,
  name: ["岗位", "Posts"],
  id: ({ id }) => id,
  filters: [
    { name: "role", label: ["岗位", "Post"], kind: "choice", choices: POST_ROLES },
    { name: "on", label: ["当日在岗", "Held on"], kind: "day" },
  ],
  columns: [
    { head: ["人员", "Person"], show: ({ person_id, person_name }) => <a href={`#/people/people/${person_id}`} lang="zh-CN">{person_name}</a>, text: ({ person_name }) => person_name },
    { head: ["岗位", "Post"], show: ({ role }) => word(POST_ROLES, role) },
    { head: ["作业项目", "Items"], show: ({ items }) => items.join(", ") || "—" },
    { head: ["单位", "Where"], show: ({ organisation_name }) => <span lang="zh-CN">{organisation_name}</span>, text: ({ organisation_name }) => organisation_name },
    { head: ["自", "From"], show: ({ from_on }) => from_on, sort: ({ from_on }) => from_on },
    { head: ["离岗", "Left on"], show: ({ until_on }) => until_on ?? t("在岗", "still"), sort: ({ until_on }) => until_on ?? "9999" },
  ],
  rowTools: (post) => <Moves of={[ending(post)]} />,
  empty: ["还没有岗位。岗位决定谁应持何种证。", "No posts yet: posts say who must hold which certificate."],
});

const ending = ({ id, person_id, person_name, role, organisation_name, until_on }: Post): MoveOf => ({
  name: ["离岗", "End"],
  title: ["记录离岗", "End the post"],
  lead: ["自该日起不再计入应持证人员；误登的岗位填任职首日。", "From that day on nobody is required for it; for a post entered by mistake, its first day."],
  needs: "manage_posts",
  open: until_on === null,
  danger: true,
  fields: [{ name: "until_on", label: ["自何日起不再任职", "The first day it is no longer held"], kind: "day" }, REASON],
  initial: { until_on: today() },
  submit: ["离岗", "End"],
  preview: async () => {
    const held = await client.all<Post>(`/v1/posts?person_id=${person_id}&on=${today()}&limit=200`);
    const certified = may("see_certificates") ? (await client.all<{ status: string }>(`/v1/certificates?person_id=${person_id}&limit=200`)).filter(({ status }) => ["valid", "expiring"].includes(status)).length : null;
    return (
      <p>
        {person_name} · {word(POST_ROLES, role)} · {organisation_name}。{t(`现任岗位 ${held.length} 个，其余 ${Math.max(0, held.length - 1)} 个不变。`, `${counted(held.length, "", "post", "posts")} today; the other ${Math.max(0, held.length - 1)} stay.`)}
        {certified === null ? "" : t(`有效证书 ${certified} 张，继续有效。`, ` ${counted(certified, "", "certificate", "certificates")} in force, which stay so.`)}
      </p>
    );
  },
  send: (values) => client.send(`/v1/posts/${id}/end`, values),
});

export const newPost = (person?: string, organisation?: string): MoveOf => ({
  name: ["任职", "Appoint"],
  title: ["登记任职", "Record a post"],
  needs: "manage_posts",
  fields: [
    ...(person === undefined ? [{ name: "person_id", label: ["人员", "Person"], kind: "pick", sort: "person" } as const] : []),
    ...(organisation === undefined ? [{ name: "organisation_id", label: ["单位", "Where"], kind: "pick", sort: "organisation" } as const] : []),
    { name: "role", label: ["岗位", "Post"], kind: "choice", choices: POST_ROLES },
    { name: "items", label: ["作业项目（每行一个，如 1.1）", "Items (one a line, such as 1.1)"], kind: "lines", optional: true, when: ({ role }) => role === "special_operations_worker" },
    { name: "from_on", label: ["自", "From"], kind: "day" },
    { name: "until_on", label: ["自何日起不再任职", "The first day it is no longer held"], kind: "day", optional: true },
  ],
  initial: { from_on: today() },
  submit: ["登记", "Record"],
  send: (values, id) => client.send(`/v1/posts/${id}`, { ...values, ...(person === undefined ? {} : { person_id: person }), ...(organisation === undefined ? {} : { organisation_id: organisation }) }),
});

function PersonPage({ id }: { id: string }) {
  const asked = useAsked<Person>(`/v1/people/${id}`);
  const one = asked.data;
  const disclose: MoveOf = {
    name: ["查看证件号码", "See the number"],
    title: ["查看证件明文", "See the whole number"],
    lead: ["本人可在手机上看到谁因何查看。", "The person sees who looked, and why."],
    needs: "disclose_documents",
    fields: [{ name: "reason", label: ["理由", "Reason"], kind: "long" }],
    submit: ["查看", "See it"],
    send: (values, disclosure) => client.send(`/v1/people/${id}/document-disclosures/${disclosure}`, values),
    told: (reply: { document_number: string }) => <p class="big"><code>{reply.document_number}</code></p>,
  };
  return (
    <Page title={one?.name ?? t("人员", "Person")} trail={[{ to: "/people/people", words: t("人员", "People") }]} tools={<Moves of={[newPost(id), disclose]} />}>
      <About asked={asked} />
      {one === undefined ? null : (
        <Panel>
          <Facts of={[[["证件", "Document"], `${word(DOCUMENTS, one.document_type)} ${one.document_masked}`], [["性别", "Sex"], word(SEXES, one.sex)], [["出生", "Born"], one.birth_on], [["手机", "Telephone"], one.phone], [["学历", "Education"], word(EDUCATION, one.education)], [["登记单位", "Registered under"], <Name sort="organisation" id={one.registered_under_id} />], [["登记于", "Registered"], when(one.registered_at)]]} />
        </Panel>
      )}
      <Panel title={t("岗位", "Posts")}><List of={posts(`person_id=${id}`)} /></Panel>
      {may("see_competence") ? <PersonCompetence id={id} /> : null}
    </Page>
  );
}

const importPage = () => (
  <Page title={t("批量导入名册", "Import a roster")}>
    <SheetImport
      of={{
        title: ["名册工作簿", "Workbook of the roster"],
        lead: ["列：姓名、证件类型、证件号码、岗位、作业项目、任职日期等。先逐行预览；未通过的行在批注后的工作簿里写明原因，改好后再传。", "Columns: name, document, post, items, from … Each row is previewed; refused rows are explained in the corrected workbook."],
        fields: [{ name: "organisation_id", label: ["单位", "Organisation"], kind: "pick", sort: "organisation" }],
        path: (id, values) => `/v1/organisations/${String(values["organisation_id"] ?? "")}/roster-imports/${id}`,
      }}
    />
  </Page>
);

export const people: Room = {
  name: ["人员与单位", "People"],
  icon: "me",
  pages: [
    { path: "people/organisations", name: ["单位", "Organisations"], needs: ["see_organisations"], show: () => <ListPage title={["单位", "Organisations"]} of={ORGANISATIONS} moves={[REGISTER]} /> },
    { path: "people/organisations/:id", needs: ["see_organisations"], show: (id) => <OrganisationPage id={id!} /> },
    { path: "people/people", name: ["人员", "People"], needs: ["see_people"], show: () => <ListPage title={["人员", "People"]} of={PEOPLE} moves={[newPerson()]} /> },
    { path: "people/people/:id", needs: ["see_people"], show: (id) => <PersonPage id={id!} /> },
    { path: "people/search", name: ["按证件查找", "Find by document"], needs: ["see_people"], show: () => <SearchPage /> },
    { path: "people/import", name: ["批量导入", "Import"], needs: ["manage_people"], show: importPage },
    { path: "people/doubles", name: ["重复档案", "Doubles"], needs: ["merge_people"], show: () => <DoublesPage /> },
    { path: "people/doubles/:id", needs: ["merge_people"], show: (id) => <DoublePage id={id!} /> },
    { path: "people/accounts", name: ["账户与授权", "Accounts"], needs: ["manage_accounts"], show: () => <Accounts /> },
    { path: "people/accounts/:id", needs: ["manage_accounts"], show: (id) => <AccountPage id={id!} /> },
  ],
};
