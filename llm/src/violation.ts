import { ApiError, type ErrorCode } from './errors.js';

/** What Ajv says, with `verbose` on, of the first thing that does not fit the schema. */
export interface Violation {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly data?: unknown;
  readonly parentSchema?: { readonly type?: string | readonly string[] };
}

const kinds: Readonly<Record<string, string>> = {
  integer: 'an integer',
  number: 'a decimal',
  string: 'a string',
  boolean: 'a boolean',
  array: 'an array',
  object: 'an object',
};

/** Says in OpenAI's words what was wrong and what is right. */
export function refusalOfViolation(violation: Violation): ApiError {
  const { keyword, params, data } = violation;
  const param = paramOf(violation.instancePath);
  const refuse = (code: ErrorCode, what: string, right: string, got: string) =>
    new ApiError(
      code,
      `Invalid '${param}': ${what}. Expected ${right}, but got ${got} instead.`,
      param,
    );

  switch (keyword) {
    case 'required': {
      const missing = [param, params.missingProperty].filter(Boolean).join('.');
      const words = `Missing required parameter: '${missing}'.`;
      return new ApiError('missing_required_parameter', words, missing);
    }
    case 'type': {
      const right = typesOf(params.type).map((type) => kinds[type]);
      const words = `expected ${right.join(' or ')}, but got ${kindOf(data)} instead.`;
      return param === ''
        ? new ApiError('invalid_type', `Invalid body: ${words}`)
        : new ApiError('invalid_type', `Invalid type for '${param}': ${words}`, param);
    }
    case 'enum': {
      const allowed = (params.allowedValues as string[]).map((value) => `'${value}'`).join(', ');
      const got = JSON.stringify(data).slice(0, 64);
      const words = `Invalid value for '${param}': ${got}. Supported values are: ${allowed}.`;
      return new ApiError('invalid_value', words, param);
    }
    case 'minimum':
    case 'maximum': {
      const kind = typesOf(violation.parentSchema?.type).includes('integer')
        ? 'integer'
        : 'decimal';
      const right = `a value ${params.comparison} ${params.limit}`;
      return keyword === 'minimum'
        ? refuse(`${kind}_below_min_value`, `${kind} below minimum value`, right, String(data))
        : refuse(`${kind}_above_max_value`, `${kind} above maximum value`, right, String(data));
    }
    case 'minLength':
      return refuse('empty_string', 'empty string', 'at least one character', 'none');
    case 'maxItems':
      return refuse(
        'array_above_max_length',
        'array too long',
        `at most ${params.limit} items`,
        String((data as unknown[]).length),
      );
    default:
      return new ApiError('invalid_value', `Invalid value for '${param}'.`, param);
  }
}

/** `/messages/0/content` → `messages[0].content` */
function paramOf(instancePath: string): string {
  return instancePath
    .slice(1)
    .replaceAll(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.');
}

function typesOf(type: unknown): string[] {
  return [type]
    .flat()
    .filter((name): name is string => typeof name === 'string' && name !== 'null');
}

function kindOf(data: unknown): string {
  if (data === null || data === undefined) return 'nothing';
  if (Array.isArray(data)) return 'an array';
  if (Number.isInteger(data)) return 'an integer';
  return kinds[typeof data] ?? 'something else';
}
