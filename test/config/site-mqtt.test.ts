import { expect, test } from 'vitest';
import { at, edited, problemsOf, type SiteCase } from '../lib/site-text.ts';

const light = '{ device: light-a01, shows: aisle, of: A01 }';
const show = 'topic: floor/light-a01/show';

const refused: readonly SiteCase[] = [
  [
    'a light of an aisle that is not there',
    [light, '{ device: light-a01, shows: aisle, of: A02 }'],
    'A02',
    'error indicators[0].of unknown aisle "A02", did you mean "A01"?',
  ],
  [
    'a light of a station that is not there',
    [light, '{ device: light-a01, shows: station, of: PICK-02 }'],
    'PICK-02',
    'error indicators[0].of unknown station "PICK-02", did you mean "PICK-01"?',
  ],
  [
    'a light that does not say whose state it shows',
    [light, '{ device: light-a01, shows: aisle }'],
    '{ device: light-a01',
    'error indicators[0] must say of which aisle: A01',
  ],
  [
    'a light of the site with a place',
    [light, '{ device: light-a01, shows: site, of: A01 }'],
    'A01 }',
    'error indicators[0].of means nothing where the site is shown',
  ],
  [
    'a light that is a printer',
    [light, '{ device: printer-1, shows: aisle, of: A01 }'],
    'printer-1, shows',
    'error indicators[0].device "printer-1" is of type zpl-printer, but indicator is needed here',
  ],
  [
    'one light that stands for two places',
    [light, `${light}\n  - { device: light-a01, shows: site }`],
    'light-a01, shows: site',
    'error indicators[1].device indicator "light-a01" is already used at indicators[0].device',
  ],
  [
    'a topic with a wildcard',
    [show, 'topic: floor/+/show'],
    'floor/+/show',
    'error devices[5].settings.show.topic must be a whole topic of up to 200 characters, without + and #, that does not begin with $ or craneway/, got "floor/+/show"',
  ],
  [
    'a topic of the contract with hosts',
    [show, 'topic: craneway/1/demo/edge-a/command/wms'],
    'craneway/1/demo/edge-a/command/wms',
    'error devices[5].settings.show.topic must be a whole topic of up to 200 characters, without + and #, that does not begin with $ or craneway/, got "craneway/1/demo/edge-a/command/wms"',
  ],
  [
    'a light without an amber lamp',
    ['red: red, amber: amber,', 'red: red,'],
    '{ red: red',
    'error devices[5].settings.show.lamps "amber" is missing',
  ],
  [
    'a password without a name',
    [
      'availability: {',
      'broker: { host: 10.0.0.9, passwordEnv: LIGHT_PASSWORD }\n      availability: {',
    ],
    'LIGHT_PASSWORD',
    'error devices[5].settings.broker.passwordEnv needs "username" beside it',
  ],
  [
    'a host that has the name of a device',
    ['host: wms, acknowledges', 'host: light-a01, acknowledges'],
    'light-a01\n',
    'error devices[5].device "light-a01" is a host already',
  ],
];

test.each(refused)('refuses %s, and shows its place', (_, edit, mark, problem) => {
  const text = edited(edit);
  expect(problemsOf(text)).toContain(`${at(text, mark)} ${problem}`);
});

test('refuses two lights that are told on one topic of one broker, and lets two brokers have it', () => {
  const second = (broker: string) =>
    edited([
      '\n# The stack light',
      `  - device: light-2
    type: indicator
    settings:
      ${broker}
      show: { kind: topics, lamps: { red: floor/light-a01/show, amber: l/2 } }

# The stack light`,
    ]);
  const text = second('repeatEveryMs: 5000');
  expect(problemsOf(text)).toContain(
    `${at(text, 'floor/light-a01/show, amber')} error devices[6].settings.show.lamps.red topic "floor/light-a01/show" is already used at devices[5].settings.show.topic`,
  );
  expect(problemsOf(second('broker: { host: 10.0.0.9 }'))).toEqual([
    expect.stringContaining('warn devices[6].device "light-2" is not used'),
  ]);
});
