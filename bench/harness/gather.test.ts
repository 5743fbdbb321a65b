import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Gather } from './gather.ts'

test('what arrives while a batch is being written goes together in the next one, none left, none twice', async () => {
  const written: number[][] = []
  const firstWrite = Promise.withResolvers<void>()
  const gather = new Gather<number>(2, 1, async (items) => {
    written.push(items)
    if (written.length === 1) await firstWrite.promise
  })

  const alone = gather.add(1)
  await nextTurn()
  const later = [2, 3, 4].map((item) => gather.add(item))
  firstWrite.resolve()
  await Promise.all([alone, ...later])

  expect(written).toEqual([[1], [2, 3], [4]])
})

test('a batch that cannot be written fails for everyone in it and for nobody else', async () => {
  const gather = new Gather<string>(10, 1, async (items) => {
    if (items.includes('bad')) throw new Error('refused')
  })

  const first = await Promise.allSettled([gather.add('bad'), gather.add('beside it')])
  const second = await Promise.allSettled([gather.add('good')])

  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(second.map(({ status }) => status)).toEqual(['fulfilled'])
})
