import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import type { ReplyData } from '../contract/messages.ts';
import { level, write } from './client.ts';
import { CommandFailure } from './failure.ts';
import { common, say, show } from './output.ts';
import { keyOf, withKey } from './write-verb.ts';

interface Line {
  readonly sku: string;
  readonly qty: number;
}

interface Create {
  readonly file?: string;
  readonly order?: string;
  readonly kind?: string;
  readonly loadUnit?: string;
  readonly station?: string;
  readonly location?: string;
  readonly line?: readonly Line[];
  readonly priority?: number;
  readonly dueAt?: string;
  readonly hold?: boolean;
  readonly reference?: string;
}

export function registerCreate(orders: Command): void {
  withKey(orders.command('create'))
    .description('create an order')
    .option('--file <file>', 'order.create as JSON; - reads stdin; options win over it')
    .option('--order <id>', 'its id; default: local- and a part of the key')
    .option('--kind <kind>', 'putaway, retrieval, pick, pack, relocation or count')
    .option('--load-unit <loadUnit>', 'which load unit')
    .option('--station <place>', 'where to bring it')
    .option('--location <place>', 'where to put it')
    .option('--line <sku=qty...>', 'what to bring', line)
    .option('--priority <n>', '0 to 9, 9 first', integer)
    .option('--due-at <time>', 'such as 2026-11-22T12:00:00.000Z')
    .option('--hold', 'accept it, but start it when released')
    .option('--reference <text>', 'shown to operators')
    .action(async ({ file, line: lines, ...given }: Create, command: Command) => {
      const key = keyOf(command);
      const { key: _, ...fields } = given as Create & { key?: string };
      const body = {
        // The same key gives the same order, so that a repetition is one.
        order: `local-${key.slice(0, 34).replace(/[^A-Za-z0-9._:/-]/g, '-')}`,
        ...(file !== undefined && readOrder(file)),
        ...fields,
        ...(lines !== undefined && { lines }),
      };
      await send(command, '/orders', body, key);
    });
}

export function registerCancel(orders: Command): void {
  withKey(orders.command('cancel <order>'))
    .description('cancel an order; a machine finishes its stroke first')
    .option('--reason <text>')
    .action((id: string, { reason }: { reason?: string }, command: Command) =>
      send(command, `/orders/${level(id)}/cancel`, { reason }, keyOf(command)),
    );
}

async function send(command: Command, path: string, body: object, key: string): Promise<void> {
  const site = common(command);
  const { data, replayed } = await write<ReplyData>(site, { method: 'POST', path, body, key });
  if (replayed) say(site, 'It had been done before; this is the first answer.');
  show(site, data, ({ order = '', status = 'accepted', known }) =>
    known === false
      ? `${order} was not known: it is refused if it comes now`
      : `${order} ${status}`,
  );
}

function readOrder(file: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError || (error instanceof Error && 'code' in error))) throw error;
    throw new CommandFailure('usage', `${file} cannot be read: ${error.message}`);
  }
  throw new CommandFailure('usage', `${file} must hold one JSON object`);
}

function line(text: string, before: readonly Line[] = []): readonly Line[] {
  const [, sku = '', qty = ''] = /^(.+)=(\d+)$/.exec(text) ?? [];
  if (sku === '') throw new InvalidArgumentError('Like A-100=3.');
  return [...before, { sku, qty: Number(qty) }];
}

function integer(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('A whole number.');
  return Number(text);
}
