import { widthFor } from './picture-width.js';

/** What a viewer changes about what it gets; what is absent stays. */
export interface ViewChange {
  readonly pictures?: boolean;
  /** One of `pictureWidths`; null: pictures as they are. */
  readonly width?: number | null;
}

/** A message of type `view` that is wrong; the message is for its sender. */
export class ViewMessageError extends Error {
  override readonly name = 'ViewMessageError';
}

/**
 * Reads `{"type": "view", "frames": "all" | "none", "max_width": pixels or null}`, both fields optional.
 * Undefined for anything else: viewers need to send nothing, and what they send was never read.
 * @throws ViewMessageError
 */
export function readViewMessage(text: string): ViewChange | undefined {
  const fields = fieldsOf(text);
  if (fields?.['type'] !== 'view') return undefined;
  const { frames, max_width: maxWidth } = fields;
  if (frames !== undefined && frames !== 'all' && frames !== 'none') {
    throw new ViewMessageError('view: frames: expected "all" or "none"');
  }
  return {
    ...(frames === undefined ? {} : { pictures: frames === 'all' }),
    ...(maxWidth === undefined ? {} : { width: maxWidth === null ? null : widthOf(maxWidth) }),
  };
}

/** @throws ViewMessageError */
function widthOf(wanted: unknown): number | null {
  if (!isPictureWidth(wanted)) {
    throw new ViewMessageError('view: max_width: expected pixels, 1 to 65535, or null');
  }
  return widthFor(wanted);
}

export function isPictureWidth(wanted: unknown): wanted is number {
  return Number.isInteger(wanted) && (wanted as number) >= 1 && (wanted as number) <= 65_535;
}

function fieldsOf(text: string): Record<string, unknown> | undefined {
  try {
    const fields: unknown = JSON.parse(text);
    return typeof fields === 'object' && fields !== null
      ? (fields as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
