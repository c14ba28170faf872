import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkSite, readSite } from '../../src/config/read-site.ts';
import { siteJsonSchema } from '../../src/config/site-json-schema.ts';
import { Topology } from '../../src/domain/topology.ts';
import { demo, minimal } from '../lib/site-text.ts';

test.each([
  ['demo', demo],
  ['minimal', minimal],
])('the shipped site %s has no problem at all', (name, text) => {
  expect(checkSite(`${name}.yaml`, text).problems).toEqual([]);
});

test('every default is filled in, and every place has a meaning', () => {
  const site = readSite('minimal.yaml', minimal);
  expect(site).toMatchObject({
    http: { host: '127.0.0.1', port: 8080 },
    limits: { openOrdersMax: 10_000 },
    broker: { embedded: false, username: 'edge-a' },
    aisles: [{ depths: 1 }],
    points: [{ printer: undefined }, { exits: [{ isDefault: true }] }, {}],
  });
  expect(site.devices[0]?.settings).toMatchObject({ port: 502, unit: 1 });
  expect(site.devices[2]?.settings).toMatchObject({
    framing: { prefix: '\x02', suffixes: ['\x03'], lengthMax: 256, gapMs: 200, gap: 'discard' },
    noRead: ['NoRead'],
    trigger: '\x02sMN mTCgateon\x03',
    aim: false,
  });
  const topology = new Topology(site);
  const places = site.points.flatMap(({ at: from, exits }) => [from, ...exits.map(({ to }) => to)]);
  expect(places.map((place) => topology.find(place)?.kind)).not.toContain(undefined);
});

test('the schema for editors is up to date, and both sites pass it', () => {
  const text = readFileSync('config/site.schema.json', 'utf8');
  expect(JSON.parse(text)).toEqual(JSON.parse(siteJsonSchema()));
  const validate = new Ajv({ strict: false }).compile(JSON.parse(text));
  expect(validate(parse(demo)), JSON.stringify(validate.errors)).toBe(true);
  expect(validate(parse(minimal)), JSON.stringify(validate.errors)).toBe(true);
  expect(validate(parse(demo.replace('port: 15020', 'prot: 15020')))).toBe(false);
});
