import { expect, test } from 'vitest'
import { browserOf } from './browser.ts'

test('a browser is told by what people call it', () => {
  expect(
    browserOf(
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1',
    ),
  ).toBe('Safari on an iPhone')
  expect(
    browserOf(
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0',
    ),
  ).toBe('Edge on Windows')
  expect(browserOf('curl/8.5')).toBe('Something unknown')
  expect(browserOf(null)).toBe('Something unknown')
})
