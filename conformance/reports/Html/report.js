"use strict";
// Every piece of text is set as text, never as markup: names and reasons come from the implementation under test.
const data = JSON.parse(document.getElementById("data").textContent);
const runs = data.runs, reqs = data.requirements, many = runs.length > 1;
const el = (tag, cls, ...kids) => {
  const e = document.createElement(tag);
  if (cls) e.className = cls;
  for (const k of kids) if (k !== null && k !== undefined) e.append(k);
  return e;
};
const byId = id => document.getElementById(id);

// One row a case: results of all runs side by side.
const rows = [], index = new Map();
runs.forEach((run, n) => {
  for (const r of run.results) {
    let row = index.get(r.case);
    if (!row) { row = { id: r.case, cells: new Array(runs.length).fill(null) }; index.set(r.case, row); rows.push(row); }
    row.cells[n] = r;
  }
});
for (const row of rows) {
  const texts = [row.id], sections = new Set(), groups = new Set();
  for (const c of row.cells) {
    if (!c) continue;
    row.level = row.level || c.level;
    texts.push(c.verdict, c.outcome, c.standing, c.detail);
    for (const q of c.requirements) { texts.push(q); sections.add(reqs[q].place); if (reqs[q].gist) texts.push(reqs[q].gist); }
    groups.add(c.verdict);
    if (c.unexpected) groups.add("unexpected");
    if (c.standing === "known") groups.add("known");
    if (c.standing === "unconfirmed") groups.add("unconfirmed");
  }
  if (many && new Set(row.cells.map(c => c ? c.verdict + c.outcome : "")).size > 1) groups.add("differs");
  row.text = texts.join("\n").toLowerCase(); row.sections = sections; row.groups = groups;
  row.rank = groups.has("unexpected") ? 0 : ["crash", "hang", "fail", "false-claim", "timeout"].some(v => groups.has(v)) ? 1 : groups.has("infra") || groups.has("missing") ? 2 : 3;
}
rows.sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

const chip = (verdict, text) => el("span", "chip v-" + verdict, text || verdict.toUpperCase());
const idNode = id => {
  const cut = id.indexOf("[");
  return cut < 0 ? el("span", "id", id) : el("span", "id", id.slice(0, cut), el("em", "", id.slice(cut)));
};

function timeline(lines, run) {
  const box = el("div", "tl");
  box.append(el("div", "ends", el("span", "t", "time"), el("span", "pair", el("span", "", "wrc"), el("span", "", run.sut.slice(0, 14))), el("span", "", "what")));
  for (const line of lines) {
    const m = /^\s*([0-9]+(?:[.,:][0-9]+)+(?:\s?(?:ns|us|µs|ms|s)\b)?|[0-9]+\s?(?:ns|us|µs|ms|s)\b)?\s*(->|→|<-|←)?\s*(.*)$/s.exec(line);
    const time = m[1] && /^[0-9]+\.[0-9]+$/.test(m[1]) ? (1000 * m[1]).toFixed(3) + " ms" : m[1] || ""; // bare numbers are seconds
    const dir = m[2] ? (/[<←]/.test(m[2]) ? "in" : "out") : null;
    const step = el("div", dir ? "step" : "step note", el("span", "t", time));
    step.append(dir ? el("span", "lane " + dir, el("i")) : el("span", "lane"), el("span", "w", m[3]));
    box.append(step);
  }
  return box;
}

function detailOf(row) {
  const box = el("div", "detail");
  row.cells.forEach((c, n) => {
    if (!c) return;
    if (many) box.append(el("div", "runname", chip(c.verdict), el("span", "", runs[n].title)));
    const tags = [];
    if (c.reason) tags.push(c.reason);
    if (c.probabilistic) tags.push("leans on a grace period");
    box.append(el("p", "said", c.detail || (c.verdict === "pass" ? "As required." : c.verdict === "missing" ? "The run ended before this case gave a result." : "No detail was given.")));
    if (tags.length || c.outcome) box.append(el("p", "facts", el("span", "", "outcome ", el("b", "mono", c.outcome || "none")), c.kind ? el("span", "", c.kind) : null,
      c.ms ? el("span", "", c.ms.toFixed(1) + " ms") : null, c.seed ? el("span", "", "seed ", el("code", "", c.seed)) : null, ...tags.map(t => el("span", "", t))));
    if (!many || n === row.cells.findIndex(x => x)) {
      if (c.requirements.length) box.append(el("h3", "", "Requirements"));
    }
    const shown = many && n !== row.cells.findIndex(x => x) ? c.violated : c.requirements;
    for (const q of shown) {
      const info = reqs[q], broken = c.violated.includes(q);
      const where = el("span", "where");
      if (info.url) { const a = el("a", "", info.place); a.href = info.url; a.rel = "noreferrer"; where.append(a); } else where.append(info.place);
      where.append(el("div", "lv", [info.level, q].filter(Boolean).join(" · ")));
      box.append(el("div", broken ? "req b" : "req", where, el("span", "gist", broken ? el("span", "broken", "broken: ") : null, info.gist || q)));
    }
    if (c.timeline && c.timeline.length) box.append(el("h3", "", "What happened"), timeline(c.timeline, runs[n]));
    else if (c.timelineCut) box.append(el("h3", "", "What happened"), el("p", "facts", "Left out here to keep the page small; run.jsonl has it."));
    if (c.artifacts && c.artifacts.length) {
      box.append(el("h3", "", "Files"));
      for (const f of c.artifacts) {
        let node = f.href ? el("a", "mono", f.name) : el("span", "mono", f.name);
        if (f.href) { node.href = f.href; node.rel = "noreferrer"; }
        box.append(el("div", "", node));
      }
    }
    if (c.replay) {
      const copy = el("button", "", "Copy");
      copy.type = "button";
      copy.onclick = () => { navigator.clipboard && navigator.clipboard.writeText(c.replay).then(() => { copy.textContent = "Copied"; }); };
      box.append(el("h3", "", "Repeat it"), el("div", "replay", el("code", "", c.replay), copy));
    }
  });
  return box;
}

