/** The one client of this app, and who is signed in (接口与登录状态). */
import { signal } from "@preact/signals";
import { Client, NoReply, Refused } from "./api.ts";
import { newId } from "./ids.ts";
import { alone } from "./locks.ts";
import { kept } from "./storage.ts";
import { settings, t } from "./settings.ts";

/** Who one is, as this phone knows it also without a network. */
export interface Me {
  account_id: string;
  person_id: string;
  name: string;
  permissions: string[];
  /** Roles, and where they hold: paths of ids from the top to the bottom. */
  grants?: { role: string; scope: { everywhere: boolean; organisation_paths: string[]; region_paths: string[] } }[];
}

/** undefined while the phone is looking, null where nobody is signed in. */
export const me = signal<Me | null | undefined>(undefined);
/** Signed in once, but the server no longer takes this phone's word: sign in again. */
export const signedOut = signal(false);

/** Whether who is signed in holds the permission anywhere. */
export function may(permission: string): boolean {
  return me.value?.permissions.includes(permission) ?? false;
}

export const client = new Client({
  deviceId: () => kept.once("device", newId()),
  language: () => (settings.value.language === "zh" ? "zh-CN" : "en"),
  fetch: (...asked) => fetch(...asked),
  alone,
});
client.onSignedOut = () => (signedOut.value = true);
client.onTokens = () => {
  if (!signedOut.value) return;
  signedOut.value = false;
  // What waited for this is sent at once.
  dispatchEvent(new Event("signed-in"));
};

export async function recall(): Promise<void> {
  if (new URLSearchParams(location.search).get("signed-in") === "outside") {
    // Another place has said who this is; the cookie it left brings the tokens.
    history.replaceState(null, "", location.pathname + location.hash);
    return welcome();
  }
  me.value = (await kept.get<Me>("me")) ?? null;
}

/** Keep who has signed in; what the account before was told is forgotten. */
async function welcome(): Promise<void> {
  const now = await client.get<Me>("/v1/me");
  const before = await kept.get<Me>("me");
  if (before !== undefined && before.account_id !== now.account_id) await kept.forget("reply:");
  await kept.put("me", now);
  me.value = now;
}

export async function signIn(name: string, password: string, fresh: string | null): Promise<void> {
  await client.signIn(name, password, fresh);
  await welcome();
}

/** Where else people of this installation may say who they are. */
export interface Provider {
  id: string;
  name_zh: string;
  name_en: string;
}

/** Leave for such a place; it sends back here. */
export async function leaveFor(provider: Provider): Promise<void> {
  const page = location.pathname.startsWith("/console") ? "console" : "app";
  location.assign(await client.outside(provider.id, page));
}

/** Sign out and forget the person; what exams have not sent yet stays. */
export async function signOut(): Promise<void> {
  await client.signOut().catch(() => undefined);
  await kept.forget("reply:");
  await kept.remove("me");
  me.value = null;
  signedOut.value = false;
}

/** What to tell people of a failure. */
export function sentence(failure: unknown): string {
  if (failure instanceof NoReply) return t("没有网络，请稍后再试。", "No network. Try again later.");
  if (failure instanceof Refused && failure.detail !== "") return failure.detail;
  return t("暂时无法完成，请稍后再试。", "This cannot be done just now. Try again later.");
}
