// One document: facts shown on both sides, decisions saved at once, what others decide shown as it comes.
"use strict";

const main = document.querySelector("main");
const part = document.getElementById("part");
const here = `/documents/${main.dataset.document}`;
const query = main.dataset.query ? `?${main.dataset.query}` : "";

function keysOf(element) {
  return (element.dataset.facts || "").split(" ").filter(Boolean);
}

function sharing(keys) {
  return [...document.querySelectorAll("[data-facts]")].filter((other) => keysOf(other).some((key) => keys.includes(key)));
}

function light(keys, name) {
  for (const old of document.querySelectorAll(`.${name}`)) old.classList.remove(name);
  for (const element of sharing(keys)) element.classList.add(name);
}

function factsInOrder() {
  return [...part.querySelectorAll(".decide .fact")];
}

function focused() {
  return document.activeElement.closest(".decide .fact");
}

// Show what was drawn by the server; keep the place where the reader was.
function redraw(answer) {
  if (answer.html !== undefined) {
    const fact = focused();
    const kept = fact && (fact.dataset.fact || "label");
    const at = fact ? factsInOrder().indexOf(fact) : -1;
    const tops = [".text", ".decide"].map((name) => part.querySelector(name).scrollTop);
    part.innerHTML = answer.html;
    [".text", ".decide"].forEach((name, i) => (part.querySelector(name).scrollTop = tops[i]));
    part.dataset.last = answer.last;
    part.dataset.next = answer.next || "";
    part.dataset.previous = answer.previous || "";
    for (const svg of document.querySelectorAll("svg[data-page]")) svg.innerHTML = answer.boxes[svg.dataset.page] || "";
    if (kept) {
      const same = factsInOrder().find((one) => (one.dataset.fact || "label") === kept);
      (same || factsInOrder()[Math.max(0, at)]).focus({ preventScroll: true });
    }
  }
  if (answer.work) xueyang.work(answer.work);
  xueyang.say(answer.problem || answer.message);
  return !answer.problem;
}

async function send(what, content) {
  xueyang.say("saving …");
  const answer = await xueyang.post(`${here}/${what}${query}`, { ...content, seen: Number(part.dataset.last) });
  if (answer.message === "") answer.message = "saved";
  return redraw(answer);
}

function label(code) {
  const now = document.getElementById("label");
  const chosen = document.getElementById("campaign");
  const campaign = code !== "mass_collection" ? null : now.dataset.label === code ? chosen.value : now.dataset.proposed || "unspecified";
  return send("decide", { kind: "label", value: { label: code, campaign } });
}

function judge(fact, action) {
  if (!fact) return xueyang.say("go to a fact first: j and k");
  if (fact.dataset.kind === "label") return action === "accept" ? label(fact.dataset.label) : xueyang.say("1 to 5 give another label");
  return send("decide", { kind: fact.dataset.kind, action, fact: fact.dataset.fact });
}

function go(document) {
  if (document) location.href = `/documents/${document}${query}`;
  else xueyang.say("no more in this queue");
}

function widen() {
  const button = document.getElementById("wide");
  if (!button) return;
  const wide = main.querySelector(".panes").classList.toggle("wide");
  button.setAttribute("aria-pressed", wide);
  localStorage.setItem("wide", wide);
}

if (localStorage.getItem("wide") === "true") widen();

async function acceptAll() {
  if (await send("accept-all")) go(part.dataset.next);
}

part.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) {
    const fact = button.closest(".fact");
    if (button.dataset.label) label(button.dataset.label);
    else if (button.dataset.do === "all") acceptAll();
    else if (button.dataset.do === "undo") send("undo");
    else if (button.dataset.do === "correct") forms.correct(fact);
    else if (button.dataset.do) judge(fact, button.dataset.do);
    else if (button.dataset.undo) send("undo", { number: Number(button.dataset.undo) });
    else if (button.dataset.add) forms.add(button.dataset.add);
  }
});

