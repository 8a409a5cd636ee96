import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  type Link,
  propagation,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
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

export interface SpanSettings {
  readonly attributes?: Attributes;
  /** In ms since the epoch, when it began before now. */
  readonly startTime?: number;
  /** Whether a message goes out or came in. */
  readonly kind?: 'producer' | 'consumer';
  /** Spans of other traces that it belongs to as well. The parent itself is left out, and those that are none. */
  readonly links?: readonly Context[];
}

const kinds = { producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER };

/** Runs `work` as a span of the trace `parent`; what it throws is noted in the span. */
export async function traced<T>(
  name: string,
  parent: Context,
  { kind, links, ...settings }: SpanSettings,
  work: (span: Context) => Promise<T>,
): Promise<T> {
  const options = {
    ...settings,
    ...(kind && { kind: kinds[kind] }),
    ...(links && { links: linksTo(links, parent) }),
  };
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

/** Names of the trace for a line of the log, as OpenTelemetry has them; none where no SDK is loaded. */
export function traceIds(of: Context): Readonly<Record<string, string>> {
  const context = trace.getSpanContext(of);
  if (context === undefined) return {};
  const { traceId: trace_id, spanId: span_id, traceFlags } = context;
  return { trace_id, span_id, trace_flags: traceFlags.toString(16).padStart(2, '0') };
}

/** Whether spans of the trace are kept: decided once, where it began. */
export function isSampled(of: Context): boolean {
  return ((trace.getSpanContext(of)?.traceFlags ?? 0) & TraceFlags.SAMPLED) !== 0;
}

function linksTo(contexts: readonly Context[], parent: Context): Link[] {
  const own = trace.getSpanContext(parent)?.spanId;
  return contexts.flatMap((each) => {
    const context = trace.getSpanContext(each);
    return context && isSpanContextValid(context) && context.spanId !== own ? [{ context }] : [];
  });
}
