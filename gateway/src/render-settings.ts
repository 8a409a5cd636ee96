import { type Settings, text } from '@framebus/contract/service';
import { fileSettings } from './file-settings.js';

/** Settings of the program that writes Kong's file. */
export const renderSettings = {
  renderedFile: text('RENDERED_CONFIG', undefined, 'file that is written for Kong'),
  ...fileSettings,
} satisfies Settings;
