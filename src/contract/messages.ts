/** Every message of the contract with central systems, as schema and as type of the same name. */
export * from './commands.ts';
export * from './events.ts';
export * from './replies.ts';
export * from './shared.ts';
export * from './states.ts';
