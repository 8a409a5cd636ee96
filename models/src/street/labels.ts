/** What the street scenes show, in class-id order. */
export const LABELS = ['person', 'car', 'bus', 'truck', 'bicycle', 'dog'] as const;

export type Label = (typeof LABELS)[number];
