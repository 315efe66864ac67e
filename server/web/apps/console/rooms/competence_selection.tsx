/** Experts chosen by grade, term and conflicts (专家选聘). */
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { today } from "../kit/fields.tsx";
import { Moves, type MoveOf } from "../kit/form.tsx";
import { ListPage, type ListOf } from "../kit/list.tsx";
import { Tag } from "../kit/parts.tsx";
import { place } from "../kit/place.ts";
import { count, word, type Words } from "../kit/two.ts";
import { FUNCTIONS } from "./training_providers.tsx";

interface Selectable {
  person_id: string;
  name: string;
  grades: Record<string, string>;
  graded: boolean;
  term_until: string | null;
  terms_count: number;
  conflicts: string[];
}

const CONFLICTS: Words = { barred: ["任职限制", "Barred"], teaches: ["任教", "Teaches"], sets_or_examines: ["命题或考评", "Sets or examines"] };

const chosen = () => place.value.asked.get("function") || "author";

const gradeOf = ({ graded, grades }: Pick<Selectable, "graded" | "grades">) => (graded ? t("达到", "Enough") : Object.keys(grades).length === 0 ? t("无", "None") : t("不够", "Not enough"));

const selectable = (): ListOf<Selectable> => ({
  path: place.value.asked.get("function") ? "/v1/expert-selection" : "/v1/expert-selection?function=author",
  name: ["可选聘人员", "Who may be appointed"],
  id: ({ person_id }) => person_id,
  filters: [
    { name: "function", label: ["职能（默认命题专家）", "Function (author unless chosen)"], kind: "choice", choices: FUNCTIONS },
    { name: "on", label: ["任期自", "For a term from"], kind: "day" },
  ],
  columns: [
    { head: ["姓名", "Name"], show: ({ name }) => <span lang="zh-CN">{name}</span>, text: ({ name }) => name, sort: ({ name }) => name },
    { head: ["等级", "Grade"], show: (one) => <Tag kind={one.graded ? "good" : "bad"}>{gradeOf(one)}</Tag>, text: (one) => gradeOf(one), sort: ({ graded }) => String(graded) },
    { head: ["现任期至", "Term until"], show: ({ term_until }) => term_until ?? "—", sort: ({ term_until }) => term_until ?? "" },
    { head: ["连任", "Terms in a row"], show: ({ terms_count }) => count(terms_count), number: true, sort: ({ terms_count }) => terms_count },
    { head: ["利益冲突", "Conflicts"], show: ({ conflicts }) => (conflicts.length === 0 ? "—" : <span class="tags">{conflicts.map((one) => <Tag key={one} kind="bad">{word(CONFLICTS, one)}</Tag>)}</span>), text: ({ conflicts }) => conflicts.map((one) => word(CONFLICTS, one)).join(";") },
  ],
  rowTools: (one) => <Moves of={[appoint(one)]} />,
  empty: ["还没有人达到所需等级。等级由岗位能力评价得出。", "Nobody has the grade yet: grades come from evaluations."],
});

const appoint = ({ person_id, name, graded, conflicts }: Selectable): MoveOf => ({
  name: ["选聘", "Appoint"],
  title: [`选聘 ${name}`, `Appoint ${name}`],
  lead: ["等级、任期、连任和利益冲突由平台核对。", "Grade, length of term, terms in a row and conflicts are checked."],
  needs: "approve_training",
  open: graded && conflicts.length === 0,
  fields: [
    { name: "authority_id", label: ["主管部门", "Authority"], kind: "pick", sort: "organisation", path: "/v1/organisations?kind=authority" },
    { name: "field", label: ["专业", "Field"], kind: "text" },
    { name: "valid_from", label: ["自", "From"], kind: "day" },
    { name: "valid_until", label: ["至", "Until"], kind: "day" },
  ],
  initial: { valid_from: place.value.asked.get("on") || today() },
  submit: ["选聘", "Appoint"],
  send: (values, id) => client.send(`/v1/expert-selection/${id}`, { ...values, person_id, function: chosen() }),
});

export const SelectionPage = () => <ListPage title={["专家选聘", "Selection of experts"]} lead={["按岗位能力等级、任期和利益冲突选聘。", "By grade, term and conflicts."]} of={selectable()} />;
