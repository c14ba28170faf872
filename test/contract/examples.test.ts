import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandOf, parseEnvelope } from '../../src/contract/envelope.ts';
import { contractErrors } from '../../src/contract/errors.ts';
import { isCommandKey, type MessageName } from '../../src/contract/names.ts';
import { validateCommand, validateMessage } from '../../src/contract/validate.ts';

interface Example {
  readonly file: string;
  readonly type?: string;
  readonly topic: string;
  readonly error?: string;
}

const folder = new URL('./examples/', import.meta.url);
const index: { readonly messages: readonly Example[] } = JSON.parse(
  readFileSync(new URL('index.json', folder), 'utf8'),
);
const payloadOf = (file: string) => readFileSync(new URL(file, folder));

/** The code that the contract alone gives; `accepted` where only the books can refuse. */
function verdictOf({ file, topic }: Example): string {
  const parsed = parseEnvelope(payloadOf(file));
  if (!parsed.ok) return parsed.error.code;
  const { envelope } = parsed;
  const [, , site, controller, kind, host] = topic.split('/');
  const expected =
    kind === 'command' || kind === 'ack' || kind === 'host'
      ? `/${site}/host/${host}`
      : `/${site}/${controller}`;
  if (envelope.source !== expected) return 'FORBIDDEN';
  if (kind !== 'command') {
    const checked = validateMessage(envelope.name as MessageName, envelope.data);
    return checked.ok ? 'accepted' : checked.error.code;
  }
  const name = commandOf(envelope);
  if (typeof name !== 'string') return name.code;
  const checked = validateCommand(name, envelope.data);
  return checked.ok ? 'accepted' : checked.error.code;
}

const valid = index.messages.filter(({ error }) => error === undefined);
const refused = index.messages.filter(({ error }) => error !== undefined);
/** Refused by the contract alone; every other refusal needs the books, the clock or the retain flag. */
const byContract = ['MALFORMED', 'UNSUPPORTED', 'INVALID', 'FORBIDDEN'];

test('every example file is in the index, and the other way round', () => {
  const files = readdirSync(folder).filter((file) => file !== 'index.json');
  expect(files.toSorted()).toEqual(index.messages.map(({ file }) => file).toSorted());
  expect(valid.length).toBeGreaterThan(50);
  expect(refused.length).toBeGreaterThan(10);
});

test.each(valid)('$file is taken', (example) => {
  expect(verdictOf(example)).toBe('accepted');
});

test.each(refused)('$file is refused as $error', (example) => {
  const code = example.error ?? '';
  expect(contractErrors).toHaveProperty(code);
  expect(verdictOf(example)).toBe(byContract.includes(code) ? code : 'accepted');
});

test('all commands of the contract appear among the examples', () => {
  const names = new Set(valid.map(({ type }) => type?.split('.').slice(1, -1).join('.') ?? ''));
  expect([...names].filter(isCommandKey)).toHaveLength(11);
});
