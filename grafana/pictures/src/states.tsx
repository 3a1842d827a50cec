import { type GrafanaTheme2, type TimeRange } from '@grafana/data';
import { frames } from './fields';
import type { Answer } from './page';

/** Draws a state timeline that looks like Grafana's: Grafana does not publish the component. */
export function States({ panel, answers, width, height, theme, range }: {
  panel: any; answers: Answer[]; width: number; height: number; theme: GrafanaTheme2; range: TimeRange;
}) {
  const data = frames(panel, answers, theme);
  const nameWidth = 120;
  const axis = 22;
  const from = range.from.valueOf();
  const perMs = (width - nameWidth) / (range.to.valueOf() - from);
  const row = (height - axis) / Math.max(1, data.length);
  const ticks = Array.from({ length: 6 }, (_, index) => from + ((index + 0.5) * (range.to.valueOf() - from)) / 6);
  return (
    <svg width={width} height={height} style={{ fontSize: 12, fontFamily: theme.typography.fontFamily }}>
      {data.map((frame, index) => {
        const [times, values] = [frame.fields[0].values, frame.fields[1].values];
        const spans: { start: number; end: number; value: number }[] = [];
        times.forEach((time: number, at: number) => {
          const last = spans.at(-1);
          const end = Math.min(times[at + 1] ?? time + (frame.fields[0].config.interval ?? 0), range.to.valueOf());
          if (values[at] === null) {
            return;
          }
          if (last && last.value === values[at] && last.end === time) {
            last.end = end;
          } else {
            spans.push({ start: time, end, value: values[at] });
          }
        });
        return (
          <g key={index}>
            <text x={nameWidth - 8} y={row * (index + 0.5) + 4} textAnchor="end" fill={theme.colors.text.primary}>{frame.name}</text>
            <rect x={nameWidth} y={row * index + 2} width={width - nameWidth} height={row - 4} fill={theme.colors.background.secondary} />
            {spans.map((span, at) => {
              const shown = frame.fields[1].display!(span.value);
              const x = nameWidth + (Math.max(span.start, from) - from) * perMs;
              const spanWidth = Math.max(1, (span.end - Math.max(span.start, from)) * perMs);
              return (
                <g key={at}>
                  <rect x={x} y={row * index + 2} width={spanWidth} height={row - 4} fill={shown.color} opacity={0.8} />
                  {spanWidth > 40 && <text x={x + 6} y={row * (index + 0.5) + 4} fill="white">{shown.text}</text>}
                </g>
              );
            })}
          </g>
        );
      })}
      {ticks.map(time => (
        <text key={time} x={nameWidth + (time - from) * perMs} y={height - 4} textAnchor="middle" fill={theme.colors.text.secondary}>
          {new Date(time).toTimeString().slice(0, 5)}
        </text>
      ))}
    </svg>
  );
}
