import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ModbusServer } from '../../simulators/lib/modbus-server.ts';
import { craneway } from '../lib/cli.ts';
import { PlcUnderTest, withServer } from '../lib/plc-under-test.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'craneway-plc-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('docs prints the table that lies beside the interface file, or a page', async () => {
  const text = await craneway(['plc', 'docs', 'conveyor-point-v1']);
  expect(text).toMatchObject({ code: 0, err: '' });
  expect(text.out).toBe(readFileSync('config/interfaces/conveyor-point-v1.md', 'utf8'));
  const page = await craneway(['plc', 'docs', 'conveyor-point-v1', '--html']);
  expect(page.out).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
});

test('stub prints the Structured Text that lies beside the interface file', async () => {
  const { code, out } = await craneway(['plc', 'stub', 'crane-block-v1']);
  expect(code).toBe(0);
  expect(out).toBe(readFileSync('config/interfaces/crane-block-v1.st', 'utf8'));
  expect(await craneway(['plc', 'stub', 'conveylinx-zone'])).toMatchObject({ code: 2, out: '' });
  expect(await craneway(['plc', 'docs', 'nothing'])).toMatchObject({ code: 4, out: '' });
});

const check = (port: number, ...more: string[]) =>
  craneway(['plc', 'check', '--port', String(port), '--reads', '10', ...more]);

test('check of a right PLC ends with 0 and writes the protocol as JSON and as a page', async () => {
  const [json, html] = [join(folder, 'report.json'), join(folder, 'report.html')];
  const ran = await withServer(new PlcUnderTest({ lifeLostMs: 3000 }), (port) =>
    check(port, '--json', json, '--html', html),
  );
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.out).toMatch(/^POINT +OUTCOME +CHECK/);
  expect(ran.err).toContain('not run');
  const report = JSON.parse(readFileSync(json, 'utf8'));
  expect(report).toMatchObject({ interface: 'crane-block 1.0', deviceNumber: 1 });
  expect(report.startedAt).toMatch(/^20\d\d-/);
  const page = readFileSync(html, 'utf8');
  expect(page).toContain('<span class="passed">');
  expect(page).toContain('frame to lifeEcho');
});

test('check of a PLC with a mistake ends with 6 and names it', async () => {
  const plc = new PlcUnderTest({ mistake: 'wordOrder' });
  const ran = await withServer(plc, (port) => check(port, '--json'));
  expect(ran).toMatchObject({ code: 6 });
  const { results } = JSON.parse(ran.out);
  expect(results[0]).toMatchObject({ outcome: 'failed', findings: [{ defect: 'WORD_ORDER' }] });
  expect(plc.written).toEqual([]);
});

test('a crane without numbers has no stub, and the advice says what it should get instead', async () => {
  const { code, err } = await craneway(['plc', 'stub', 'crane-start-bit-v1']);
  expect(code).toBe(2);
  expect(err).toContain('craneway plc stub crane-block-v1');
});

test('check of a crane without numbers reads it, writes nothing, and says what it cannot test', async () => {
  const image = new Uint16Array(0x1_0000);
  // mode, flags, faultCode, travelMm, hoistMm
  image.set([4, 0, 0, 0, 1234, 0, 600], 200);
  const written: number[] = [];
  const bank = { image, onWrite: (address: number) => void written.push(address) };
  const server = new ModbusServer({ units: { 1: bank } });
  const port = await server.listen(0);
  const { code, out } = await check(port, '--interface', 'crane-start-bit-v1');
  await server.close();
  expect([code, written]).toEqual([0, []]);
  expect(out.match(/ passed /g)).toHaveLength(3);
  expect(out.match(/ not run /g)).toHaveLength(6);
});

test('check of nobody says where nobody was, and ends with 7', async () => {
  const ran = await check(1);
  expect(ran).toMatchObject({ code: 7, out: '' });
  expect(ran.err).toContain('127.0.0.1:1');
});
