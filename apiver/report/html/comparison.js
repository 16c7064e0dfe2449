"use strict";
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const changes = [...document.querySelectorAll("article.change")];
  const groups = [...document.querySelectorAll("section.group")].filter((group) => group.querySelector("article"));
  const proofs = [...document.querySelectorAll("details.proof")];
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");
  const toggle = document.getElementById("proofs");
  const words = new Map();

  const text = (change) => {
    if (!words.has(change)) words.set(change, change.textContent.toLowerCase());
    return words.get(change);
  };

  const apply = () => {
    const wanted = new FormData(form);
    const effects = new Set(wanted.getAll("effect"));
    const operation = wanted.get("operation");
    const sought = wanted.get("text").toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const change of changes) {
      const fits = effects.has(change.dataset.effect)
        && (operation === "" || change.dataset.operations.split(" ").includes(operation))
        && sought.every((word) => text(change).includes(word));
      change.hidden = !fits;
      count += fits;
    }
    for (const group of groups) {
      const left = group.querySelectorAll("article.change:not([hidden])").length;
      group.hidden = left === 0;
      group.querySelector(".count").textContent = left;
    }
    none.hidden = count > 0;
    const all = changes.length;
    const noun = all === 1 ? "change" : "changes";
    shown.textContent = count === all ? `${all} ${noun}` : `${count} of ${all} ${noun} shown`;
  };

  // A link to a change leads there whatever is filtered.
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target && target.closest("[hidden]")) {
      form.reset();
      apply();
      target.scrollIntoView();
    }
  };

  const name = () => {
    toggle.textContent = proofs.some((proof) => !proof.open) ? "Open all proofs" : "Close all proofs";
  };

  // What can be scrolled can be reached by keyboard, and nothing else stands in the way.
  const near = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      const scrolls = target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight;
      if (scrolls) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  }, { rootMargin: "100%" });
  for (const box of document.querySelectorAll(".side pre")) near.observe(box);

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 100);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply);
  });
  toggle.addEventListener("click", () => {
    const open = proofs.some((proof) => !proof.open);
    for (const proof of proofs) proof.open = open;
    name();
  });
  for (const proof of proofs) proof.addEventListener("toggle", name);
  addEventListener("hashchange", reveal);
  toggle.hidden = proofs.length === 0;
  form.hidden = false;
  name();
  apply();
  reveal();
})();
