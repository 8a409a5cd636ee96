import { readSettings } from '@framebus/contract/service';
import { AllowedCameras } from '../src/allowed-cameras.js';
import { cameraRules } from '../src/camera-settings.js';
import { settings } from '../src/settings.js';

/** The cameras that an environment allows. @throws ConfigError */
export function camerasOf(env: Readonly<Record<string, string>>): AllowedCameras {
  return new AllowedCameras(cameraRules(readSettings(settings, env)));
}
