import type { ErrorType } from './error-type.js';

export interface ErrorBody {
  readonly contentType: string;
  readonly text: string;
}

/** An error as Kong 3.9 writes it (kong/tools/http.lua), to the byte. */
export function errorBody(type: ErrorType, message: string, requestId: string): ErrorBody {
  switch (type) {
    case 'json':
      return {
        contentType: 'application/json; charset=utf-8',
        text: `{\n  "message":"${message}",\n  "request_id":"${requestId}"\n}`,
      };
    case 'html':
      return {
        contentType: 'text/html; charset=utf-8',
        text: lines(
          '<!doctype html>',
          '<html>',
          '  <head>',
          '    <meta charset="utf-8">',
          '    <title>Error</title>',
          '  </head>',
          '  <body>',
          '    <h1>Error</h1>',
          `    <p>${message}.</p>`,
          `    <p>request_id: ${requestId}</p>`,
          '  </body>',
          '</html>',
        ),
      };
    case 'xml':
      return {
        contentType: 'application/xml; charset=utf-8',
        text: lines(
          '<?xml version="1.0" encoding="UTF-8"?>',
          '<error>',
          `  <message>${message}</message>`,
          `  <requestid>${requestId}</requestid>`,
          '</error>',
        ),
      };
    case 'plain':
      return {
        contentType: 'text/plain; charset=utf-8',
        text: lines(message, `request_id: ${requestId}`),
      };
  }
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
