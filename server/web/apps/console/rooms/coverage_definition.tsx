/** What a figure counts, in words, and how many it leaves out and why (口径与不计入人数). */
import { useState } from "preact/hooks";
import { settings, t } from "../../shared/settings.ts";
import { useAsked } from "../kit/asking.ts";
import { About, Panel } from "../kit/parts.tsx";
import { counted } from "../kit/two.ts";

interface LeftOut {
  why: string;
  people_count: number;
  zh: string;
  en: string;
}

/**
 * `query` says of which unit and day, as every address of coverage is asked. How many are left out is asked for
 * when somebody wants to know: everybody is gone through for it.
 */
export function Definition({ indicator, of, query }: { indicator: string; of: Record<string, string>; query: string | null }) {
  const [wanted, want] = useState(false);
  const asked = useAsked<{ items: LeftOut[] }>(query === null || !wanted ? null : `/v1/coverage/${indicator}/exclusions?${query}`);
  const one = (name: string) => of[`${name}_${settings.value.language}`] ?? "";
  return (
    <Panel title={t("口径", "What is counted")}>
      <dl class="facts">
        <div><dt>{t("分母", "Of whom")}</dt><dd>{one("denominator")}</dd></div>
        <div><dt>{t("分子", "Who counts")}</dt><dd>{one("numerator")}</dd></div>
        <div><dt>{t("不计入", "Left out")}</dt><dd>{one("excluded")}</dd></div>
        {(asked.data?.items ?? []).map((each) => (
          <div key={each.why}><dt>{counted(each.people_count, "人", "person", "people")}</dt><dd>{each[settings.value.language === "zh" ? "zh" : "en"]}</dd></div>
        ))}
      </dl>
      {wanted ? <About asked={asked} /> : <button class="button quiet small" onClick={() => want(true)}>{t("不计入的人数", "How many are left out")}</button>}
    </Panel>
  );
}
