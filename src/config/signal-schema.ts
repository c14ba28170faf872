import Type from 'typebox';
import { demandDaysMax } from '../domain/signals/demand.ts';
import { closed, locationCode } from './schema-parts.ts';

const share = (normal: number, description: string) =>
  Type.Number({ minimum: 0, maximum: 1, default: normal, description });

const ConsumptionPoint = closed({
  station: locationCode('Workstation where it is used up.'),
  sku: Type.String({ minLength: 1, maxLength: 48, description: 'What is used up there.' }),
  perHour: Type.Number({
    ...{ exclusiveMinimum: 0, maximum: 1_000_000 },
    description: 'Base units that are used there in an hour.',
  }),
  qty: Type.Integer({
    ...{ minimum: 1, maximum: 1_000_000_000 },
    description: 'Base units of one call.',
  }),
  leadTimeS: Type.Integer({
    ...{ minimum: 0, maximum: 604_800 },
    description:
      'Seconds from an order to its load unit standing there, with waiting, dig-outs and conveyors; mean.',
  }),
  leadTimeDeviationS: Type.Integer({
    ...{ minimum: 0, maximum: 604_800, default: 0 },
    description: 'Standard deviation of that, in seconds.',
  }),
  safetyTimeS: Type.Integer({
    ...{ minimum: 0, maximum: 604_800, default: 0 },
    description: 'Seconds before it would run out, by which the next load unit shall stand there.',
  }),
});

export const Signals = Type.Object(
  {
    everyS: Type.Integer({
      ...{ minimum: 1, maximum: 86_400, default: 60 },
      description: 'How often all SKUs are looked at, in seconds.',
    }),
    windowDays: Type.Integer({
      ...{ minimum: 1, maximum: demandDaysMax, default: 30 },
      description: 'Days that demand and classes are reckoned from.',
    }),
    leadTimeDays: Type.Number({
      ...{ minimum: 0, maximum: 1000, default: 7 },
      description: 'Days from an order to its delivery, where the SKU says nothing.',
    }),
    leadTimeDeviationDays: Type.Number({
      ...{ minimum: 0, maximum: 1000, default: 0 },
      description: 'Standard deviation of that.',
    }),
    serviceLevel: Type.Number({
      ...{ minimum: 0.5, maximum: 0.9999, default: 0.95 },
      description: 'Share of deliveries before which a SKU shall not run out.',
    }),
    abc: Type.Object(
      {
        a: share(0.8, 'Share of all movements that SKUs of class A make.'),
        b: share(0.95, 'The same of classes A and B.'),
        hysteresis: share(0.02, 'How far beyond a bound a SKU has to be to leave its class.'),
      },
      { additionalProperties: false, default: {}, description: 'Where classes end.' },
    ),
    consumption: Type.Array(ConsumptionPoint, {
      ...{ maxItems: 1000, default: [] },
      description: 'Stations where SKUs are used up: when to call the next load unit is told.',
    }),
  },
  { additionalProperties: false, description: 'Inventory signals; leave it out for none.' },
);
