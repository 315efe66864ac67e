/** A button that fetches a file with the access token, and says why where it cannot (下载). */
import { useState } from "preact/hooks";
import { sentence } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import { downloaded } from "./export.ts";

export function Download({ path, name, words, body }: { path: string; name: string; words: string; body?: unknown }) {
  const [busy, work] = useState(false);
  const [failure, fail] = useState<string | null>(null);
  const act = async () => {
    work(true);
    fail(null);
    try {
      await downloaded(path, name, body);
    } catch (refusal) {
      fail(sentence(refusal));
    }
    work(false);
  };
  return (
    <>
      <button class="button quiet small" disabled={busy} onClick={() => void act()}>{busy ? t("正在下载…", "Downloading …") : words}</button>
      {failure === null ? null : <span class="wrong" role="alert">{failure}</span>}
    </>
  );
}
