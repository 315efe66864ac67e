/** What the phone app knows of the platform: the shared client, and what exams still hold (接口与登录状态). */
import { attempts, words } from "./exam/storage.ts";

export * from "../shared/platform.ts";

/** Words of exams that only this phone has. Signing out would strand them. */
export async function unsentWords(): Promise<number> {
  let count = 0;
  for (const attempt of await attempts.all()) {
    if (attempt.state !== "in_progress") continue;
    count += (await words.of(attempt.id)).filter((word) => word.state === "here").length;
  }
  return count;
}
