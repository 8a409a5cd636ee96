import t from 'tap';
import { countTokens, firstTokens, tokensOf } from '../src/tokens.js';

t.test('tokens are counted by white space of every kind', async (t) => {
  t.equal(countTokens('  one\ttwo\n\nthree '), 3);
  t.equal(countTokens(' \n'), 0);
  t.equal(countTokens(''), 0);
});

t.test('the tokens of a text are the text when put together', async (t) => {
  for (const text of ['one', 'one ', 'one  two\n three \n', 'größe 日本 🙂', '']) {
    t.equal([...tokensOf(text)].join(''), text);
    t.equal([...tokensOf(text)].length, countTokens(text));
  }
});

t.test('the first tokens leave out the white space behind them', async (t) => {
  t.equal(firstTokens('one  two three', 2), 'one  two');
  t.equal(firstTokens('one two ', 5), 'one two ');
});
