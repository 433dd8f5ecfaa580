/**
 * The config of a Helm chart: the fields of its `Chart.yaml`.
 *
 * @see https://helm.sh/docs/topics/registries/#helm-chart-manifest
 */
export interface HelmChart {
  /** `name`, `version`, `appVersion`, `description`, …, each as one text: `keywords` with commas between. */
  readonly chart: Readonly<Record<string, string>>;
}
