"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const size = data.tokens.length;
  const cells = size * size;
  const attention = Uint8Array.from(atob(data.attention), c => c.charCodeAt(0));
  const $ = id => document.getElementById(id);

  /** An element; children are elements or texts, and texts are never read as markup. */
  const make = (name, properties, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties || {})) {
      if (key === "class") element.className = value;
      else if (key in element && key !== "role") element[key] = value;
      else element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  };
  const svg = (name, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const number = (x, digits) => (x < 0 ? "−" : "") + Math.abs(x).toFixed(digits);
  const signed = x => Math.abs(x) < .005 ? "0.00" : (x > 0 ? "+" : "") + number(x, 2);
  const percent = x => (x < 0.0005 ? "0" : (100 * x).toFixed(x < 0.0995 ? 1 : 0)) + " %";
  const colours = () => {
    const style = getComputedStyle(document.documentElement);
    const get = name => style.getPropertyValue(name).trim();
    return { up: get("--up"), down: get("--down"), ink: get("--ink"), muted: get("--muted"), line: get("--line"), power: +get("--map") };
  };
  const textOf = token => token.text < 0 ? token.piece : (token.text === 0 ? data.query : data.passage).slice(token.start, token.end);
  const names = data.tokens.map(textOf);
  /** A text within a sentence of ours, whatever its direction. */
  const isolated = text => "\u2068" + text + "\u2069";

  // ---- The pair and its score.

  $("about").textContent = `${data.model}: ${data.layers} layers, ${data.heads} heads each, vectors of ${data.hiddenSize}; ${size} tokens`;
  $("query").textContent = data.query;
  $("passage").textContent = data.passage;
  $("score").textContent = number(data.score, data.activation === "IDENTITY" ? 2 : 4);
  $("score-kind").textContent = data.activation === "IDENTITY" ? "score (the logit)" : `score, from the logit ${number(data.logit, 2)}`;

  // ---- Words, coloured by what they add.

  const effects = data.words.map(word => data.logit - word.without);
  const most = effects.reduce((a, x) => Math.max(a, Math.abs(x)), 1e-6);

  const wordElement = (w, tokens) => {
    const effect = effects[w];
    const share = Math.abs(effect) / most;
    const pieces = make("span", { dir: "auto" }, ...tokens.map(token => make("span", { title: `${token.piece}, id ${token.id}` }, textOf(token))));
    pieces.style.backgroundColor = `rgba(var(--${effect < 0 ? "down" : "up"}), calc(var(--strength) * ${share.toFixed(3)}))`;
    return make("span", { class: "word", title: `without “${isolated(data.words[w].word)}”: ${number(data.words[w].without, 2)}` },
      pieces, make("small", { dir: "ltr" }, signed(effect)));
  };
  const textElement = (text, name) => {
    const line = make("div", { class: "text", dir: "auto" });
    for (let t = 0; t < size; ) {
      const token = data.tokens[t];
      let end = t + 1;
      if (token.text === text) {
        if (token.word < 0) {
          line.append(make("span", { class: "mark", title: `${token.piece}, id ${token.id}` }, textOf(token)));
        } else {
          while (end < size && data.tokens[end].text === text && data.tokens[end].word === token.word) end++;
          line.append(wordElement(token.word, data.tokens.slice(t, end)));
        }
      } else if (token.text < 0 && text === (t === 0 ? 0 : t === size - 1 ? 1 : 0)) {
        line.append(make("span", { class: "special", title: `id ${token.id}` }, token.piece));
      }
      t = end;
    }
    return make("div", {}, make("span", { class: "name" }, name), line);
  };
  $("words").append(textElement(0, "Query"), textElement(1, "Passage"));
  $("words-legend").append(`lowers the logit by ${most.toFixed(2)}`, make("span", { class: "ramp", "aria-hidden": "true" }), `raises it by ${most.toFixed(2)}`);
  if (size >= data.maxLength) {
    $("words-note").hidden = false;
    $("words-note").textContent = `The texts were cut to ${size} tokens; when a word is left out, as much more of them may come in at the end.`;
  }

  /** A table; each row a list of cells, numbers set to the right. */
  const table = (head, rows) => {
    const cell = (name, value) => make(name, typeof value === "number" ? { class: "number" } : { dir: "auto" }, String(value));
    return make("table", {},
      make("thead", {}, make("tr", {}, ...head.map((value, i) => make("th", { scope: "col", class: rows.length && typeof rows[0][i] === "number" ? "number" : "" }, value)))),
      make("tbody", {}, ...rows.map(row => make("tr", {}, ...row.map(value => cell("td", value))))));
  };
  $("tokens").append(table(["place", "token", "id", "text", "characters", "its word adds"], data.tokens.map((token, t) => [
    t, token.piece, token.id, token.text < 0 ? "special" : token.text === 0 ? "query" : "passage",
    token.text < 0 ? "" : `${token.start}–${token.end}`, token.word < 0 ? "" : signed(effects[token.word])])));

  // ---- Attention: a grid of small maps, and one large.

  const weight = (map, row, column) => (attention[map * cells + row * size + column] / 255) ** 2;
  /** How strong a cell's colour is: by the root of its share, the largest of the map at full strength. */
  const peaks = Array.from({ length: data.layers * data.heads }, (_, map) => attention.subarray(map * cells, (map + 1) * cells).reduce((a, b) => Math.max(a, b), 1));
  const strength = (map, cell, power) => (attention[map * cells + cell] / peaks[map]) ** power;
  const drawSmall = (canvas, map) => {
    const context = canvas.getContext("2d");
    const image = context.createImageData(size, size);
    const { up, power } = colours();
    const rgb = up.split(",").map(Number);
    for (let i = 0; i < cells; i++) {
      image.data.set(rgb, 4 * i);
      image.data[4 * i + 3] = 255 * strength(map, i, power);
    }
    context.putImageData(image, 0, 0);
  };
  const side = Math.max(40, Math.min(96, Math.floor(820 / data.heads)));
  const buttons = [];
  const grid = $("maps");
  grid.append(make("caption", { hidden: true }, "Attention maps"),
    make("thead", {}, make("tr", {}, make("td"), ...Array.from({ length: data.heads }, (_, h) => make("th", { scope: "col" }, data.heads > 8 ? String(h + 1) : `head ${h + 1}`)))));
  const body = make("tbody");
  for (let l = 0; l < data.layers; l++) {
    const row = make("tr", {}, make("th", { scope: "row" }, `layer ${l + 1}`));
    for (let h = 0; h < data.heads; h++) {
      const map = l * data.heads + h;
      const canvas = make("canvas", { width: size, height: size });
      canvas.style.width = canvas.style.height = side + "px";
      const button = make("button", { type: "button", "aria-label": `layer ${l + 1}, head ${h + 1}`, "aria-pressed": "false", tabIndex: map === 0 ? 0 : -1 }, canvas);
      button.addEventListener("click", () => choose(map));
      buttons.push(button);
      row.append(make("td", {}, button));
    }
    body.append(row);
  }
  grid.append(body);
  grid.addEventListener("keydown", event => {
    const at = buttons.indexOf(document.activeElement);
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -data.heads, ArrowDown: data.heads, Home: -at, End: buttons.length - 1 - at };
    if (at < 0 || !(event.key in steps)) return;
    event.preventDefault();
    const to = at + steps[event.key];
    if (to >= 0 && to < buttons.length) {
      buttons[at].tabIndex = -1;
      buttons[to].tabIndex = 0;
      buttons[to].focus();
    }
  });

  const large = $("map");
  let chosen = 0;
  let cursor = [0, 0];
  let layout;
  const clip = name => { const characters = [...name]; return characters.length > 12 ? characters.slice(0, 11).join("") + "…" : name; };
  const drawLarge = () => {
    const { up, ink, muted, line, power } = colours();
    const font = '12px system-ui, "DejaVu Sans", sans-serif';
    const context = large.getContext("2d");
    context.font = font;
    const room = Math.max(280, Math.min($("map-figure").clientWidth, 760));
    let label = Math.ceil(Math.max(...names.map(name => context.measureText(clip(name)).width))) + 8;
    let cell = Math.min(30, Math.floor((room - label) / size));
    if (cell < 11) {
      label = 2;
      cell = Math.max(2, (room - label) / size);
    }
    const whole = label + cell * size + 1;
    const ratio = window.devicePixelRatio || 1;
    large.width = large.height = Math.round(whole * ratio);
    large.style.width = large.style.height = whole + "px";
    context.scale(ratio, ratio);
    layout = { label, cell };
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        context.fillStyle = `rgba(${up}, ${strength(chosen, i * size + j, power).toFixed(3)})`;
        context.fillRect(label + j * cell, label + i * cell, cell - (cell > 6 ? 1 : 0), cell - (cell > 6 ? 1 : 0));
      }
    }
    context.strokeStyle = line;
    context.strokeRect(label - .5, label - .5, cell * size + .5, cell * size + .5);
    if (label > 2) {
      context.font = font;
      context.textBaseline = "middle";
      for (let t = 0; t < size; t++) {
        const middle = label + (t + .5) * cell;
        context.fillStyle = t === cursor[0] ? ink : muted;
        context.textAlign = "right";
        context.fillText(clip(names[t]), label - 5, middle);
        context.fillStyle = t === cursor[1] ? ink : muted;
        context.save();
        context.translate(middle, label - 5);
        context.rotate(-Math.PI / 2);
        context.textAlign = "left";
        context.fillText(clip(names[t]), 0, 0);
        context.restore();
      }
    }
    context.strokeStyle = ink;
    context.lineWidth = 1.5;
    context.strokeRect(label + cursor[1] * cell - .5, label + cursor[0] * cell - .5, cell, cell);
    context.globalAlpha = .35;
    context.lineWidth = 1;
    context.strokeRect(label - .5, label + cursor[0] * cell - .5, cell * size, cell);
    context.globalAlpha = 1;
  };
  const readOut = () => {
    const [row, column] = cursor;
    $("map-readout").textContent = `“${isolated(names[row])}” looks at “${isolated(names[column])}”: ${percent(weight(chosen, row, column))}`;
    const order = [...names.keys()].sort((a, b) => weight(chosen, row, b) - weight(chosen, row, a)).slice(0, 5);
    $("map-row").textContent = `Most of what “${isolated(names[row])}” (token ${row}) looks at: ` + order.map(j => `${isolated(names[j])} ${percent(weight(chosen, row, j))}`).join(" · ");
  };
  const moveTo = (row, column) => {
    const clamp = x => Math.max(0, Math.min(size - 1, x));
    cursor = [clamp(row), clamp(column)];
    drawLarge();
    readOut();
  };
  const choose = map => {
    buttons[chosen].setAttribute("aria-pressed", "false");
    buttons.forEach(button => { button.tabIndex = -1; });
    chosen = map;
    buttons[map].setAttribute("aria-pressed", "true");
    buttons[map].tabIndex = 0;
    const title = `Layer ${Math.floor(map / data.heads) + 1}, head ${map % data.heads + 1}`;
    $("map-title").textContent = title;
    large.setAttribute("aria-label", title + "; the arrow keys move from cell to cell");
    moveTo(...cursor);
  };
  large.addEventListener("pointermove", event => {
    const box = large.getBoundingClientRect();
    const at = x => Math.floor((x - layout.label) / layout.cell);
    const row = at(event.clientY - box.top), column = at(event.clientX - box.left);
    if (row >= 0 && row < size && column >= 0 && column < size && (row !== cursor[0] || column !== cursor[1])) moveTo(row, column);
  });
  large.addEventListener("keydown", event => {
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -size], End: [0, size], PageUp: [-size, 0], PageDown: [size, 0] };
    if (!(event.key in steps)) return;
    event.preventDefault();
    moveTo(cursor[0] + steps[event.key][0], cursor[1] + steps[event.key][1]);
  });

  // ---- Norms: [CLS], the mean, and the range of all tokens.

  const stages = data.norms.map((_, s) => s === 0 ? "embeddings" : `layer ${Math.ceil(s / 2)}, ${s % 2 ? "attention" : "feed-forward"}`);
  const mean = list => list.reduce((a, x) => a + x, 0) / list.length;
  const least = list => list.reduce((a, x) => Math.min(a, x), Infinity);
  const greatest = list => list.reduce((a, x) => Math.max(a, x), -Infinity);
  const drawNorms = () => {
    const { up, ink, muted, line } = colours();
    const width = 760, height = 280, left = 44, right = 76, top = 12, bottom = 44;
    const high = greatest(data.norms.map(greatest)), low = Math.min(0, least(data.norms.map(least)));
    const step = [.1, .2, .5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 1e4, 1e5].find(s => (high - low) / s <= 6) || high;
    const ceiling = Math.ceil(high / step) * step;
    const x = s => left + (width - left - right) * s / (stages.length - 1);
    const y = v => top + (height - top - bottom) * (1 - (v - low) / (ceiling - low));
    const path = points => points.map((p, i) => (i ? "L" : "M") + p[0].toFixed(1) + " " + p[1].toFixed(1)).join("");
    const chart = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", tabindex: 0, "aria-label": "Lengths of the tokens’ vectors by stage; left and right move between the stages, the table below has all numbers" });
    for (let v = 0; v <= ceiling + 1e-9; v += step) {
      chart.append(svg("line", { x1: left, x2: width - right, y1: y(v), y2: y(v), stroke: line }),
        svg("text", { x: left - 8, y: y(v) + 4, "text-anchor": "end" }, String(+v.toFixed(1))));
    }
    const every = Math.ceil(data.layers / 13);
    for (let s = 0; s < stages.length; s += 2) {
      if (s === 0 || (s / 2) % every === 0) {
        chart.append(svg("line", { x1: x(s), x2: x(s), y1: height - bottom, y2: height - bottom + 5, stroke: muted }),
          svg("text", { x: x(s), y: height - bottom + 19, "text-anchor": s === 0 ? "start" : "middle" }, s === 0 ? "embeddings" : String(s / 2)));
      }
    }
    chart.append(svg("text", { x: (left + width - right) / 2, y: height - 6, "text-anchor": "middle" }, "after layer"));
    const series = [["mean", muted, data.norms.map(mean)], ["[CLS]", `rgb(${up})`, data.norms.map(norms => norms[0])]];
    chart.append(svg("path", { d: path([...data.norms.map((norms, s) => [x(s), y(greatest(norms))]), ...data.norms.map((norms, s) => [x(s), y(least(norms))]).reverse()]) + "Z", fill: `rgba(${up}, .14)` }));
    const last = stages.length - 1;
    const ends = series.map(([, , values]) => y(values[last]) + 4);
    if (Math.abs(ends[0] - ends[1]) < 14) {
      const middle = (ends[0] + ends[1]) / 2, lower = ends[0] >= ends[1] ? 0 : 1;
      ends[lower] = middle + 7;
      ends[1 - lower] = middle - 7;
    }
    series.forEach(([name, colour, values], i) => {
      chart.append(svg("path", { d: path(values.map((v, s) => [x(s), y(v)])), fill: "none", stroke: colour, "stroke-width": 2.5, "stroke-linejoin": "round" }),
        svg("text", { x: x(last) + 8, y: ends[i] }, name));
    });
    const rule = svg("line", { y1: top, y2: height - bottom, stroke: ink, "stroke-dasharray": "3 3", visibility: "hidden" });
    chart.append(rule);
    let at = 0;
    const show = s => {
      at = Math.max(0, Math.min(last, s));
      rule.setAttribute("x1", x(at));
      rule.setAttribute("x2", x(at));
      rule.setAttribute("visibility", "visible");
      const norms = data.norms[at];
      $("norms-readout").textContent = `${stages[at]}: [CLS] ${number(norms[0], 2)}, mean ${number(mean(norms), 2)}, all from ${number(least(norms), 2)} to ${number(greatest(norms), 2)}`;
    };
    chart.addEventListener("pointermove", event => {
      const box = chart.getBoundingClientRect();
      show(Math.round(((event.clientX - box.left) * width / box.width - left) / (width - left - right) * last));
    });
    chart.addEventListener("keydown", event => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      event.preventDefault();
      show(at + (event.key === "ArrowLeft" ? -1 : 1));
    });
    $("norms").replaceChildren(chart);
  };
  $("norms-readout").textContent = "The band spans all tokens.";
  $("norms-table").append(table(["after", "[CLS]", "mean", "least", "greatest"], data.norms.map((norms, s) =>
    [stages[s], ...[norms[0], mean(norms), least(norms), greatest(norms)].map(v => +v.toFixed(3))])));

  // ---- This pair among others.

  const others = [...data.references, { kind: "this pair", query: data.query, passage: data.passage, logit: data.logit, own: true }].sort((a, b) => b.logit - a.logit);
  const lowest = least(others.map(pair => pair.logit)), highest = greatest(others.map(pair => pair.logit));
  const place = logit => highest > lowest ? 4 + 92 * (logit - lowest) / (highest - lowest) : 50;
  $("references").append(
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "kind"), make("th", { scope: "col" }, "query and passage"), make("th", { scope: "col", "aria-hidden": "true" }), make("th", { scope: "col", class: "number" }, "logit"))),
    make("tbody", {}, ...others.map(pair => {
      const dot = make("i");
      dot.style.left = place(pair.logit) + "%";
      const track = make("div", { class: "track", "aria-hidden": "true" }, dot);
      if (lowest < 0 && highest > 0) {
        const zero = make("b", { title: "0" });
        zero.style.left = place(0) + "%";
        track.prepend(zero);
      }
      return make("tr", { class: pair.own ? "this" : "" },
        make("td", {}, pair.kind),
        make("td", { class: "texts" }, make("span", { class: "clip", dir: "auto" }, pair.query), make("span", { class: "clip muted", dir: "auto" }, pair.passage)),
        make("td", {}, track),
        make("td", { class: "number" }, number(pair.logit, 2)));
    })));

  // ---- Time.

  const total = data.times.reduce((a, time) => a + time.nanoseconds, 0) || 1;
  const longest = greatest(data.times.map(time => time.nanoseconds)) || 1;
  $("times-note").textContent = `${(total / 1e6).toFixed(2)} ms in all: medians of ${data.passes} passes by one thread, ${data.kernels} kernels, Java ${data.java}, soon after the start of the program. All layers together; every layer computed for all tokens, which scoring does not need.`;
  $("times").append(
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "stage"), make("td", { class: "bar-cell" }), make("th", { scope: "col", class: "number" }, "ms"), make("th", { scope: "col", class: "number" }, "share"))),
    make("tbody", {}, ...data.times.map(time => {
      const bar = make("i");
      bar.style.width = 100 * time.nanoseconds / longest + "%";
      return make("tr", {}, make("th", { scope: "row" }, time.stage), make("td", { class: "bar-cell" }, make("div", { class: "bar", "aria-hidden": "true" }, bar)),
        make("td", { class: "number" }, (time.nanoseconds / 1e6).toFixed(3)), make("td", { class: "number" }, percent(time.nanoseconds / total)));
    })));

  // ---- Colours are drawn, so they are drawn again when they change.

  const draw = () => {
    buttons.forEach((button, map) => drawSmall(button.firstChild, map));
    drawLarge();
    drawNorms();
  };
  // At first, what [CLS] looks at most apart from itself, in the last layer.
  const last = data.layers - 1;
  cursor = [0, [...names.keys()].slice(1).reduce((a, j) => weight(last * data.heads, 0, j) > weight(last * data.heads, 0, a) ? j : a, Math.min(1, size - 1))];
  choose(last * data.heads);
  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  matchMedia("print").addEventListener("change", draw);
  addEventListener("resize", drawLarge);
})();
