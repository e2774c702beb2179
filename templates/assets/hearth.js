"use strict";
// Everything works without this file. It counts down to deadlines, adds up cost lines, keeps a draft and narrows a table.
(() => {
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

  // <time data-until datetime="2026-03-04T17:00:00Z">: says how long is left, beside it.
  const left = (until) => {
    const minutes = Math.floor((until - Date.now()) / 60000);
    if (minutes < 0) return "closed";
    if (minutes < 60) return `${minutes} min left`;
    if (minutes < 2880) return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
    return `${Math.floor(minutes / 1440)} days left`;
  };
  each("time[data-until]", (time) => {
    const note = document.createElement("span");
    note.className = "tag";
    time.after(" ", note);
    const tick = () => { note.textContent = left(Date.parse(time.dateTime)); };
    tick();
    setInterval(tick, 30000);
  });

  // <output data-total>: the sum of the form's money fields.
  each("output[data-total]", (output) => {
    const form = output.closest("form");
    const pence = (text) => Math.round(Number(text.replace(/[£,\s]/g, "")) * 100);
    const add = () => {
      let sum = 0;
      form.querySelectorAll("input[data-money]").forEach((input) => { sum += pence(input.value) || 0; });
      output.textContent = (sum / 100).toLocaleString("en-GB", { style: "currency", currency: "GBP" });
    };
    form.addEventListener("input", add);
    add();
  });

  // <form data-autosave="/path">: keeps what is typed, a moment after typing stops.
  each("form[data-autosave]", (form) => {
    const note = form.querySelector("[data-saved]");
    let timer;
    let saving = Promise.resolve();
    let waiting = 0;
    const say = (text) => { if (note) note.textContent = text; };
    const save = async () => {
      say("Saving…");
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "X-Autosave": "1" },
      }).catch(() => null);
      if (!answer || !answer.ok) { say("Not saved: use the button to save."); return; }
      const kept = await answer.json().catch(() => ({}));
      if (kept.token) form.elements._token.value = kept.token;
      if (kept.version && form.elements._version) form.elements._version.value = kept.version;
      say("Saved");
    };
    form.addEventListener("input", () => {
      clearTimeout(timer);
      say("Not saved yet");
      timer = setTimeout(() => {
        waiting += 1;
        saving = saving.then(save).finally(() => { waiting -= 1; });
      }, 1500);
    });
    form.addEventListener("submit", (event) => {
      clearTimeout(timer);
      if (!waiting) return;
      // What is on its way arrives first, for the form goes on from its answer.
      event.preventDefault();
      saving.then(() => form.requestSubmit(event.submitter));
    });
  });

  // <input data-narrows="id">: shows only the rows of that table in which its text stands.
  each("input[data-narrows]", (input) => {
    const table = document.getElementById(input.dataset.narrows);
    if (!table) return;
    input.closest("[hidden]")?.removeAttribute("hidden");
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      table.querySelectorAll("tbody tr").forEach((row) => { row.hidden = !row.textContent.toLowerCase().includes(wanted); });
    });
  });
})();
