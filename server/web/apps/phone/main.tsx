/** Where the phone app begins: which page stands at which address (入口). */
import { render } from "preact";
import { Icon, type Drawing } from "./parts.tsx";
import { SignInAgain, SignInPage } from "../shared/sign_in.tsx";
import { TodayPage } from "./pages/today.tsx";
import { ExamsPage, OpenExamsPage } from "./pages/exams.tsx";
import { PlacePage, TicketPage } from "./pages/place.tsx";
import { CheckPage } from "./pages/check.tsx";
import { ExamPage } from "./pages/exam.tsx";
import { ResultPage } from "./pages/result.tsx";
import { LearnPage, MocksPage } from "./pages/learn.tsx";
import { DailyPage } from "./pages/daily.tsx";
import { PractisePage } from "./pages/practise.tsx";
import { MockPage } from "./pages/mock.tsx";
import { CertificatePage, CertificatesPage } from "./pages/certificates.tsx";
import { AppraisalPage, CompetencePage } from "./pages/competence.tsx";
import { ConfirmationsPage } from "./pages/confirmations.tsx";
import { DevicesPage, FilePage, LookedPage, MePage, MessagesPage, SettingsPage } from "./pages/me.tsx";
import { ContestPage, ContestsPage } from "./contests/contests.tsx";
import { BoardPage as ContestBoardPage, MistakesPage, RoundPage } from "./contests/round.tsx";
import { BoardPage } from "./duty/board.tsx";
import { DutiesPage, onDuty } from "./duty/duties.tsx";
import { PracticalPage } from "./duty/practical.tsx";
import { RoomPage } from "./duty/room.tsx";
import { keepSending } from "./duty/sending.ts";
import { me, recall, signedOut } from "./platform.ts";
import { route } from "./routes.ts";
import { t } from "../shared/settings.ts";

function Page() {
  const [first = "", second = "", third = "", fourth = "", fifth = ""] = route.value.map(decodeURIComponent);
  switch (first) {
    case "exam":
      return <ExamPage key={second} id={second} />;
    case "exams":
      return second === "open" ? <OpenExamsPage /> : second !== "" ? <PlacePage key={second} id={second} /> : <ExamsPage />;
    case "check":
      return <CheckPage />;
    case "tickets":
      return <TicketPage id={second} />;
    case "results":
      return <ResultPage id={second} />;
    case "learn":
      if (second === "practise") return <PractisePage key={`${third}/${fourth}`} way={third || "all"} topic={fourth} />;
      if (second === "mocks") return third === "" ? <MocksPage /> : <MockPage key={third} id={third} />;
      if (second === "daily") return <DailyPage />;
      if (second === "contests") return <AtContests contest={third} round={fourth} name={fifth} />;
      return <LearnPage />;
    case "certificates":
      return second === "" ? <CertificatesPage /> : <CertificatePage id={second} />;
    case "duty":
      return <OnDuty name={second} id={third} beside={fourth} />;
    case "me":
      return <Mine name={second} id={third} />;
    default:
      return <TodayPage />;
  }
}

function AtContests({ contest, round, name }: { contest: string; round: string; name: string }) {
  if (round === "") return contest === "" ? <ContestsPage /> : <ContestPage key={contest} id={contest} />;
  if (name === "board") return <ContestBoardPage key={round} contest={contest} round={round} />;
  return name === "mistakes" ? <MistakesPage contest={contest} round={round} /> : <RoundPage key={round} contest={contest} round={round} />;
}

function Mine({ name, id }: { name: string; id: string }) {
  if (name === "competence") return id === "" ? <CompetencePage /> : <AppraisalPage key={id} id={id} />;
  if (name === "file") return <FilePage />;
  if (name === "confirmations") return <ConfirmationsPage />;
  if (name === "looked") return <LookedPage />;
  if (name === "messages") return <MessagesPage />;
  if (name === "devices") return <DevicesPage />;
  return name === "settings" ? <SettingsPage /> : <MePage />;
}

/** Rooms to watch and practicals to score. */
function OnDuty({ name, id, beside }: { name: string; id: string; beside: string }) {
  if (name === "rooms") return <RoomPage key={beside} sitting={id} room={beside} />;
  if (name === "board") return <BoardPage key={id} sitting={id} />;
  return name === "practicals" ? <PracticalPage key={id} id={id} sitting={beside} /> : <DutiesPage />;
}

function Tabs() {
  const here = route.value[0] ?? "";
  const tabs: [string, Drawing, string, string[]][] = [
    ["/", "today", t("今日", "Today"), [""]],
    ["/learn", "learn", t("学习", "Learn"), ["learn"]],
    ["/exams", "exam", t("考试", "Exams"), ["exams", "check", "tickets", "results"]],
    ["/certificates", "certificate", t("证书", "Certificates"), ["certificates"]],
    ["/me", "me", t("我的", "Me"), ["me"]],
  ];
  // Who works at exams has the way there beside the others.
  if (onDuty()) tabs.splice(4, 0, ["/duty", "door", t("值守", "Duty"), ["duty"]]);
  return (
    <nav class="tabs" aria-label={t("主导航", "Main")}>
      {tabs.map(([path, icon, name, places]) => (
        <a key={path} href={`#${path}`} aria-current={places.includes(here) ? "page" : undefined}>
          <Icon name={icon} />
          <span>{name}</span>
        </a>
      ))}
    </nav>
  );
}

function App() {
  if (me.value === undefined) return null;
  if (me.value === null) return <SignInPage lead={t("学习 · 考试 · 证书", "Learn · Exams · Certificates")} />;
  const inExam = route.value[0] === "exam";
  return (
    <>
      {signedOut.value && !inExam ? <SignInAgain /> : null}
      <Page />
      {inExam ? null : <Tabs />}
    </>
  );
}

function keepForOffline(): void {
  if (!("serviceWorker" in navigator)) return;
  // Where the browser has none, everything works but the first load without a network.
  navigator.serviceWorker.register("worker.js").catch(() => undefined);
}

recall()
  .catch(() => (me.value = null))
  .then(() => {
    render(<App />, document.getElementById("app")!);
    keepForOffline();
    keepSending();
  });
