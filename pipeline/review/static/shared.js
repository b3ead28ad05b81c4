// What every page shares: requests, dialogs, the numbers in the bar, and which keys are commands.
"use strict";

const xueyang = {
  say(text) {
    document.getElementById("say").textContent = text || "";
  },

  async post(address, content) {
    let answer;
    try {
      answer = await fetch(address, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-CSRF-Token": document.querySelector("meta[name=csrf]").content,
        },
        body: JSON.stringify(content || {}),
      });
    } catch {
      return { problem: "not saved: the program does not answer; is it still running?" };
    }
    const text = await answer.text();
    try {
      return JSON.parse(text);
    } catch {
      return { problem: `not saved: ${text.slice(0, 200)}` };
    }
  },

  work(numbers) {
    for (const field of document.querySelectorAll("[data-work]")) {
      const name = field.dataset.work;
      let value = numbers[name];
      if (name === "unseen") value = value === null ? "?" : `${value} (${numbers.low} to ${numbers.high})`;
      if (field.textContent !== String(value)) field.textContent = value;
    }
  },

  // Letters are commands only outside fields and dialogs, and only while the reader wants them to be.
  command(event) {
    const field = event.target.closest("input, textarea, select, dialog");
    if (event.ctrlKey || event.metaKey || event.altKey || field || document.querySelector("dialog[open]")) return "";
    if (event.key.length === 1 && localStorage.getItem("keys") === "off") return "";
    return event.key;
  },

  open(name) {
    const dialog = document.getElementById(name);
    dialog.showModal();
    return dialog;
  },

  move(items, step) {
    if (!items.length) return;
    const at = items.indexOf(document.activeElement.closest(".fact, .post"));
    const next = items[Math.min(items.length - 1, Math.max(0, at + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  },
};

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) xueyang.open(opener.dataset.open);
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.post) return;
  event.preventDefault();
  const content = {};
  for (const field of form.elements) {
    if (field.name) content[field.name] = field.type === "checkbox" ? field.checked : field.type === "number" ? Number(field.value) : field.value;
  }
  const answer = await xueyang.post(form.dataset.post, content);
  if (answer.reload) location.reload();
  if (answer.link) form.querySelector("output").textContent = answer.link;
  xueyang.say(answer.problem || answer.message);
});

document.addEventListener("keydown", (event) => {
  const key = xueyang.command(event);
  if (key === "?") xueyang.open("help");
  else if (key === "q") location.href = "/";
  else if (event.key === "Escape" && event.target.matches("input, select, textarea") && !event.target.closest("dialog")) event.target.blur();
  else return;
  if (key) event.preventDefault();
});

const keysOn = document.getElementById("keys-on");
keysOn.checked = localStorage.getItem("keys") !== "off";
keysOn.addEventListener("change", () => localStorage.setItem("keys", keysOn.checked ? "on" : "off"));

if (document.getElementById("work")) {
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch("/progress");
      if (answer.ok) xueyang.work(await answer.json());
    } catch {
      xueyang.say("the program does not answer; is it still running?");
    }
  }, 4000);
}
