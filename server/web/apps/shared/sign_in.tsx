/** Signing in: once, early; also beside an exam that goes on (登录). */
import { useEffect, useState } from "preact/hooks";
import { Refused } from "./api.ts";
import { Icon } from "./icons.tsx";
import { client, leaveFor, me, sentence, signIn, type Provider } from "./platform.ts";
import { set, settings, t } from "./settings.ts";

/** The door of an app; `lead` says what is behind it. */
export function SignInPage({ lead }: { lead: string }) {
  return (
    <div class="door">
      <header class="door-head">
        <Icon name="certificate" />
        <h1>{t("安全生产培训考核", "Work safety training and exams")}</h1>
        <p>{lead}</p>
      </header>
      <main class="door-page">
        <SignInForm />
        <Outside />
        <button class="link" onClick={() => set({ language: settings.value.language === "zh" ? "en" : "zh" })}>
          {settings.value.language === "zh" ? "English" : "中文"}
        </button>
      </main>
    </div>
  );
}

/** Other places that say who people are, where this installation knows some. */
function Outside() {
  const [providers, tell] = useState<Provider[]>([]);
  const [failure, fail] = useState<string | null>(null);
  useEffect(() => {
    client.open<{ items: Provider[] }>("/v1/identity-providers").then(({ items }) => tell(items)).catch(() => undefined);
  }, []);
  if (providers.length === 0) return null;
  return (
    <section class="card" data-outside>
      {providers.map((provider) => (
        <button key={provider.id} class="button quiet wide" onClick={() => void leaveFor(provider).catch((refusal) => fail(sentence(refusal)))}>
          {t(`用${provider.name_zh}登录`, `Sign in with ${provider.name_en}`)}
        </button>
      ))}
      {failure === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {failure}</p>}
    </section>
  );
}

function SignInForm() {
  const [name, typeName] = useState("");
  const [password, typePassword] = useState("");
  const [fresh, typeFresh] = useState<string | null>(null);
  const [failure, fail] = useState<string | null>(null);
  const [busy, work] = useState(false);
  const send = async () => {
    work(true);
    fail(null);
    try {
      await signIn(name.trim(), password, fresh);
    } catch (refusal) {
      if (refusal instanceof Refused && refusal.code === "password_must_be_changed") typeFresh("");
      fail(sentence(refusal));
    }
    work(false);
  };
  return (
    <form class="card" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <label class="field">
        <span>{t("登录名或手机号", "Sign-in name or telephone")}</span>
        <input name="name" value={name} onInput={(event) => typeName(event.currentTarget.value)} autocomplete="username" autocapitalize="none" required maxLength={100} />
      </label>
      <label class="field">
        <span>{t("密码", "Password")}</span>
        <input name="password" type="password" value={password} onInput={(event) => typePassword(event.currentTarget.value)} autocomplete="current-password" required maxLength={512} />
      </label>
      {fresh === null ? null : (
        <label class="field">
          <span>{t("新密码", "New password")}</span>
          <input name="new-password" type="password" value={fresh} onInput={(event) => typeFresh(event.currentTarget.value)} autocomplete="new-password" required maxLength={512} />
        </label>
      )}
      {failure === null ? null : <p class="failure" role="alert"><Icon name="warn" /> {failure}</p>}
      <button class="button wide" disabled={busy}>{busy ? t("正在登录…", "Signing in …") : t("登录", "Sign in")}</button>
    </form>
  );
}

/** In the middle of an exam: answering goes on, and what is stored is sent once signed in again. */
export function SignInAgain({ said }: { said?: string }) {
  const [open, show] = useState(false);
  const answers = t("登录已失效，作答继续保存在本机。请重新登录以送达服务器。", "You were signed out. Answers are still stored on this phone; sign in again to send them.");
  return (
    <section class="banner bad block" data-sign-in-again>
      <p>
        <Icon name="off" />
        {said ?? answers}
      </p>
      {open ? <AgainForm /> : <button class="button quiet" onClick={() => show(true)}>{t("重新登录", "Sign in again")}</button>}
    </section>
  );
}

function AgainForm() {
  const known = me.value;
  return (
    <>
      {known === null || known === undefined ? null : <p class="note">{known.name}</p>}
      <SignInForm />
    </>
  );
}
