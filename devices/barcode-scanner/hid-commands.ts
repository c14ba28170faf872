import type { TriggerField } from './hid-descriptor.ts';

/**
 * Turns what the site file has as `trigger` and `triggerOff` into output reports.
 *
 * @returns the report, its id first; or why there is none, as a clause after the name of the scanner
 */
export type CommandReports = (text: string) => Uint8Array | string;

/**
 * The output report that carries a Honeywell's commands: id, length, bytes.
 * Source: HenkVanAsselt/python_hon_usbhid; Access-IS LSR118 manual.
 */
const commandReportId = 0xfd;
const commandBytesMax = 62;

/**
 * @param isHoneywell  it takes its maker's commands as they are
 * @param trigger      the bit by which others are made to read, where their report descriptor offers it
 */
export function commandReports(
  isHoneywell: boolean,
  trigger: TriggerField | undefined,
): CommandReports {
  if (isHoneywell) return byText;
  if (trigger === undefined)
    return () => 'takes no commands: its report descriptor offers no trigger';
  return (text) => byField(trigger, text);
}

function byText(text: string): Uint8Array | string {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length > commandBytesMax) return `takes commands of at most ${commandBytesMax} bytes`;
  return Buffer.concat([Uint8Array.of(commandReportId, bytes.length), bytes]);
}

/** Everything else that the report may hold is off: beeps, and keeping it from reading. */
function byField({ reportId, reportBytes, at, mask }: TriggerField, text: string) {
  if (text !== '1' && text !== '0') {
    return 'is triggered by a bit of its own: write trigger "1" and triggerOff "0" in the site file';
  }
  const report = new Uint8Array(reportBytes);
  report[0] = reportId;
  if (text === '1') report[at] = mask;
  return report;
}
