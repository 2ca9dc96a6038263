// Repaints a stage map (an <svg> element) in another colouring: "frequency", "days" or "playbook".
function recolour(map, colouring) {
  const box = map.getAttribute("data-box-" + colouring);
  if (box === null) return false;
  for (const line of map.querySelectorAll("[data-ink-" + colouring + "]")) {
    const ink = line.getAttribute("data-ink-" + colouring);
    line.setAttribute("stroke", ink);
    line.setAttribute("fill", ink);
  }
  for (const frame of map.querySelectorAll("[data-stroke-" + colouring + "]"))
    frame.setAttribute("stroke", frame.getAttribute("data-stroke-" + colouring));
  for (const label of map.querySelectorAll("[data-label-" + colouring + "]"))
    label.textContent = label.getAttribute("data-label-" + colouring);
  for (const part of map.querySelectorAll("[data-in]"))
    if (part.getAttribute("data-in").split(" ").includes(colouring)) part.removeAttribute("display");
    else part.setAttribute("display", "none");
  map.setAttribute("viewBox", box);
  map.setAttribute("height", box.split(" ")[3]);
  map.setAttribute("data-colouring", colouring);
  return true;
}
