/** Which image stands on which. */
import { isRepositoryName, type RepositoryName } from '../../../src/oci/reference.ts';

/** The first rule whose pattern matches a name says what it builds on; `$1` is as in `String.replace`. */
const parentRules: readonly (readonly [pattern: RegExp, parent: string])[] = [
  [/^(nodejs12|nodejs18)-devel$/, '$1-slim'],
  [/^python3-build-(\w+)$/, 'python3-$1'],
  [/^python3-devel$/, 'python3-bullseye'],
  [/^openjdk-(\d+)-jdk(-bookworm)?$/, 'openjdk-$1-jre$2'],
  [/^(php.+)-fpm-multiversion-base$/, '$1-fpm'],
  [/^(php.+)-fpm$/, '$1-cli'],
  [/^httpd-(?:fcgi|cas)$/, 'httpd'],
  [/^mediawiki-httpd$/, 'httpd-fcgi'],
  [/^(spark3\.\d)-operator$/, '$1'],
  [/^(?:flink|spark3\.\d(?:-build)?)$/, 'openjdk-11-jre'],
  [/^flink-kubernetes-operator$/, 'openjdk-17-jre'],
  [/^amd-pytorch2\d$/, 'amd-pytorch-common'],
  [/^ml\/amd-vllm\d+$/, 'amd-pytorch25'],
  [/^knative-serving-\w+$/, 'knative-build'],
  [/^kserve-storage-initializer$/, 'python3-bookworm'],
  [/^(?:istio|cert-manager)\/(?!build)\w+$/, 'bookworm'],
  [/^releng\/(composer-test|composer-package|mediawiki-phan)-(php8\d|php7[234])$/, 'releng/composer-$2'],
  [/^releng\/composer-(php\d+)$/, 'releng/$1'],
  [/^releng\/(php\d+)-compile$/, 'releng/$1'],
  [/^releng\/quibble-(\w+)-(\w+)-\w+$/, 'releng/quibble-$1-$2'],
  [/^releng\/quibble-(buster|bullseye|bookworm|stretch)-\w+$/, 'releng/quibble-$1'],
  [/^releng\/quibble-(?:coverage|fresnel|apache)$/, 'releng/quibble-bookworm-php83'],
  [/^releng\/quibble-(jessie|stretch|bookworm)$/, 'releng/ci-$1'],
  [/^releng\/(node\d+)-test-browser-php\d+-composer$/, 'releng/$1-test-browser'],
  [/^releng\/(node\d+)-test-browser$/, 'releng/$1-test'],
  [/^releng\/(node\d+)-(?:test|kartotherian|portals)$/, 'releng/$1'],
  [/^releng\/maven-(java\d+)$/, 'releng/$1'],
  [/^releng\/java8-[\w-]+$/, 'releng/java8'],
  [/^releng\/tox-[\w-]+$/, 'releng/tox'],
  [/^releng\/(?:node2[246]|php8[345]|java(?:17|21|25)|rust|curl|shellcheck|helm-linter|gradle)$/, 'releng/ci-bookworm'],
  [/^releng\/(?:php8[0-2]|node(?:18|20)|tox|java11|rake-ruby[\d.]+)$/, 'releng/ci-bullseye'],
  [/^releng\/(?:php7[34]|node1[0-6]|java8|doxygen|gerrit)$/, 'releng/ci-buster'],
  [/^wikimedia\/mediawiki-services-(?:apertium|machinetranslation)$/, 'python3-bookworm'],
  [/^wikimedia\/(?:mediawiki-services-.+|wikibase-termbox)$/, 'nodejs20-slim'],
  [/^wikimedia\/(?:machinelearning|research)-.+$/, 'python3-bookworm'],
  [/^repos\/abstract-wiki\/wikifunctions\/function-orchestrator$/, 'nodejs22-slim'],
  [/^repos\/mediawiki\/services\/(?:chart-renderer|mathoid|zotero)$/, 'nodejs20-slim'],
  [/^repos\/mediawiki\/services\/smokepy$/, 'restricted/mediawiki-multiversion'],
  [/^repos\/data-engineering\/mediawiki-event-enrichment(?:\/java)?$/, 'flink'],
  [/^repos\/data-engineering\/(?:spark(?:\/kyuubi)?|opensearch)$/, 'openjdk-11-jre'],
  [/^repos\/wikidata-platform\/.+$/, 'flink'],
  [/^repos\/(?:sre\/miscweb|wmde)\/.+$/, 'httpd'],
  [/^repos\/(?:data_persistence|test-platform|sre\/hoarde|sre\/httpbin).+$/, 'python3-bookworm'],
  [/^restricted\/mediawiki-multiversion$/, 'php8.3-fpm-multiversion-base'],
  [/^restricted\/mediawiki-webserver$/, 'mediawiki-httpd'],
];

/** The repository that `name` builds on, when it is another than a base image. */
export function findParent(name: RepositoryName): RepositoryName | null {
  const rule = parentRules.find(([pattern]) => pattern.test(name));
  if (!rule) return null;
  const parent = name.replace(...rule);
  return isRepositoryName(parent) ? parent : null;
}

/** Base images with the days of their first and last build. */
export const distributions = {
  jessie: { firstMs: Date.UTC(2015, 3, 26), lastMs: Date.UTC(2020, 5, 28) },
  stretch: { firstMs: Date.UTC(2017, 5, 18), lastMs: Date.UTC(2022, 5, 26) },
  buster: { firstMs: Date.UTC(2019, 6, 7), lastMs: Date.UTC(2024, 5, 30) },
  bullseye: { firstMs: Date.UTC(2021, 7, 15), lastMs: Date.UTC(2026, 7, 16) },
  bookworm: { firstMs: Date.UTC(2023, 5, 11), lastMs: Date.UTC(2026, 7, 16) },
  trixie: { firstMs: Date.UTC(2025, 7, 10), lastMs: Date.UTC(2026, 7, 16) },
} as const;

export type Distribution = keyof typeof distributions;

const distributionRules: readonly (readonly [pattern: RegExp, distribution: Distribution])[] = [
  [/jessie|hhvm|php5/, 'jessie'],
  [/stretch|php7[0-2]|npm/, 'stretch'],
  [/buster|php7[34]|node1[024]|nodejs12|java8$/, 'buster'],
  [/bullseye|php-?8\.?[01]|nodejs1[468]|golang1\.1[5-8]|openjdk-(?:8|11|17)-(?!.*bookworm)/, 'bullseye'],
  [/trixie|nodejs24|golang1\.25|openjdk-25|php8\.5/, 'trixie'],
];

/** The base image that `name` stands on, if it is built on one directly: of its generation, or older where that was not out yet. */
export function findDistribution(name: RepositoryName, builtAtMs: number): Distribution {
  const wanted = distributionRules.find(([pattern]) => pattern.test(name))?.[1] ?? 'bookworm';
  const names = Object.keys(distributions) as Distribution[];
  const outByThen = names.slice(0, names.indexOf(wanted) + 1);
  return outByThen.findLast((distribution) => distributions[distribution].firstMs <= builtAtMs) ?? 'jessie';
}
