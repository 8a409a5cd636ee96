/** Status and `type` of every code, as OpenAI gives them where it has the code. */
export const errorCodes = {
  invalid_json: [400, 'invalid_request_error'],
  invalid_request: [400, 'invalid_request_error'],
  missing_required_parameter: [400, 'invalid_request_error'],
  invalid_type: [400, 'invalid_request_error'],
  invalid_value: [400, 'invalid_request_error'],
  integer_below_min_value: [400, 'invalid_request_error'],
  integer_above_max_value: [400, 'invalid_request_error'],
  decimal_below_min_value: [400, 'invalid_request_error'],
  decimal_above_max_value: [400, 'invalid_request_error'],
  empty_string: [400, 'invalid_request_error'],
  array_above_max_length: [400, 'invalid_request_error'],
  model_not_found: [404, 'invalid_request_error'],
  unknown_url: [404, 'invalid_request_error'],
  method_not_supported: [405, 'invalid_request_error'],
  body_too_large: [413, 'invalid_request_error'],
  unsupported_media_type: [415, 'invalid_request_error'],
  rate_limit_exceeded: [429, 'requests'],
  client_closed_request: [499, 'invalid_request_error'],
  internal_error: [500, 'server_error'],
  server_stopping: [503, 'server_error'],
} as const satisfies Record<string, readonly [status: number, type: string]>;

export type ErrorCode = keyof typeof errorCodes;

/** A refusal in OpenAI's shape. `param` names the part of the request that is wrong. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly param: string | null;
  readonly statusCode: number;

  constructor(code: ErrorCode, message: string, param: string | null = null, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.param = param;
    this.statusCode = errorCodes[code][0];
  }

  toJSON() {
    const { message, param, code } = this;
    return { error: { message, type: errorCodes[code][1], param, code } };
  }
}
