/** The question bank: questions and what is done to many, flags, exports (题库). */
import { useState } from "preact/hooks";
import { when } from "../../shared/dates.ts";
import { client } from "../../shared/platform.ts";
import { t } from "../../shared/settings.ts";
import type { Room } from "../frame.tsx";
import { may } from "../kit/asking.ts";
import { Moves, REASON, type MoveOf } from "../kit/form.tsx";
import { List, ListPage, type ListOf } from "../kit/list.tsx";
import { named } from "../kit/named.tsx";
import { Page, Panel, Tag } from "../kit/parts.tsx";
import { count, word, type Words } from "../kit/two.ts";
import { FLAGS, LOOKS, POST_ROLES, QUESTION_KINDS, QUESTION_STATES } from "../words.ts";
import { BankPage, BANKS, newBank } from "./bank_banks.tsx";
import { ImportPage, ImportsPage } from "./bank_import.tsx";
import { PairPage, Pairs } from "./bank_pairs.tsx";
import { QuestionPage } from "./bank_question.tsx";
import { questionFields, questionValues, Serves, type Question } from "./bank_text.tsx";

const stem = (text: string) => <span class="two-lines stem" lang="zh-CN">{text}</span>;

export const State = ({ of }: { of: string }) => <Tag kind={LOOKS[of] ?? "plain"}>{word(QUESTION_STATES, of)}</Tag>;

const QUESTIONS: ListOf<Question> = {
  path: "/v1/questions",
  name: ["试题", "Questions"],
  id: ({ id }) => id,
  to: ({ id }) => `/bank/questions/${id}`,
  filters: [
    { name: "text", label: ["题干、选项、拼音首字母", "Text, or pinyin initials"], kind: "text" },
    { name: "bank_id", label: ["题库", "Bank"], kind: "pick", sort: "bank" },
    { name: "state", label: ["状态", "State"], kind: "choice", choices: QUESTION_STATES },
    { name: "kind", label: ["题型", "Kind"], kind: "choice", choices: QUESTION_KINDS },
    { name: "role", label: ["适用人员", "Serves"], kind: "choice", choices: POST_ROLES },
    { name: "topic", label: ["知识点", "Topic"], kind: "text" },
    { name: "flag", label: ["统计预警", "Flag"], kind: "choice", choices: FLAGS },
    { name: "rests_on_repealed_law", label: ["依据已废止", "On repealed law"], kind: "yes" },
  ],
  columns: [
    { head: ["题干", "Question"], show: ({ version }) => stem(version.stem), text: ({ version }) => version.stem },
    { head: ["题型", "Kind"], show: ({ version }) => word(QUESTION_KINDS, version.kind), sort: ({ version }) => version.kind },
    { head: ["状态", "State"], show: ({ state }) => <State of={state} />, text: ({ state }) => word(QUESTION_STATES, state), sort: ({ state }) => state },
    { head: ["适用", "Serves"], show: ({ serves }) => <Serves of={serves} />, text: ({ serves }) => serves.map(({ role }) => word(POST_ROLES, role)).join(";") },
    { head: ["知识点", "Topic"], show: ({ version }) => version.topic ?? "—", sort: ({ version }) => version.topic ?? "" },
    { head: ["版本", "Version"], show: ({ version }) => count(version.number), number: true },
    { head: ["写于", "Written"], show: ({ version }) => when(version.written_at), text: ({ version }) => version.written_at },
  ],
  empty: ["题库还是空的。导入现有的 Excel 题库，或新建一道试题。", "The bank is empty. Import the workbooks you have, or write a question."],
  next: <a class="button" href="#/bank/import">{t("导入试题", "Import questions")}</a>,
};

/** What is done to many at once: the server says for each what would happen, before it happens. */
function bulk(ids: Set<string>): MoveOf[] {
  const preview = (move: string) => async (_: unknown, id: string) => {
    const { counts } = await client.send<{ counts: Record<string, number> }>(`/v1/question-bulk-actions/${id}`, { move, question_ids: [...ids] });
    return <p>{t("将改变", "Will change")}: {count(counts["changes"] ?? 0)} · {t("不变", "unchanged")}: {count(counts["unchanged"] ?? 0)} · {t("被拒", "refused")}: {count(counts["refused"] ?? 0)}</p>;
  };
  const one = (move: string, name: readonly [string, string], needs: string, danger = false): MoveOf => ({
    name,
    title: [`${name[0]}：已选 ${ids.size} 题`, `${name[1]}: ${ids.size} chosen`],
    needs,
    danger,
    fields: danger ? [REASON] : [],
    submit: ["执行", "Do it"],
    preview: preview(move),
    send: (values, id) => client.send(`/v1/question-bulk-actions/${id}/execution`, values),
    told: (reply: { counts: Record<string, number> }) => <p>{t("已改变", "Changed")}: {count(reply.counts["changes"] ?? 0)}</p>,
  });
  return [
    one("submit", ["送审", "Submit for review"], "write_questions"),
    one("publish", ["发布", "Publish"], "review_questions"),
    one("send_back", ["退回", "Send back"], "review_questions"),
    one("retire", ["停用", "Retire"], "review_questions", true),
  ];
}

const WRITE: MoveOf = {
  name: ["新建试题", "Write a question"],
  title: ["新建试题", "Write a question"],
  needs: "write_questions",
  main: true,
  fields: [{ name: "bank_id", label: ["题库", "Bank"], kind: "pick", sort: "bank" }, ...questionFields(), { name: "roles", label: ["适用人员", "Serves"], kind: "many", choices: POST_ROLES }],
  initial: { options: [{}, {}, {}, {}], kind: "single_choice" },
  submit: ["保存为草稿", "Keep as a draft"],
  send: ({ roles, bank_id, ...values }, id) => client.send(`/v1/questions/${id}`, { ...questionValues(values), bank_id, serves: (roles as string[]).map((role) => ({ role })) }),
  then: (_, id) => `/bank/questions/${id}`,
};

