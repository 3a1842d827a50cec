import { type GrafanaTheme2, type TimeRange } from '@grafana/data';
import { TimeSeries, type UPlotConfigBuilder } from '@grafana/ui';
import { useLayoutEffect } from 'react';
import { frames } from './fields';
import type { Answer } from './page';

interface Mark {
  time: number;
  color: string;
}

/** Draws a line at each annotation, as Grafana does. */
function Marks({ builder, marks, theme }: { builder: UPlotConfigBuilder; marks: Mark[]; theme: GrafanaTheme2 }) {
  useLayoutEffect(() => {
    builder.addHook('draw', plot => {
      const { ctx, bbox } = plot;
      ctx.save();
      for (const mark of marks) {
        const x = plot.valToPos(mark.time, 'x', true);
        ctx.strokeStyle = ctx.fillStyle = theme.visualization.getColorByName(mark.color);
        ctx.lineWidth = devicePixelRatio;
        ctx.setLineDash([4, 4]);
        ctx.beginPath();
        ctx.moveTo(x, bbox.top);
        ctx.lineTo(x, bbox.top + bbox.height);
        ctx.stroke();
        ctx.beginPath();
        ctx.moveTo(x - 4, bbox.top + bbox.height + 5);
        ctx.lineTo(x + 4, bbox.top + bbox.height + 5);
        ctx.lineTo(x, bbox.top + bbox.height);
        ctx.fill();
      }
      ctx.restore();
    });
  }, [builder]);
  return null;
}

export function Lines({ panel, answers, width, height, theme, range, annotations }: {
  panel: any; answers: Answer[]; width: number; height: number; theme: GrafanaTheme2; range: TimeRange; annotations: Mark[];
}) {
  const data = frames(panel, answers, theme);
  if (data.length === 0) {
    return <div style={{ height, display: 'grid', placeItems: 'center', color: theme.colors.text.secondary }}>No data</div>;
  }
  return (
    <TimeSeries frames={data} width={width} height={height} timeRange={range} timeZone="browser" legend={panel.options.legend} options={panel.options}>
      {builder => <Marks builder={builder} marks={annotations} theme={theme} />}
    </TimeSeries>
  );
}
