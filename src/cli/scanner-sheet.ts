import { code128Svg } from '../../devices/lib/code128.ts';
import { escaped, htmlPage, htmlTable, richText } from '../../devices/lib/html.ts';
import { presetText, type ScannerMaker } from '../config/scanner-presets.ts';
import { setupSteps } from './scanner-steps.ts';

/** A bar code of ours: plain text in Code 128, which changes nothing in a scanner. */
interface TestCode {
  readonly code: string;
  readonly use: string;
}

/** What a page for setting up scanners of one maker says. */
export interface ScannerSheet {
  readonly maker: ScannerMaker;
  readonly preset: string;
  readonly steps: (typeof setupSteps)[ScannerMaker];
  readonly checks: readonly string[];
  readonly codes: readonly TestCode[];
}

const testCodes: readonly TestCode[] = [
  { code: 'CRANEWAY-TEST-1', use: 'After set-up: must arrive once, as it stands here.' },
  { code: 'CRANEWAY-TEST-2', use: 'Right after the first: neither may hold a part of the other.' },
  { code: 'CRANEWAY-SHIP', use: 'At a workstation: the load unit that was scanned leaves.' },
  { code: 'CRANEWAY-RETURN', use: 'At a workstation: it goes back to storage.' },
];

const checks: readonly string[] = [
  'Scan the first test code, then the second. Each must come once and whole.',
  'Point the scanner at nothing and let it give up. Put exactly what it sends into `noRead`; where it sends nothing, `noRead: []`.',
  'Scan a GS1 label. Its code must begin with `]C1`, and then `aim: true` belongs into the site file. Where `~` or another sign stands for the separator, name it in `gs`.',
  'Pull its plug in the middle of a scan and put it back: the next scan must come whole.',
];

export const scannerSheet = (maker: ScannerMaker): ScannerSheet => ({
  maker,
  preset: presetText(maker),
  steps: setupSteps[maker],
  checks,
  codes: testCodes,
});

/** The sheet as one HTML page to print; loads nothing from anywhere. */
export function sheetPage({ maker, preset, steps, checks: asked, codes }: ScannerSheet): string {
  const rows = steps.map(({ setting, command, menu, source }) => [
    escaped(setting),
    command === undefined ? '' : `<code>${escaped(command)}</code>`,
    escaped(menu),
    escaped(source ?? ''),
  ]);
  const body = [
    `<h1>Scanner set-up: ${escaped(maker)}</h1>`,
    `<p>For <code>preset: ${escaped(maker)}</code> in the site file (${escaped(preset)}).</p>`,
    '<h2>1. Set the scanner</h2>',
    "<p>Set-up codes differ from model to model. Where no command is given here, take the code from the maker's book of the model that you have.</p>",
    htmlTable(['Setting', 'Command', 'Otherwise', 'Source of the command'], rows),
    '<h2>2. Look at what it sends</h2>',
    `<ol>\n${asked.map((text) => `<li>${richText(text)}</li>`).join('\n')}\n</ol>`,
    '<h2>3. Codes to scan</h2>',
    '<p>Code 128. They change nothing in a scanner.</p>',
    ...codes.map(
      ({ code, use }) =>
        `<figure>${code128Svg(code)}<figcaption><code>${escaped(code)}</code> ${escaped(use)}</figcaption></figure>`,
    ),
  ].join('\n');
  return htmlPage(`Scanner set-up: ${maker}`, body);
}
