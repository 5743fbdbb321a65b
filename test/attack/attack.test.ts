import { expect, test } from 'vitest'
import { attack } from './attack.ts'

const REQUESTS = Number(process.env.WEDSYNC_ATTACK_REQUESTS ?? 20_000)
const SEED = Number(process.env.WEDSYNC_ATTACK_SEED ?? 20_270_612)

test('whoever asks the API whatever they like gets what is documented, and nothing of a neighbour', {
  timeout: 900_000,
}, async () => {
  const found = await attack(REQUESTS, SEED)
  console.log(
    `${found.requests} requests in ${found.seconds.toFixed(0)} s: ${JSON.stringify(found.byStatus)}`,
  )
  console.log(
    `never answered well: ${Object.entries(found.answered)
      .filter(([, times]) => times === 0)
      .map(([id]) => id)
      .join(', ')}`,
  )
  expect(found.wrong.slice(0, 10)).toEqual([])
  expect(found.requests).toBeGreaterThanOrEqual(REQUESTS)
})
