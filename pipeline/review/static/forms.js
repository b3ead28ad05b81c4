// Adding and correcting facts: a dialog for each kind, filled from the fact or from the selected words.
"use strict";

const forms = {
  // Offsets of the selected words in the text, in Unicode code points as the records count them.
  selected() {
    const text = document.getElementById("text");
    const selection = getSelection();
    if (selection.isCollapsed || !text.contains(selection.anchorNode) || !text.contains(selection.focusNode)) return null;
    const range = selection.getRangeAt(0);
    const before = document.createRange();
    before.selectNodeContents(text);
    before.setEnd(range.startContainer, range.startOffset);
    const start = [...before.toString()].length;
    const words = range.toString();
    const length = [...words].length;
    return length ? { start, end: start + length, text: words } : null;
  },

  add(kind) {
    const words = forms.selected();
    if (["counts", "places", "justifications"].includes(kind) && !words) {
      xueyang.say("select the words in the text first (s: with the keyboard)");
      return;
    }
    forms.open(kind, words || {}, async (value) => {
      const given = kind === "note" ? { kind, value } : { kind, action: "add", value: { ...value, ...words } };
      return send("decide", given);
    });
  },

  correct(fact) {
    const kind = fact.dataset.kind;
    const old = JSON.parse(fact.dataset.value);
    const words = forms.selected();
    forms.open(kind, { ...old, ...(words || {}) }, (value) =>
      send("decide", { kind, action: "correct", fact: fact.dataset.fact, value: { ...value, ...(words || {}) } }),
    );
  },

  open(kind, value, save) {
    const dialog = document.getElementById(`form-${kind}`);
    const form = dialog.querySelector("form");
    form.reset();
    const quote = form.querySelector("output");
    if (quote) quote.textContent = value.text || "";
    form.querySelector(".problem").textContent = "";
    for (const field of form.elements) {
      if (field.name && field.name !== "search" && kind !== "note" && value[field.name] !== undefined && value[field.name] !== null) field.value = value[field.name];
    }
    if (kind === "counts" && value.value === undefined) forms.guess(form, value.text);
    if (kind === "places") forms.places(form, value);
    form.onsubmit = async (event) => {
      event.preventDefault();
      const given = {};
      for (const field of form.elements) if (field.name && field.name !== "search") given[field.name] = field.value;
      const problem = form.querySelector(".problem");
      problem.textContent = "";
      if (await save(given)) dialog.close();
      else problem.textContent = document.getElementById("say").textContent;
    };
    dialog.showModal();
    const first = form.querySelector("input, select, textarea");
    first.focus();
    if (first.select) first.select();
  },

  // Digits in the selected words are a start; the reviewer says what they mean.
  guess(form, words) {
    const digits = /\d[\d,]*(\.\d+)?/.exec(words || "");
    if (digits) form.elements.value.value = digits[0].replaceAll(",", "");
    if (/[%％]/.test(words || "")) form.elements.kind.value = "coverage";
  },

  places(form, value) {
    const { search, adcode, township } = form.elements;
    const look = async () => {
      const words = encodeURIComponent(search.value);
      const answer = await fetch(`/places?document=${main.dataset.document}&words=${words}`);
      if (!answer.ok) return;
      adcode.replaceChildren();
      for (const unit of await answer.json()) {
        const option = new Option(`${unit.name}${unit.township} — ${unit.name_en}`, unit.adcode);
        option.dataset.township = unit.township;
        adcode.add(option);
      }
      if (adcode.options.length) {
        const known = [...adcode.options].find((option) => option.value === value.adcode);
        (known || adcode.options[0]).selected = true;
        adcode.onchange();
      }
    };
    adcode.onchange = () => {
      const named = adcode.selectedOptions[0] && adcode.selectedOptions[0].dataset.township;
      if (named) township.value = named;
    };
    search.value = value.name || value.text || "";
    let later;
    search.oninput = () => {
      clearTimeout(later);
      later = setTimeout(look, 150);
    };
    look();
  },
};
