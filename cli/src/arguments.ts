import { isSessionId } from '@framebus/contract/session-id';
import { Argument, InvalidArgumentError } from 'commander';

/** The argument that names a session. */
export function sessionArgument(shape: '<id>' | '[id]' = '<id>'): Argument {
  return new Argument(shape, 'the session, as `framebus sessions` lists it').argParser((text) => {
    if (isSessionId(text)) return text;
    throw new InvalidArgumentError('Expected 1 to 64 of A-Z a-z 0-9 _ -.');
  });
}

export function toNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number.');
}

/** A whole number greater than 0. */
export function toCount(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 1 on.');
}

/** Class names, separated by commas; given more than once they add up. */
export function toNames(text: string, before: readonly string[] = []): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  return [...before, ...names.filter((name) => name !== '')];
}
