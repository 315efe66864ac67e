/** Where the console begins: the rooms, in the order of the menu (入口). */
import { render } from "preact";
import { client, me, recall } from "../shared/platform.ts";
import { SignInPage } from "../shared/sign_in.tsx";
import { t } from "../shared/settings.ts";
import { Frame, type Room } from "./frame.tsx";
import { competence } from "./rooms/competence.tsx";
import { coverage } from "./rooms/coverage.tsx";
import { bank } from "./rooms/bank.tsx";
import { exams } from "./rooms/exams.tsx";
import { people } from "./rooms/people.tsx";
import { platform } from "./rooms/platform.tsx";
import { rules } from "./rooms/rules.tsx";
import { certificates } from "./rooms/certificates.tsx";
import { training } from "./rooms/training.tsx";
import { start } from "./rooms/start.tsx";

const ROOMS: Room[] = [start, coverage, bank, training, exams, certificates, competence, people, rules, platform];

function App() {
  if (me.value === undefined) return null;
  if (me.value === null) return <SignInPage lead={t("管理控制台", "Console")} />;
  return <Frame rooms={ROOMS} />;
}

/** Roles change: who was known before is asked for again, and the old answer serves meanwhile. */
async function renewed(): Promise<void> {
  if (me.value === null) return;
  me.value = await client.get("/v1/me");
}

recall()
  .catch(() => (me.value = null))
  .then(() => {
    render(<App />, document.getElementById("app")!);
    return renewed();
  })
  .catch(() => undefined);
