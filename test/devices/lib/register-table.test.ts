import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { InterfaceFile } from '../../../devices/lib/interface-file.ts';
import { registerPage } from '../../../devices/lib/register-page.ts';
import { registerTable } from '../../../devices/lib/register-table.ts';
import { readConveyorInterface, readCraneInterface } from '../../lib/interfaces.ts';

const files: [string, InterfaceFile][] = [
  ['crane-block-v1', readCraneInterface()],
  ['conveyor-point-v1', readConveyorInterface()],
];

test.each(files)('the table %s.md is what its interface file says today', (name, file) => {
  expect(readFileSync(`config/interfaces/${name}.md`, 'utf8')).toBe(registerTable(file));
});

test.each(files)('the table %s.md has every register of every block once', (_, file) => {
  const rows = registerTable(file).matchAll(/^\| (\d+)(?:–(\d+))? \| \d+(?:–\d+)? \|/gm);
  const told = [...rows].flatMap(([, first, last = first]) => numbers(Number(first), Number(last)));
  const expected = file.blocks.flatMap(({ base, length }) => numbers(base, base + length - 1));
  expect(told).toEqual(expected);
});

test('a row says where a register stands, what it is and what it means', () => {
  const lines = registerTable(readCraneInterface()).split('\n');
  for (const line of [
    "| 2036–2037 | 36–37 | travelMm | i32 |  | mm |  | Travel position from the aisle's zero point. |",
    '| 2110 | 110 | events[4].eventType | enum | R |  | see `eventType` | What happened. |',
    '| 8 | eventBufferHigh | Fewer than three event slots are free. |',
    '| 101 | binFull | Destination holds a load. |',
    '| 12 | busy | Another mission is active. |',
    '| plcLifeMs | 500 | ms | plc | Longest time between two increments of life in the status block. |',
  ]) {
    expect(lines).toContain(line);
  }
});

test.each(files)('the page of %s has what the table has, and loads nothing', (_, file) => {
  const page = registerPage(file);
  const plain = (text: string) =>
    text
      .replaceAll(/<[^>]+>|`/g, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');
  const shown = new Set(
    page
      .split('\n')
      .flatMap((line) => line.split('</td>'))
      .map(plain),
  );
  const cells = registerTable(file)
    .split('\n')
    .filter((line) => /^\| \d/.test(line))
    .flatMap((line) =>
      line.split(' | ').map((cell) => plain(cell.replace(/^\| | \|$/g, '')).trim()),
    );
  expect(cells.length).toBeGreaterThan(500);
  expect(cells.filter((cell) => ![...shown].some((text) => text.trim() === cell))).toEqual([]);
  expect(page).not.toMatch(/<script|<link|src=|https?:/);
});

test.each(files)('%s tells the PLC programmer what to do, in order', (_, file) => {
  const table = registerTable(file);
  const at = (text: string) => table.indexOf(text);
  expect(at('`bootIdEcho` not your `bootId`')).toBeGreaterThan(0);
  expect(at('wrong `wordOrderTest`')).toBeLessThan(at('`bootIdEcho` not your `bootId`'));
  expect(table).toMatch(/`guardB`( first)?,/);
  expect(registerPage(file)).toContain('<ol>\n<li>');
});

test('what a file says cannot become markup', () => {
  const file = readCraneInterface();
  const rules = [{ title: '<b>`x`', steps: ['a < b & `<i>`'] }];
  const page = registerPage({ ...file, rules });
  expect(page).toContain('<h2>&lt;b&gt;<code>x</code></h2>');
  expect(page).toContain('<li>a &lt; b &amp; <code>&lt;i&gt;</code></li>');
});

const numbers = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);
