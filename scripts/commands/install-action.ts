import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readSettings } from '../../src/settings/read-settings.ts';
import { SettingsError } from '../../src/settings/settings-error.ts';
import { fillUnits, type UnitFiles } from './systemd-units.ts';

export interface InstallOptions {
  readonly systemd: true;
  readonly config: string;
  readonly output: string;
  readonly user: string;
  readonly instance?: string;
  readonly metricsFile?: string;
}

/** Writes the units and prints what is to be done with them. */
export async function writeUnits(options: InstallOptions): Promise<void> {
  const configFile = resolve(options.config);
  const settings = await readSettings({ configFile }, process.cwd());
  const instance = options.instance ?? null;
  const units = await fillUnits({
    settings,
    configFile,
    nodeFile: process.execPath,
    user: options.user,
    metricsFile: options.metricsFile === undefined ? null : resolve(options.metricsFile),
    instance,
  }).catch((error) => {
    if (!(error instanceof RangeError)) throw error;
    throw new SettingsError(error.message, 'Give each instance a settings file, a siteDir and a stateDir of its name.');
  });
  const folder = resolve(options.output);
  for (const [name, text] of Object.entries(units)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  process.stdout.write(describeNextSteps(folder, units, instance));
}

function describeNextSteps(folder: string, units: UnitFiles, instance: string | null): string {
  const unit = instance === null ? 'registry-homepage' : `registry-homepage@${instance}`;
  const audit = unit.replace('homepage', 'homepage-verify');
  const config = instance === null ? 'registry-homepage' : `registry-homepage-${instance}`;
  const from = quoteForShell(folder);
  const [credential] = Object.values(units).flatMap((text) => /^LoadCredential=[^:]*:(.*)$/m.exec(text)?.[1] ?? []);
  const steps = [
    `cp ${from}/*.service ${from}/*.timer ${from}/*.path /etc/systemd/system/`,
    ...(instance === null ? [] : [`cp -r ${from}/*.service.d /etc/systemd/system/`]),
    `install -D -m 644 ${from}/sysusers.conf /etc/sysusers.d/registry-homepage.conf && systemd-sysusers`,
    `install -D -m 644 ${from}/tmpfiles.conf /etc/tmpfiles.d/${config}.conf && systemd-tmpfiles --create`,
    'systemctl daemon-reload',
    `systemctl start ${unit}.service            # the first run, now; journalctl -u ${unit} has its log`,
    `systemctl enable --now ${unit}.timer       # and one every hour`,
    `systemctl enable --now ${audit}.timer   # the weekly audit of layers, within its --max-bytes`,
    `systemctl enable --now ${unit.replace('homepage', 'homepage-reload')}.path   # with the nginx example: 410 for what is gone`,
  ];
  const hints =
    credential === undefined ? [] : [`Put what the registry asks for into ${credential} first (mode 0600).`];
  return [
    `Written to ${folder}. Look them through, then, as root:`,
    '',
    ...steps.map((step) => `  ${step}`),
    ...hints,
    '',
  ].join('\n');
}

function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
