import type { Command } from 'commander';
import { newKey, type Write, write } from './client.ts';
import { common, say, show } from './output.ts';

/** A verb that changes something: with `--key`, so that it can be repeated when no answer came. */
export const withKey = (command: Command): Command =>
  command.option('--key <key>', 'repeat an earlier try under its key: it is not done twice');

export const keyOf = (command: Command): string => command.opts<{ key?: string }>().key ?? newKey();

/** What a person did on a running site; prints what came of it. */
export async function act(
  command: Command,
  path: string,
  body?: object,
  method: Write['method'] = 'POST',
): Promise<void> {
  const site = common(command);
  const request: Write = { method, path, body, key: keyOf(command) };
  const { data, replayed } = await write<{ readonly text: string }>(site, request);
  if (replayed) say(site, 'It had been done before; this is the first answer.');
  show(site, data, ({ text }) => text);
}
