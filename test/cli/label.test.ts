import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { contentChecks } from '../../src/cli/content-checks.ts';
import { exitCodes } from '../../src/cli/failure.ts';
import { craneway } from '../lib/cli.ts';

// Each test starts a process, and some a renderer in it.
vi.setConfig({ testTimeout: 90_000 });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'craneway-label-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a label is drawn as a picture with one pixel for each dot', async () => {
  const out = join(folder, 'label.png');
  const fields = ['--field', 'location=A01-L-001-03-1', '--field', 'check=47'];
  const { code, err } = await craneway([
    'label',
    'render',
    'location-100x50',
    '-o',
    out,
    ...fields,
  ]);
  expect(code, err).toBe(exitCodes.ok);
  const png = readFileSync(out);
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([800, 400]);
});

test('every bar code of a label is read back and compared', async () => {
  const args = ['label', 'verify', 'contents-a6', '--sample', '--field', 'lot=A>B'];
  const { code, out, err } = await craneway([...args, '--json']);
  // `>` is no data of a GS1-128 on this printer: said before anything is drawn.
  expect([code, out]).toEqual([exitCodes.failure, '']);
  expect(err).toContain('gs1-128 field cannot hold this');
  const sound = await craneway(['label', 'verify', 'contents-a6', '--sample', '--json']);
  const verdicts = JSON.parse(sound.out) as { aim: string; ok: boolean; readHex: string }[];
  expect(verdicts.map(({ aim, ok }) => [aim, ok])).toEqual([
    [']Q1', true],
    [']d2', true],
    [']C1', true],
    [']C1', true],
  ]);
  expect(Buffer.from(verdicts[3]?.readHex ?? '', 'hex').toString()).toBe('10L7-2026');
});

test('a bar code that cannot be read is a finding', async () => {
  const file = join(folder, 'crossed.zpl');
  const crossed = '^FO1,100^GB790,120,120^FS';
  writeFileSync(
    file,
    `^XA^CI28^PW800^LL400^FX sample a=TOTE-1\n^FO40,100^BY3^BCN,100,N,N,N,A^FD{{a}}^FS${crossed}^XZ`,
  );
  const { code, out, err } = await craneway(['label', 'verify', file, '-f', 'a=TOTE-17']);
  expect(code).toBe(exitCodes.findings);
  expect(out).toMatch(/\]C0 +not read +TOTE-17 +-/);
  expect(err).toContain('1 of 1 bar codes are wrong');
});

test.each([
  [['content-a6'], 'notFound', 'did you mean "contents-a6"?'],
  [['contents-a6', '--field', 'lott=1'], 'usage', 'has no field "lott", did you mean "lot"?'],
  [['contents-a6'], 'usage', 'needs sku, lot, expiry, gtin'],
  [['contents-a6', '--field', 'lot'], 'usage', 'write it as name=value'],
] as const)('label verify %j says what is wrong', async (args, exit, said) => {
  const { code, err } = await craneway(['label', 'verify', ...args]);
  expect(code).toBe(exitCodes[exit]);
  expect(err).toContain(said);
});

test('a label that needs more than a decision point gives is refused with the site', () => {
  const problems = (file: string) =>
    contentChecks.labelTemplate?.(file, readFileSync(`config/labels/${file}`, 'utf8')) ?? [];
  expect(problems('sscc-a6.zpl')).toEqual([]);
  expect(problems('contents-a6.zpl').map(({ message }) => message)).toContain(
    'needs {{gtin}}, and a decision point gives only sscc and loadUnit: write {{gtin?}}',
  );
});
