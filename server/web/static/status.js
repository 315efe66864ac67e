/** The page of the state: asks every twenty seconds, and says so when nobody answers. */

const EVERY = 20_000;

const STATES = {
  working: {
    look: "good", zh: "运行正常", en: "Everything works",
    adviceZh: "可以开始或继续考试。", adviceEn: "Exams can begin and go on.",
  },
  delayed: {
    look: "warn", zh: "保存有延迟", en: "Saving is delayed",
    adviceZh: "请继续作答：每个答案先存在本机，稍后自动送达。考试时间以服务器为准，延误由监考员统一补时。",
    adviceEn: "Go on answering: each answer is kept on the phone and sent again by itself. Time that is lost is given back by the invigilator.",
  },
  down: {
    look: "bad", zh: "服务中断", en: "Out of service",
    adviceZh: "请不要关闭考试页面，继续作答：答案保存在本机，恢复后自动送达。请听从监考员安排。",
    adviceEn: "Do not close the exam, go on answering: answers stay on the phone and are sent when the service is back. Follow the invigilator.",
  },
  unreachable: {
    look: "bad", zh: "无法连接服务器", en: "The server cannot be reached",
    adviceZh: "可能是本机网络中断，也可能是服务中断。考试可继续作答：答案保存在本机，网络恢复后自动送达。",
    adviceEn: "Either this phone has no network, or the service is down. Exams go on: answers stay on the phone and are sent later.",
  },
};

const LOOKS = { information: "good", trouble: "warn", outage: "bad" };

const at = (id) => document.getElementById(id);

/** Write Chinese and, smaller, English into an element; what it held goes. */
function say(element, zh, en) {
  const small = document.createElement("small");
  small.lang = "en";
  small.textContent = en;
  element.replaceChildren(`${zh} `, small);
}

function time(text) {
  return new Date(text).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false });
}

function notice(told) {
  const article = document.createElement("article");
  const title = document.createElement("p");
  title.className = `verdict ${LOOKS[told.urgency]}`;
  say(title, told.title_zh, told.title_en);
  const body = document.createElement("p");
  say(body, told.body_zh, told.body_en);
  const when = document.createElement("p");
  say(
    when,
    `${told.region_name ?? "全部地区"} · ${time(told.from_at)} 至 ${time(told.until_at)}`,
    told.region_name ? "" : "everywhere",
  );
  article.append(title, body, when);
  return article;
}

async function asked() {
  try {
    const reply = await fetch("/v1/status", { cache: "no-cache", signal: AbortSignal.timeout(10_000) });
    if (reply.ok) return await reply.json();
  } catch {
    // No network, no server, no patience: all the same to who waits.
  }
  return { state: "unreachable", now: new Date().toISOString(), notices: null };
}

async function show() {
  const { state, now, notices } = await asked();
  const { look, zh, en, adviceZh, adviceEn } = STATES[state];
  const shown = at("state");
  if (shown.className !== `verdict ${look}` || !shown.textContent.startsWith(zh)) {
    shown.className = `verdict ${look}`;
    say(shown, zh, en);
    say(at("advice"), adviceZh, adviceEn);
  }
  say(at("checked"), `查询时间 ${time(now)}`, "asked every twenty seconds");
  if (notices === null) return;
  if (notices.length) at("notices").replaceChildren(...notices.map(notice));
  else say(at("notices"), "暂无公告。", "There is none.");
}

await show();
setInterval(show, EVERY);
