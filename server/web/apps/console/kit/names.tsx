/** Ids as people know them: names of organisations, regions, people, qualifications (名称). */
import { useEffect, useState } from "preact/hooks";
import { client } from "../../shared/platform.ts";
import { settings } from "../../shared/settings.ts";
import { may, once } from "./asking.ts";
import { short } from "./two.ts";

interface Named {
  name?: string;
  name_zh?: string;
  name_en?: string;
  title?: string;
}

/** Where a thing of each sort is read, and what that needs; `whole` where the list is short and is read at once. */
const SORTS = {
  organisation: { path: "/v1/organisations", whole: false, needs: "see_organisations" },
  region: { path: "/v1/regions", whole: false, needs: null },
  person: { path: "/v1/people", whole: false, needs: "see_people" },
  qualification: { path: "/v1/qualifications", whole: true, needs: null },
  /** A qualification by its code, as statistics name it. */
  code: { path: "/v1/qualifications", whole: true, needs: null },
  /** An item of the catalogue of special operations by its number. */
  operation: { path: "/v1/operation-items", whole: true, needs: null },
  bank: { path: "/v1/question-banks", whole: true, needs: "see_questions" },
  issuer: { path: "/v1/issuers", whole: true, needs: "see_organisations" },
  specification: { path: "/v1/paper-specifications", whole: true, needs: "plan_exams" },
  plan: { path: "/v1/exam-plans", whole: true, needs: "see_exams" },
  centre: { path: "/v1/test-centres", whole: true, needs: "see_exams" },
  exam: { path: "/v1/exams", whole: false, needs: "see_exams" },
  programme: { path: "/v1/training-programmes", whole: true, needs: "see_training" },
} as const;

export type Sort = keyof typeof SORTS;

export const nameOf = (thing: Named): string =>
  (settings.value.language === "en" ? thing.name_en : thing.name_zh) ?? thing.name ?? thing.title ?? "";

async function found(sort: Sort, id: string): Promise<string> {
  const { path, whole, needs } = SORTS[sort];
  if (needs !== null && !may(needs)) return short(id);
  if (!whole) return nameOf(await once(`${path}/${id}`, (asked) => client.get<Named>(asked)));
  const all = await once(path, (asked) => client.all<Named & { id: string; code?: string }>(asked));
  const coded = sort === "code" || sort === "operation";
  const one = all.find((each) => (coded ? each.code : each.id) === id);
  return one === undefined ? (coded ? id : short(id)) : nameOf(one);
}

/** Names that this page has learnt, by language, sort and id. */
const learnt = new Map<string, string>();

const keyOf = (sort: Sort, id: string) => `${settings.value.language} ${sort} ${id}`;

/** Ask for the name of a thing; the beginning of its id where it is not ours to see. */
export async function learn(sort: Sort, id: string | null | undefined): Promise<string> {
  if (id === null || id === undefined) return "—";
  const name = await found(sort, id).catch(() => short(id));
  learnt.set(keyOf(sort, id), name);
  return name;
}

/** The name as far as it was learnt. */
export const nameSoFar = (sort: Sort, id: string | null | undefined): string =>
  id === null || id === undefined ? "—" : (learnt.get(keyOf(sort, id)) ?? "…");

/** The name of a thing; the beginning of its id until it is known, and where it is not ours to see. */
export function Name({ sort, id }: { sort: Sort; id: string | null | undefined }) {
  const [name, tell] = useState<string | null>(null);
  const language = settings.value.language;
  useEffect(() => {
    let gone = false;
    void learn(sort, id).then((words) => gone || tell(words));
    return () => {
      gone = true;
    };
  }, [sort, id, language]);
  return <span lang="zh-CN">{name ?? "…"}</span>;
}
