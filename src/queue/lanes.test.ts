import { expect, test } from 'vitest'
import { makeLanes } from './lanes.ts'

const CRITICAL = 0
const LOW = 3

/** Lanes whose batches end when they are told to. */
function lanes(batchMax: number) {
  const under: { readonly batch: readonly string[]; end(): void }[] = []
  const made = makeLanes<string>(
    batchMax,
    4,
    (batch) => new Promise((resolve) => under.push({ batch, end: resolve })),
  )
  const begun = async (): Promise<(readonly string[])[]> => {
    await new Promise((resolve) => setImmediate(resolve))
    return under.map((one) => one.batch)
  }
  return { ...made, begun, end: (nth: number) => under[nth]?.end(), isQuiet: () => made.quiet }
}

test('what is submitted together travels together, and two batches are under way at most', async () => {
  const { submit, begun, end, isQuiet } = lanes(2)
  for (const item of ['a', 'b', 'c', 'd', 'e']) submit(item, LOW)
  expect(await begun()).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ])
  end(0)
  expect((await begun())[2]).toEqual(['e'])
  end(1)
  end(2)
  await begun()
  expect(isQuiet()).toBe(true)
})

test('what is critical waits for nobody else’s batch, and is in none', async () => {
  const { submit, begun, end } = lanes(2)
  for (const item of ['a', 'b', 'c', 'd', 'e']) submit(item, LOW)
  await begun()
  submit('bride', CRITICAL)
  expect((await begun())[2]).toEqual(['bride'])
  submit('groom', CRITICAL)
  // Its own lane is busy: the first that is free takes it, and nothing with it.
  end(0)
  expect((await begun()).slice(3)).toEqual([['groom']])
  end(3)
  expect((await begun()).slice(4)).toEqual([['e']])
})
