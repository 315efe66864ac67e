/** The frame around every page: rooms by what one may do, who is signed in, language, light (框架). */
import { useState } from "preact/hooks";
import { Icon, type Drawing } from "../shared/icons.tsx";
import { me, signOut, signedOut } from "../shared/platform.ts";
import { set, settings, t, type Theme } from "../shared/settings.ts";
import { SignInAgain } from "../shared/sign_in.tsx";
import type { VNode } from "preact";
import { may } from "./kit/asking.ts";
import { Empty, Page } from "./kit/parts.tsx";
import { place } from "./kit/place.ts";
import { say, type Two } from "./kit/two.ts";

export interface PageOf {
  /** `bank/questions/:id`: what stands in the place of `:id` is given to `show`. */
  path: string;
  /** One of these permissions is needed; none means that every signed-in person may see it. */
  needs?: string[];
  /** Its name in the menu; pages of one object have none. */
  name?: Two;
  show: (...parts: string[]) => VNode;
}

export interface Room {
  name: Two;
  icon: Drawing;
  pages: PageOf[];
}

const allowed = ({ needs }: PageOf) => needs === undefined || needs.some(may);

export function Frame({ rooms }: { rooms: Room[] }) {
  const [open, show] = useState(false);
  return (
    <div class={`frame ${open ? "menu-open" : ""}`}>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.querySelector<HTMLElement>("#main h1")?.focus(); }}>{t("跳到正文", "Skip to the content")}</a>
      <header class="top">
        <button class="round menu-button" aria-expanded={open} aria-controls="menu" aria-label={t("菜单", "Menu")} onClick={() => show(!open)}>
          <Icon name="grid" />
        </button>
        <a class="brand" href="#/"><Icon name="certificate" /> <span><span class="wide">{t("安全培训考核 · ", "Safety platform · ")}</span>{t("管理控制台", "Console")}</span></a>
        <Own />
      </header>
      <nav id="menu" class="menu" aria-label={t("主导航", "Main")} onClick={() => show(false)}>
        <Menu rooms={rooms} />
      </nav>
      <main id="main">
        {signedOut.value ? <SignInAgain said={t("登录已失效，请重新登录后继续。", "You were signed out. Sign in again to go on.")} /> : null}
        <Shown rooms={rooms} />
      </main>
    </div>
  );
}

/** Signing out loads the page anew: nothing that was shown stays in its memory for the next person. */
function Own() {
  const themes: Record<Theme, Two> = { auto: ["自动", "Auto"], light: ["浅色", "Light"], dark: ["深色", "Dark"] };
  const { language, theme } = settings.value;
  const after: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };
  return (
    <div class="own">
      <span class="own-name" lang="zh-CN">{me.value?.name}</span>
      <button class="link" onClick={() => set({ theme: after[theme] })} aria-label={`${t("明暗", "Light or dark")}: ${say(themes[theme])}`}>{say(themes[theme])}</button>
      <button class="link" lang={language === "zh" ? "en" : "zh-CN"} onClick={() => set({ language: language === "zh" ? "en" : "zh" })}>
        {language === "zh" ? "English" : "中文"}
      </button>
      <button class="link" onClick={() => void signOut().then(() => location.replace("./"))}>{t("退出", "Sign out")}</button>
    </div>
  );
}

function Menu({ rooms }: { rooms: Room[] }) {
  const here = place.value.path.join("/");
  return (
    <ul>
      {rooms.map((room) => {
        const pages = room.pages.filter((page) => page.name !== undefined && allowed(page));
        if (pages.length === 0) return null;
        return (
          <li key={room.name[1]}>
            <h2><Icon name={room.icon} /> {say(room.name)}</h2>
            <ul>
              {pages.map(({ path, name }) => (
                <li key={path}>
                  <a href={`#/${path}`} aria-current={path === here || (path !== "" && here.startsWith(`${path}/`)) ? "page" : undefined}>{say(name!)}</a>
                </li>
              ))}
            </ul>
          </li>
        );
      })}
    </ul>
  );
}

function Shown({ rooms }: { rooms: Room[] }): VNode {
  const { path } = place.value;
  for (const page of rooms.flatMap(({ pages }) => pages)) {
    const parts = matched(page.path, path);
    if (parts === null) continue;
    if (!allowed(page)) return <Nowhere words={["您的角色没有此项权限。请向平台管理员申请。", "Your roles do not include this. Ask an administrator."]} />;
    return <div key={path.join("/")}>{page.show(...parts)}</div>;
  }
  return <Nowhere words={["没有这个页面。请从左侧菜单重新选择。", "There is no such page. Choose one from the menu."]} />;
}

function Nowhere({ words }: { words: Two }) {
  return <Page title={t("无法显示", "Not shown")}><Empty words={words}><a class="button" href="#/">{t("返回首页", "To the start")}</a></Empty></Page>;
}

/** What stands in the places of a pattern, or null where it does not fit. */
export function matched(pattern: string, path: string[]): string[] | null {
  const wanted = pattern.split("/").filter(Boolean);
  if (wanted.length !== path.length) return null;
  const parts: string[] = [];
  for (const [at, each] of wanted.entries()) {
    if (each.startsWith(":")) parts.push(path[at]!);
    else if (each !== path[at]) return null;
  }
  return parts;
}

