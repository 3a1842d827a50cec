import { FieldType, formattedValueToString, transformDataFrame, type DataFrame, type Field, type GrafanaTheme2 } from '@grafana/data';
import { useEffect, useState } from 'react';
import { configOf, withDisplay } from './fields';
import type { Answer } from './page';

/** Makes a table like Grafana's data source: a column for each label, and one for the value. */
function tableOf(answer: Answer, isOneOfMany: boolean): DataFrame {
  const labels = [...new Set(answer.result.flatMap(series => Object.keys(series.metric)))];
  const fields: DataFrame['fields'] = labels.map(label => ({
    name: label,
    type: FieldType.string,
    config: {},
    values: answer.result.map(series => series.metric[label] ?? ''),
  }));
  fields.unshift({ name: 'Time', type: FieldType.time, config: {}, values: answer.result.map(series => series.value![0] * 1000) });
  fields.push({
    name: isOneOfMany ? `Value #${answer.target.refId}` : 'Value',
    type: FieldType.number,
    config: {},
    values: answer.result.map(series => Number(series.value![1])),
  });
  return { refId: answer.target.refId, length: answer.result.length, fields };
}

/** Draws a table that looks like Grafana's; the transformations are Grafana's own. */
export function Rows({ panel, answers, width, height, theme }: {
  panel: any; answers: Answer[]; width: number; height: number; theme: GrafanaTheme2;
}) {
  const [data, setData] = useState<DataFrame>();
  useEffect(() => {
    const tables = answers.filter(answer => answer.result.length > 0).map(answer => tableOf(answer, answers.length > 1));
    const context: any = { interpolate: (text: string) => text };
    const subscription = transformDataFrame(panel.transformations, tables, context).subscribe(([frame]) => {
      frame?.fields.forEach(field => {
        const name = field.config.displayName ?? field.name;
        field.config = configOf(panel, name);
        field.config.displayName = name;
        withDisplay(field, theme);
      });
      setData(frame);
    });
    return () => subscription.unsubscribe();
  }, []);
  if (!data || data.length === 0) {
    return <div style={{ height, display: 'grid', placeItems: 'center', color: theme.colors.text.secondary }}>No data</div>;
  }
  const shown = data.fields.filter(field => field.values.some(value => value !== '' && value !== null && value !== undefined));
  const [sort] = panel.options.sortBy ?? [];
  const by = shown.find(field => nameOf(field) === sort?.displayName);
  const order = Array.from({ length: data.length }, (_, row) => row);
  if (by) {
    const sign = sort.desc ? -1 : 1;
    order.sort((a, b) => sign * String(by.values[a]).localeCompare(String(by.values[b]), undefined, { numeric: true }));
  }
  const border = `1px solid ${theme.colors.border.weak}`;
  const rowHeight = 30;
  return (
    <div style={{ width, height, overflow: 'hidden' }}>
      <table style={{ width: '100%', fontSize: 13 }}>
        <thead>
          <tr style={{ height: rowHeight, borderBottom: border }}>
            {shown.map(field => <th key={field.name} style={{ textAlign: alignOf(field), padding: '0 8px', fontWeight: 500, color: theme.colors.primary.text }}>{nameOf(field)}</th>)}
          </tr>
        </thead>
        <tbody>
          {order.slice(0, Math.floor(height / rowHeight) - 1).map(row => (
            <tr key={row} style={{ height: rowHeight, borderBottom: border }}>
              {shown.map(field => <Cell key={field.name} field={field} value={field.values[row]} />)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function nameOf(field: Field): string {
  return field.config.displayName ?? field.name;
}

function alignOf(field: Field): 'left' | 'right' {
  return field.type === FieldType.number ? 'right' : 'left';
}

function Cell({ field, value }: { field: Field; value: unknown }) {
  if (value === null || value === undefined || value === '') {
    return <td />;
  }
  const display = field.display!(value);
  const type = field.config.custom?.cellOptions?.type;
  const text = formattedValueToString(display);
  if (type === 'gauge') {
    return (
      <td style={{ padding: '0 8px', minWidth: 120 }}>
        <div style={{ display: 'flex', alignItems: 'center', gap: 8 }}>
          <div style={{ flex: 1 }}>
            <div style={{ width: `${Math.max(1, 100 * (display.percent ?? 0))}%`, height: 14, background: display.color, borderRadius: 2 }} />
          </div>
          <span style={{ width: 40, textAlign: 'right' }}>{text}</span>
        </div>
      </td>
    );
  }
  return <td style={{ textAlign: alignOf(field), padding: '0 8px', color: type === 'color-text' ? display.color : undefined }}>{text}</td>;
}
