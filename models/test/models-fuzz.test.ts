import { readFile } from 'node:fs/promises';
import { fuzzCases, repositoryFile, runCases } from '@framebus/test';
import t from 'tap';
import { ModelsFileError, parseModels } from '../src/models.js';

const cases = fuzzCases(200);

t.test(`${cases} spoilt models.json are read or refused in words`, async (t) => {
  const text = await readFile(repositoryFile('models/models.json'), 'utf8');
  const { models } = JSON.parse(text);
  const small = { models: models.slice(0, 3) };
  t.equal(parseModels(text, '/fetched').length, models.length);
  let taken = 0;
  const grown = await runCases(cases, (fuzz, seed) => {
    const hostile =
      seed % 2 === 0
        ? (JSON.stringify(fuzz.spoiltJson(small)) ?? '')
        : fuzz.spoilt(Buffer.from(JSON.stringify(small))).toString('utf8');
    try {
      const read = parseModels(hostile, '/fetched');
      taken += 1;
      for (const { file, source } of read) {
        if (source && !/^\/fetched\/[\w.-]+\/model\.onnx$/.test(file)) throw new Error(file);
      }
    } catch (error) {
      if (!(error instanceof ModelsFileError)) throw error;
    }
  });
  t.ok(taken < cases * 0.9, `${taken} taken`);
  t.ok(grown < 8 * 1024 * 1024, `memory grew by ${grown} bytes`);
});
