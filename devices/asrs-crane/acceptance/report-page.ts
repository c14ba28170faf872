import { escaped, htmlPage, htmlTable } from '../../lib/html.ts';
import type { AcceptanceReport, CheckResult, TimingResult } from './report.ts';

const said = { passed: 'passed', failed: 'FAILED', notRun: 'not run' } as const;

/**
 * The acceptance protocol as a page to be printed and signed.
 *
 * @param startedAt  when the test began, as people write it
 */
export function acceptancePage(report: AcceptanceReport, startedAt: string): string {
  const { results, timings, remarks, target, deviceNumber } = report;
  const count = (outcome: CheckResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).length;
  const facts = [
    ['Interface', report.interface],
    ['PLC', target],
    ['Device number', deviceNumber === undefined ? 'not known' : String(deviceNumber)],
    ['Begun', startedAt],
    ['Result', `${count('passed')} passed, ${count('failed')} failed, ${count('notRun')} not run`],
  ];
  const body = [
    '<h1>Acceptance of a crane PLC</h1>',
    htmlTable(
      [],
      facts.map((row) => row.map(escaped)),
    ),
    ...remarks.map((remark) => `<p><strong>${escaped(remark)}</strong></p>`),
    '<h2>Checks</h2>',
    htmlTable(['Point', 'Check', 'Result', 'Seen', 'ms'], results.map(resultRow)),
    '<h2>Times</h2>',
    htmlTable(
      ['Time', 'Count', 'Min ms', 'Median ms', '99 % ms', 'Max ms', 'Distribution, min to max'],
      timings.map(timingRow),
    ),
    '<table class="sign"><tr><td>Date</td><td>For the PLC</td><td>For the controller</td></tr></table>',
  ];
  return htmlPage(`Acceptance ${target}`, body.join('\n'));
}

function resultRow({ point, title, outcome, findings, notes, elapsedMs }: CheckResult): string[] {
  const lines = [
    ...findings.map(({ defect, message }) => `<code>${escaped(defect)}</code> ${escaped(message)}`),
    ...notes.map(escaped),
  ];
  const shown = `<span class="${outcome}">${said[outcome]}</span>`;
  return [String(point), escaped(title), shown, lines.join('<br>'), String(elapsedMs)];
}

function timingRow(timing: TimingResult): string[] {
  const { name, count, minMs, medianMs, p99Ms, maxMs, histogram } = timing;
  const most = Math.max(...histogram, 1);
  const bars = histogram.map(
    (n) =>
      `<div><span class="bar" style="width:${Math.round((120 * n) / most)}px"></span> ${n}</div>`,
  );
  const numbers = [count, minMs, medianMs, p99Ms, maxMs].map(String);
  return [escaped(name), ...numbers, bars.join('')];
}
