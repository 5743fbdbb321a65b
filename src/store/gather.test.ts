import { expect, test } from 'vitest'
import { gather } from './gather.ts'

test('what is asked together travels together, in batches, and everybody gets their own answer', async () => {
  const batches: number[][] = []
  const ask = gather<number, string>(3, async (questions) => {
    batches.push([...questions])
    return questions.map((one) => `answer ${one}`)
  })
  const answers = await Promise.all([1, 2, 3, 4].map(ask))
  expect(answers).toEqual(['answer 1', 'answer 2', 'answer 3', 'answer 4'])
  expect(await ask(5)).toBe('answer 5')
  expect(batches).toEqual([[1, 2, 3], [4], [5]])
})

test('what is asked meanwhile goes with the next, and a failure is only that of its batch', async () => {
  let fail = true
  const ask = gather<number, number>(10, async (questions) => {
    if (fail) throw new Error('lost')
    return questions
  })
  const first = ask(1)
  await expect(first).rejects.toThrow('lost')
  fail = false
  expect(await ask(2)).toBe(2)
})
