/** One setting of a service, read from an environment variable. */
export interface Setting<T> {
  /** Environment variable. */
  readonly name: string;
  /** What the README's table says of it, unit included. */
  readonly about: string;
  /** Text form of the default; undefined when the variable must be given. */
  readonly fallback: string | undefined;
  /** Words for what is right, used in errors: "a whole number from 0 to 65535". */
  readonly expected: string;
  /** Throws on text that does not fit. */
  readonly parse: (text: string) => T;
  /** True for passwords and keys: the value is left out of errors. */
  readonly secret: boolean;
}

export type Settings = Readonly<Record<string, Setting<unknown>>>;

/** The configuration that a table of settings gives. */
export type ConfigOf<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

/** Every mistake in the environment of a process, at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'CONFIG_INVALID';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.mistakes = mistakes;
  }
}

/** Reads a table of settings from the environment. An empty variable counts as not set. @throws ConfigError */
export function readSettings<S extends Settings>(
  settings: S,
  env: Readonly<Record<string, string | undefined>>,
): ConfigOf<S> {
  const mistakes: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(settings)) {
    const text = env[setting.name]?.trim() || setting.fallback;
    if (text === undefined) {
      mistakes.push(`${setting.name} is not set: expected ${setting.expected}`);
      continue;
    }
    try {
      config[key] = setting.parse(text);
    } catch {
      const shown = setting.secret ? 'has a value that does not fit' : `is ${JSON.stringify(text)}`;
      mistakes.push(`${setting.name} ${shown}: expected ${setting.expected}`);
    }
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return Object.freeze(config) as ConfigOf<S>;
}

/** Any text, as it is. An empty default means "not set". */
export function text(name: string, fallback: string | undefined, about: string): Setting<string> {
  return { name, fallback, about, expected: 'text', parse: (t) => t, secret: false };
}

/** Text that must never be shown. */
export function secret(name: string, fallback: string, about: string): Setting<string> {
  return { ...text(name, fallback, about), secret: true };
}

/** A number from `min` to `max`, both allowed. */
export function number(
  name: string,
  fallback: number,
  about: string,
  { min = 0, max = Number.MAX_SAFE_INTEGER, whole = true } = {},
): Setting<number> {
  const kind = whole ? 'a whole number' : 'a number';
  return {
    name,
    about,
    fallback: String(fallback),
    expected:
      max === Number.MAX_SAFE_INTEGER ? `${kind} from ${min}` : `${kind} from ${min} to ${max}`,
    parse: (t) => {
      const value = Number(t);
      if (!Number.isFinite(value) || (whole && !Number.isInteger(value))) throw new RangeError(t);
      if (value < min || value > max) throw new RangeError(t);
      return value;
    },
    secret: false,
  };
}

/** `true` or `false`; 1 and 0 are taken too. */
export function flag(name: string, fallback: boolean, about: string): Setting<boolean> {
  const values = new Map([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ]);
  return {
    name,
    about,
    fallback: String(fallback),
    expected: 'true or false',
    parse: (t) => {
      const value = values.get(t.toLowerCase());
      if (value === undefined) throw new RangeError(t);
      return value;
    },
    secret: false,
  };
}

/** One of a few words. */
export function choice<T extends string>(
  name: string,
  allowed: readonly T[],
  fallback: T,
  about: string,
): Setting<T> {
  return {
    name,
    about,
    fallback,
    expected: `one of ${allowed.join(', ')}`,
    parse: (t) => {
      const found = allowed.find((word) => word === t);
      if (found === undefined) throw new RangeError(t);
      return found;
    },
    secret: false,
  };
}

/** Words separated by commas; an empty default is an empty list. */
export function list(name: string, fallback: string, about: string): Setting<readonly string[]> {
  return {
    name,
    about,
    fallback,
    expected: 'words separated by commas',
    parse: (t) =>
      t
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== ''),
    secret: false,
  };
}
