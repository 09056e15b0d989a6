// What the pages do beyond HTML: put the focus where it helps, tick the password's rules, show and hide what is typed, tell times in the
// reader's zone, and keep a form from being sent twice. Listens on the document, because streaming replaces what is in it.

const resendAfter = 3000; // ms
const lookAgainAfter = 4000; // ms

function kindOf(character) {
  if (/[\p{Lu}\p{Lt}]/u.test(character)) return "capital";
  if (/\p{Ll}/u.test(character)) return "small";
  if (/\p{Nd}/u.test(character)) return "digit";
  if (/[\p{Lo}\p{Lm}]/u.test(character)) return "other";
  return "sign";
}

function isMet(rule, rules, typed) {
  switch (rule) {
    case "length":
      return (rules.byCharacters ? [...typed] : typed).length >= rules.minimumLength;
    case "kinds":
      return new Set([...typed].map(kindOf)).size >= rules.kindsNeeded;
    case "names":
      return typed.length > 0 && !rules.names.some((name) => typed.toLowerCase().includes(name));
    default:
      return null;
  }
}

const rows = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz"].flatMap((row) => [row, [...row].reverse().join("")]);

/** How many characters stand in rows of keys, or repeat the one before. */
function inRows(typed) {
  let count = 0;
  for (let at = 2; at < typed.length; at++) {
    const part = typed.slice(at - 2, at + 1);
    if (rows.some((row) => row.includes(part)) || new Set(part).size === 1) count++;
  }
  return count;
}

/** What to do about a new password that lives in the portal; the portal itself decides. */
function hint(line, rules, typed) {
  const first = (line.dataset.words ??= line.textContent);
  const small = typed.toLowerCase();
  const missing = rules.minimumLength - [...typed].length;
  const repeats = small.length > 3 && (small + small).indexOf(small, 1) < small.length;
  const text =
    typed === "" ? first
    : repeats ? line.dataset.repeats
    : inRows(small) * 2 > small.length ? line.dataset.row
    : missing > 0 ? line.dataset.short.replace("{0}", missing)
    : line.dataset.good;
  if (line.textContent !== text) line.textContent = text;
}

function tick(list, typed) {
  const rules = JSON.parse(list.dataset.rules);
  const line = document.querySelector("[data-hint]");
  if (line !== null) hint(line, rules, typed);
  for (const item of list.querySelectorAll("[data-rule]")) {
    const met = isMet(item.dataset.rule, rules, typed);
    item.classList.toggle("met", met === true);
    item.querySelector(".state").textContent = met === true ? list.dataset.met : "";
  }
}

function toggle(button) {
  const field = document.getElementById(button.dataset.shows);
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.firstElementChild.textContent = shown ? button.dataset.hide : button.dataset.show;
}

function tellTimes() {
  for (const time of document.querySelectorAll("time[data-local]")) {
    const at = new Date(time.dateTime);
    const today = new Date().toDateString() === at.toDateString();
    time.textContent = at.toLocaleString(document.documentElement.lang, { dateStyle: today ? undefined : "medium", timeStyle: "short" });
    time.removeAttribute("data-local");
  }
}

// "You can ask for another in 0:48." until the form's button can be pressed.
function countDown() {
  for (const line of document.querySelectorAll("[data-seconds]")) {
    const button = line.closest("form").querySelector("button");
    const end = performance.now() + 1000 * Number(line.dataset.seconds);
    line.removeAttribute("data-seconds");
    const tell = () => {
      const left = Math.ceil((end - performance.now()) / 1000);
      button.hidden = left > 0;
      line.hidden = left <= 0;
      line.textContent = line.dataset.countdown.replace("{0}", `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`);
      if (left > 0) setTimeout(tell, 250);
    };
    tell();
  }
}

let seen = null;

function arrive() {
  tellTimes();
  countDown();
  const main = document.querySelector("main");
  if (main === null || main === seen?.main && main.dataset.title === seen.title) return;
  const first = seen === null;
  seen = { main, title: main.dataset.title };
  document.title = main.dataset.title;
  const summary = main.querySelector(".error-summary");
  if (summary !== null) summary.focus();
  else if (!first) main.querySelector("h1")?.focus();
}

document.addEventListener("input", (event) => {
  const list = event.target.id === "password" ? document.querySelector("[data-rules]") : null;
  if (list !== null) tick(list, event.target.value);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-shows]");
  if (button) toggle(button);
});

document.addEventListener(
  "submit",
  (event) => {
    if (performance.now() - Number(event.target.dataset.sentAt ?? -resendAfter) < resendAfter) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  },
  true,
);

// A page that waits is told what came of it within its own answer. Where that was cut off, because the portal or the way to it was gone for a
// moment, it stands at the same address.
async function isStillWaiting(address, signal) {
  const answer = await fetch(address, { signal, cache: "no-store" });
  if (!answer.ok) return true;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; ; ) {
    const { value, done } = await reader.read();
    text += value ?? "";
    if (text.includes("data-waiting")) return true;
    if (done || text.includes("</main>")) return false;
  }
}

async function lookAgain() {
  const link = document.querySelector("[data-waiting]");
  if (link === null) return;
  const until = new AbortController();
  try {
    if (!(await isStillWaiting(link.href, until.signal)) && link.isConnected) return location.replace(link.href);
  } catch {
    // Not back yet.
  } finally {
    until.abort();
  }
  setTimeout(lookAgain, lookAgainAfter);
}

setTimeout(lookAgain, lookAgainAfter);

// A page that says that a message went out is told where it could not be delivered; otherwise nothing that was typed is touched.
async function watch(wait) {
  if (document.querySelector("[data-watched]") === null) return;
  try {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    if ((await answer.text()).includes("data-undelivered") && document.querySelector("[data-watched]") !== null) {
      return location.replace(location.pathname);
    }
  } catch {
    // Not back yet.
  }
  setTimeout(watch, wait, wait * 2);
}

setTimeout(watch, lookAgainAfter, 2 * lookAgainAfter);

// Last of all: a form that something else holds back, such as the captcha, is not sent yet.
window.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) event.target.dataset.sentAt = String(performance.now());
});

// A password field that is shown is hidden again before it is sent, so that no browser keeps its text as form history.
document.addEventListener("submit", () => {
  for (const button of document.querySelectorAll("[data-shows]")) {
    if (document.getElementById(button.dataset.shows).type === "text") toggle(button);
  }
});

new MutationObserver(arrive).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-title"] });
arrive();
