// The type of a dashboard, made of Grafana's own types. A JSON literal of this type may have no property unknown to Grafana.
import type * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import type * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

// The JSON form of a type: an enum member is its text, and there are no methods.
type Json<T> = 0 extends 1 & T ? any
  : T extends string ? `${T}`
  : T extends number | boolean | null | undefined ? T
  : T extends (infer Item)[] ? Json<Item>[]
  : { [Key in keyof T as T[Key] extends Function ? never : Key]: Json<T[Key]> };

// The SDK's types give a field the links of a dashboard; Grafana itself uses this type.
interface DataLink {
  title: string;
  url: string;
  targetBlank?: boolean;
}

type FieldConfig<Custom> = Json<Omit<dashboard.FieldConfig, 'custom' | 'links'>> & {
  custom?: Json<Custom>;
  links?: DataLink[];
};

type Panel<Type extends string, Options, Custom> =
  Json<Omit<dashboard.Panel, 'type' | 'options' | 'fieldConfig' | 'targets'>> & {
    type: Type;
    options: Json<Options>;
    fieldConfig: {
      defaults: FieldConfig<Custom>;
      overrides: { matcher: Json<dashboard.MatcherConfig>; properties: Json<dashboard.DynamicConfigValue>[] }[];
    };
    targets: Json<prometheus.Dataquery>[];
  };

type AnyPanel =
  | Panel<'stat', stat.Options, {}>
  | Panel<'timeseries', timeseries.Options, timeseries.FieldConfig>
  | Panel<'bargauge', bargauge.Options, {}>
  | Panel<'state-timeline', statetimeline.Options, statetimeline.FieldConfig>
  | Panel<'table', table.Options, table.FieldConfig>
  | Json<dashboard.RowPanel>;

export type Dashboard = Json<Omit<dashboard.Dashboard, 'panels'>> & { panels: AnyPanel[] };