const columns = many ? "minmax(260px,1fr) 62px repeat(" + runs.length + ",minmax(92px,130px))" : "";
function rowNode(row) {
  const head = el("button", "head");
  head.type = "button"; head.setAttribute("aria-expanded", "false");
  if (many) {
    head.style.gridTemplateColumns = columns;
    head.append(idNode(row.id), el("span", "lvl", row.level || ""));
    for (const c of row.cells) head.append(el("span", "cell", c ? Object.assign(chip(c.verdict), { title: c.outcome }) : el("span", "lvl", "–")));
  } else {
    const c = row.cells[0];
    head.append(chip(c.verdict), idNode(row.id));
    if (c.standing !== "passed" && c.standing !== "unsupported" && c.standing !== "missing") head.append(el("span", c.unexpected ? "tag hot" : "tag", c.standing));
    head.append(el("span", "out", c.outcome), el("span", "lvl", c.level));
  }
  const node = el("div", "row", head);
  head.onclick = () => {
    const open = head.getAttribute("aria-expanded") === "true";
    head.setAttribute("aria-expanded", String(!open));
    if (open) node.lastChild.remove(); else node.append(detailOf(row));
  };
  return node;
}

// Filters live in the address, so that a view can be passed on.
const state = { group: "", text: "", section: "", level: "" };
const list = byId("rows"), more = byId("more"), page = 200;
let found = [], drawn = 0;
function draw() {
  const part = document.createDocumentFragment();
  for (const end = Math.min(found.length, drawn + page); drawn < end; drawn++) part.append(rowNode(found[drawn]));
  list.append(part);
  more.hidden = drawn >= found.length && found.length > 0;
  more.textContent = found.length === 0 ? "No case fits these filters." : (found.length - drawn) + " more…";
}
function filter() {
  const words = state.text.toLowerCase().split(/\s+/).filter(Boolean);
  found = rows.filter(r => (!state.group || r.groups.has(state.group)) && (!state.level || r.level === state.level)
    && (!state.section || r.sections.has(state.section)) && words.every(w => r.text.includes(w)));
  list.textContent = ""; drawn = 0;
  for (const b of document.querySelectorAll(".pill")) b.setAttribute("aria-pressed", String(b.dataset.group === state.group));
  draw();
  const q = new URLSearchParams(Object.entries(state).filter(([, v]) => v)).toString();
  try { history.replaceState(null, "", q ? "#" + q : location.pathname + location.search); } catch { /* a sandboxed frame */ }
}
function pills() {
  const bar = byId("pills");
  const count = g => rows.reduce((n, r) => n + (!g || r.groups.has(g) ? 1 : 0), 0);
  for (const [group, label] of [["", "All"], ["unexpected", "Unexpected"], ["differs", "Differ"], ["known", "Known"], ["unconfirmed", "Unconfirmed"], ["fail", "Fail"], ["false-claim", "False claim"],
    ["crash", "Crash"], ["hang", "Hang"], ["timeout", "Timeout"], ["infra", "Infra"], ["missing", "No result"], ["unsupported", "Unsupported"], ["pass", "Pass"]]) {
    const n = count(group);
    if (group && !n) continue;
    const b = el("button", "pill", label, el("small", "", String(n)));
    b.type = "button"; b.dataset.group = group;
    b.onclick = () => { state.group = state.group === group ? "" : group; filter(); };
    bar.append(b);
  }
}
function options(select, values, all, key) {
  select.append(new Option(all, ""));
  for (const v of values) select.append(new Option(v, v));
  select.onchange = () => { state[key] = select.value; filter(); };
}

for (const [k, v] of new URLSearchParams(location.hash.slice(1))) if (k in state) state[k] = v;
pills();
options(byId("level"), [...new Set(rows.map(r => r.level).filter(Boolean))].sort(), "All levels", "level");
options(byId("section"), data.places, "All sections", "section");
const search = byId("search");
search.value = state.text; byId("level").value = state.level; byId("section").value = state.section;
let typing = 0;
search.oninput = () => { clearTimeout(typing); typing = setTimeout(() => { state.text = search.value; filter(); }, 120); };
for (const tr of document.querySelectorAll("tr[data-place]")) {
  const go = () => { state.section = tr.dataset.place; byId("section").value = state.section; filter(); byId("cases").scrollIntoView({ behavior: "smooth" }); };
  tr.onclick = e => { if (e.target.tagName !== "A") go(); };
  tr.onkeydown = e => { if (e.key === "Enter") go(); };
}
if (many) {
  list.parentNode.classList.add("matrix");
  const names = el("div", "head names", el("div", "", ""), el("div", "", ""), ...runs.map(r => Object.assign(el("div", "", r.sut), { title: r.title })));
  names.style.gridTemplateColumns = columns;
  list.before(names);
}
new IntersectionObserver(e => { if (e.some(x => x.isIntersecting) && drawn < found.length) draw(); }, { rootMargin: "600px" }).observe(more);
more.onclick = draw;
filter();
if (!state.group && !many && rows.length && rows[0].rank === 0) list.querySelector(".head").click();
