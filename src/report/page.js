"use strict";
// What the page can do beyond what it shows without a script: sort, filter and copy the table; one figure of many.
(() => {
  const AT_ONCE = 200;
  const byId = (id) => document.getElementById(id);
  const table = byId("table");
  const heads = [...table.tHead.rows[0].cells];
  const names = heads.map((head) => head.textContent);
  const rows = JSON.parse(byId("rows").textContent);
  const fwer = names.indexOf("p_fwer"), target = names.indexOf("target"), note = names.indexOf("note");
  const isText = (column) => heads[column].classList.contains("text");
  let shown = rows, most = AT_ONCE, sorted = null, up = true;

  const number = (text) => (text === "NA" || text === "" ? NaN : Number(text));
  const figuresOf = (name) => [...document.querySelectorAll(".choice figure")].filter((figure) => figure.dataset.name === name);

  function choose(name) {
    for (const figure of document.querySelectorAll(".choice figure")) figure.classList.toggle("on", figure.dataset.name === name);
    for (const select of document.querySelectorAll(".choice select")) if ([...select.options].some((option) => option.value === name)) select.value = name;
    for (const choice of document.querySelectorAll(".choice")) // a target without a figure here: the first stays
      if (!choice.querySelector("figure.on")) choice.querySelector("figure").classList.add("on");
  }

  function cell(row, column) {
    const made = document.createElement(column === target ? "th" : "td");
    if (isText(column)) made.className = "text";
    if (column !== target) {
      made.textContent = row[column];
      return made;
    }
    made.scope = "row";
    if (figuresOf(row[column]).length === 0) {
      made.textContent = row[column];
      return made;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = row[column];
    button.title = "show this target's figures";
    button.addEventListener("click", () => {
      choose(row[column]);
      figuresOf(row[column])[0].closest(".choice").scrollIntoView({ block: "center" });
    });
    made.append(button);
    return made;
  }

  function draw() {
    const body = document.createElement("tbody");
    for (const row of shown.slice(0, most)) {
      const line = body.insertRow();
      for (let column = 0; column < names.length; column++) line.append(cell(row, column));
    }
    table.tBodies[0].replaceWith(body);
    const count = shown.length.toLocaleString("en");
    byId("shown").textContent = most < shown.length ? `${most} of ${count} shown` : `${count} shown`;
    byId("more").hidden = most >= shown.length;
  }

  function select() {
    const part = byId("filter").value.trim().toLowerCase(), found = byId("found").checked;
    shown = rows.filter((row) => row[target].toLowerCase().includes(part) && (!found || row[names.length] === 1));
    if (sorted !== null) {
      const sign = up ? 1 : -1;
      shown.sort((a, b) => {
        if (isText(sorted)) return sign * a[sorted].localeCompare(b[sorted], "en", { numeric: true });
        const x = number(a[sorted]), y = number(b[sorted]);
        return Number.isNaN(x) || Number.isNaN(y) ? Number.isNaN(x) - Number.isNaN(y) : sign * (x - y);
      });
    }
    draw();
  }

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = names[column];
    button.addEventListener("click", () => {
      up = sorted === column ? !up : isText(column) || /^(p|p_snps|p_value|p_fwer|q_fdr)$/.test(names[column]);
      sorted = column;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      select();
    });
    head.replaceChildren(button);
  });

  async function copy(text, button) {
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = before; }, 1500);
  }

  byId("copy").addEventListener("click", () => copy([names, ...shown].map((row) => row.slice(0, names.length).join("\t")).join("\n") + "\n", byId("copy")));
  for (const button of document.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(byId(button.dataset.copies).innerText, button));
  }
  byId("filter").addEventListener("input", () => { most = AT_ONCE; select(); });
  byId("found").addEventListener("change", () => { most = AT_ONCE; select(); });
  byId("found").parentElement.hidden = fwer < 0;
  byId("more").addEventListener("click", () => { most += 1000; draw(); });

  for (const choice of document.querySelectorAll(".choice")) {
    const label = document.createElement("label"), list = document.createElement("select");
    for (const figure of choice.querySelectorAll("figure")) list.add(new Option(figure.dataset.name, figure.dataset.name));
    list.addEventListener("change", () => choose(list.value));
    label.append("Target ", list);
    choice.prepend(label);
    choice.classList.add("chosen");
  }
  if (document.querySelector(".choice figure")) choose(document.querySelector(".choice figure").dataset.name);
  document.querySelector(".tools").hidden = false;
  draw();
})();
