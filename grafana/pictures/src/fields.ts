// Converts answers of Prometheus to Grafana's fields.
import {
  cacheFieldDisplayNames,
  FieldType,
  getDisplayProcessor,
  type DataFrame,
  type Field,
  type GrafanaTheme2,
} from '@grafana/data';
import type { Answer } from './page';

/** Returns the legend of a series: {{label}} is replaced by its value; __auto shows the labels, if there are any. */
export function legend(answer: Answer, labels: Record<string, string>): string {
  const format = answer.target.legendFormat;
  if (!format || format === '__auto') {
    return Object.entries(labels).filter(([name]) => name !== '__name__').map(([name, value]) => `${name}="${value}"`).join(' ') || 'value';
  }
  return format.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name) => labels[name] ?? '').replace(/\s+/g, ' ').trim() || 'value';
}

function matches(matcher: { id: string; options: string }, name: string): boolean {
  if (matcher.id === 'byName') {
    return matcher.options === name;
  }
  const [, pattern, flags] = /^\/(.*)\/(\w*)$/.exec(matcher.options)!;
  return new RegExp(pattern, flags).test(name);
}

/** Returns the panel's configuration for the field with this name. */
export function configOf(panel: any, name: string): any {
  const config = structuredClone(panel.fieldConfig.defaults);
  config.custom ??= {};
  for (const override of panel.fieldConfig.overrides) {
    if (matches(override.matcher, name)) {
      for (const { id, value } of override.properties) {
        if (id.startsWith('custom.')) {
          config.custom[id.slice('custom.'.length)] = value;
        } else {
          config[id] = value;
        }
      }
    }
  }
  delete config.links; // A picture has no links.
  return config;
}

export function withDisplay(field: Field, theme: GrafanaTheme2, seriesIndex = 0): Field {
  field.state = { ...field.state, seriesIndex };
  field.display = getDisplayProcessor({ field, theme, timeZone: 'browser' });
  return field;
}

/** Returns a frame for each series, over time. */
export function frames(panel: any, answers: Answer[], theme: GrafanaTheme2): DataFrame[] {
  const all: DataFrame[] = [];
  for (const answer of answers) {
    for (const series of answer.result) {
      const name = legend(answer, series.metric);
      const samples = series.values ?? (series.value ? [series.value] : []);
      const times: number[] = [];
      const values: (number | null)[] = [];
      let last: number | undefined;
      for (const [time, value] of samples) {
        if (last !== undefined && time - last > answer.step * 1.5) {
          times.push((last + answer.step) * 1000);
          values.push(null);
        }
        times.push(time * 1000);
        values.push(Number.isFinite(Number(value)) ? Number(value) : null);
        last = time;
      }
      const config = configOf(panel, name);
      config.displayName = name;
      all.push({
        refId: answer.target.refId,
        name,
        length: times.length,
        fields: [
          { name: 'Time', type: FieldType.time, config: { interval: answer.step * 1000 }, values: times },
          withDisplay({ name, type: FieldType.number, config, labels: series.metric, values }, theme, all.length),
        ],
      });
    }
  }
  cacheFieldDisplayNames(all);
  return all;
}

/** Returns the newest value of a series. */
export function newest(frame: DataFrame): number | null {
  return frame.fields[1].values.findLast((value: number | null) => value !== null) ?? null;
}
