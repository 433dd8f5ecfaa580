/**
 * The config of a Helm chart: the fields of its `Chart.yaml`.
 *
 * @see https://helm.sh/docs/topics/registries/#helm-chart-manifest
 */
export interface HelmChart {
  /** `name`, `version`, `appVersion`, `description`, …: the fields that are plain text. */
  readonly chart: Readonly<Record<string, string>>;
}
