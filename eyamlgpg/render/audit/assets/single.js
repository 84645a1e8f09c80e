"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { parties, files, sets, values, risks } = data;
  const at = (id) => document.getElementById(id);
  const [FILE, LINE, KEY, SET, WANTED, PASSPHRASE] = [0, 1, 2, 3, 4, 5];
  const ROWS = 120, ITEMS = 400, FEW = 40;
  const number = (count, one, many = one + "s") => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
  const controls = ["q", "person", "role", "folder", "risk"].map(at);
  const [q, person, role, folder, risk] = controls;
  const table = at("matrix"), more = at("more"), region = table.parentElement, unfold = at("unfold");
  const masters = new Set(parties.flatMap((party, index) => (party.kind === "master" ? [index] : [])));
  const known = parties.map((party) => party.kind === "person" || party.kind === "master");
  const folders = files.map((path) => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "."));
  const names = files.map((path) => path.slice(path.lastIndexOf("/") + 1));
  const text = values.map((value) => `${files[value[FILE]]} ${value[KEY]}`.toLowerCase());
  const risksOf = values.map(() => []);
  risks.forEach((one, index) => one.values.forEach((value) => risksOf[value].push(index)));
  const open = new Set();
  let groups = [], columns = [], shown = 0, bodies = null;

  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  function option(select, value, label) {
    select.append(make("option", { value: String(value), textContent: label }));
  }

  function fillControls() {
    parties.forEach((party, index) => option(person, index, party.name));
    [...new Set(parties.flatMap((party) => party.roles))].sort().forEach((name) => option(role, name, name));
    const counts = new Map();
    for (const value of values) {
      let place = folders[value[FILE]];
      for (;;) {
        counts.set(place, (counts.get(place) || 0) + 1);
        const end = place.lastIndexOf("/");
        if (end < 0) break;
        place = place.slice(0, end);
      }
    }
    [...counts.keys()].sort().forEach((name) => option(folder, name, `${name} (${counts.get(name).toLocaleString("en")})`));
    risks.forEach((one, index) => option(risk, index, `${number(one.values.length, "value")} ${one.message}`));
    for (const select of [role, risk]) select.parentElement.hidden = select.options.length < 2;
  }

  function chosen() {
    const words = q.value.toLowerCase().split(/\s+/).filter(Boolean);
    const who = person.value === "" ? null : Number(person.value);
    const team = role.value === "" ? null : new Set(parties.flatMap((party, index) => (party.roles.includes(role.value) ? [index] : [])));
    const marked = risk.value === "" ? null : new Set(risks[Number(risk.value)].values);
    const inside = folder.value === "" ? null : folder.value;
    const fits = sets.map((set) => (who === null || set.includes(who)) && (team === null || set.some((one) => team.has(one))));
    const list = [];
    values.forEach((value, index) => {
      if (!fits[value[SET]] || (marked && !marked.has(index))) return;
      const place = folders[value[FILE]];
      if (inside !== null && place !== inside && !(place + "/").startsWith(inside + "/")) return;
      if (words.every((word) => text[index].includes(word))) list.push(index);
    });
    return { list, who, team, isNarrow: words.length > 0 || marked !== null };
  }

  function grouped(list) {
    const found = new Map();
    for (const index of list) {
      const value = values[index];
      const id = JSON.stringify([folders[value[FILE]], value[SET], value[WANTED], value[PASSPHRASE]]);
      if (!found.has(id)) found.set(id, { id, folder: folders[value[FILE]], value, list: [] });
      found.get(id).list.push(index);
    }
    const order = (one, two) => (one.folder < two.folder ? -1 : one.folder > two.folder ? 1 : two.list.length - one.list.length);
    return [...found.values()].sort(order);
  }

  function state(group, party) {
    const reads = sets[group.value[SET]].includes(party);
    const wanted = group.value[WANTED] < 0 ? null : sets[group.value[WANTED]];
    if (!reads) return wanted && wanted.includes(party) && !group.isHiding ? "missing" : null;
    if (!known[party]) return "unknown";
    if (wanted && !wanted.includes(party)) return "unexpected";
    return masters.has(party) ? "master" : "reader";
  }

  const WORDS = {
    missing: "on the list, cannot read", unknown: "unknown or hidden key reads", unexpected: "reads, not on the list",
    master: "reads", reader: "reads",
  };

  function head() {
    const columnsOf = make("colgroup", {}, make("col"), ...columns.map(() => make("col", { className: "who" })), make("col"));
    const row = make("tr", {}, make("th", { className: "corner", scope: "col", textContent: "Values with the same readers" }));
    for (const party of columns) {
      const { label, name, kind } = parties[party];
      row.append(make("th", { scope: "col", title: name, className: kind === "hidden" ? "hidden-key" : kind }, make("span", { className: "up", textContent: label })));
    }
    row.append(make("td"));
    return [columnsOf, make("thead", {}, row)];
  }

  function folderRow(group) {
    const there = groups.filter((one) => one.folder === group.folder);
    const count = there.reduce((sum, one) => sum + one.list.length, 0);
    const label = make("span", {}, group.folder === "." ? "(top folder)" : group.folder, " ", make("small", { textContent: number(count, "value") }));
    return make("tr", { className: "folder" }, make("th", { scope: "rowgroup", colSpan: columns.length + 2 }, label));
  }

  function readersOf(group) {
    const set = sets[group.value[SET]].map((party) => parties[party].label);
    if (group.value[PASSPHRASE]) set.push("a passphrase");
    return set.join(", ") || "nobody";
  }

  function groupRows(group, place) {
    const isOpen = open.has(group.id);
    const inFiles = new Set(group.list.map((index) => values[index][FILE]));
    const where = inFiles.size === 1 ? ` in ${names[[...inFiles][0]]}` : ` in ${number(inFiles.size, "file")}`;
    const button = make("button", { type: "button", className: "fold", id: `fold-${place}` }, make("span", { className: "where" }, make("b", { textContent: number(group.list.length, "value") }), where));
    button.setAttribute("aria-expanded", String(isOpen));
    button.setAttribute("aria-controls", `inside-${place}`);
    button.dataset.place = String(place);
    const rules = new Set(group.list.flatMap((index) => risksOf[index]));
    if (rules.size > 0) {
      const isWrong = [...rules].some((one) => risks[one].severity === "error");
      button.append(make("span", { className: isWrong ? "flag" : "flag warning", textContent: number(rules.size, "risk") }));
    }
    button.append(make("span", { className: "names", textContent: readersOf(group) }));
    const row = make("tr", { className: "group" }, make("th", { scope: "row" }, button));
    for (const party of columns) {
      const cell = make("td"), is = state(group, party);
      if (is) cell.append(make("i", { className: `m ${is}` }), make("span", { className: "hidden", textContent: WORDS[is] }));
      row.append(cell);
    }
    row.append(make("td", { className: "rest" }));
    const inside = make("tr", { className: "inside", id: `inside-${place}`, hidden: !isOpen });
    if (isOpen) inside.append(insideOf(group));
    return [row, inside];
  }

  function insideOf(group) {
    const list = make("ul", { className: "list" });
    const add = (from, to) => {
      for (const index of group.list.slice(from, to)) {
        const value = values[index];
        const item = make("li", {}, make("span", { className: "key", textContent: value[KEY] || "(no key)" }), make("span", { className: "file", textContent: `${files[value[FILE]]}:${value[LINE]}` }));
        const rules = new Set(risksOf[index].map((one) => risks[one].rule));
        if (rules.size > 0) item.append(make("span", { className: "tags", textContent: [...rules].join(", ") }));
        list.append(item);
      }
    };
    add(0, ITEMS);
    const box = make("div", {}, make("p", { className: "readers", textContent: `Read by ${readersOf(group)}` }), list);
    if (group.list.length > ITEMS) {
      const rest = make("button", { type: "button", textContent: `Show the other ${number(group.list.length - ITEMS, "value")}` });
      rest.addEventListener("click", () => { add(ITEMS); rest.remove(); });
      box.append(rest);
    }
    return make("td", { colSpan: columns.length + 2 }, box);
  }

  function appendRows(limit) {
    const end = Math.min(groups.length, shown + limit);
    for (; shown < end; shown += 1) {
      const group = groups[shown];
      if (shown === 0 || groups[shown - 1].folder !== group.folder) {
        bodies = make("tbody", {}, folderRow(group));
        table.append(bodies);
      }
      bodies.append(...groupRows(group, shown));
    }
    more.hidden = shown >= groups.length;
  }

  function render() {
    const { list, who, team, isNarrow } = chosen();
    groups = grouped(list);
    groups.forEach((group) => { group.isHiding = sets[group.value[SET]].some((party) => parties[party].kind === "hidden"); });
    columns = parties.map((_, index) => index).filter((index) => team === null || team.has(index) || index === who);
    open.clear();
    const isUnfolded = unfold.getAttribute("aria-pressed") === "true";
    if (isUnfolded || (isNarrow && list.length <= FEW)) groups.forEach((group) => open.add(group.id));
    shown = 0;
    table.replaceChildren(table.caption, ...head());
    if (who !== null && columns.includes(who)) table.querySelectorAll("col")[columns.indexOf(who) + 1].classList.add("hot");
    appendRows(ROWS);
    if (groups.length === 0) {
      table.append(make("tbody", {}, make("tr", { className: "empty" }, make("td", { colSpan: columns.length + 2, textContent: values.length === 0 ? "There is no encrypted value." : "No value fits all filters." }))));
    }
    const inFiles = new Set(list.map((index) => values[index][FILE]));
    const of = list.length === values.length ? "" : ` of ${values.length.toLocaleString("en")}`;
    at("count").textContent = `${list.length.toLocaleString("en")}${of} ${list.length === 1 ? "value" : "values"} in ${number(inFiles.size, "file")}`;
  }

  function toggle(button) {
    const group = groups[Number(button.dataset.place)];
    const inside = at(`inside-${button.dataset.place}`);
    const isOpen = !open.has(group.id);
    if (isOpen) open.add(group.id); else open.delete(group.id);
    if (isOpen && inside.childElementCount === 0) inside.append(insideOf(group));
    inside.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
  }

  function show(select, value) {
    controls.forEach((control) => { control.value = ""; });
    select.value = value;
    render();
    at("values").scrollIntoView();
    select.focus({ preventScroll: true });
  }

  function clear() {
    controls.forEach((control) => { control.value = ""; });
    render();
  }

  let waiting = 0;
  q.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(render, 120);
  });
  q.form.addEventListener("submit", (event) => event.preventDefault());
  for (const select of [person, role, folder, risk]) select.addEventListener("change", render);
  at("clear").addEventListener("click", () => { clear(); q.focus(); });
  unfold.addEventListener("click", () => {
    const isPressed = unfold.getAttribute("aria-pressed") !== "true";
    unfold.setAttribute("aria-pressed", String(isPressed));
    unfold.textContent = isPressed ? "Fold all" : "Unfold all";
    render();
  });
  table.addEventListener("click", (event) => {
    const button = event.target.closest(".fold");
    if (button) toggle(button);
  });
  table.addEventListener("pointerover", (event) => {
    const cell = event.target.closest(".group td:not(.rest), thead th");
    const hot = cell ? cell.cellIndex : 0;
    table.querySelectorAll("col").forEach((col, index) => {
      const isChosen = person.value !== "" && columns[index - 1] === Number(person.value);
      col.classList.toggle("hot", isChosen || (hot > 0 && index === hot));
    });
    if (cell && hot > 0 && cell.localName === "td" && !cell.title) cell.title = parties[columns[hot - 1]].name;
  });
  document.addEventListener("click", (event) => {
    const { risk: ofRisk, person: ofPerson } = event.target.dataset ?? {};
    if (ofRisk !== undefined) show(risk, ofRisk);
    if (ofPerson !== undefined) show(person, ofPerson);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.nodeName);
    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      q.focus();
      q.select();
    } else if (event.key === "Escape" && (!isTyping || event.target === q)) {
      clear();
    } else if (["ArrowDown", "ArrowUp"].includes(event.key) && event.target.classList?.contains("fold")) {
      const buttons = [...table.querySelectorAll(".fold")];
      const next = buttons[buttons.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) {
        event.preventDefault();
        next.focus();
      }
    }
  });
  new IntersectionObserver((seen) => {
    if (seen.some((one) => one.isIntersecting)) appendRows(ROWS);
  }, { rootMargin: "600px" }).observe(more);
  addEventListener("beforeprint", () => appendRows(groups.length));

  document.documentElement.classList.add("scripts");
  fillControls();
  render();
  performance.mark("usable");
})();
