import { expect, test } from 'vitest'
import { spanIn, spanSaid } from './span.ts'

const TODAY = '2026-10-24'

test('the days of an address are the last ones, or days of one’s own', () => {
  expect(spanIn(undefined, TODAY)).toEqual({ is: '30', from: '2026-09-25', to: TODAY })
  expect(spanIn('7', TODAY)).toEqual({ is: '7', from: '2026-10-18', to: TODAY })
  expect(spanIn('2026-05-01..2026-05-31', TODAY)).toEqual({ is: 'own', from: '2026-05-01', to: '2026-05-31' })
})

test('what no address of ours says is the last thirty days', () => {
  const usual = spanIn(undefined, TODAY)
  for (const said of [
    '8',
    'toString',
    '2026-05-31..2026-05-01',
    '2026-02-30..2026-03-01',
    '2026-10-24..2026-10-25',
    '2024-01-01..2026-01-01',
  ])
    expect(spanIn(said, TODAY)).toEqual(usual)
})

test('what is looked at can be said again, the usual in no words', () => {
  for (const said of ['7', '90', '2026-05-01..2026-05-31'])
    expect(spanSaid(spanIn(said, TODAY))).toEqual({ days: said })
  expect(spanSaid(spanIn(undefined, TODAY))).toEqual({})
})