function QuestionsPage() {
  const [ids, change] = useState<Set<string>>(new Set());
  const choosing = may("write_questions") || may("review_questions");
  return (
    <Page title={t("试题", "Questions")} tools={<><Moves of={[WRITE]} /><Export /></>}>
      {ids.size === 0 ? null : <Panel class="bulk"><div class="tools"><strong>{t(`已选 ${ids.size} 题`, `${ids.size} chosen`)}</strong><Moves of={bulk(ids)} /><button class="link" onClick={() => change(new Set())}>{t("取消选择", "Choose none")}</button></div></Panel>}
      <List of={{ ...QUESTIONS, ...(choosing ? { chosen: { ids, change } } : {}) }} />
    </Page>
  );
}

const FORMATS: Words = { xlsx: ["Excel 工作簿", "Excel workbook"], csv: ["CSV", "CSV"], json: ["JSON", "JSON"], docx: ["Word", "Word"], text: ["文本", "Text"], qti: ["QTI 2.1", "QTI 2.1"], moodle_xml: ["Moodle XML", "Moodle XML"], gift: ["GIFT", "GIFT"] };

function Export() {
  return (
    <Moves
      of={[
        {
          name: ["导出", "Export"],
          title: ["导出试题", "Export questions"],
          needs: "export_questions",
          fields: [
            { name: "bank_id", label: ["题库", "Bank"], kind: "pick", sort: "bank" },
            { name: "format", label: ["格式", "Format"], kind: "choice", choices: FORMATS },
            { name: "state", label: ["状态", "State"], kind: "choice", choices: QUESTION_STATES, optional: true },
            { name: "kind", label: ["题型", "Kind"], kind: "choice", choices: QUESTION_KINDS, optional: true },
            { name: "with_keys", label: ["含答案（须有相应权限）", "With keys (needs the permission)"], kind: "yes" },
            { name: "purpose", label: ["用途", "Purpose"], hint: ["记入审计。", "Kept in the audit."], kind: "text" },
          ],
          submit: ["导出", "Export"],
          send: (values, id) => client.send(`/v1/question-exports/${id}`, values),
          then: (reply: { id: string }) => `/jobs/${reply.id}`,
        },
      ]}
    />
  );
}

interface Flag {
  id: string;
  question_id: string;
  stem: string;
  qualification: string;
  flag: string;
  raised_at: string;
  settled_at: string | null;
  reason: string | null;
}

const FLAGGED: ListOf<Flag> = {
  path: "/v1/question-flags",
  name: ["统计预警", "Flags"],
  id: ({ id }) => id,
  to: ({ question_id }) => `/bank/questions/${question_id}`,
  filters: [
    { name: "flag", label: ["预警", "Flag"], kind: "choice", choices: FLAGS },
    { name: "bank_id", label: ["题库", "Bank"], kind: "pick", sort: "bank" },
    { name: "settled", label: ["已处理", "Settled"], kind: "yes" },
  ],
  columns: [
    { head: ["题干", "Question"], show: (flag) => stem(flag.stem), text: (flag) => flag.stem },
    { head: ["预警", "Flag"], show: ({ flag }) => <Tag kind="warn">{word(FLAGS, flag)}</Tag>, text: ({ flag }) => word(FLAGS, flag) },
    named(["资格", "Qualification"], "code", ({ qualification }) => qualification),
    { head: ["发出于", "Raised"], show: ({ raised_at }) => when(raised_at), sort: ({ raised_at }) => raised_at },
    { head: ["处理意见", "Settled with"], show: ({ reason }) => reason ?? "—" },
  ],
  rowTools: ({ id, settled_at }) => <Moves of={[{ name: ["处理", "Settle"], title: ["处理预警", "Settle the flag"], needs: "review_questions", open: settled_at === null, fields: [REASON], submit: ["处理", "Settle"], send: (values) => client.send(`/v1/question-flags/${id}/settlement`, values) }]} />,
  empty: ["没有预警。考试作答达到统计所需数量后，会在这里提示可疑试题。", "No flags. Once enough candidates have answered, doubtful questions appear here."],
};

export const bank: Room = {
  name: ["题库", "Question bank"],
  icon: "book",
  pages: [
    { path: "bank/questions", name: ["试题", "Questions"], needs: ["see_questions"], show: () => <QuestionsPage /> },
    { path: "bank/questions/:id", needs: ["see_questions"], show: (id) => <QuestionPage id={id!} /> },
    { path: "bank/import", name: ["导入", "Import"], needs: ["write_questions"], show: () => <ImportsPage /> },
    { path: "bank/import/:id", needs: ["see_questions"], show: (id) => <ImportPage id={id!} /> },
    { path: "bank/pairs", name: ["重复与冲突", "Duplicates and conflicts"], needs: ["see_questions"], show: () => <Pairs /> },
    { path: "bank/pairs/:id", needs: ["see_questions"], show: (id) => <PairPage id={id!} /> },
    { path: "bank/flags", name: ["统计预警", "Flags"], needs: ["see_questions"], show: () => <ListPage title={["统计预警", "Flags on questions"]} of={FLAGGED} /> },
    { path: "bank/banks", name: ["题库与统计", "Banks and statistics"], needs: ["see_questions"], show: () => <ListPage title={["题库", "Question banks"]} of={BANKS} moves={[newBank()]} /> },
    { path: "bank/banks/:id", needs: ["see_questions"], show: (id) => <BankPage id={id!} /> },
  ],
};
