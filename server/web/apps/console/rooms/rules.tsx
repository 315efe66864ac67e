/** Rules by date: laws, syllabuses, exam standards, hours that the law asks for, certificates (按日期生效的规则). */
import { settings, t } from "../../shared/settings.ts";
import type { Room } from "../frame.tsx";
import { List, type ListOf } from "../kit/list.tsx";
import { Page } from "../kit/parts.tsx";
import { count, word } from "../kit/two.ts";
import { POST_ROLES } from "../words.ts";
import { HoursPage } from "./rules_hours.tsx";
import { LawPage, Laws } from "./rules_laws.tsx";
import { Proposals } from "./rules_standards.tsx";
import { SyllabusPage, Syllabuses } from "./rules_syllabuses.tsx";

interface Rule {
  id: string;
  kind_zh: string;
  kind_en: string;
  role: string;
  years: number;
  review_every_years: number | null;
  effective_from: string;
  effective_until: string | null;
  order_zh: string;
  order_en: string;
}

const CERTIFICATES: ListOf<Rule> = {
  path: "/v1/certificate-rules",
  name: ["证书规则", "Rules of certificates"],
  whole: (reply: { items: Rule[] }) => reply.items,
  id: ({ id }) => id,
  filters: [
    { name: "role", label: ["人员", "Role"], kind: "choice", choices: POST_ROLES },
    { name: "in_force_on", label: ["当日有效", "In force on"], kind: "day" },
  ],
  columns: [
    { head: ["证书", "Certificate"], show: (rule) => (settings.value.language === "zh" ? rule.kind_zh : rule.kind_en), sort: ({ kind_zh }) => kind_zh },
    { head: ["人员", "Role"], show: ({ role }) => word(POST_ROLES, role), sort: ({ role }) => role },
    { head: ["有效年限", "Years"], show: ({ years }) => count(years), number: true, sort: ({ years }) => years },
    { head: ["复审年限", "Review every"], show: ({ review_every_years }) => count(review_every_years), number: true },
    { head: ["施行", "From"], show: ({ effective_from }) => effective_from, sort: ({ effective_from }) => effective_from },
    { head: ["终止", "Until"], show: ({ effective_until }) => effective_until ?? t("现行", "in force"), sort: ({ effective_until }) => effective_until ?? "9999" },
    { head: ["依据", "Order"], show: (rule) => (settings.value.language === "zh" ? rule.order_zh : rule.order_en) },
  ],
  empty: ["没有规则。", "There are no rules."],
};

export const rules: Room = {
  name: ["规则（按日期）", "Rules by date"],
  icon: "book",
  pages: [
    { path: "rules/laws", name: ["法规标准", "Laws"], show: () => <Laws /> },
    { path: "rules/laws/:id", show: (id) => <LawPage id={id!} /> },
    { path: "rules/syllabuses", name: ["考试大纲", "Syllabuses"], show: () => <Syllabuses /> },
    { path: "rules/syllabuses/:id", show: (id) => <SyllabusPage id={id!} /> },
    { path: "rules/standards", name: ["考试标准", "Exam standards"], show: () => <Proposals /> },
    { path: "rules/hours", name: ["法定学时", "Hours of the law"], show: () => <HoursPage /> },
    { path: "rules/certificates", name: ["证书规则", "Certificates"], show: () => <Page title={t("证书规则", "Rules of certificates")} lead={t("有效期、复审、换证按事件发生之日的现行规定计算。", "Validity, review and renewal follow the rule in force on the day of the event.")}><List of={CERTIFICATES} /></Page> },
  ],
};
