import { expect, test } from 'vitest';
import { type ScannerMaker, scannerPresets } from '../../src/config/scanner-presets.ts';
import { craneway } from '../lib/cli.ts';
import { decodeSvg } from '../lib/decode-svg.ts';

const makers = Object.keys(scannerPresets) as ScannerMaker[];

test('there is a sheet for every preset, and it loads nothing from anywhere', async () => {
  for (const maker of makers) {
    const { out, code } = await craneway(['scanner', 'sheet', maker]);
    expect(code).toBe(0);
    expect(out).toContain(`<h1>Scanner set-up: ${maker}</h1>`);
    expect(out).not.toMatch(/\b(?:src|href)=|url\(|@import/);
  }
});

test('its bar codes are read as the text below them, and are none that set up a scanner', async () => {
  const { out } = await craneway(['scanner', 'sheet', 'honeywell']);
  const drawn = [...out.matchAll(/(<svg.*?<\/svg>)<figcaption><code>(.*?)<\/code>/g)];
  expect(drawn).toHaveLength(4);
  for (const [, svg = '', text] of drawn) {
    expect(await decodeSvg(svg)).toEqual([{ text, symbology: ']C0' }]);
    expect(text).toMatch(/^CRANEWAY-/);
  }
});

test('a command is only given with the document that it is from', async () => {
  for (const maker of makers) {
    const { out } = await craneway(['scanner', 'sheet', maker, '--json']);
    const { steps } = JSON.parse(out) as {
      steps: { command?: string; source?: string; menu: string }[];
    };
    expect(steps.length).toBeGreaterThan(2);
    for (const { command, source, menu } of steps) {
      expect(menu).not.toBe('');
      expect(source === undefined).toBe(command === undefined);
    }
  }
});

test('a maker without a preset is refused with those that there are', async () => {
  const { code, err } = await craneway(['scanner', 'sheet', 'sic']);
  expect(code).not.toBe(0);
  expect(err).toContain('keyence, sick, cognex');
  expect(err).toContain('did you mean "sick"');
});
