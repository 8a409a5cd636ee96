import {
  type Attributes,
  type Context,
  context,
  propagation,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { MsgHdrs } from 'nats';

export type { Context as TraceContext };

const tracer = trace.getTracer('framebus');

/** The trace that a message belongs to, by its `traceparent` (W3C Trace Context). */
export function readTrace(hdrs: MsgHdrs | undefined): Context {
  if (hdrs === undefined) return context.active();
  return propagation.extract(context.active(), hdrs, {
    get: (carrier, key) => carrier.get(key) || undefined,
    keys: (carrier) => carrier.keys(),
  });
}

/** Marks a message as part of a trace. Does nothing where no OpenTelemetry SDK is loaded. */
export function writeTrace(hdrs: MsgHdrs, of: Context): MsgHdrs {
  propagation.inject(of, hdrs, { set: (carrier, key, value) => carrier.set(key, value) });
  return hdrs;
}

/** Runs `work` as a span of the trace `parent`; what it throws is noted in the span. `startTime` in ms since the epoch. */
export async function traced<T>(
  name: string,
  parent: Context,
  options: { readonly attributes?: Attributes; readonly startTime?: number },
  work: (span: Context) => Promise<T>,
): Promise<T> {
  const span = tracer.startSpan(name, options, parent);
  try {
    return await work(trace.setSpan(parent, span));
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
    throw error;
  } finally {
    span.end();
  }
}
