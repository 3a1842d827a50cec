// The page that Chromium draws. window.PAGE has the dashboard and the answers of Prometheus.
import {
  createTheme,
  dateTime,
  standardTransformers,
  standardTransformersRegistry,
  type TimeRange,
} from '@grafana/data';
import { PanelChrome, ThemeContext } from '@grafana/ui';
import { createRoot } from 'react-dom/client';
import { Bars, Stats } from './gauges';
import { Lines } from './lines';
import { States } from './states';
import { Rows } from './rows';

export interface Answer {
  target: { refId: string; expr: string; legendFormat?: string; instant?: boolean };
  step: number;
  result: { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] }[];
}

const page = (window as any).PAGE;
const theme = createTheme({ colors: { mode: 'dark' } });
const ROW = 38;
const GAP = 8;
const HEADER = 56;

standardTransformersRegistry.setInit(() =>
  [standardTransformers.mergeTransformer, standardTransformers.organizeFieldsTransformer].map(one => ({
    id: one.id,
    name: one.name,
    editor: () => null,
    transformation: async () => one,
    imageDark: '',
    imageLight: '',
  })) as any);

const range: TimeRange = {
  from: dateTime(page.from),
  to: dateTime(page.to),
  raw: { from: dateTime(page.from), to: dateTime(page.to) },
};

function Content({ panel, width, height }: { panel: any; width: number; height: number }) {
  const props = { panel, answers: page.data[panel.id] as Answer[], width, height, theme, range };
  switch (panel.type) {
    case 'timeseries':
      return <Lines {...props} annotations={page.annotations} />;
    case 'stat':
      return <Stats {...props} />;
    case 'bargauge':
      return <Bars {...props} />;
    case 'state-timeline':
      return <States {...props} />;
    case 'table':
      return <Rows {...props} />;
    default:
      throw new Error(`no way to draw a ${panel.type}`);
  }
}

function Dashboard() {
  const column = (window.innerWidth - 2 * GAP) / 24;
  return (
    <div style={{ background: theme.colors.background.canvas, color: theme.colors.text.primary, position: 'absolute', inset: 0, fontFamily: theme.typography.fontFamily }}>
      <div style={{ display: 'flex', gap: 10, alignItems: 'center', height: HEADER, padding: '0 12px', fontSize: 14 }}>
        <b style={{ fontSize: 18, marginRight: 16 }}>{page.dashboard.title}</b>
        {Object.entries<any>(page.variables).filter(([name]) => name !== 'api' && name !== 'datasource').map(([name, variable]) => (
          <span key={name} style={{ border: `1px solid ${theme.colors.border.medium}`, borderRadius: 4, display: 'inline-flex' }}>
            <span style={{ background: theme.colors.background.secondary, padding: '4px 8px' }}>{variable.label}</span>
            <span style={{ padding: '4px 8px' }}>{variable.shown}</span>
          </span>
        ))}
        <span style={{ flex: 1 }} />
        <span>{range.from.format('YYYY-MM-DD HH:mm:ss')} to {range.to.format('YYYY-MM-DD HH:mm:ss')}</span>
      </div>
      {page.dashboard.panels.map((panel: any) => {
        const at = panel.gridPos;
        const style = { position: 'absolute', left: GAP + at.x * column, top: HEADER + at.y * ROW } as const;
        if (panel.type === 'row') {
          return <div key={panel.id} style={{ ...style, fontSize: 16, fontWeight: 500, padding: '8px 4px' }}>⌄ {panel.title}</div>;
        }
        const width = at.w * column - GAP;
        const height = at.h * ROW - GAP;
        return (
          <div key={panel.id} style={style}>
            <PanelChrome width={width} height={height} title={panel.title} padding="md">
              {(innerWidth, innerHeight) => <Content panel={panel} width={innerWidth} height={innerHeight} />}
            </PanelChrome>
          </div>
        );
      })}
    </div>
  );
}

document.body.style.margin = '0';
const style = document.createElement('style');
style.textContent = `* { box-sizing: border-box; } h2, h6, p { margin: 0; font-weight: 500; } button { background: none; border: 0; color: inherit; font: inherit; padding: 0; }
  .sr-only { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } table { border-collapse: collapse; } .uplot canvas { display: block; position: relative; width: 100%; height: 100%; }
  .uplot, .uplot *, .uplot *::before { box-sizing: border-box; } .uplot { width: min-content; } .u-wrap { position: relative; user-select: none; }
  .u-over, .u-under { position: absolute; } .u-under { overflow: hidden; } .u-axis { position: absolute; } .u-hz .u-cursor-x, .u-select, .u-cursor-pt, .u-legend { display: none; }`;
document.head.append(style);
const root = document.createElement('div');
document.body.append(root);
createRoot(root).render(
  <ThemeContext.Provider value={theme}>
    <Dashboard />
  </ThemeContext.Provider>,
);
