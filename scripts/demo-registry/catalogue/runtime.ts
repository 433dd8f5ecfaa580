/** What images of one kind have in common: what their build installs, and how they run. */
import type { RepositoryName } from '../../../src/oci/reference.ts';

export interface Runtime {
  /** What the build's first step installs, and what that weighs. */
  readonly packages: string;
  readonly packagesMegabytes: readonly [from: number, to: number];
  /** What the program itself weighs; further parts of the same weight for the few images that are huge. */
  readonly programMegabytes: readonly [from: number, to: number];
  readonly programParts?: number;
  readonly env?: readonly string[];
  readonly user?: string;
  readonly workingDir?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly stopSignal?: string;
}

const service = {
  packagesMegabytes: [1, 9],
  programMegabytes: [4, 48],
  user: '900',
  workingDir: '/srv/service',
} as const;
const ci = { user: 'nobody', workingDir: '/src', entrypoint: ['/run.sh'], command: ['--help'] } as const;
const daemon = { packagesMegabytes: [0.3, 4], programMegabytes: [6, 40], user: '65533' } as const;

const runtimes: readonly (readonly [pattern: RegExp, runtime: Runtime])[] = [
  [
    /^amd-pytorch-common$|^amd-gpu/,
    { packages: 'rocm-core', packagesMegabytes: [40, 84], programMegabytes: [60, 80], programParts: 4 },
  ],
  [
    /^amd-pytorch|^ml\//,
    { packages: 'python3-venv', packagesMegabytes: [20, 60], programMegabytes: [70, 80], programParts: 9 },
  ],
  [
    /^wikimedia\/(?:machinelearning|research)/,
    {
      ...service,
      packages: 'python3-numpy',
      programMegabytes: [30, 76],
      programParts: 3,
      env: ['PYTHONUNBUFFERED=1'],
      entrypoint: ['python3'],
      command: ['-m', 'model_server'],
      ports: ['8080/tcp'],
    },
  ],
  [
    /^nodejs\d+/,
    {
      packages: 'nodejs',
      packagesMegabytes: [28, 44],
      programMegabytes: [0.1, 2],
      env: ['NODE_PATH=/usr/share/nodejs'],
      user: '65533',
      entrypoint: ['node'],
    },
  ],
  [
    /^python3/,
    {
      packages: 'python3',
      packagesMegabytes: [9, 24],
      programMegabytes: [0.1, 1],
      env: ['PYTHONUNBUFFERED=1'],
      command: ['python3'],
    },
  ],
  [
    /^golang/,
    {
      packages: 'golang-go',
      packagesMegabytes: [58, 82],
      programMegabytes: [0.1, 0.4],
      env: ['GOPATH=/go', 'GOCACHE=/tmp/go-build'],
      workingDir: '/go',
      command: ['go', 'version'],
    },
  ],
  [
    /^openjdk-\d+-jre/,
    {
      packages: 'openjdk-jre-headless',
      packagesMegabytes: [38, 60],
      programMegabytes: [0.1, 0.4],
      env: ['JAVA_HOME=/usr/lib/jvm/default-java'],
    },
  ],
  [/^openjdk-\d+-jdk/, { packages: 'openjdk-jdk-headless', packagesMegabytes: [62, 84], programMegabytes: [0.1, 0.4] }],
  [
    /^php.*-cli$/,
    {
      packages: 'php-cli',
      packagesMegabytes: [22, 34],
      programMegabytes: [0.1, 0.4],
      env: ['PHP__display_errors=stderr'],
      command: ['php', '-a'],
    },
  ],
  [
    /^php.*-fpm/,
    {
      packages: 'php-fpm',
      packagesMegabytes: [3, 6],
      programMegabytes: [0.1, 0.4],
      user: 'www-data',
      entrypoint: ['/bin/bash', '/srv/fpm-entrypoint.sh'],
      ports: ['9000/tcp'],
      stopSignal: 'SIGQUIT',
    },
  ],
  [
    /^(?:mediawiki-)?httpd|^repos\/(?:sre\/miscweb|wmde)\//,
    {
      packages: 'apache2',
      packagesMegabytes: [5, 12],
      programMegabytes: [0.2, 14],
      user: 'www-data',
      env: ['APACHE_RUN_PORT=8080'],
      entrypoint: ['/usr/sbin/apache2ctl', '-DFOREGROUND'],
      ports: ['8080/tcp', '9181/tcp'],
      stopSignal: 'SIGWINCH',
    },
  ],
  [
    /^(?:flink|spark)/,
    {
      packages: 'tini',
      packagesMegabytes: [0.5, 3],
      programMegabytes: [60, 84],
      programParts: 3,
      user: '185',
      workingDir: '/opt/work',
      entrypoint: ['/usr/bin/tini', '--'],
      ports: ['6123/tcp', '8081/tcp'],
    },
  ],
  [
    /^restricted\/mediawiki-multiversion$/,
    {
      packages: 'imagemagick-common',
      packagesMegabytes: [14, 20],
      programMegabytes: [70, 84],
      programParts: 14,
      user: 'www-data',
      workingDir: '/srv/mediawiki',
    },
  ],
  [
    /^ceph$|^mapnik$/,
    { packages: 'librados2', packagesMegabytes: [30, 70], programMegabytes: [20, 60], volumes: ['/var/lib/data'] },
  ],
  [
    /^envoy|^haproxy|^istio\/proxy/,
    {
      ...daemon,
      packages: 'ca-certificates',
      user: 'envoy',
      entrypoint: ['/usr/local/bin/docker-entrypoint.sh'],
      ports: ['8080/tcp', '9901/tcp'],
      volumes: ['/etc/envoy'],
    },
  ],
  [
    /^prometheus-/,
    { ...daemon, packages: 'ca-certificates', entrypoint: ['/usr/bin/exporter'], ports: ['9102/tcp'], user: '1000' },
  ],
  [
    /^memcached$|^mcrouter$|^nutcracker$/,
    { ...daemon, packages: 'libevent-2.1-7', command: ['-m', '64'], ports: ['11211/tcp'] },
  ],
  [
    /^cert-manager\/|^knative-|^kserve-|^coredns|^kube|^istio\//,
    { ...daemon, packages: 'ca-certificates', entrypoint: ['/usr/bin/server'], ports: ['9402/tcp'] },
  ],
  [
    /^releng\/quibble-/,
    {
      ...ci,
      packages: 'mariadb-server',
      packagesMegabytes: [48, 82],
      programMegabytes: [8, 30],
      entrypoint: ['/usr/bin/supervisord'],
    },
  ],
  [
    /^releng\/(?:.*-browser|quibble)/,
    { ...ci, packages: 'chromium firefox-esr', packagesMegabytes: [72, 84], programMegabytes: [20, 40] },
  ],
  [
    /^releng\/(?:java|maven|gradle|gerrit)/,
    { ...ci, packages: 'openjdk-jdk-headless maven', packagesMegabytes: [50, 80], programMegabytes: [1, 12] },
  ],
  [
    /^releng\/(?:php|composer|mediawiki)/,
    {
      ...ci,
      packages: 'php-cli composer',
      packagesMegabytes: [12, 30],
      programMegabytes: [0.5, 9],
      env: ['COMPOSER_PROCESS_TIMEOUT=1800'],
    },
  ],
  [
    /^releng\/(?:node|npm)/,
    {
      ...ci,
      packages: 'nodejs npm',
      packagesMegabytes: [24, 40],
      programMegabytes: [2, 14],
      env: ['NPM_CONFIG_cache=/cache'],
    },
  ],
  [/^releng\//, { ...ci, packages: 'git jq make', packagesMegabytes: [4, 30], programMegabytes: [0.2, 12] }],
  [
    /^wikimedia\/mediawiki-services|^repos\/(?:mediawiki|abstract-wiki)\//,
    {
      ...service,
      packages: 'librsvg2-2',
      env: ['APP_BASE_PATH=/srv/service'],
      entrypoint: ['node'],
      command: ['server.js'],
      ports: ['8080/tcp', '9102/tcp'],
    },
  ],
  [
    /^wikimedia\/|^repos\//,
    { ...service, packages: 'ca-certificates', entrypoint: ['/srv/service/server'], ports: ['8080/tcp'] },
  ],
];

const other: Runtime = { ...daemon, packages: 'ca-certificates', entrypoint: ['/usr/bin/server'] };

export function findRuntime(name: RepositoryName): Runtime {
  return runtimes.find(([pattern]) => pattern.test(name))?.[1] ?? other;
}
