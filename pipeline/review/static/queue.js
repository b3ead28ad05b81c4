// The queue: filters that act at once, and keys.
"use strict";

const filters = document.getElementById("filters");

function show() {
  // Empty fields only make the address long.
  for (const field of filters.elements) if (!field.value) field.disabled = true;
  filters.submit();
}

async function learn() {
  const answer = await xueyang.post("/learn");
  xueyang.say(answer.problem || answer.message);
  const wait = setInterval(async () => {
    const numbers = await (await fetch("/progress")).json();
    xueyang.work(numbers);
    if (numbers.learning) return;
    clearInterval(wait);
    location.reload();
  }, 500);
}

if (filters) {
  filters.addEventListener("change", (event) => {
    if (event.target.id !== "words") show();
  });
  filters.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  document.getElementById("learn").addEventListener("click", learn);
}

document.addEventListener("keydown", (event) => {
  const key = xueyang.command(event);
  const posts = [...document.querySelectorAll("a.post")];
  if (key === "j" || key === "ArrowDown") xueyang.move(posts, 1);
  else if (key === "k" || key === "ArrowUp") xueyang.move(posts, -1);
  else if (key === "/" && filters) document.getElementById("words").focus();
  else if (key === "u" && filters) document.getElementById("unreviewed").click();
  else if (key === "l" && filters) learn();
  else return;
  event.preventDefault();
});

// Back from a document, the browser may show the page as it was: ask for it again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
