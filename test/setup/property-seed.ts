import fc from 'fast-check';

/**
 * The gate says the same of the same commit: properties are tried with one seed. To look further, give
 * another: `CRANEWAY_PROPERTY_SEED=2 npm test`. What another seed finds becomes an `examples` entry.
 */
fc.configureGlobal({ seed: Number(process.env['CRANEWAY_PROPERTY_SEED'] ?? 1) });
