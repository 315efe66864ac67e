/** Choosing a region: from the province downwards, as far as one wants (地区). */
import { useEffect, useState } from "preact/hooks";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { once } from "./asking.ts";
import type { Tied } from "./fields.tsx";
import { Name } from "./names.tsx";

interface Region {
  id: string;
  name: string;
  parent_id: string | null;
  level: number;
}

export function RegionPick(props: { input: Tied; value: unknown; name: string; required: boolean; onChange: (value: unknown) => void }) {
  const [trail, walk] = useState<Region[]>([]);
  const [below, tell] = useState<Region[]>([]);
  const last = trail[trail.length - 1];
  const path = last === undefined ? "/v1/regions?level=1&limit=200" : `/v1/regions?parent_id=${last.id}&limit=200`;
  useEffect(() => {
    once(path, (asked) => client.all<Region>(asked)).then(tell).catch(() => tell([]));
  }, [path]);
  const choose = (id: string) => {
    const one = below.find((region) => region.id === id);
    if (one === undefined) return;
    walk([...trail, one]);
    props.onChange(one.id);
  };
  return (
    <div class="searched">
      <p class="region-chosen" lang="zh-CN">
        {trail.length > 0 ? trail.map(({ name }) => name).join(" / ") : typeof props.value === "string" && props.value !== "" ? <Name sort="region" id={props.value} /> : t("未选", "None chosen")}
        {trail.length === 0 ? null : (
          <button type="button" class="link" onClick={() => { walk([]); props.onChange(""); }}>{t("重选", "Choose again")}</button>
        )}
      </p>
      <select {...props.input} name={props.name} value="" required={props.required && !props.value} onChange={(event) => choose(event.currentTarget.value)} disabled={below.length === 0}>
        <option value="">{trail.length === 0 ? t("选择省份", "Choose a province") : t("可再选下级", "A region below, if wanted")}</option>
        {below.map((region) => <option key={region.id} value={region.id}>{region.name}</option>)}
      </select>
    </div>
  );
}