document.querySelector(".steps").addEventListener("click", (event) => {
  const button = event.target.closest("[data-go]");
  if (button) go(part.dataset[button.dataset.go]);
});

if (document.getElementById("wide")) document.getElementById("wide").addEventListener("click", widen);

part.addEventListener("change", (event) => {
  if (event.target.id === "campaign") send("decide", { kind: "label", value: { label: "mass_collection", campaign: event.target.value } });
});

// Either side shows the other: hovering lights both up, a click brings the other into view.
main.addEventListener("mouseover", (event) => {
  const element = event.target.closest("[data-facts]");
  light(element ? keysOf(element) : [], "on");
});

main.addEventListener("focusin", (event) => {
  const element = event.target.closest("[data-facts]");
  if (element) show(element);
});

main.addEventListener("click", (event) => {
  const element = event.target.closest("[data-facts]");
  if (!element || event.target.closest("button, a") || !getSelection().isCollapsed) return;
  const fact = sharing(keysOf(element)).find((other) => other.matches(".decide .fact"));
  if (fact && fact !== element) fact.focus({ preventScroll: false });
  show(element);
});

function show(element) {
  const keys = keysOf(element);
  light(keys, "chosen");
  const side = element.closest(".pictures, .text, .decide");
  const shown = new Set([side]);
  for (const other of sharing(keys)) {
    const pane = other.closest(".pictures, .text, .decide");
    if (shown.has(pane)) continue;
    shown.add(pane);
    other.scrollIntoView({ block: "center", inline: "nearest" });
  }
}

// The text can be walked through with the arrow keys without being changed.
function walk() {
  const text = document.getElementById("text");
  text.contentEditable = "true";
  text.spellcheck = false;
  text.focus();
  const mark = text.querySelector(".chosen") || text.firstElementChild;
  if (mark) getSelection().collapse(mark.firstChild || mark, 0);
  xueyang.say("arrows move, Shift selects; then c, p or r adds; Esc leaves");
}

for (const name of ["beforeinput", "paste", "drop", "cut"]) {
  part.addEventListener(name, (event) => {
    if (event.target.closest && event.target.closest("#text")) event.preventDefault();
  });
}

const commands = {
  j: () => xueyang.move(factsInOrder(), 1),
  k: () => xueyang.move(factsInOrder(), -1),
  y: () => judge(focused() || document.getElementById("label"), "accept"),
  x: () => judge(focused(), "delete"),
  e: () => (focused() && focused().dataset.fact ? forms.correct(focused()) : xueyang.say("go to a fact first: j and k")),
  a: acceptAll,
  z: () => send("undo"),
  c: () => forms.add("counts"),
  p: () => forms.add("places"),
  r: () => forms.add("justifications"),
  g: () => forms.add("groups"),
  m: () => forms.add("note"),
  s: walk,
  w: widen,
  n: () => go(part.dataset.next),
  b: () => go(part.dataset.previous),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.id === "text") {
    event.target.contentEditable = "false";
    event.target.blur();
    return;
  }
  const key = xueyang.command(event);
  const choices = [...part.querySelectorAll(".labels [data-label]")];
  if (/^[1-5]$/.test(key)) label(choices[Number(key) - 1].dataset.label);
  else if (key && Object.hasOwn(commands, key)) commands[key]();
  else return;
  event.preventDefault();
});

// What a second reviewer decides is shown as it comes, unless a form is open or words are selected.
setInterval(async () => {
  if (document.hidden || document.querySelector("dialog[open]") || !getSelection().isCollapsed) return;
  const after = part.dataset.last;
  const answer = await fetch(`${here}/part?${main.dataset.query}&after=${after}`).catch(() => null);
  if (answer && answer.status === 200 && part.dataset.last === after) {
    const content = await answer.json();
    redraw({ ...content, message: "another reviewer decided here" });
  }
}, 2500);
