import { beforeAll, describe, expect, test } from 'vitest';
import { barChart, lineChart } from '../../src/virtual/charts.ts';
import { type ReportedDay, reportPage } from '../../src/virtual/report.ts';
import { busyDay, runVirtualDay } from '../lib/virtual-day.ts';

describe('the page of a day', () => {
  let day: ReportedDay;
  beforeAll(async () => {
    const { figures, findings, hash } = await runVirtualDay();
    const speed = { virtualH: 1, timesCpu: 1_000, causes: 1 };
    const { doc } = busyDay;
    day = { scenario: 'busy', doc, seed: 1, ok: true, speed, figures, findings, hash };
  }, 120_000);

  test('needs nothing from elsewhere: no scripts, no links, no pictures', () => {
    const page = reportPage(day);
    expect(page).not.toMatch(/<script|<link|<img|https?:|url\(/i);
    expect(page.match(/<svg /g)).toHaveLength(5);
    expect(page).toContain('All is well');
    expect(page).toContain('crane-1');
    expect(page).toContain(day.hash);
  });

  test('says what does not hold, and takes no markup from it', () => {
    const findings = [{ kind: 'lost', text: '<b>T-1</b> is nowhere' }];
    const page = reportPage({ ...day, ok: false, findings });
    expect(page).toContain('1 things do not hold');
    expect(page).toContain('&lt;b&gt;T-1');
    expect(page).not.toContain('<b>T-1');
  });
});

describe('a plot', () => {
  const numbersIn = (text: string, attribute: string) =>
    [...text.matchAll(new RegExp(` ${attribute}="([\\d.-]+)"`, 'g'))].map(([, n]) => Number(n));

  test('draws every bar within its frame, the highest value highest', () => {
    const bars = [1, 5, 3].map((value, i) => ({ name: `b${i}`, value }));
    const [low = 0, high = 0, middle = 0] = numbersIn(barChart('Bars', bars), 'height');
    expect(high).toBeGreaterThan(middle);
    expect(middle).toBeGreaterThan(low);
    expect(high).toBeLessThanOrEqual(240);
  });

  test('has a legend where lines are to be told apart, and stands for no values at all too', () => {
    const two = lineChart(
      'Lines',
      ['1', '2'],
      [
        { name: 'in', values: [1, 2] },
        { name: 'out', values: [0, 0] },
      ],
    );
    expect(two.match(/<polyline /g)).toHaveLength(2);
    expect(two).toContain('>out<');
    expect(lineChart('None', [], [{ name: 'none', values: [] }])).toContain('<svg');
    expect(barChart('Nothing', [{ name: 'a', value: 0 }])).not.toContain('NaN');
  });
});
