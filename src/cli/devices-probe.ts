import type { Command } from 'commander';
import type { ProbeCheck } from '../ports/device.ts';
import { level, newKey, write } from './client.ts';
import { exitCodes } from './failure.ts';
import { common, show, table } from './output.ts';

interface Report {
  readonly device: string;
  readonly ok: boolean;
  readonly checks: readonly ProbeCheck[];
}

/** Asks a device now. Ends with `unreachable` without a link, with `findings` where something else is not right. */
export async function probe(command: Command, id: string, trigger: boolean): Promise<void> {
  const site = common(command);
  const path = `/devices/${level(id)}/probe`;
  const request = { method: 'POST', path, body: { trigger }, key: newKey() } as const;
  const { data } = await write<Report>(site, request);
  show(site, data, ({ checks }) =>
    table(checks, {
      check: (row) => row.check,
      verdict: (row) => row.verdict,
      detail: (row) => row.detail,
    }),
  );
  if (data.ok) return;
  const hasLink = data.checks.some(({ check, verdict }) => check === 'link' && verdict === 'ok');
  process.exitCode = hasLink ? exitCodes.findings : exitCodes.unreachable;
}
