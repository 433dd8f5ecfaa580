export interface CatalogueSettings {
  /** Layers have this part of their usual size: 1 for the demo, 0 for tests that push them. */
  readonly layerScale: number;
  /** The host that annotations and labels name. */
  readonly publicHost: string;
}
