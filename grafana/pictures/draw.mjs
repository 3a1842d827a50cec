// Draws a dashboard as a PNG: sends every expression of its panels to a Prometheus, and lets Chromium draw the answers with
// Grafana's own components. Does the work of Grafana's server (variables, queries, annotations) in a simpler way; see README.md.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import * as esbuild from 'esbuild';

const HERE = dirname(fileURLToPath(import.meta.url));
const GRID_ROW = 38; // pixels, as in Grafana
const { values: options } = parseArgs({
  options: {
    dashboard: { type: 'string' },
    prometheus: { type: 'string', default: 'http://localhost:9090' },
    to: { type: 'string' }, // seconds since 1970; now if left out
    last: { type: 'string', default: '1h' }, // the length of the time range that ends at --to
    var: { type: 'string', multiple: true, default: [] },
    interval: { type: 'string', default: '15' }, // seconds between two samples
    width: { type: 'string', default: '1600' },
    rows: { type: 'string', default: '1000' }, // of the grid, from the top
    out: { type: 'string' },
    chromium: { type: 'string', default: 'chromium' },
  },
});

const UNITS = { s: 1, m: 60, h: 3600, d: 86400 };
const seconds = text => Number(text.slice(0, -1)) * UNITS[text.at(-1)];
const to = Math.floor(options.to ? Number(options.to) : Date.now() / 1000);
const from = to - seconds(options.last);
const scrape = Number(options.interval);

async function ask(path, form) {
  const answer = await fetch(options.prometheus + path, { method: 'POST', body: new URLSearchParams(form) });
  const json = await answer.json();
  if (json.status !== 'success') {
    throw new Error(`${JSON.stringify(form)}: ${json.error}`);
  }
  return json.data;
}

const LABEL_VALUES = /^label_values\((.*), *(\w+)\)$/s;

async function labelValues(query) {
  const [, series, label] = LABEL_VALUES.exec(query);
  const form = { 'match[]': series, start: from, end: to };
  const found = await ask('/api/v1/series', form);
  return [...new Set(found.map(labels => labels[label]).filter(Boolean))].sort();
}

/** Returns for each variable its value in an expression, and its value as shown. */
async function resolveVariables(dashboard) {
  const chosen = new Map(options.var.map(text => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
  const variables = {};
  for (const variable of dashboard.templating.list) {
    const { name } = variable;
    if (variable.type !== 'query') {
      variables[name] = { regex: variable.query, shown: name === 'datasource' ? 'Prometheus' : variable.query };
    } else if (chosen.has(name)) {
      variables[name] = { regex: chosen.get(name), shown: chosen.get(name).replaceAll('|', ' + ') };
    } else if (variable.includeAll) {
      const all = variable.allValue ?? (await labelValues(replace(variable.query.query, variables, 15))).join('|');
      variables[name] = { regex: all, shown: 'All' };
    } else {
      const first = (await labelValues(replace(variable.query.query, variables, 15)))[0] ?? '';
      variables[name] = { regex: first, shown: first };
    }
    variables[name].label = variable.label ?? name;
  }
  return variables;
}

function replace(expression, variables, step) {
  return expression
    .replaceAll('$__rate_interval', `${Math.max(step + scrape, 4 * scrape)}s`)
    .replaceAll('$__range', `${Math.round(to - from)}s`)
    .replaceAll('$__interval', `${step}s`)
    .replace(/\$\{?(\w+)(:\w+)?\}?/g, (text, name) => variables[name]?.regex ?? text);
}

async function answersOf(panel, variables) {
  const pixels = (Number(options.width) * panel.gridPos.w) / 24;
  const step = Math.max(scrape, Math.ceil((to - from) / pixels));
  const answers = [];
  for (const target of panel.targets ?? []) {
    const query = replace(target.expr, variables, step);
    const data = target.instant
      ? await ask('/api/v1/query', { query, time: to })
      : await ask('/api/v1/query_range', { query, start: Math.floor(from / step) * step, end: to, step });
    answers.push({ target, step, result: data.result });
  }
  return answers;
}

async function annotationsOf(dashboard, variables) {
  const marks = [];
  const step = Math.max(15, Math.ceil((to - from) / 1000));
  for (const annotation of dashboard.annotations.list.filter(one => one.expr && one.enable)) {
    const query = replace(annotation.expr, variables, step);
    const data = await ask('/api/v1/query_range', { query, start: from, end: to, step });
    for (const series of data.result) {
      let last = 0;
      for (const [time] of series.values) {
        if (time - last > step * 1.5) {
          marks.push({ time: time * 1000, color: annotation.iconColor, name: annotation.name });
        }
        last = time;
      }
    }
  }
  return marks;
}

async function bundle() {
  const built = await esbuild.build({
    entryPoints: [join(HERE, 'src/page.tsx')],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    loader: { '.svg': 'dataurl', '.woff2': 'empty', '.ttf': 'empty', '.css': 'empty' },
    define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
    logLevel: 'error',
  });
  return built.outputFiles[0].text;
}

const dashboard = JSON.parse(await readFile(options.dashboard, 'utf8'));
const rows = Number(options.rows);
dashboard.panels = dashboard.panels.filter(panel => panel.gridPos.y + panel.gridPos.h <= rows);
const variables = await resolveVariables(dashboard);
const data = {};
for (const panel of dashboard.panels) {
  data[panel.id] = await answersOf(panel, variables);
}
const page = { dashboard, variables, data, from: from * 1000, to: to * 1000, annotations: await annotationsOf(dashboard, variables) };
const height = Math.max(...dashboard.panels.map(panel => panel.gridPos.y + panel.gridPos.h)) * GRID_ROW + 64;

const directory = await mkdtemp(join(tmpdir(), 'dashboard-'));
try {
  const html = join(directory, 'page.html');
  const json = JSON.stringify(page).replaceAll('<', '\\u003c');
  const script = (await bundle()).replaceAll('</script', '<\\/script');
  await writeFile(html, `<!DOCTYPE html><meta charset="utf-8"><body><script>window.PAGE = ${json};</script><script>${script}</script>`);
  const { stderr } = await promisify(execFile)(options.chromium, [
    '--headless', '--no-sandbox', '--enable-logging=stderr', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars', '--no-first-run',
    '--allow-file-access-from-files', `--user-data-dir=${join(directory, 'profile')}`, '--virtual-time-budget=15000',
    `--window-size=${options.width},${height}`, `--screenshot=${options.out}`, `file://${html}`,
  ], { maxBuffer: 1 << 26 });
  const errors = stderr.split('\n').filter(line => line.includes('CONSOLE') && /Uncaught|Error/.test(line));
  if (errors.length > 0) {
    throw new Error(errors.join('\n').slice(0, 4000));
  }
} finally {
  await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
console.log(`${options.out}: ${dashboard.panels.length} panels`);
