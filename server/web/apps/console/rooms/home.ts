/** Where who is signed in belongs (所在地区与单位). */
import { me } from "../../shared/platform.ts";

/** Where one's role holds: the first region or organisation of it. */
export function home(): Record<string, string> {
  for (const { scope } of me.value?.grants ?? []) {
    const last = (paths: string[]) => paths[0]?.split("/").filter(Boolean).pop();
    const [region, organisation] = [last(scope.region_paths), last(scope.organisation_paths)];
    if (region !== undefined) return { region_id: region };
    if (organisation !== undefined) return { organisation_id: organisation };
  }
  return {};
}

