/** My day: what is next, what is due, what keeps one from work (今日). */
import { About, Card, Empty, Icon, Row, Screen, Tag, day, when } from "../parts.tsx";
import { me } from "../platform.ts";
import { useList, useReply } from "../replies.ts";
import { t } from "../../shared/settings.ts";
import { usePlaces, type Place } from "./places.ts";

interface Sentence {
  zh: string;
  en: string;
}

interface Verdict {
  post_id: string | null;
  role: string | null;
  items: string[];
  may_work: boolean;
  reasons: { code: string; blocks: boolean; message: Sentence; remedy: Sentence; source_zh: string }[];
}

export interface Message {
  id: string;
  title_zh: string;
  title_en: string;
  body_zh: string;
  body_en: string;
  made_at: string;
  read_at: string | null;
}

const ROLES: Record<string, [string, string]> = {
  principal: ["主要负责人", "Principal"],
  safety_manager: ["安全生产管理人员", "Safety manager"],
  full_time_safety_manager: ["专职安全生产管理人员", "Full-time safety manager"],
  occupational_health_manager: ["职业健康管理人员", "Occupational health manager"],
  mining_engineer: ["矿山专业技术人员", "Mining engineer"],
  special_operations_worker: ["特种作业人员", "Special operations worker"],
  employee: ["从业人员", "Employee"],
  enforcement_officer: ["监管执法人员", "Enforcement officer"],
  regulator_staff: ["监管部门工作人员", "Regulator’s staff"],
  township_safety_leader: ["乡镇安全负责人", "Township safety leader"],
  construction_principal: ["建筑施工企业主要负责人（A）", "Construction principal (A)"],
  construction_project_leader: ["建筑施工项目负责人（B）", "Construction project leader (B)"],
  construction_safety_manager: ["建筑施工专职安管人员（C）", "Construction safety manager (C)"],
};

export function roleName(role: string | null): string {
  const [zh, en] = ROLES[role ?? ""] ?? ["岗位", "Post"];
  return t(zh, en);
}

export function TodayPage() {
  const verdicts = useReply<{ items: Verdict[] }>("/v1/me/on-post");
  const places = usePlaces();
  const messages = useList<Message>("/v1/me/messages");
  const unread = (messages.data ?? []).filter((one) => one.read_at === null).length;
  const next = (places.data ?? []).filter((place) => place.standing === "open" || place.standing === "coming" || place.standing === "going");
  return (
    <Screen
      title={t("今日", "Today")}
      tools={
        <a class="round" href="#/me/messages" aria-label={t(`消息，${unread} 条未读`, `Messages, ${unread} unread`)}>
          <Icon name="bell" />
          {unread === 0 ? null : <span class="dot" aria-hidden="true">{unread}</span>}
        </a>
      }
    >
      <p class="greeting">{t(`${me.value?.name}，您好`, `Hello, ${me.value?.name}`)}</p>
      <About reply={verdicts} />
      {(verdicts.data?.items ?? []).map((verdict) => <PostCard key={verdict.post_id} verdict={verdict} />)}
      <h2 class="section">{t("考试", "Exams")}</h2>
      {next.length === 0 && !places.loading ? (
        <Empty icon="exam">
          {t("近期没有考试。", "No exam is near. ")}
          <a href="#/exams/open">{t("查看可报名的考试", "See which you can enrol in")}</a>
        </Empty>
      ) : null}
      {next.map((place) => <NextExam key={place.id} place={place} />)}
      <h2 class="section">{t("学习", "Learning")}</h2>
      <div class="card rows">
        <Row href="/learn/daily" icon="today" title={t("每日一题", "The daily question")} />
        <Row href="/learn" icon="learn" title={t("刷题练习", "Practise")} note={t("按知识点，或到期复习", "By topic, or what is due")} />
        <Row href="/learn/practise/wrong" icon="book" title={t("错题本", "Wrong-question book")} />
      </div>
    </Screen>
  );
}

function PostCard({ verdict }: { verdict: Verdict }) {
  return (
    <Card kind={verdict.may_work ? "good" : "bad"}>
      <div class="split">
        <h2>{roleName(verdict.role)}</h2>
        <Tag kind={verdict.may_work ? "good" : "bad"}>{verdict.may_work ? t("可以上岗", "May work") : t("不可上岗", "May not work")}</Tag>
      </div>
      <ul class="reasons">
        {verdict.reasons.map((reason) => (
          <li key={reason.code}>
            <p>{t(reason.message.zh, reason.message.en)}</p>
            <p class="note">{t(reason.remedy.zh, reason.remedy.en)}</p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function standingTag(place: Place) {
  const words: Record<Place["standing"], ["good" | "warn" | "bad" | "plain", string]> = {
    going: ["warn", t("进行中", "Going on")],
    open: ["good", t("可以开考", "Open now")],
    coming: ["plain", t("未开始", "To come")],
    over: ["plain", t("已结束", "Over")],
    done: ["good", t("已交卷", "Handed in")],
    hindered: ["bad", t("未通过审核", "Not admitted")],
    waiting: ["warn", t("待审核", "Waiting")],
    withdrawn: ["plain", t("已退出", "Withdrawn")],
  };
  const [kind, text] = words[place.standing];
  return <Tag kind={kind}>{text}</Tag>;
}

function NextExam({ place }: { place: Place }) {
  return (
    <a class="card next-exam" href={`#/exams/${place.id}`}>
      <div class="split">
        <h3>{place.name}</h3>
        {standingTag(place)}
      </div>
      <p class="note">
        <Icon name="clock" /> {when(place.opens_at)} – {day(place.closes_at)}
      </p>
    </a>
  );
}
