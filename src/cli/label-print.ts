import type { Command } from 'commander';
import { write } from './client.ts';
import { CommandFailure } from './failure.ts';
import { common, say, show } from './output.ts';
import { keyOf, withKey } from './write-verb.ts';

interface Options {
  readonly label?: string;
  readonly printer?: string;
  readonly station?: string;
  readonly loadUnit?: string;
  readonly copies: string;
  readonly reprint?: string;
  readonly field: Readonly<Record<string, string>>;
}

/** Adds `print` to the verb that draws labels: a running site prints it. @param withFields  its way to take fields */
export function registerPrint(label: Command, withFields: (command: Command) => Command): void {
  withKey(withFields(label.command('print <template>')))
    .description('have a running site print a label')
    .option('--label <name>', 'a name for it, by which it can be printed once more')
    .option('--printer <device>', 'where, or with --station')
    .option('-s, --station <place>', 'the printer of this station')
    .option('-l, --load-unit <name>', 'what it is for: fills loadUnit, sscc and what is in it')
    .option('--copies <n>', '1 to 10', '1')
    .option('--reprint <reason>', 'print the label of this name once more, and why')
    .action(async (template: string, options: Options, command: Command) => {
      const site = common(command);
      const { printer, station, loadUnit, reprint, field } = options;
      const copies = Number(options.copies);
      if (!Number.isInteger(copies)) throw new CommandFailure('usage', '--copies is a number');
      const key = keyOf(command);
      // Named after its key, so that a repetition of the same try is the same label.
      const name = options.label ?? `local-${key}`.slice(0, 40);
      const body = {
        ...{ label: name, template, copies, printer, station, loadUnit, reprint },
        ...(Object.keys(field).length > 0 && { fields: field }),
      };
      const request = { method: 'POST', path: '/labels', body, key } as const;
      const { data, replayed } = await write<object>(site, request);
      if (replayed) say(site, 'It had been asked for before; this is the first answer.');
      show(site, { ...data, label: name }, () => `${name} is in line.`);
    });
}
