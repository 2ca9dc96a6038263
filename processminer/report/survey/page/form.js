"use strict";
const button = document.getElementById("save");
const cell = text => {
  const plain = String(text).replace(/\s+/g, " ").trim();
  const safe = /^[=+\-@]/.test(plain) ? "'" + plain : plain;
  return '"' + safe.replace(/"/g, '""') + '"';
};
button.hidden = false;
button.addEventListener("click", () => {
  const person = document.getElementById("person").value;
  const rows = [["question", "person", "answer", "comment"]];
  for (const asked of document.querySelectorAll("fieldset")) {
    const ticked = asked.querySelector("input:checked");
    const said = asked.querySelector("textarea").value;
    if (ticked || said.trim()) rows.push([asked.dataset.question, person, ticked ? ticked.value : "", said]);
  }
  const status = document.getElementById("saved");
  if (rows.length === 1) {
    status.textContent = "Nothing is answered yet.";
    return;
  }
  const text = rows.map(row => row.map(cell).join(",")).join("\n") + "\n";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = "answers.csv";
  link.click();
  URL.revokeObjectURL(link.href);
  const many = rows.length - 1;
  status.textContent = "Saved " + many + (many === 1 ? " answer" : " answers") + " as answers.csv: give it back to whoever asked you.";
});
