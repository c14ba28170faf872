import { type Command, InvalidArgumentError } from 'commander';
import type { DeviceFaults, FaultView } from '../../simulators/fault-board.ts';
import type { Truth } from '../../simulators/world/world.ts';
import { get, level, newKey, type Server, write } from './client.ts';
import { duration } from './duration.ts';
import { CommandFailure } from './failure.ts';
import { controlPortDefault } from './free-port.ts';
import { type Common, common, show, table } from './output.ts';

/** Parameters that a fault may have, each an option of its own; `craneway sim faults` says which has which. */
const parameters = {
  point: 'which decision point',
  exit: 'which exit',
  times: 'how often it strikes, then it is over',
  ms: 'by how many milliseconds',
  bytes: 'after how many bytes',
  code: 'which exception',
} as const;

interface FaultOptions extends Partial<Record<keyof typeof parameters, number>> {
  readonly for?: number;
  readonly once?: boolean;
}

export function register(program: Command): void {
  const sim = program
    .command('sim')
    .description('make simulated devices fail, and look at the floor');
  sim.option(
    '--sim-url <url>',
    'where the simulators are switched',
    process.env['CRANEWAY_SIM_URL'] ?? `http://127.0.0.1:${controlPortDefault}`,
  );
  sim
    .command('faults [device]')
    .description('what can be made to go wrong, and what does')
    .action(async (device: string | undefined, _: unknown, command: Command) => {
      const path = device === undefined ? '/faults' : `/faults/${level(device)}`;
      const answer = await get<{ devices: readonly DeviceFaults[] }>(simulators(command), path);
      show(common(command), answer, ({ devices }) => devices.map(deviceText).join('\n\n'));
    });
  registerFault(sim);
  sim
    .command('clear [device] [fault]')
    .description('switch off every fault, those of one device, or one')
    .action(async (device: string | undefined, fault: string | undefined, _, command: Command) => {
      const names = [device, fault].filter((name) => name !== undefined);
      const path = ['/faults', ...names.map(level)].join('/');
      const sent = { method: 'DELETE', path, key: newKey() } as const;
      const { data } = await write<{ cleared: number }>(simulators(command), sent);
      show(common(command), data, ({ cleared }) => `${cleared} switched off`);
    });
  sim
    .command('world')
    .description('where every load really is, whatever the books say')
    .action(async (_: unknown, command: Command) => {
      show(common(command), await get<Truth>(simulators(command), '/world'), worldText);
    });
}

function registerFault(sim: Command): void {
  const fault = sim
    .command('fault <device> <fault> <state>')
    .description('switch a fault on or off')
    .option('--for <duration>', 'over by itself after this time, such as 10s', duration)
    .option('--once', 'the same as --times 1');
  for (const [name, doc] of Object.entries(parameters)) {
    fault.option(`--${name} <n>`, doc, wholeNumber);
  }
  fault.action(
    async (
      device: string,
      name: string,
      state: string,
      options: FaultOptions,
      command: Command,
    ) => {
      if (state !== 'on' && state !== 'off') {
        throw new CommandFailure('usage', `A fault is switched on or off, not ${state}`);
      }
      const { for: forMs, once = false, ...values } = options;
      const { data } = await write<FaultView>(simulators(command), {
        method: 'PUT',
        path: `/faults/${level(device)}/${level(name)}`,
        body: { on: state === 'on', forMs, ...(once && { times: 1 }), ...values },
        key: newKey(),
      });
      show(common(command), data, switchedText(device, state));
    },
  );
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('a whole number');
  return value;
}

function simulators(command: Command): Server {
  const { simUrl, ...site } = command.optsWithGlobals<Common & { simUrl: string }>();
  const advice = 'Does a demo or craneway plant run? Name it with --sim-url or CRANEWAY_SIM_URL.';
  return { ...site, url: simUrl, root: '', advice };
}

const deviceText = ({ device, kind, faults }: DeviceFaults): string =>
  [
    `${device} (${kind})`,
    table(faults, {
      fault: ({ fault }) => fault,
      now: ({ on, isMoment }) => (isMoment ? 'once' : on ? 'ON' : 'off'),
      options: ({ parameters: own }) =>
        Object.keys(own)
          .map((name) => `--${name}`)
          .join(' '),
      means: ({ doc }) => doc,
    }),
  ].join('\n');

const switchedText =
  (device: string, state: 'on' | 'off') =>
  ({ fault, doc, isMoment }: FaultView) =>
    isMoment ? `${device} ${fault} has happened. ${doc}` : `${device} ${fault} is ${state}. ${doc}`;

function worldText({ totes, violations }: Truth): string {
  const inside = totes.filter(({ location }) => location !== 'OUTSIDE');
  const loads = table(inside, {
    load: ({ id }) => id,
    location: ({ location }) => location,
    codes: ({ codes }) => codes.join(' '),
    foreign: ({ isForeign }) => (isForeign ? 'yes' : ''),
  });
  if (violations.length === 0) return loads;
  return [
    loads,
    '',
    table(violations, { violation: (row) => row.kind, detail: (row) => row.detail }),
  ].join('\n');
}
