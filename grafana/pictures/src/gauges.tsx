import { FieldType, type DisplayValue, type GrafanaTheme2, type TimeRange, VizOrientation } from '@grafana/data';
import { BarGauge, BigValue, BigValueColorMode, BigValueGraphMode, BigValueJustifyMode, BigValueTextMode } from '@grafana/ui';
import { frames, newest } from './fields';
import type { Answer } from './page';

interface Props {
  panel: any; answers: Answer[]; width: number; height: number; theme: GrafanaTheme2; range: TimeRange;
}

function rangeOf(values: (number | null)[]) {
  const numbers = values.filter(value => value !== null);
  const [min, max] = [Math.min(...numbers), Math.max(...numbers)];
  return { min, max, delta: max - min };
}

function NoValue({ panel, height, theme }: { panel: any; height: number; theme: GrafanaTheme2 }) {
  return <div style={{ height, display: 'grid', placeItems: 'center', fontSize: 20, color: theme.colors.text.secondary }}>{panel.fieldConfig.defaults.noValue ?? 'No data'}</div>;
}

export function Stats({ panel, answers, width, height, theme }: Props) {
  const data = frames(panel, answers, theme);
  if (data.length === 0) {
    return <NoValue panel={panel} height={height} theme={theme} />;
  }
  const isWide = panel.options.orientation === 'auto' ? width > height : panel.options.orientation === 'vertical';
  const each = (isWide ? width : height) / data.length;
  return (
    <div style={{ display: 'flex', flexDirection: isWide ? 'row' : 'column', width, height }}>
      {data.map((frame, index) => {
        const field = frame.fields[1];
        const value: DisplayValue = field.display!(newest(frame));
        return (
          <BigValue
            key={index}
            theme={theme}
            width={isWide ? each - 4 : width}
            height={isWide ? height : each - 4}
            value={{ ...value, title: data.length > 1 || panel.options.textMode === 'name' ? field.config.displayName : undefined }}
            count={data.length}
            graphMode={panel.options.graphMode as BigValueGraphMode}
            colorMode={panel.options.colorMode as BigValueColorMode}
            textMode={panel.options.textMode as BigValueTextMode}
            justifyMode={BigValueJustifyMode.Auto}
            sparkline={panel.options.graphMode === 'area' && frame.length > 1
              ? { x: { ...frame.fields[0], type: FieldType.time }, y: { ...field, state: { ...field.state, range: rangeOf(field.values) }, config: { ...field.config, custom: { lineWidth: 1, fillOpacity: 10 } } } }
              : undefined}
          />
        );
      })}
    </div>
  );
}

export function Bars({ panel, answers, width, height, theme }: Props) {
  const data = frames(panel, answers, theme);
  if (data.length === 0) {
    return <NoValue panel={panel} height={height} theme={theme} />;
  }
  const values = data.map(frame => newest(frame) ?? 0);
  const max = panel.fieldConfig.defaults.max ?? Math.max(...values);
  const titles = data.map(frame => frame.fields[1].config.displayName ?? '');
  const text = titles.reduce((longest, one) => (one.length > longest.length ? one : longest), '');
  return (
    <div style={{ width, height }}>
      {data.map((frame, index) => {
        const field = frame.fields[1];
        field.config.max = max;
        field.state = { ...field.state, range: { min: 0, max, delta: max } };
        const value = field.display!(values[index]);
        return (
          <div key={index} style={{ marginBottom: 6 }}>
          <BarGauge
            theme={theme}
            width={width}
            height={Math.min(panel.options.maxVizHeight, height / data.length - 6)}
            itemSpacing={6}
            text={panel.options.text}
            field={field.config}
            display={field.display}
            value={{ ...value, title: titles[index] }}
            alignmentFactors={{ ...value, title: text }}
            orientation={VizOrientation.Horizontal}
            displayMode={panel.options.displayMode}
            valueDisplayMode={panel.options.valueMode}
            namePlacement={panel.options.namePlacement}
            showUnfilled={panel.options.showUnfilled}
          />
          </div>
        );
      })}
    </div>
  );
}
