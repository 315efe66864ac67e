/** What the phone app knows of the platform: the shared client, and what exams still hold (接口与登录状态). */
import { doors, exhibits, marks } from "./duty/storage.ts";
import { attempts, words } from "./exam/storage.ts";

export * from "../shared/platform.ts";

/** What only this phone has: words of exams, of the door, of practicals. Signing out would strand them. */
export async function unsentWords(): Promise<number> {
  let count = 0;
  for (const attempt of await attempts.all()) {
    if (attempt.state !== "in_progress") continue;
    count += (await words.of(attempt.id)).filter((word) => word.state === "here").length;
  }
  const others = await Promise.all([doors.waiting(), marks.waiting(), exhibits.waiting()]);
  return others.reduce((sum, waiting) => sum + waiting.length, count);
}
