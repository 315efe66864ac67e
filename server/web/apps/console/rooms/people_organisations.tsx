/** Organisations: their register, one of them with its posts and people, and what a move takes along (单位). */
import { day } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { settings, t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { Name } from "../kit/names.tsx";
import { About, Facts, Page, Panel, Tag } from "../kit/parts.tsx";
import { count, counted, word } from "../kit/two.ts";
import { ORGANISATION_KINDS, SIZES } from "../words.ts";
import { newPerson, newPost, PEOPLE, posts } from "./people.tsx";

export interface Organisation {
  id: string;
  kind: string;
  name: string;
  credit_code: string | null;
  industry: string | null;
  industry_name_zh: string | null;
  industry_name_en: string | null;
  is_high_risk: boolean;
  size: string | null;
  region_id: string;
  parent_id: string | null;
  registered_at: string;
}

/** The industry by its name, with its code; of a class that is not kept, the name of its division. */
const industryOf = ({ industry, industry_name_zh, industry_name_en }: Organisation) => (industry === null ? "—" : `${(settings.value.language === "zh" ? industry_name_zh : industry_name_en) ?? ""} ${industry}`.trim());

export const ORGANISATIONS: ListOf<Organisation> = {
  path: "/v1/organisations",
  name: ["单位", "Organisations"],
  id: ({ id }) => id,
  to: ({ id }) => `/people/organisations/${id}`,
  filters: [
    { name: "name", label: ["名称", "Name"], kind: "text" },
    { name: "kind", label: ["类型", "Kind"], kind: "choice", choices: ORGANISATION_KINDS },
    { name: "credit_code", label: ["统一社会信用代码", "Credit code"], kind: "text" },
    { name: "region_id", label: ["地区", "Region"], kind: "pick", sort: "region" },
    { name: "industry", label: ["行业代码（2–4 位）", "Industry (2–4 digits)"], kind: "text" },
    { name: "is_high_risk", label: ["高危", "High risk"], kind: "choice", choices: { true: ["高危", "High risk"], false: ["非高危", "Not"] } },
    { name: "size", label: ["规模", "Size"], kind: "choice", choices: SIZES },
  ],
  columns: [
    { head: ["名称", "Name"], show: ({ name }) => name, sort: ({ name }) => name },
    { head: ["类型", "Kind"], show: ({ kind }) => word(ORGANISATION_KINDS, kind), sort: ({ kind }) => kind },
    { head: ["信用代码", "Credit code"], show: ({ credit_code }) => credit_code ?? "—" },
    { head: ["行业", "Industry"], show: (one) => <span lang={settings.value.language === "zh" ? "zh-CN" : "en"}>{industryOf(one)}</span>, text: industryOf, sort: ({ industry }) => industry ?? "" },
    { head: ["高危", "High risk"], show: ({ is_high_risk }) => (is_high_risk ? <Tag kind="warn">{t("高危", "High risk")}</Tag> : "—"), text: ({ is_high_risk }) => (is_high_risk ? t("高危", "High risk") : "—") },
    { head: ["规模", "Size"], show: ({ size }) => word(SIZES, size) },
  ],
  empty: ["还没有单位。先登记监管部门、考试点和培训机构，再登记生产经营单位。", "No organisations yet: register authorities, test centres and providers first, then enterprises."],
};

/** Kinds of organisations that must have a credit code. */
const BEARERS = ["enterprise", "provider", "test_centre"];

export const REGISTER: MoveOf = {
  name: ["登记单位", "Register"],
  title: ["登记单位", "Register an organisation"],
  needs: "manage_organisations",
  main: true,
  fields: [
    { name: "kind", label: ["类型", "Kind"], kind: "choice", choices: ORGANISATION_KINDS },
    { name: "name", label: ["名称", "Name"], kind: "text" },
    { name: "credit_code", label: ["统一社会信用代码", "Credit code"], kind: "text", when: ({ kind }) => BEARERS.includes(String(kind)) },
    { name: "credit_code", label: ["统一社会信用代码", "Credit code"], kind: "text", optional: true, when: ({ kind }) => kind === "authority" },
    { name: "region_id", label: ["地区", "Region"], kind: "pick", sort: "region", when: ({ kind }) => kind !== "department" },
    { name: "parent_id", label: ["上级单位", "Above it"], kind: "pick", sort: "organisation", optional: true },
    { name: "industry", label: ["行业代码（GB/T 4754，2–4 位）", "Industry (GB/T 4754, 2–4 digits)"], kind: "text", optional: true, when: ({ kind }) => kind === "enterprise" },
    { name: "size", label: ["规模", "Size"], kind: "choice", choices: SIZES, optional: true, when: ({ kind }) => kind === "enterprise" },
  ],
  submit: ["登记", "Register"],
  send: (values, id) => client.send(`/v1/organisations/${id}`, values),
  then: (_, id) => `/people/organisations/${id}`,
};

interface Extent {
  organisation_count: number;
  person_count: number;
  post_count: number;
}

/** What moves along with an organisation: whoever may see it there, sees it elsewhere then. */
async function extentOf(id: string) {
  const { organisation_count, person_count, post_count } = await client.get<Extent>(`/v1/organisations/${id}/extent`);
  return (
    <p>
      {t(`随之移动：单位和部门 ${count(organisation_count)} 个，登记人员 ${count(person_count)} 人，在岗岗位 ${count(post_count)} 个。上级的授权范围和覆盖率随之改变，历史日期不变。`,
        `What moves along: ${counted(organisation_count, "", "organisation", "organisations")}, ${counted(person_count, "", "person", "people")} registered, ${counted(post_count, "", "post", "posts")} held. Reach of roles and coverage follow; days gone by stay.`)}
    </p>
  );
}

export function OrganisationPage({ id }: { id: string }) {
  const asked = useAsked<Organisation>(`/v1/organisations/${id}`);
  const one = asked.data;
  const move: MoveOf = { name: ["调整上级", "Move"], title: ["调整上级单位", "Move beneath another"], lead: ["其下级单位随之移动。", "What lies beneath moves along."], needs: "manage_organisations", danger: true, fields: [{ name: "parent_id", label: ["新的上级（空为不属任何单位）", "Beneath (empty: beneath none)"], kind: "pick", sort: "organisation", optional: true }, REASON], preview: () => extentOf(id), submit: ["调整", "Move"], send: (values) => client.send(`/v1/organisations/${id}/parent`, { parent_id: null, ...values }) };
  return (
    <Page title={one?.name ?? t("单位", "Organisation")} trail={[{ to: "/people/organisations", words: t("单位", "Organisations") }]} tools={<Moves of={[newPost(undefined, id), newPerson(id), move]} />}>
      <About asked={asked} />
      {one === undefined ? null : (
        <Panel>
          <Facts of={[[["类型", "Kind"], word(ORGANISATION_KINDS, one.kind)], [["统一社会信用代码", "Credit code"], one.credit_code], [["地区", "Region"], <Name sort="region" id={one.region_id} />], [["上级", "Above it"], one.parent_id === null ? "—" : <a href={`#/people/organisations/${one.parent_id}`}><Name sort="organisation" id={one.parent_id} /></a>], [["行业", "Industry"], industryOf(one)], [["规模", "Size"], word(SIZES, one.size)], [["登记于", "Registered"], day(one.registered_at)]]} />
        </Panel>
      )}
      <Panel title={t("岗位", "Posts")}><List of={posts(`organisation_id=${id}`)} /></Panel>
      <Panel title={t("登记在本单位的人员", "People registered here")}><List of={{ ...PEOPLE, path: `/v1/people?organisation_id=${id}`, filters: PEOPLE.filters!.slice(0, 1) }} /></Panel>
    </Page>
  );
}
