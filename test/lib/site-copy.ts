import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { Site } from '../../src/domain/site.ts';

/**
 * The demo's configuration with the addresses where its simulators listen, in a folder of its own.
 *
 * @param config  the new folder: `sites`, `interfaces` and `labels` lie in it
 * @param more    values of the site file to change, by path
 * @returns the site file
 */
export function copyDemoSite(
  config: string,
  { devices }: Site,
  more: readonly (readonly [path: readonly string[], value: unknown])[],
  name = 'demo',
): string {
  for (const kind of ['interfaces', 'labels']) {
    cpSync(`config/${kind}`, join(config, kind), { recursive: true });
  }
  const document = parseDocument(readFileSync('config/sites/demo.yaml', 'utf8'));
  devices.forEach(({ settings }, i) => {
    const key = ['connection', 'port'].find((name) => name in settings);
    if (key === undefined) return;
    document.setIn(['devices', i, 'settings', key], settings[key as keyof typeof settings]);
  });
  for (const [path, value] of more) document.setIn(path, value);
  mkdirSync(join(config, 'sites'), { recursive: true });
  const file = join(config, 'sites', `${name}.yaml`);
  writeFileSync(file, document.toString());
  return file;
}
