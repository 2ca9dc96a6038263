(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const parts = (name) => name.split("|").map((part) => part.trim());

  // The map: which colouring, and which stage or move is open, both kept in the address.
  const view = () => {
    const asked = new Map(location.hash.slice(1).split("&").map((pair) => {
      const cut = pair.indexOf("=");
      return [pair.slice(0, cut), pair.slice(cut + 1)];
    }));
    const decode = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
    return { colour: decode(asked.get("colour") || ""), open: (asked.get("open") || "").split("|").map(decode) };
  };
  const linkTo = (colour, open) => "#colour=" + colour + (open[0] ? "&open=" + open.map(encodeURIComponent).join("|") : "");
  const colour = () => document.querySelector("[name=colour]:checked").value;
  const isAt = (part, open) => open.length > 1
    ? part.dataset.from === open[0] && part.dataset.to === open[1]
    : part.dataset.stage === open[0];

  const choose = (open) => {
    let said = "";
    for (const part of document.querySelectorAll(".drawing [data-from], .drawing [data-stage]")) {
      const at = open[0] !== "" && isAt(part, open);
      part.classList.toggle("chosen", at);
      if (at) said = part.getAttribute("aria-label");
      if (at && part.checkVisibility()) part.scrollIntoView({ block: "nearest", inline: "center" });
    }
    for (const row of document.querySelectorAll("[data-row]")) {
      row.classList.toggle("chosen", open.length > 1 && row.dataset.row === open.join("|"));
    }
    byId("said").textContent = said;
  };
  const show = (behavior) => {
    const asked = view();
    if (!asked.colour && !asked.open[0]) return;
    const radio = byId("colour-" + asked.colour);
    if (radio) radio.checked = true;
    byId("map").scrollIntoView({ behavior });
    choose(asked.open);
  };
  const go = (colour, open) => history.replaceState(null, "", linkTo(colour, open));

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-open]");
    if (link) {
      event.preventDefault();
      location.hash = linkTo(link.dataset.colour, parts(link.dataset.open));
    }
    const part = event.target.closest(".drawing [data-from], .drawing [data-stage]");
    if (part) pick(part);
  });
  const pick = (part) => {
    const open = "from" in part.dataset ? [part.dataset.from, part.dataset.to] : [part.dataset.stage];
    go(colour(), open);
    choose(open);
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches(".drawing [data-from], .drawing [data-stage]")) pick(event.target);
  });
  for (const radio of document.querySelectorAll("[name=colour]")) {
    radio.addEventListener("change", () => go(radio.value, view().open));
  }
  addEventListener("hashchange", () => show("auto"));
  show("instant");

  // Buttons that copy or save; without JavaScript they are not there.
  const drawing = () => new XMLSerializer().serializeToString(document.querySelector(".drawing." + colour() + " svg"));
  const textOf = (id) => byId(id).matches("script") ? JSON.parse(byId(id).textContent) : byId(id).textContent;
  const what = (button) => "svg" in button.dataset ? drawing() : "link" in button.dataset ? location.href : textOf(button.dataset.copy);
  const savePng = async () => {
    const image = new Image();
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(drawing());
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width * 2;
    canvas.height = image.height * 2;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const link = document.createElement("a");
    link.href = canvas.toDataURL("image/png");
    link.download = "stage-map.png";
    link.click();
  };
  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const label = button.textContent;
      try {
        await ("png" in button.dataset ? savePng() : navigator.clipboard.writeText(what(button)));
        button.textContent = "png" in button.dataset ? "Saved" : "Copied";
      } catch {
        button.textContent = "Not allowed by this browser";
      }
      setTimeout(() => { button.textContent = label; }, 1500);
    });
  }

  // On paper every finding is told; evidence and long tables stay folded unless the reader opened them.
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details.more")) fold.open = true;
  });
})();
