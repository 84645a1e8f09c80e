"use strict";
(() => {
  document.documentElement.classList.add("scripts");
  const q = document.getElementById("q");
  if (!q) return;
  const count = document.getElementById("count");
  const changes = [...document.querySelectorAll(".change")].map((section) => ({
    section,
    who: section.dataset.who.toLowerCase(),
    items: [...section.querySelectorAll(".list li")].map((item) => [item, item.textContent.toLowerCase()]),
  }));

  function render() {
    const words = q.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { section, who, items } of changes) {
      let here = 0;
      for (const [item, text] of items) {
        const fits = words.every((word) => text.includes(word) || who.includes(word));
        item.hidden = !fits;
        here += fits ? 1 : 0;
      }
      section.hidden = here === 0;
      shown += here;
    }
    count.textContent = `${shown.toLocaleString("en")} ${shown === 1 ? "value" : "values"}`;
  }

  q.addEventListener("input", render);
  q.form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target !== q) {
      event.preventDefault();
      q.focus();
    } else if (event.key === "Escape" && event.target === q) {
      q.value = "";
      render();
    }
  });
  render();
})();
