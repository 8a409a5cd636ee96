import { ConfigError } from '@framebus/contract/service';
import type { InferenceSession } from 'onnxruntime-node';

/** Execution providers of which onnxruntime-node takes the number of a device. */
const withDevice: readonly string[] = ['cuda', 'tensorrt', 'dml'];

/** A provider as onnxruntime takes it. */
export function executionProvider({
  provider,
  deviceId,
}: {
  readonly provider: string;
  readonly deviceId: number;
}): InferenceSession.ExecutionProviderConfig {
  return withDevice.includes(provider) ? { name: provider as 'cuda', deviceId } : provider;
}

/** @throws ConfigError when a device is chosen and no provider takes one */
export function checkDevice(providers: readonly string[], deviceId: number): void {
  if (deviceId === 0 || providers.some((provider) => withDevice.includes(provider))) return;
  throw new ConfigError([
    `DETECTOR_DEVICE_ID is "${deviceId}": expected 0, or one of ${withDevice.join(', ')} ` +
      `in DETECTOR_PROVIDERS, which is "${providers.join(',')}"`,
  ]);
}
