import type { Indication } from '../../src/domain/indication.ts';
import type { IndicatorSettings } from '../../src/domain/mqtt-settings.ts';

type Told = Pick<IndicatorSettings, 'show' | 'words'>;
const words = { off: 'off', steady: 'on', blink: 'blink' };
const fiveFields = { red: 'red', amber: 'yellow', green: 'green', blue: 'blue', white: 'white' };

/** Written by hand from the table in devices/indicator/README.md: what a light shows, and what goes out for it. */
export const indicatorVectors: readonly {
  readonly what: string;
  readonly shows: Indication;
  readonly told: Told;
  readonly messages: readonly (readonly [topic: string, payload: string])[];
}[] = [
  {
    what: 'five lamps in one object, each under its own name',
    shows: { red: 'blink', amber: 'off', green: 'off', blue: 'steady', white: 'off' },
    told: { show: { kind: 'json', topic: 'a01/show', lamps: fiveFields }, words },
    messages: [
      ['a01/show', '{"red":"blink","yellow":"off","green":"off","blue":"on","white":"off"}'],
    ],
  },
  {
    what: 'numbers stay numbers in JSON',
    shows: { red: 'off', amber: 'blink', green: 'steady', blue: 'off', white: 'off' },
    told: {
      show: { kind: 'json', topic: 'x', lamps: { red: 'R', amber: 'A', green: 'G' } },
      words: { off: 0, steady: 1, blink: 2 },
    },
    messages: [['x', '{"R":0,"A":2,"G":1}']],
  },
  {
    what: 'a topic for each lamp, where amber speaks for the blue one that is not there',
    shows: { red: 'off', amber: 'off', green: 'steady', blue: 'steady', white: 'steady' },
    told: {
      show: { kind: 'topics', lamps: { red: 'l/1', amber: 'l/2', green: 'l/3' } },
      words: { off: false, steady: true, blink: true },
    },
    messages: [
      ['l/1', 'false'],
      ['l/2', 'true'],
      ['l/3', 'true'],
    ],
  },
  {
    what: 'of two wishes for one lamp the more urgent one is shown',
    shows: { red: 'steady', amber: 'blink', green: 'off', blue: 'steady', white: 'off' },
    told: { show: { kind: 'topics', lamps: { red: 'l/1', amber: 'l/2' } }, words },
    messages: [
      ['l/1', 'on'],
      ['l/2', 'blink'],
    ],
  },
];
