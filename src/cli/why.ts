import type { Command } from 'commander';
import { get, level } from './client.ts';
import { CommandFailure } from './failure.ts';
import { type Common, common, show, table } from './output.ts';

interface Why {
  readonly subject: string;
  readonly items: readonly { readonly at: string; readonly text: string }[];
}

export function register(program: Command): void {
  program
    .command('why <subject>')
    .description('why an order, load unit, place or device is as it is, newest first')
    .action((subject: string, _: unknown, command: Command) => tellWhy(common(command), subject));
}

export async function tellWhy(site: Common, subject: string): Promise<void> {
  const why = await get<Why>(site, `/why/${level(subject)}`);
  if (why.items.length === 0) {
    const advice = 'Name an order, a load unit, a place or a device.';
    throw new CommandFailure('notFound', `Nothing is known of ${subject}`, { advice });
  }
  show(site, why, ({ items }) => table(items, { at: (row) => row.at, why: (row) => row.text }));
}
