import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contentChecks } from '../../src/cli/content-checks.ts';
import { loadSite, requireSite, sitePath } from '../../src/config/load.ts';
import { ConfigError } from '../../src/domain/errors.ts';

let config: string;
let site: string;

const copy = (path: string, change = (text: string) => text) =>
  writeFileSync(join(config, path), change(readFileSync(join('config', path), 'utf8')));

beforeEach(() => {
  config = mkdtempSync(join(tmpdir(), 'craneway-config-'));
  for (const folder of ['sites', 'interfaces', 'labels']) mkdirSync(join(config, folder));
  site = join(config, 'sites/demo.yaml');
  copy('sites/demo.yaml');
  copy('interfaces/crane-block-v1.yaml');
  copy('interfaces/conveyor-point-v1.yaml');
  writeFileSync(join(config, 'labels/sscc-a6.zpl'), '^XA^CI28^PW8^LL8^XZ\n');
});
afterEach(() => rmSync(config, { recursive: true }));

test('a site comes with the paths of all files that it names', () => {
  const loaded = loadSite(site);
  expect(loaded.problems).toEqual([]);
  expect(requireSite(loaded, site).site).toBe('demo');
  expect([...loaded.interfaces.keys()]).toEqual(['crane-block-v1', 'conveyor-point-v1']);
  expect(loaded.labels.get('sscc-a6')).toBe(join(config, 'labels/sscc-a6.zpl'));
});

test('a file that is not there is told where it is named, with the one that was meant', () => {
  copy('sites/demo.yaml', (text) => text.replace('crane-block-v1', 'crane-blok-v1'));
  rmSync(join(config, 'labels/sscc-a6.zpl'));
  const loaded = loadSite(site);
  expect(loaded.site).toBeUndefined();
  expect(loaded.problems).toMatchObject([
    { path: 'points[0].labelTemplate', message: expect.stringContaining('sscc-a6.zpl)') },
    {
      line: expect.any(Number),
      path: 'devices[0].settings.interface',
      message: expect.stringContaining('did you mean "crane-block-v1"?'),
    },
  ]);
});

test('the problems of a named file are told with its own name and line', () => {
  copy('interfaces/crane-block-v1.yaml', (text) => text.replace('name: seq,', 'name: sequence,'));
  const { site: usable, problems } = loadSite(site, { checks: contentChecks });
  expect(usable).toBeUndefined();
  expect(problems).toContainEqual(
    expect.objectContaining({
      file: join(config, 'interfaces/crane-block-v1.yaml'),
      severity: 'error',
      message: expect.stringContaining('seq'),
    }),
  );
});

test('the problems of a label template are told with their line', () => {
  writeFileSync(join(config, 'labels/sscc-a6.zpl'), '^XA^CI28^PW8^LL8\n~JA^XZ\n');
  const { problems } = loadSite(site, { checks: contentChecks });
  expect(problems).toMatchObject([
    { file: join(config, 'labels/sscc-a6.zpl'), line: 2, message: expect.stringMatching(/^\^~JA/) },
  ]);
});

test('an interface of another kind of device is refused', () => {
  copy('sites/demo.yaml', (text) => text.replace('crane-block-v1', 'conveyor-point-v1'));
  const { problems } = loadSite(site, { checks: contentChecks });
  expect(problems).toMatchObject([
    { path: 'meta.device', message: 'must be asrsCrane: a device of type asrs-crane uses it' },
  ]);
});

test('a site that is not there is a problem with the names of those that are', () => {
  const loaded = loadSite(join(config, 'sites/dmo.yaml'));
  expect(loaded.problems).toMatchObject([
    { line: 0, message: 'cannot be read, did you mean "demo"?' },
  ]);
  expect(() => requireSite(loaded, 'dmo')).toThrow(ConfigError);
});

test('a bare name means a file under config/sites', () => {
  expect(sitePath('demo')).toBe('config/sites/demo.yaml');
  expect(sitePath('other/site.yml')).toBe('other/site.yml');
});
