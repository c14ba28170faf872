import { expect, test } from 'vitest';
import { mapHostCodes, ReplyData } from '../../src/contract/messages.ts';
import { commandSchemas, otherSchemas } from '../../src/contract/names.ts';

interface Schema {
  readonly title?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}
/** Names under which places are said; `from` and `to` of a resend are numbers of events. */
const ofPlaces = ['station', 'location', 'from', 'to', 'at'];
const isSeq = (path: string) => /^(event\.resend|reply)\.(from|to)$/.test(path);

function* fieldsOf(path: string, { properties = {}, items }: Schema): Generator<[string, Schema]> {
  if (items !== undefined) yield* fieldsOf(`${path}[]`, items);
  for (const [name, schema] of Object.entries(properties)) {
    yield [`${path}.${name}`, schema];
    yield* fieldsOf(`${path}.${name}`, schema);
  }
}

test('every field of the contract that names a place says that it is a host code, and no other field does', () => {
  const all = Object.entries({ ...commandSchemas, ...otherSchemas } as Record<string, Schema>);
  const fields = all.flatMap(([name, schema]) => [...fieldsOf(name, schema)]);
  const isPlace = (path: string) => ofPlaces.includes(path.split('.').at(-1) ?? '') && !isSeq(path);
  const places = fields.filter(([path]) => isPlace(path)).map(([path]) => path);
  const marked = fields.filter(([, { title }]) => title === 'Host code').map(([path]) => path);
  expect(marked).toEqual(places);
  expect(places.length).toBeGreaterThan(20);
});

test('codes are changed wherever they stand in a message, and nothing else is', () => {
  const order = {
    order: 'IN-01',
    host: 'wms',
    kind: 'pick',
    revision: 1,
    status: 'queued',
  } as const;
  const reply: ReplyData = {
    ...{ command: 'order.update', result: 'accepted', duplicate: false },
    orders: [{ ...order, station: 'IN-01' }, order],
    error: { current: { location: 'IN-01', sku: 'IN-01' } } as never,
  };
  const paths: string[] = [];
  const changed = mapHostCodes(ReplyData, reply, (code, path) => {
    paths.push(path);
    return `${code}!`;
  });
  expect(paths).toEqual(['/orders/0/station', '/error/current/location']);
  expect(changed).toEqual({
    ...reply,
    orders: [{ ...order, station: 'IN-01!' }, order],
    error: { current: { location: 'IN-01!', sku: 'IN-01' } },
  });
});
