// Choices on a built page: the address follows them, arrow keys move them, and screen readers hear what is shown.
// The widgets swap their leaves themselves; without this file everything still works by mouse, Tab and Space.
(() => {
  const parameters = () => new URLSearchParams(location.hash.slice(1));
  const nameOf = control => [...control.classList].find(c => c.startsWith("choice-")).slice("choice-".length);
  const options = control => control.matches(".widget-toggle-buttons")
    ? [...control.querySelectorAll("button")] : [...control.querySelectorAll("select option")];
  const chosen = control => options(control).find(o => o.selected || o.classList.contains("mod-active"));
  const text = option => (option ? option.textContent.trim() : "");

  // Choose the option with this text; an unknown one changes nothing.
  const choose = (control, wanted) => {
    const option = options(control).find(o => text(o) === wanted);
    if (!option || option === chosen(control)) return;
    if (option.tagName === "BUTTON") return option.click();
    const select = control.querySelector("select");
    select.selectedIndex = option.index;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };

  // Until nothing has changed in the box for a while: two changes at once would meet half-made views.
  const quiet = box => new Promise(done => {
    const over = () => { watch.disconnect(); done(); };
    let timer = setTimeout(over, 80);
    const watch = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(over, 80); });
    watch.observe(box, { subtree: true, childList: true });
  });

  const follow = async box => {
    if (!box.matches(".linked")) return;
    const wanted = parameters();
    box.dataset.following = ""; // the address is read, not written
    await quiet(box);
    for (const control of box.querySelectorAll(".choice")) {
      if (!wanted.has(nameOf(control))) continue;
      choose(control, wanted.get(nameOf(control)));
      await quiet(box);
    }
    delete box.dataset.following;
  };

  // What is chosen, into the address, the buttons' states and the row of the chosen layer.
  const show = box => {
    const state = parameters();
    for (const control of box.querySelectorAll(".choice")) {
      const now = chosen(control);
      if (now) state.set(nameOf(control), text(now));
      if (control.matches(".widget-toggle-buttons"))
        for (const button of options(control)) {
          button.setAttribute("aria-checked", String(button === now));
          button.tabIndex = button === now ? 0 : -1;
        }
    }
    for (const row of box.querySelectorAll("tr[data-layer]"))
      row.toggleAttribute("data-chosen", row.dataset.layer === state.get("layer"));
    const writes = box.matches(".linked") && "touched" in box.dataset && !("following" in box.dataset);
    if (writes && `#${state}` !== location.hash)
      history.replaceState(null, "", `#${state}`);
  };

  // A line for screen readers: the sentence of the leaf that is shown now.
  const say = box => {
    const sentence = [...box.querySelectorAll(".say")].find(e => e.offsetParent);
    const line = box.querySelector(":scope > [role=status]");
    if (sentence && line && "touched" in box.dataset) line.textContent = sentence.textContent;
  };

  const keys = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const asRadio = control => {
    const group = control.querySelector("button").parentElement, label = control.querySelector(".widget-label");
    group.setAttribute("role", "radiogroup");
    group.setAttribute("aria-label", text(label) || nameOf(control));
    for (const button of options(control)) {
      button.setAttribute("role", "radio");
      button.removeAttribute("aria-pressed");
    }
    group.addEventListener("keydown", event => {
      const all = options(control), at = all.indexOf(document.activeElement);
      const to = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1
        : event.key in keys && at >= 0 ? (at + keys[event.key] + all.length) % all.length : -1;
      if (to < 0) return;
      event.preventDefault();
      all[to].focus();
      all[to].click();
    });
  };

  const ready = box => {
    const controls = [...box.querySelectorAll(".choice")];
    return controls.length && controls.every(control => chosen(control));
  };

  const prepare = box => {
    box.dataset.ready = "";
    const line = document.createElement("p");
    line.setAttribute("role", "status");
    line.className = "heard";
    box.append(line);
    for (const control of box.querySelectorAll(".choice.widget-toggle-buttons")) asRadio(control);
    let waiting = 0;
    const settle = () => { show(box); clearTimeout(waiting); waiting = setTimeout(() => say(box), 120); };
    const touch = () => { box.dataset.touched = ""; settle(); };
    box.addEventListener("change", touch);
    box.addEventListener("click", event => { if (event.target.closest(".choice")) touch(); });
    new MutationObserver(records => {
      if (records.some(record => record.target !== line)) settle();
    }).observe(box, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
    follow(box).then(settle);
  };

  const look = () => {
    for (const box of document.querySelectorAll(".choices:not([data-ready])")) if (ready(box)) prepare(box);
  };
  new MutationObserver(look).observe(document.documentElement, { subtree: true, childList: true });
  window.addEventListener("hashchange", () => {
    for (const box of document.querySelectorAll(".choices[data-ready]")) follow(box).then(() => show(box));
  });
  look();
})();
